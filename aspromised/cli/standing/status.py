"""`aspromised status`: the ledger of promises for a window."""

from pathlib import Path
from typing import Annotated

import typer

from aspromised.analyse.rates.own_window import OwnWindows, own_window
from aspromised.analyse.windows.periods import Periods
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json
from aspromised.cli.standing.rows import periods as periods_of
from aspromised.cli.standing.rows import status_answer
from aspromised.cli.standing.tables import print_ledger, print_periods
from aspromised.cli.windows import (
    AllDays,
    Asked,
    FiscalQuarterText,
    FiscalYearText,
    FromText,
    LastText,
    MonthText,
    OwnWindow,
    QuarterText,
    ToText,
    WeekText,
    YearText,
)
from aspromised.words.moments import last_day_over
from aspromised.words.problems import MisuseError


def status(
    promise: Annotated[str | None, typer.Argument(help="One promise; default all.")] = None,
    workspace: WorkspacePath = Path(),
    month: MonthText = None,
    week: WeekText = None,
    quarter: QuarterText = None,
    year: YearText = None,
    fiscal_quarter: FiscalQuarterText = None,
    fiscal_year: FiscalYearText = None,
    last: LastText = None,
    from_: FromText = None,
    to: ToText = None,
    own: OwnWindow = False,
    all_: AllDays = False,
    periods: Annotated[
        int | None,
        typer.Option("--periods", min=1, max=120, help="One promise over so many windows, the newest last."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="SEGMENT", help="Also by the values of a segment.")
    ] = None,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show where each promise stands over a window; without one, over the latest month, as on the pages."""
    asked = Asked(month, week, quarter, year, fiscal_quarter, fiscal_year, last, from_, to, own, all_)
    if periods is not None:
        _periods(promise, workspace, asked, periods, by, as_of, as_json)
        return
    with judged_tables(workspace, as_of, promise=promise) as (snapshot, meta):
        window = asked.told(snapshot)
        found = status_answer(snapshot, window, promise, by, whole=as_json)
    if as_json:
        say_json(found.json)
        return
    print_ledger(found.table, window.said(Periods.of(meta).today, last_day_over(meta["as_of"])), asked.all)
    if isinstance(window, OwnWindows):
        say(*window.lines({row["id"] for row in found.rows}))
    say(*found.lines())


def _periods(
    promise: str | None,
    root: Path,
    asked: Asked,
    number: int,
    by: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Show one promise over its own windows, or over windows of the kind that is asked for."""
    if promise is None or by:
        raise MisuseError(
            "--periods shows one promise as a whole: write it as in aspromised status PROMISE --periods 12"
        )
    with judged_tables(root, as_of, promise=promise) as (snapshot, meta):
        newest = asked.window(Periods.of(meta))
        if not asked.is_given or asked.own:
            newest = own_window(snapshot, promise)
        if not newest.first or not newest.last:
            raise MisuseError(
                "--periods needs a window with two ends: give --from and --to, or another window"
            )
        found = periods_of(snapshot, promise, newest, number)
    if as_json:
        say_json(found)
    else:
        print_periods(found)
