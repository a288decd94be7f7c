"""The queries by which Spark reads a source itself: the steps of `store.typing`, as trees of the same closed list.

What is set aside is told apart there and comes back as it stands, so that its reasons are written where they always are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlglot import exp, select

from aspromised.declare.model.source import Source
from aspromised.judge.planning.arrivals import ALWAYS_KNOWN, INSTANTS, arrived_us
from aspromised.judge.planning.plan import Arrival
from aspromised.judge.remote.columns import WITH_ZONE, read_as, typed_columns, without_nulls
from aspromised.sql.limits import MOST_BYTES
from aspromised.sql.on_spark.authored import kind_of_column
from aspromised.sql.templates import quoted, tree
from aspromised.words.columns import column_key, spelled
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL

WHOLE, ROWS = "#is_whole", "#rows"
"""Beside a row's columns: whether it is kept, and on how many rows its key stands."""
_RANK = "#rank"
_FIRST = int(datetime(1, 1, 2, tzinfo=UTC).timestamp()) * 1_000_000
_LAST = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()) * 1_000_000 + 999_999
"""The first and the last moment that is counted, in every time zone (µs)."""


@dataclass(frozen=True)
class ReadingThere:
    """The queries by which a source is read: `staged` over what stands there, `kept` and `earlier` over that."""

    name: str
    source: Source
    raw: Mapping[str, str]
    empty: frozenset[str]
    """Columns of texts that nobody declared and that are empty in every row: they are of no type."""
    rules: Sequence[exp.Expr]
    """What every row must be, in operations that Spark has."""

    @property
    def types(self) -> dict[str, str]:
        """The type of each column as it is read."""
        return typed_columns(self.source, self.raw, self.empty)

    @property
    def readable(self) -> list[str]:
        """The columns that something may be asked of."""
        return [name for name, kind in self.types.items() if kind_of_column(kind)]

    @property
    def key(self) -> str | None:
        """The column of the key, as it is spelled there."""
        return spelled(self.raw)[column_key(self.source.key)] if self.source.key else None

    @property
    def arrived_days(self) -> list[str]:
        """The column that tells when rows became known, where it holds days and earlier versions are kept."""
        if not self.source.keeps_versions:
            return []
        column = spelled(self.raw)[column_key(self.source.arrived or "")]
        return [column] if self.types[column] == "DATE" else []

    def staged(self) -> exp.Select:
        """Return every row with its columns as typed, what it was before, and whether it is kept."""
        typed = [self._typed(name).as_(name, quoted=True) for name in self.readable]
        was = [quoted(name).as_(_was(n), quoted=True) for n, name in enumerate(self.raw)]
        rows = select(*typed, *was).from_(_there("raw", self.name))
        told = [*map(quoted, self.readable), *(quoted(_was(n)) for n in range(len(self.raw)))]
        return select(*told, self._is_whole().as_(WHOLE, quoted=True)).from_(rows.subquery("typed"))

    def counted(self) -> exp.Select:
        """Return one row: all rows, those not set aside, their keys, and how many of those differ."""
        kept = tree(
            "case when :whole then :a end", whole=quoted(WHOLE), a=quoted(self.key) if self.key else 1
        )
        counts = [
            exp.Count(this=exp.Star()),
            tree("count(case when :whole then 1 end)", whole=quoted(WHOLE)),
            tree("count(:a)", a=kept),
            tree("count(distinct :a)", a=kept) if self.key else tree("0"),
        ]
        return select(*(each.as_(f"n{n}") for n, each in enumerate(counts))).from_(
            _there("staged", self.name)
        )

    def kept(self, is_repeated: bool) -> exp.Select:
        """Return the rows of the source: those not set aside, of those of a key the latest, or none where nothing tells it."""
        columns = [quoted(name) for name in self.readable]
        if not is_repeated:
            return select(*columns).from_(_there("staged", self.name)).where(quoted(WHOLE))
        if not self.source.latest_by:
            return select(*columns).from_(self._by_key()).where(tree(":rows = 1", rows=quoted(ROWS)))
        ranked = self._ranked().subquery("ranked")
        return select(*columns).from_(ranked).where(tree(":rank = 1", rank=quoted(_RANK)))

    def aside(self, is_repeated: bool, most: int) -> exp.Select:
        """Return rows set aside as they stand there, so many at most, each with how often its key stands where that is why."""
        was = [quoted(_was(n)).as_(name, quoted=True) for n, name in enumerate(self.raw)]
        not_whole = exp.not_(quoted(WHOLE))
        if not is_repeated or self.source.latest_by:
            none = tree("cast(null as bigint)").as_(ROWS, quoted=True)
            return select(*was, none).from_(_there("staged", self.name)).where(not_whole).limit(most)
        rows = tree("case when :whole then :n end", whole=quoted(WHOLE), n=quoted(ROWS))
        repeated = select(*was, rows.as_(ROWS, quoted=True)).from_(self._by_key(is_whole=False))
        return repeated.where(exp.or_(not_whole, tree(":n > 1", n=quoted(ROWS)))).limit(most)

    def earlier(self) -> exp.Select:
        """Return the versions that were the latest known for a while, but for the latest of all, each with when it was known."""
        key, columns = quoted(self.key or ""), [quoted(name) for name in self.readable]
        known = self._ranked(self._arrived().as_(KNOWN_FROM, quoted=True)).subquery("ranked")
        best = _over(
            exp.Min(this=quoted(_RANK)), key, [exp.Ordered(this=quoted(each)) for each in (KNOWN_FROM, _RANK)]
        )
        stood = select(*columns, quoted(KNOWN_FROM), quoted(_RANK), best.as_("#best", quoted=True)).from_(
            known
        )
        until = _over(exp.Lead(this=quoted(KNOWN_FROM)), key, [exp.Ordered(this=quoted(KNOWN_FROM))])
        told = (
            select(*columns, quoted(KNOWN_FROM), quoted(_RANK), until.as_(KNOWN_UNTIL, quoted=True))
            .from_(stood.subquery("stood"))
            .where(exp.EQ(this=quoted(_RANK), expression=quoted("#best")))
        )
        held = select(*columns, quoted(KNOWN_FROM), quoted(KNOWN_UNTIL)).from_(told.subquery("told"))
        return held.where(tree(":rank > 1", rank=quoted(_RANK)))

    def _typed(self, name: str) -> exp.Expr:
        """Return a column as it is read."""
        held = self.raw[name]
        if name in self.empty:
            return exp.null()
        value = quoted(name)
        if held == "VARCHAR":
            return without_nulls(self.source, name)
        declared = {column_key(each): wanted for each, wanted in self.source.columns.items()}
        read = read_as(value, held, declared.get(column_key(name)))
        assert read, "what cannot be read was told with the types"
        return read[0]

    def _is_whole(self) -> exp.Expr:
        """Return whether a row is kept: days and moments are of our years, texts not too long, the key is there, every rule met or unknown."""
        types, wrong = self.types, list[exp.Expr]()
        for name in self.readable:
            if types[name] == "DATE":
                wrong.append(tree(":a < date '0001-01-01' or :a > date '9999-12-31'", a=quoted(name)))
            if types[name] == WITH_ZONE:
                beyond = "ap_instant_us(:a) < :first or ap_instant_us(:a) > :last"
                wrong.append(tree(beyond, a=quoted(name), first=_FIRST, last=_LAST))
            if types[name] == "VARCHAR":
                wrong.append(tree("spark_octet_length(:a) > :most", a=quoted(name), most=MOST_BYTES))
        if self.key:
            wrong.append(tree(":a is null", a=quoted(self.key)))
        wrong += [exp.not_(exp.paren(rule.copy())) for rule in self.rules]
        if not wrong:
            return exp.true()
        return exp.not_(
            exp.paren(exp.or_(*(exp.Coalesce(this=each, expressions=[exp.false()]) for each in wrong)))
        )

    def _by_key(self, is_whole: bool = True) -> exp.Subquery:
        """Return the rows with how many of those not set aside have the same key."""
        kept = tree("case when :whole then 1 end", whole=quoted(WHOLE))
        rows = _over(exp.Count(this=kept), quoted(self.key or ""), [])
        found = select(exp.Star(), rows.as_(ROWS, quoted=True)).from_(_there("staged", self.name))
        return (found.where(quoted(WHOLE)) if is_whole else found).subquery("by_key")

    def _ranked(self, *also: exp.Expr) -> exp.Select:
        """Return the rows not set aside with their place among those of their key, the latest first.

        As on DuckDB: between equals the one that sorts last as a whole, of what can be read.
        """
        names = [spelled(self.raw)[column_key(self.source.latest_by or "")], *sorted(self.readable)]
        order = [exp.Ordered(this=quoted(name), desc=True, nulls_first=False) for name in names]
        rank = _over(exp.RowNumber(), quoted(self.key or ""), order).as_(_RANK, quoted=True)
        columns = map(quoted, self.readable)
        return select(*columns, *also, rank).from_(_there("staged", self.name)).where(quoted(WHOLE))

    def _arrived(self) -> exp.Expr:
        """Return when a row became known (µs)."""
        column = spelled(self.raw)[column_key(self.source.arrived or "")]
        if (kind := self.types[column]) not in INSTANTS:
            return exp.cast(exp.convert(ALWAYS_KNOWN), exp.DType.BIGINT)
        arrival = Arrival(column, kind == "DATE", self.key, True)
        return tree("coalesce(:at, :always)", at=arrived_us(arrival), always=ALWAYS_KNOWN)


def _was(number: int) -> str:
    """Return the name under which a row's own column stands beside it as it is read."""
    return f"#was {number}"


def _there(schema: str, name: str) -> exp.Table:
    return exp.table_(exp.to_identifier(name, quoted=True), db=schema)


def _over(function: exp.Expr, key: exp.Expr, order: Sequence[exp.Expr]) -> exp.Window:
    return exp.Window(
        this=function, partition_by=[key.copy()], order=exp.Order(expressions=order) if order else None
    )
