"""STORIES.md: the truth as a person reads it. Every number comes from the same object as stories.json."""

from typing import Any

_Truth = dict[str, Any]


def _percent(share: float | None) -> str:
    """Return a share in words.

    >>> _percent(0.9122), _percent(None)
    ('91.2 %', 'none')
    """
    return "none" if share is None else f"{100 * share:.1f} %"


def stories_markdown(truth: _Truth) -> str:
    """Return the whole text of STORIES.md."""
    parts = [
        _head(truth),
        _stories(truth["stories"]),
        _promotions(truth["promotions"]),
        _promises(truth),
        _sources(truth),
    ]
    return "\n\n".join(parts) + "\n"


def _head(truth: _Truth) -> str:
    return (
        "# What is true of Fernway Home\n\n"
        "Fernway Home is invented, and so is all that follows. These stories were planted by the generator and their "
        "sizes counted by it, in pandas, from the records it wrote: what an analysis finds can be held against them. "
        "`stories.json` says the same to a machine.\n\n"
        f"Seed {truth['seed']}, {truth['orders']:,} orders, 24 months to {truth['until']}; "
        f"everything as of the end of {truth['as_of_day']}."
    )


def _stories(told: _Truth) -> str:
    claim, run, pay = told["claim-tightened"], told["monday-run-north"], told["slow-payment-check"]
    both, system, upset = (
        told["two-days-or-48-hours"],
        told["new-warehouse-system"],
        told["complaints-follow-lateness"],
    )
    since, staff, simpson = run["since_tightened"], told["new-staff"], told["simpson-carriers"]
    lines = [
        f"**A claim tightened before operations could keep it.** On {claim['tightened_on']} *two-day-delivery* went from "
        f"3 calendar days to 2. Kept before, at 3 days: {_percent(claim['kept_at_3_days_before'])}; after, at 2: "
        f"{_percent(claim['kept_at_2_days_after'])}. The warning was there: the earlier orders, held to 2 days, would have "
        f"been {_percent(claim['orders_before_at_2_days'])}. At 3 days the later ones would be "
        f"{_percent(claim['orders_after_at_3_days'])}.",
        f"**A carrier that fails in one region on one weekday.** {run['carrier']} in the {run['region']}, orders placed on a "
        f"{run['weekday']}: {_percent(since['kept_rate'])} of {since['items']:,} kept since the claim was tightened, against "
        f"{_percent(since['same_carrier_and_region_other_days'])} on its other days there. {since['broken']:,} broken where "
        f"{since['expected_broken']:,} would have been: {since['excess']:,} in excess.",
        f"**A late payment check that snowballs.** Of {pay['late_checks']:,} orders whose check took more than "
        f"{pay['budget']}, {_percent(pay['risk_after_late'])} broke the two days; of the {pay['on_time_checks']:,} others "
        f"{_percent(pay['risk_after_on_time'])}: {pay['risk_ratio']} times the risk. With every check inside its budget, "
        f"{pay['excess_broken_caused']:,} fewer would have broken.",
        "**Simpson's paradox.** Kestrel is better than Parcelway in every region and worse overall: "
        f"{_percent(simpson['overall']['Kestrel'])} against {_percent(simpson['overall']['Parcelway'])}, because it serves the "
        "hard regions. " + _regions(simpson["by_region"]),
        f"**Two claims about one thing.** The homepage says 2 days, the app 48 hours. The same "
        f"{both['app_orders_since_tightened']:,} app orders: {_percent(both['kept_within_2_calendar_days'])} kept in days, "
        f"{_percent(both['kept_within_48_hours'])} in hours; {both['broken_in_hours_kept_in_days']:,} keep the one and break "
        "the other.",
        "**New staff finding their feet.** Right item, by the picker's time with the company: "
        + "; ".join(f"{tenure} {_percent(v['kept_rate'])}" for tenure, v in staff.items())
        + ".",
        f"**A new warehouse system** in the north hub on {system['on']}: two-day delivery {_percent(system['north_before'])} → "
        f"{_percent(system['north_since'])} there, {_percent(system['others_before'])} → {_percent(system['others_since'])} "
        f"elsewhere (60 days before, all days since).",
        f"**Complaints follow lateness.** {_percent(upset['complained_when_late'])} of {upset['late_orders']:,} late orders led "
        f"to a complaint, {_percent(upset['complained_otherwise'])} of the others; {upset['late_and_silent']:,} late "
        "customers said nothing.",
        "**Response times sold.** Key accounts sold 2 hours to "
        f"{told['response-times-sold'].get('key accounts', {}).get('sold_two_hours', 0):,} customers; no other team sold less than 4.",
        _service(told["internal-service"]),
        _claims(told["claims"]),
    ]
    return "## Stories\n\n" + "\n\n".join(lines)


def _service(told: _Truth) -> str:
    worst, hardest, least = told["worst_supplier"], told["hardest_customer"], told["least_well_served"]
    headings = "; ".join(f"{name} {each['mean']:.2f}" for name, each in worst["headings"].items())
    return (
        f"**The supplier whose brief is worst.** In the three months to {told['months'][1]} {worst['customer']} rated "
        f"{worst['supplier']} {worst['mean']:.2f} ({worst['ratings']} ratings; {headings}) where {told['required']} is "
        f"required: the lowest of all pairs. The other way round, {hardest['supplier']} rated what {hardest['customer']} asks "
        f"of it {hardest['mean']:.2f}, the lowest. Of the staff pulse, {least} is lowest: {told['pulse'][least]['mean']:.2f}."
    )


def _claims(told: _Truth) -> str:
    approval, away, paid = told["approval"], told["way_round"], told["payouts"]
    desks = "; ".join(
        f"{desk} {_percent(each['handed_up'] / each['assessed'])} of {each['assessed']:,}"
        for desk, each in told["hand_ups"].items()
    )
    return (
        f"**Claims for damaged goods.** The approval changes {approval['changed']:,} of {approval['passed']:,} "
        f"({_percent(approval['changed_share'])}) and costs {approval['median_wait_hours']} hours in the middle, "
        f"{approval['p90_wait_hours']} for one in ten. Assessments handed up: {desks}. Of {away['closed']:,} claims closed "
        f"{away['vouchers']:,} ({_percent(away['share'])}) went round the approval with a voucher; {away['two_desks']:,} were "
        f"assessed by two desks. {paid['on_those_days']:,} of {paid['paid']:,} were paid out on a Tuesday or a Friday: of "
        f"{paid['waited_hours']:,.0f} hours of waiting {paid['held_for_the_others_hours']:,.0f} were office hours spent waiting for the others of the same run."
    )


def _regions(by_region: _Truth) -> str:
    return "; ".join(
        f"{name} {_percent(rates['Kestrel'])} : {_percent(rates['Parcelway'])}" for name, rates in by_region.items()
    ) + "."  # fmt: skip


def _promotions(told: _Truth) -> str:
    lines = [_promotion(name, story) for name, story in told.items()]
    note = (
        "Excess broken: against the same orders and the same luck in a world where the promotion's demand (or the stock "
        "that ran out for it) made nobody wait; orders placed from launch until it was ready or ended. *Ready* counts "
        "headroom as capacity ÷ (usual demand × (1 + expected uplift of every promotion then running)) − 1, usual demand "
        "being that of orders without a promotion."
    )
    return "## Promotions\n\n" + note + "\n\n" + "\n".join(lines)


def _promotion(name: str, story: _Truth) -> str:
    when = f"launched {story['launched']}"
    if story.get("ready_on"):
        when += f", ready on {story['ready_on']}: {story['days_early']} days early"
    text = f"- **{name}** ({story['verdict'].replace('_', ' ')}): {when}. {story['because'].capitalize()}."
    return text + "".join(_harm(promise, groups) for promise, groups in story.get("harm", {}).items())


def _harm(promise: str, groups: _Truth) -> str:
    parts = [
        f"{group} {told['broken']:,} broken of {told['items']:,} (expected {told['expected_broken']:,}, excess {told['excess']:,})"
        for group, told in groups.items()
    ]
    return f"\n  - {promise}: {'; '.join(parts)}"


def _promises(truth: _Truth) -> str:
    head = "| promise | kept | broken | open | exempt | unknown | not promised | kept rate | last month |\n|---|---|---|---|---|---|---|---|---|"
    rows = [
        "| " + " | ".join([name, *(f"{told['whole'][key]:,}" for key in _COUNTS), _percent(told["whole"]["rate"]),
                           f"{_last(told, truth['until'])} {told['last_month_status']}"]) + " |"
        for name, told in truth["promises"].items()
    ]  # fmt: skip
    ahead = "What is done early for a day to come is counted here already; in AsPromised's figures it is from that day on."
    return f"## Kept rates, as of the end of the last day\n\n{ahead}\n\n" + "\n".join([head, *rows])


_COUNTS = ("kept", "broken", "open", "exempt", "unknown", "not_promised")


def _last(told: _Truth, month: str) -> str:
    return _percent(told["months"][month]["rate"]) if month in told["months"] else ""


def _sources(truth: _Truth) -> str:
    rows = [
        f"- {name}: {told['rows']:,} rows, {told['duplicates']:,} told twice, "
        + (
            ", ".join(f"{count} fail `{reason}`" for reason, count in told["set_aside"].items())
            or "none spoiled"
        )
        for name, told in truth["sources"].items()
    ]
    return "## Records\n\n" + "\n".join(rows)
