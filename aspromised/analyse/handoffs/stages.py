"""What the stages of a chain took, and how they handed over, of the cases begun in a window."""

from dataclasses import dataclass
from math import exp

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import segment_value
from aspromised.analyse.windows.window import Window
from aspromised.words.problems import no_such

LOG_OF_BUCKET = 0.04879016416943200306
"""The natural logarithm of 1.05: buckets of time are so wide."""

STAGE_FIGURES = (
    "position", "stage", "kind", "supplier", "customer", "budget", "delivers", "requires", "cases", "begun", "done", "open",
    "skipped", "late", "late_share", "mean_s", "open_s", "waiting_s", "working_s", "told", "repeated", "times", "judged", "accepted_share",
    "passed", "changed_share", "median_s", "p90_s",
)  # fmt: skip
"""Shares are of what was done or told, NaN where nothing was; seconds are means but for `median_s` and `p90_s`; a budget is text, None without one."""


@dataclass(frozen=True)
class DeclaredChain:
    """A chain: what is declared of it, and why it is not judged ("" where it is)."""

    chain_id: str
    problem: str
    cases: int
    unbegun: int
    promises: tuple[str, ...]
    is_log: bool
    not_shared: str
    """Why its late minutes are not shared, "" where they are."""
    expects: tuple[str, ...] = ()
    """What its internal customers expect, in sentences."""


def declared_chains(snapshot: Queryable) -> list[DeclaredChain]:
    """Return every chain, by id."""
    rows = snapshot.query("select * from chain order by chain_id")
    expected = snapshot.query("select chain_id, customer, what, from_day from chain_expectation order by all")
    return [
        DeclaredChain(
            row.chain_id,
            _text(row.problem),
            _whole(row.cases),
            _whole(row.unbegun),
            tuple(row.promises),
            bool(row.is_log) if isinstance(row.is_log, bool | np.bool_) else False,
            _text(row.not_shared),
            tuple(
                f"{each.customer} expects {each.what}" + (f", since {each.from_day:%-d %b %Y}" if pd.notna(each.from_day) else "")
                for each in expected[expected["chain_id"] == row.chain_id].itertuples()
            ),
        )
        for row in rows.itertuples()
    ]  # fmt: skip


def declared_chain(snapshot: Queryable, chain_id: str) -> DeclaredChain:
    """Return a chain; a word of misuse says which there are."""
    found = {each.chain_id: each for each in declared_chains(snapshot)}
    if chain_id not in found:
        raise no_such("chain", chain_id, found)
    return found[chain_id]


def chain_of(snapshot: Queryable, promise_id: str) -> str:
    """Return the chain that a promise names, "" where it names none."""
    rows = snapshot.query(
        "select chain from promise where promise_id = $promise and not chain is null", {"promise": promise_id}
    )
    return str(rows["chain"].iloc[0]) if len(rows) else ""


def stage_figures(
    snapshot: Queryable, chain_id: str, window: Window, segment: str = "", value: str = ""
) -> pd.DataFrame:
    """Return STAGE_FIGURES of every stage in order, over the cases begun in a window, of one part of them if asked for."""
    counted, asked = _counted(chain_id, window, segment, value)
    names = (
        "begun", "done", "open", "skipped", "late", "late_done", "told", "repeated", "times", "accepted", "refused", "changed", "unchanged",
    )  # fmt: skip
    times = ("done_us", "open_us", "waiting_us", "working_us")
    sums = ", ".join(f"coalesce(sum({name}), 0)::double as {name}" for name in ("cases", *names, *times))
    rows = snapshot.query(
        "with counted as (\n"
        f"select position, {sums} from stage_cell where {counted} group by position\n"
        ")\n"
        "select s.*, counted.* exclude (position) from chain_stage s left join counted using (position)"
        " where chain_id = $chain order by position",
        asked,
    )
    counts = [*names, "cases", *times]
    rows[counts] = rows[counts].astype(float).fillna(0.0)
    told = rows.assign(
        budget=rows["budget"].astype(object).where(rows["budget"].notna(), None),
        late_share=_share(rows["late_done"], rows["done"].where(rows["budget"].notna(), 0)),
        mean_s=_share(rows["done_us"], rows["done"]) / 1e6,
        open_s=_share(rows["open_us"], rows["done"]) / 1e6,
        waiting_s=_share(rows["waiting_us"], rows["told"]) / 1e6,
        working_s=_share(rows["working_us"], rows["told"]) / 1e6,
        judged=rows["accepted"] + rows["refused"],
        accepted_share=_share(rows["accepted"], rows["accepted"] + rows["refused"]),
        passed=rows["changed"] + rows["unchanged"],
        changed_share=_share(rows["changed"], rows["changed"] + rows["unchanged"]),
    )
    quantiles = _quantiles(snapshot, *_counted(chain_id, window, segment, value))
    told["median_s"] = [quantiles.get((place, 0.5), np.nan) for place in told["position"]]
    told["p90_s"] = [quantiles.get((place, 0.9), np.nan) for place in told["position"]]
    return told[list(STAGE_FIGURES)]


def _counted(chain_id: str, window: Window, segment: str, value: str) -> tuple[str, dict[str, object]]:
    """Return the condition of the cases of a chain begun in a window, of one part of them if asked for, and its parameters."""
    part = f" and {segment_value(segment)} = $value" if segment and value else ""
    asked = {"chain": chain_id, **window.parameters, **({"value": value} if part else {})}
    return f"chain_id = $chain and {window.condition}{part}", asked


def inputs(
    snapshot: Queryable, chain_id: str, window: Window, segment: str = "", value: str = ""
) -> pd.DataFrame:
    """Return what stages need and how often it was there: position, stage, supplier, input, met, unmet, unknown, met_share.

    Of the cases begun in a window, of one part of them if asked for.
    """
    counted, asked = _counted(chain_id, window, segment, value)
    rows = snapshot.query(
        "select position, input, sum(met)::double as met, sum(unmet)::double as unmet, sum(unknown)::double as unknown\n"
        f"from input_daily where {counted} group by position, input order by position, input",
        asked,
    )
    stages = snapshot.query(
        "select position, stage, supplier from chain_stage where chain_id = $chain", {"chain": chain_id}
    )
    rows = rows.merge(stages, on="position")
    return rows.assign(met_share=_share(rows["met"], rows["met"] + rows["unmet"]))


def rolled(stages: pd.DataFrame) -> float:
    """Return the share that comes through complete and right at every stage whose receiver judges: the product of their shares.

    NaN where none does (Martin & Osterling's rolled percent complete and accurate).

    >>> round(rolled(pd.DataFrame({"accepted_share": [0.97, 0.90, float("nan"), 0.92, 0.86]})), 4)
    0.6907
    """
    shares = stages["accepted_share"].dropna()
    return float(shares.prod()) if len(shares) else float("nan")


def team_paths(snapshot: Queryable, chain_id: str, window: Window) -> dict[str, int]:
    """Return how the cases of a log went from team to team: cases, moved, moves, came_back, reworked; nothing of others."""
    rows = snapshot.query(
        "select coalesce(sum(cases), 0)::bigint as cases, coalesce(sum(moved), 0)::bigint as moved, coalesce(sum(moves), 0)::bigint as moves,"
        " coalesce(sum(came_back), 0)::bigint as came_back, coalesce(sum(reworked), 0)::bigint as reworked\n"
        f"from path_daily where chain_id = $chain and {window.condition}",
        {"chain": chain_id, **window.parameters},
    )
    found = {str(name): int(rows[name].iloc[0]) for name in rows.columns}
    return found if found["cases"] else {}


def _quantiles(snapshot: Queryable, counted: str, asked: dict[str, object]) -> dict[tuple[int, float], float]:
    """Return (position, share) → seconds of the cases counted, to within a bucket: its geometric middle."""
    rows = snapshot.query(
        "select position, bucket, sum(cases)::double as cases from stage_time_daily"
        f" where {counted} group by position, bucket order by position, bucket",
        asked,
    )
    found = {}
    for position, own in rows.groupby("position"):
        reached = own["cases"].cumsum().to_numpy() / own["cases"].sum()
        for share in (0.5, 0.9):
            bucket = int(own["bucket"].iloc[int(np.searchsorted(reached, share - 1e-12))])
            found[int(position), share] = exp(LOG_OF_BUCKET * (bucket - 0.5)) if bucket > 0 else 0.0
    return found


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float | np.number) and not pd.isna(value) else 0
