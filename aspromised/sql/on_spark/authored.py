"""What an author's expression may say on Spark: a closed list, each entry known to mean there what it means on DuckDB.

An expression is read with the types of its columns, for the same words mean one thing of texts and another of moments.
What is not on the list is refused by its name, and nothing is tried.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from aspromised.sql.authored.guard import function_name
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.on_spark.rendering import NotOnSparkError
from aspromised.sql.templates import first_match, tree
from aspromised.words.names import folded

Kind = Literal["text", "whole", "number", "decimal", "boolean", "day", "moment", "nothing"]
"""What kind of value an expression has; nothing is null and fits all."""

_NUMBERS = ("whole", "number", "decimal", "nothing")
_AS_TEXT = ("text", "whole", "boolean", "day", "nothing")
"""The kinds that both engines write alike as a text."""


def on_spark(tree_of: exp.Expr, columns: Mapping[str, str], zone: str, is_text: bool = False) -> exp.Expr:
    """Return an author's guarded tree in operations that Spark has, over columns of these DuckDB types.

    Hours and days are those of `zone`. NotOnSparkError names what has no sure meaning there; with `is_text` also a value that
    the engines write as different texts.
    """
    value, kind = _Reader({folded(name): held for name, held in columns.items()}, zone).read(tree_of)
    if is_text and kind not in _AS_TEXT:
        raise NotOnSparkError(
            f"{_IN_WORDS[kind]} as a segment is not available on spark: name a text, a whole number or a part of it, as in hour(…)"
        )
    return value


_IN_WORDS: Mapping[Kind, str] = {
    "text": "a text", "whole": "a whole number", "number": "a number with decimals", "decimal": "a decimal",
    "boolean": "true or false", "day": "a day", "moment": "a moment", "nothing": "nothing",
}  # fmt: skip


def kind_of_column(held: str) -> Kind | None:
    """Return the kind of a DuckDB type, None where it has none here."""
    if held.startswith("DECIMAL"):
        return "decimal"
    return _KINDS.get(held)


_KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text", "BOOLEAN": "boolean", "DATE": "day", "TIMESTAMP WITH TIME ZONE": "moment", EMPTY_TYPE: "nothing",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), "whole"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "number"),
}  # fmt: skip

Typed = tuple[exp.Expr, Kind]


@dataclass(frozen=True)
class _Reader:
    """Reads one expression from its leaves up."""

    columns: Mapping[str, str]
    zone: str

    def read(self, node: exp.Expr) -> Typed:
        if reading := _READINGS.get(type(node)):
            return reading(self, node)
        if isinstance(node, exp.Func):
            raise _refused(f"`{function_name(node)}`")
        raise _refused(f"`{re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', type(node).__name__).lower()}`")

    def column(self, node: exp.Expr) -> Typed:
        kind = kind_of_column(self.columns.get(folded(node.name), EMPTY_TYPE))
        if kind is None:
            held = self.columns[folded(node.name)].lower()
            raise _refused(f"the column '{node.name}', of the type {held},")
        return node.copy(), kind

    def literal(self, node: exp.Expr) -> Typed:
        if node.is_string:
            return node.copy(), "text"
        if not node.is_int:
            return node.copy(), "number" if "e" in node.name.lower() else "decimal"
        if int(node.name) >= 1 << 63:
            raise _refused("a number of more than 18 digits")
        return node.copy(), "whole"

    def boolean(self, node: exp.Expr) -> Typed:
        return node.copy(), "boolean"

    def null(self, node: exp.Expr) -> Typed:
        return exp.null(), "nothing"

    def paren(self, node: exp.Expr) -> Typed:
        value, kind = self.read(node.this)
        return exp.paren(value), kind

    def condition(self, node: exp.Expr) -> Typed:
        parts = {
            key: self._of(node.args[key], "boolean") for key in ("this", "expression") if node.args.get(key)
        }
        return type(node)(**parts), "boolean"

    def is_(self, node: exp.Expr) -> Typed:
        value, _ = self.read(node.this)
        told = node.expression
        if not isinstance(told, exp.Null):
            value = self._of(node.this, "boolean")
        if not isinstance(told, exp.Null | exp.Boolean):
            raise _refused("`is` beside anything but null, true or false")
        return exp.Is(this=value, expression=told.copy()), "boolean"

    def compared(self, node: exp.Expr) -> Typed:
        (one, other), _ = self._alike([node.this, node.expression], "a comparison")
        return type(node)(this=one, expression=other), "boolean"

    def in_(self, node: exp.Expr) -> Typed:
        (value, *others), _ = self._alike([node.this, *node.expressions], "`in`")
        return exp.In(this=value, expressions=others), "boolean"

    def between(self, node: exp.Expr) -> Typed:
        (value, low, high), _ = self._alike([node.this, node.args["low"], node.args["high"]], "`between`")
        return exp.Between(this=value, low=low, high=high), "boolean"

    def case(self, node: exp.Expr) -> Typed:
        if node.this:
            raise _refused("`case … when` of a value (write case when … = …)")
        ifs = node.args["ifs"]
        last = node.args.get("default") or exp.null()
        values, kind = self._alike([*(each.args["true"] for each in ifs), last], "`case`", is_kept=True)
        conditions = [self._of(each.this, "boolean") for each in ifs]
        return first_match(list(zip(conditions, values, strict=False)), values[-1]), kind

    def coalesce(self, node: exp.Expr) -> Typed:
        (first, *others), kind = self._alike([node.this, *node.expressions], "`coalesce`", is_kept=True)
        return exp.Coalesce(this=first, expressions=others), kind

    def nullif(self, node: exp.Expr) -> Typed:
        (one, other), _ = self._alike([node.this, node.expression], "`nullif`", is_kept=True)
        return tree("case when :one = :other then null else :one end", one=one, other=other), self.read(
            node.this
        )[1]

    def arithmetic(self, node: exp.Expr) -> Typed:
        said = _OPERATORS[type(node)]
        (one, of_one), (other, of_other) = self.read(node.this), self.read(node.expression)
        for each in (of_one, of_other):
            if each not in _NUMBERS:
                raise _refused(f"`{said}` with {_IN_WORDS[each]}")
        (one, other), kinds = _as_doubles([(one, of_one), (other, of_other)])
        kind: Kind = "number" if "number" in kinds else "decimal" if "decimal" in kinds else "whole"
        return type(node)(this=one, expression=other), kind

    def remainder(self, node: exp.Expr) -> Typed:
        value, kind = self.read(node.this)
        by = node.expression
        if kind not in ("whole", "nothing") or not (
            isinstance(by, exp.Literal) and by.is_int and int(by.name)
        ):
            raise _refused("`%` but of a whole number by one that stands there")
        return exp.Mod(this=value, expression=by.copy()), "whole"

    def negative(self, node: exp.Expr) -> Typed:
        value, kind = self.read(node.this)
        if kind not in _NUMBERS:
            raise _refused(f"`-` before {_IN_WORDS[kind]}")
        return exp.Neg(this=value), kind

    def joined(self, node: exp.Expr) -> Typed:
        parts = {key: self._of(node.args[key], "text", "`||`") for key in ("this", "expression")}
        return exp.DPipe(**parts, safe=True), "text"

    def like(self, node: exp.Expr) -> Typed:
        pattern = node.expression
        if not (isinstance(pattern, exp.Literal) and pattern.is_string) or "\\" in pattern.name:
            raise _refused("`like` with a pattern that is no text without backslashes")
        return exp.Like(this=self._of(node.this, "text", "`like`"), expression=pattern.copy()), "boolean"

    def text_test(self, node: exp.Expr) -> Typed:
        name = _TEXT_TESTS[type(node)]
        one, other = (self._of(each, "text", f"`{name}`") for each in (node.this, node.expression))
        return tree(f"spark_{name}(:one, :other)", one=one, other=other), "boolean"

    def trim(self, node: exp.Expr) -> Typed:
        if node.expression or node.args.get("position"):
            raise _refused("`trim` of other signs than spaces, or of one side")
        return tree("spark_trim(:a)", a=self._of(node.this, "text", "`trim`")), "text"

    def length(self, node: exp.Expr) -> Typed:
        value = self._of(node.this, "text", "`length`")
        return tree("cast(spark_char_length(:a) as bigint)", a=value), "whole"

    def part_of_moment(self, node: exp.Expr) -> Typed:
        name = str(type(node).__name__).lower()
        wall, kind = self._on_the_wall(node.this, name)
        template = _PARTS[type(node)]
        if kind == "day" and isinstance(node, exp.Hour | exp.Minute):
            raise _refused(f"`{name}` of a day")
        return tree(f"cast({template} as bigint)", a=wall), "whole"

    def extracted(self, node: exp.Expr) -> Typed:
        unit = str(node.this.name).upper()
        if unit not in _UNITS:
            raise _refused(f"`extract({unit.lower()} from …)`")
        return self.part_of_moment(_UNITS[unit](this=node.expression.copy()))

    def day_name(self, node: exp.Expr) -> Typed:
        wall, _ = self._on_the_wall(node.this, "dayname")
        return _chosen(tree(_SINCE_MONDAY, a=wall), _WEEKDAYS, 0), "text"

    def month_name(self, node: exp.Expr) -> Typed:
        wall, _ = self._on_the_wall(node.this, "monthname")
        return _chosen(tree("spark_month(:a)", a=wall), _MONTHS, 1), "text"

    def formatted(self, node: exp.Expr) -> Typed:
        wall, kind = self._on_the_wall(node.this, "strftime")
        said = node.args["format"]
        if not isinstance(said, exp.Literal):
            raise _refused("`strftime` with a format that is no text")
        parts: list[exp.Expr] = []
        for sign in re.findall(r"%.|[^%]+|%$", said.name):
            if sign[0] != "%":
                parts.append(exp.convert(sign))
            elif sign not in _SIGNS or (kind == "day" and sign in ("%H", "%M", "%S")):
                raise _refused(f"`strftime` with {sign} of {_IN_WORDS[kind]}")
            else:
                parts.append(tree(_SIGNS[sign], a=wall))
        whole = parts[0] if parts else exp.convert("")
        for part in parts[1:]:
            whole = exp.DPipe(this=whole, expression=part, safe=True)
        return exp.paren(whole), "text"

    def cast(self, node: exp.Expr) -> Typed:
        value, wanted = node.this, node.args["to"].this
        if wanted == exp.DType.DATE and isinstance(value, exp.Literal) and re.fullmatch(_DAY, value.name):
            return exp.cast(value.copy(), exp.DType.DATE), "day"
        made, kind = self.read(value)
        if wanted == exp.DType.DATE and kind in ("day", "moment"):
            return exp.cast(self._on_the_wall(value, "cast")[0], exp.DType.DATE), "day"
        if wanted in (exp.DType.TEXT, exp.DType.VARCHAR) and kind in _AS_TEXT:
            return exp.cast(made, exp.DType.TEXT), "text"
        if wanted in (exp.DType.BIGINT, exp.DType.INT) and kind in ("whole", "nothing"):
            return exp.cast(made, exp.DType.BIGINT), "whole"
        if wanted == exp.DType.DOUBLE and kind in _NUMBERS:
            return exp.cast(made, exp.DType.DOUBLE), "number"
        raise _refused(f"`cast` of {_IN_WORDS[kind]} to {node.args['to'].sql().lower()}")

    def _on_the_wall(self, node: exp.Expr, asked: str) -> Typed:
        """Return a moment as the company's walls show it, or a day."""
        value, kind = self.read(node)
        if kind == "day":
            return value, kind
        if kind not in ("moment", "nothing"):
            raise _refused(f"`{asked}` of {_IN_WORDS[kind]}")
        return tree("spark_from_utc_timestamp(:a, :zone)", a=value, zone=self.zone), kind

    def _of(self, node: exp.Expr, wanted: Kind, by: str = "a condition") -> exp.Expr:
        value, kind = self.read(node)
        if kind not in (wanted, "nothing"):
            raise _refused(f"{by} with {_IN_WORDS[kind]}")
        return value

    def _alike(
        self, nodes: Sequence[exp.Expr], by: str, is_kept: bool = False
    ) -> tuple[list[exp.Expr], Kind]:
        """Return values of one kind; numbers of several kinds only where they are compared, and not `is_kept`."""
        read = [self.read(node) for node in nodes]
        kinds = {kind for _, kind in read} - {"nothing"}
        if len(kinds) > 1 and (is_kept or not kinds <= set(_NUMBERS)):
            raise _refused(f"{by} of {' and '.join(sorted(_IN_WORDS[kind] for kind in kinds))}")
        return _as_doubles(read)[0], next(iter(sorted(kinds)), "nothing")


def _as_doubles(read: Sequence[Typed]) -> tuple[list[exp.Expr], set[Kind]]:
    """Return values, those beside a number with decimals as doubles, which is how DuckDB reads them; and their kinds."""
    kinds = {kind for _, kind in read}
    if "number" not in kinds:
        return [value for value, _ in read], kinds
    return [
        exp.cast(value, exp.DType.DOUBLE) if kind in ("whole", "decimal") else value for value, kind in read
    ], kinds


def _chosen(number: exp.Expr, names: Sequence[str], first: int) -> exp.Expr:
    branches = [(tree(":n = :place", n=number, place=n), name) for n, name in enumerate(names, first)]
    return first_match(branches, None)


def _refused(what: str) -> NotOnSparkError:
    return NotOnSparkError(f"{what} is not available on spark: docs/scaling.md lists what is")


_DAY = r"\d{4}-\d{2}-\d{2}"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SINCE_MONDAY = "((spark_datediff(cast(:a as date), date '1970-01-01') % 7 + 10) % 7)"
"""Days since the week's Monday, counted by hand: engines number the days of a week each in its own way."""
_OPERATORS: Mapping[type, str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_TEXT_TESTS: Mapping[type, str] = {
    exp.StartsWith: "startswith",
    exp.EndsWith: "endswith",
    exp.Contains: "contains",
}
_PARTS: Mapping[type, str] = {
    exp.Hour: "spark_hour(:a)",
    exp.Minute: "spark_minute(:a)",
    exp.Day: "spark_day(:a)",
    exp.DayOfMonth: "spark_day(:a)",
    exp.Month: "spark_month(:a)",
    exp.Quarter: "spark_quarter(:a)",
    exp.Year: "spark_year(:a)",
    exp.DayOfWeekIso: f"{_SINCE_MONDAY} + 1",
    exp.DayOfWeek: f"({_SINCE_MONDAY} + 1) % 7",
}
_UNITS: Mapping[str, type] = {
    "HOUR": exp.Hour, "MINUTE": exp.Minute, "DAY": exp.Day, "MONTH": exp.Month, "QUARTER": exp.Quarter, "YEAR": exp.Year,
    "ISODOW": exp.DayOfWeekIso, "DOW": exp.DayOfWeek,
}  # fmt: skip
_SIGNS = {"%Y": "spark_lpad(cast(spark_year(:a) as varchar), 4, '0')"} | {
    sign: f"spark_lpad(cast(spark_{part}(:a) as varchar), 2, '0')"
    for sign, part in (("%m", "month"), ("%d", "day"), ("%H", "hour"), ("%M", "minute"), ("%S", "second"))
}
_READINGS: Mapping[type, Callable[[_Reader, exp.Expr], Typed]] = {
    exp.Column: _Reader.column,
    exp.Literal: _Reader.literal,
    exp.Boolean: _Reader.boolean,
    exp.Null: _Reader.null,
    exp.Paren: _Reader.paren,
    **dict.fromkeys((exp.And, exp.Or, exp.Not), _Reader.condition),
    exp.Is: _Reader.is_,
    **dict.fromkeys(
        (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ), _Reader.compared
    ),
    exp.In: _Reader.in_,
    exp.Between: _Reader.between,
    exp.Case: _Reader.case,
    exp.Coalesce: _Reader.coalesce,
    exp.Nullif: _Reader.nullif,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), _Reader.arithmetic),
    exp.Mod: _Reader.remainder,
    exp.Neg: _Reader.negative,
    exp.DPipe: _Reader.joined,
    exp.Like: _Reader.like,
    **dict.fromkeys((exp.StartsWith, exp.EndsWith, exp.Contains), _Reader.text_test),
    exp.Trim: _Reader.trim,
    exp.Length: _Reader.length,
    **dict.fromkeys(_PARTS, _Reader.part_of_moment),
    exp.Extract: _Reader.extracted,
    exp.Dayname: _Reader.day_name,
    exp.Monthname: _Reader.month_name,
    exp.TimeToStr: _Reader.formatted,
    exp.Cast: _Reader.cast,
}
