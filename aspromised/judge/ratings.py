"""Ratings between departments, counted by pair, dimension, direction and local day into a schema's tables."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import zip_longest
from typing import NamedTuple

from sqlglot import exp, select

from aspromised.declare.model import Ratings
from aspromised.declare.workspace import Workspace
from aspromised.judge.faults import Faults
from aspromised.judge.planning.arrivals import arrivals, arrived_by
from aspromised.judge.planning.plan import Columns, instant_us, placed_message
from aspromised.judge.readiness.counting import NotKnownError, local_date
from aspromised.schema.snapshot import RATING_DAILY, RATING_NOTE, RATING_REQUIRED, RATING_SCALE
from aspromised.schema.table import TableSchema
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped
from aspromised.sql.tables import insert
from aspromised.sql.templates import quoted, render, text, tree
from aspromised.words.moments import microseconds
from aspromised.words.names import folded
from aspromised.words.problems import did_you_mean
from aspromised.words.vocabulary import OF_CUSTOMER, OF_SUPPLIER, OVERALL, PULSE

_Row = tuple[object, ...]


def judge_ratings(con: Engine, workspace: Workspace, as_of: datetime, schema: str, faults: Faults) -> None:
    """Count the ratings known by a moment into `rating_daily`, and tell of those that could not be; nothing where none are declared."""
    ratings = workspace.ratings
    if ratings is None:
        if unreadable := workspace.unreadable.get(("ratings",)):
            why = "\n".join(map(placed_message, unreadable))
            _write(con, schema, RATING_SCALE, [("ratings", None, None, None, why)])
        return
    everyone = None if isinstance(ratings.required, list) else ratings.required
    problem = _counted(con, workspace, ratings, as_of, schema, faults)
    _write(
        con,
        schema,
        RATING_SCALE,
        [(ratings.source, float(ratings.lowest), float(ratings.out_of), everyone, problem)],
    )
    _write(con, schema, RATING_REQUIRED, _pairs(ratings))


def _counted(
    con: Engine, workspace: Workspace, ratings: Ratings, as_of: datetime, schema: str, faults: Faults
) -> str | None:
    """Count the ratings; return why they cannot be, None where they are."""
    if errors := faults.of_ratings():
        return "\n".join(map(placed_message, errors))
    tables = source_columns(con)
    try:
        told = _told(con, workspace, ratings, tables, as_of)
        con.create("told_ratings", told)
        names = ", ".join(RATING_DAILY.names)
        con.run(f"insert into {schema}.{RATING_DAILY.name} ({names}) {_daily(ratings)}")
        _write(con, schema, RATING_NOTE, [*_left_out(con), *_unlisted(con, workspace)])
    except NotKnownError as error:
        return str(error)
    except EngineError as error:
        con.run(f"delete from {schema}.{RATING_DAILY.name}")
        return f"their data cannot be read: {stopped(error) or str(error).strip().splitlines()[0]}"
    return None


def _told(
    con: Engine, workspace: Workspace, ratings: Ratings, tables: Mapping[str, Columns], as_of: datetime
) -> str:
    """Return the query of all ratings given by a moment: who, what, when, the score, and why it is in no mean."""
    source = ratings.source
    if source not in tables:
        raise NotKnownError(f"the source '{source}' has no data: see Data health")
    columns, moment = tables[source], microseconds(as_of)
    arrival = arrivals(workspace, tables).get(source)
    rows: exp.Table | exp.Subquery = exp.table_(source, db="source", quoted=True)
    if arrival:
        rows = arrived_by(exp.convert(moment), source, arrival, columns)
    is_day = _kind(columns, ratings.at) == "DATE"
    today = as_of.astimezone(workspace.timezone).date().isoformat()
    come = (
        tree("not coalesce(:at > cast(:today as date), false)", at=quoted(ratings.at), today=today)
        if is_day
        else tree("not coalesce(:at > :now, false)", at=instant_us(columns, _name(columns, ratings.at)), now=moment)
    )  # fmt: skip
    parts = {
        "supplier": _word(ratings.supplier),
        "customer": _word(ratings.customer),
        "dimension": _word(ratings.dimension, OVERALL),
        "direction": _word(ratings.direction, OF_SUPPLIER),
        "day": local_date(con, workspace, rows, ratings.at, columns, arrival),
        "score": tree("try_cast(:score as double)", score=quoted(ratings.score)),
    }
    read = select(*(part.as_(name) for name, part in parts.items())).from_(rows).where(come).subquery("read")
    scale = f"a score that is not between {ratings.lowest:g} and {ratings.out_of:g}"
    reason = tree(
        "case when supplier is null then 'no supplier' when customer is null then 'no customer' when day is null then 'no date'"
        " when score is null or isnan(score) then 'no score that is a number' when score < :low or score > :high then :scale"
        " when not direction in (:of_supplier, :of_customer) then :neither end",
        low=float(ratings.lowest), high=float(ratings.out_of), scale=scale, of_supplier=OF_SUPPLIER,
        of_customer=OF_CUSTOMER, neither=f"a direction that is neither '{OF_SUPPLIER}' nor '{OF_CUSTOMER}'",
    )  # fmt: skip
    return render(select("*", reason.as_("reason")).from_(read))


def _word(column: str | None, otherwise: str | None = None) -> exp.Expr:
    """Return a column of names without the blanks around them, `otherwise` where there is none; one that has a default in lower case."""
    if column is None:
        return exp.convert(otherwise)
    named = tree("nullif(trim(cast(:name as varchar)), '')", name=quoted(column))
    return (
        named
        if otherwise is None
        else tree("coalesce(lower(:named), :otherwise)", named=named, otherwise=otherwise)
    )


def _daily(ratings: Ratings) -> str:
    """Return the query of `rating_daily` over the ratings told."""
    return f"""
        with in_force as (
            select *, case when direction = {text(OF_SUPPLIER)} then {_required(ratings)} end as required
            from told_ratings where reason is null
        )
        select supplier, customer, dimension, direction, day, count(*), fsum(score), fsum(score * score), required,
            case when required is not null then count(*) filter (where score >= required) end
        from in_force group by supplier, customer, dimension, direction, day, required order by all
    """


def _required(ratings: Ratings) -> str:
    """Return the score required of a rating's supplier on its day, as SQL: by pair, or one for all pairs of teams."""
    if not isinstance(ratings.required, list):
        if ratings.required is None:
            return "cast(null as double)"
        return f"case when supplier <> {text(PULSE)} then cast({float(ratings.required)!r} as double) end"
    branches = [
        f"when supplier = {text(pair.supplier)} and customer = {text(pair.customer)}"
        + (f" and day >= date {text(pair.first.isoformat())}" if pair.first else "")
        + (f" and day < date {text(until.isoformat())}" if until else "")
        + f" then cast({pair.score!r} as double)"
        for pair, until in _until(_pairs(ratings))
    ]
    return f"case {' '.join(branches)} end" if branches else "cast(null as double)"


class _Pair(NamedTuple):
    supplier: str
    customer: str
    first: date | None
    score: float


def _pairs(ratings: Ratings) -> list[_Pair]:
    """Return the scores required by pair, each pair's in the order of their days."""
    listed = ratings.required if isinstance(ratings.required, list) else []
    found = [_Pair(each.supplier, each.customer, each.from_, float(each.score)) for each in listed]
    return sorted(found, key=lambda pair: (pair.supplier, pair.customer, pair.first or date.min))


def _until(pairs: list[_Pair]) -> Iterator[tuple[_Pair, date | None]]:
    """Yield each pair's score with the day from which another is required, None where none is."""
    for pair, later in zip_longest(pairs, pairs[1:]):
        yield pair, later.first if later and later[:2] == pair[:2] else None


def _left_out(con: Engine) -> list[_Row]:
    rows = con.run(
        "select reason, count(*) from told_ratings where reason is not null group by 1 order by 2 desc, 1"
    )
    return [(reason, number, True) for reason, number in rows]


def _unlisted(con: Engine, workspace: Workspace) -> Iterable[_Row]:
    """Yield the teams of ratings that the company does not list, where it lists its teams: counted, and told."""
    teams = workspace.company.teams
    if teams is None:
        return
    rows = con.run(
        "select team, count(*) from (select unnest([supplier, customer]) as team from told_ratings where reason is null)"
        " group by 1 order by 2 desc, 1"
    )
    for team, number in rows:
        if team not in teams and team != PULSE:
            yield f"'{team}' is not one of the company's teams.{did_you_mean(team, teams)}", number, False


def _name(columns: Columns, name: str) -> str:
    found = next((each for each in columns if folded(each) == folded(name)), None)
    if found is None:
        raise NotKnownError(f"there is no column '{name}'")
    return found


def _kind(columns: Columns, name: str) -> str:
    return columns[_name(columns, name)]


def _write(con: Engine, schema: str, table: TableSchema, rows: Iterable[_Row]) -> None:
    for row in rows:
        con.run(insert(table, schema), list(row))
