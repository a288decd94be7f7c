# %% [markdown]
# # Can I trust this?

# %%
from aspromised.analyse import health
from aspromised.chart.health import judged_from_ledger, problem_ledger, source_ledger, unjudged_ledger
from aspromised.notebook import Download, Missing, Sentence, Table, points, show, snapshot
from aspromised.words.figures import duration, moment

data = snapshot()
found = health.health(data)
show(Sentence(found.sentence))

# %%
steps = health.health_steps(data)
if steps:
    show(points(steps))

# %% [markdown]
# ## What was read

# %%
sources = health.sources(data)
if sources.empty:
    show(
        Missing(
            "No source is declared: name your records in data/sources.yaml, then refresh.",
            "aspromised refresh",
        )
    )
else:
    show(source_ledger(sources, health.unjudged_reasons(data)))
    judged = health.judged_from(data)
    show(judged_from_ledger(judged) if len(judged) else None)

# %%
aside = health.rows_set_aside(data)
if not aside.empty:
    show(Table(aside, title="Rows set aside", rows=10))
    show(Download("Download the rows set aside", aside, "set-aside.csv"))

# %% [markdown]
# ## What is wrong or doubtful in the declarations

# %%
problems = health.problems(data)
if problems.empty:
    show("Nothing. Every file under `promises/` and `data/sources.yaml` was read as it stands.")
else:
    show(problem_ledger(problems))

# %% [markdown]
# ## What has no verdicts

# %%
unjudged = health.unjudged(data)
if unjudged.empty:
    show("Nothing: every promise was judged." if found.promises else "No promise is declared yet.")
else:
    show(unjudged_ledger(unjudged))

# %%
lengths = health.impossible_lengths(data)
if not lengths.empty:
    show(
        "A length that the data tell and nobody can promise leaves its items unknown: mend it where it comes from."
    )
    show(Table(lengths, title="Lengths that are none", rows=10))

# %%
later = health.not_yet(data)
if not later.empty:
    show("Declared and read, but for a later version of AsPromised to judge. There is nothing to mend here.")
    show(Table(later.rename(columns={"message": "what"}), title="Not judged in this version"))

# %% [markdown]
# ## Which snapshot this is

# %%
facts = health.facts(data)
show(
    f"Snapshot `{facts['id']}` of {facts['company']}. Judged as of {moment(health.as_of(data))}"
    f" ({facts['timezone']}), refreshed {moment(health.refreshed_at(data))} in"
    f" {duration(float(facts['seconds']))}: {int(facts['rows_in']):,} rows read, {int(facts['items']):,} items judged."
    " Run `aspromised refresh` for newer numbers; a snapshot never changes once it is published."
)
