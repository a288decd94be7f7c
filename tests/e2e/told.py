"""What the product tells: every figure of a promise or launch, read off what is rendered, with the window it is told for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import unescape

Key = tuple[str, str, str]
"""Of what (the id of a promise or promotion, and a part of it), over which window in words, which figure."""

_NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?"
_RATE, _COUNT, _CLAIM = rf"({_NUMBER}) %", rf"({_NUMBER})", r"“([^”]+)”"
_FIGURES = ("kept", "broken", "open", "exempt", "unknown", "not_promised", "gap_items", "status")
_SHARES = ("rate", "low", "high", "target", "gap", "sd")


@dataclass(frozen=True)
class Fact:
    """A figure as it was shown (`shown`, a share in per cent), and where."""

    key: Key
    shown: str
    where: str

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The exact numbers that may stand behind it: half of its last digit to either side.

        A gap is the difference of a rate and a target as they are shown, and each of them is rounded.
        """
        number = Decimal(plain(self.shown))
        half = Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2
        if self.key[-1] == "gap" and number.as_tuple().exponent >= -2:
            half = max(half, Decimal("0.055"))
        return number - half, number + half

    @property
    def is_number(self) -> bool:
        return re.fullmatch(_NUMBER, self.shown) is not None


def plain(number: str) -> str:
    return number.replace("−", "-").replace(",", "")


def differences(facts: Iterable[Fact]) -> list[str]:
    """Return one line for each key of which two places tell something else; [] where all agree.

    Two numbers agree where one exact number could be shown as both; words, and numbers of as many digits, must be the same.
    """
    by_key: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key].append(fact)
    return [f"{key}: {_told(told)}" for key, told in by_key.items() if not _agree(told)]


def _told(facts: list[Fact]) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        places[fact.shown].append(fact.where)
    return "; ".join(f"{shown} in {', '.join(sorted(set(where))[:4])}" for shown, where in places.items())


def _agree(facts: list[Fact]) -> bool:
    numbers, words = [f for f in facts if f.is_number], {f.shown for f in facts if not f.is_number}
    if not numbers:
        return len(words) == 1
    by_digits: dict[object, set[str]] = defaultdict(set)
    for fact in numbers:
        by_digits[Decimal(plain(fact.shown)).as_tuple().exponent].add(plain(fact.shown).lstrip("+"))
    ends = [fact.ends for fact in numbers]
    overlap = max(low for low, _ in ends) <= min(high for _, high in ends)
    return not words and overlap and all(len(shown) == 1 for shown in by_digits.values())


POOLED = ", in several wordings together"
"""What is added to a promise where its figures are of all wordings, and so of none."""


class Told:
    """Collects facts; `promises` are their ids by every claim that was ever theirs."""

    def __init__(self, promises: dict[str, str]) -> None:
        self.promises = promises
        self.facts: list[Fact] = []

    def tell(self, of: str, window: str, where: str, **figures: str | None) -> None:
        """Add figures; None and "–" are no figure."""
        for figure, shown in figures.items():
            if shown not in (None, "", "–"):
                self.facts.append(Fact((of, window, figure), str(shown).strip(), where))

    # ---- JSON -------------------------------------------------------------------------------------------------------

    def figures(self, of: str, window: str, where: str, row: dict[str, object]) -> None:
        """Add a row of figures as JSON has them: shares 0 to 1, exact to ten digits."""
        shares = {name: _per_cent(row[name]) for name in _SHARES if row.get(name) is not None}
        counts = {name: str(row[name]) for name in _FIGURES if row.get(name) is not None}
        if (row.get("kept") is not None and row.get("kept")) or row.get("broken"):
            counts["n"] = str(int(str(row["kept"])) + int(str(row["broken"])))
        self.tell(of, window, where, **shares, **counts)

    # ---- HTML -------------------------------------------------------------------------------------------------------

    def ledger(self, html: str, label: str, window: str, where: str, of: str = "") -> None:
        """Add the rows of a ledger of claims; with `of` those of one promise by window, told in their first cell."""
        for cells in rows_of(html, label):
            promise = (of or self._whose(cells[0])) + POOLED * bool(
                re.search(r"– (\d wordings|another wording)", cells[1])
            )
            when = window if not of else cells[0].split(", not closed yet")[0]
            self.tell(promise, when, where, **_row(cells[1:]))

    def _whose(self, cell: str) -> str:
        named = [claim for claim in self.promises if cell.strip("“”").startswith(claim)]
        return self.promises[max(named, key=len)]

    # ---- sentences --------------------------------------------------------------------------------------------------

    def sentences(self, words: str, window: str, where: str, of: str = "") -> None:
        """Add what sentences say of promises, named by their claims or, where they name none, `of`."""
        of += POOLED * bool(
            of
            and re.search(r"In (\d wordings together|another wording, (as “[^”]+”|on other terms)): ", words)
        )
        for pattern, figures in _SENTENCES:
            for found in re.finditer(pattern, words):
                told = found.groupdict()
                whose = self.promises[claim] if (claim := told.pop("claim", None)) else of
                when = (told.pop("window", None) or window).split(", not closed yet")[0]
                gap = told.pop("short", None)
                if when.endswith("all days"):  # told wording by wording
                    whose, when = f"{whose}: {claim}", "all days"
                self.tell(whose, when, where, **told, **({"gap": f"−{gap}"} if gap else {}), **figures)

    def status_text(self, words: str, window: str, where: str, one: str = "") -> None:
        """Add the table `status` prints: the rows of promises by id, their parts and, with `one`, its periods."""
        promise = ""
        version = r"\s+(?:\d+(?: to \d+)?|–)" if one else ""
        for line in words.splitlines():
            if not (found := re.match(_LINE + version + r"\s*$", line)):
                promise = line.split()[0] if line.strip() else promise
                continue
            told = found.groupdict()
            name, short = told.pop("name").strip(), told.pop("gap_items")
            is_whole = name in self.promises.values()
            promise = name if is_whole else promise
            of = one or (name if is_whole else f"{promise} {name}")
            when = name.split(", not closed yet")[0] if one else window
            self.tell(of, when, where, **told, gap_items=f"-{short}" if short else None)


_LINE = (
    rf"^(?P<name>\s*\S.*?)\s{{2,}}[✓✕≈…] (?P<status>[a-z ]+?)\s{{2,}}(?P<rate>{_NUMBER}) %\s+(?P<low>{_NUMBER}) % to"
    rf" (?P<high>{_NUMBER}) %\s+(?P<target>{_NUMBER}) %\s+(?P<gap>{_NUMBER}) points\s+(?:(?P<gap_items>{_NUMBER})\s+)?"
    rf"(?P<n>{_NUMBER})\s+(?P<open>{_NUMBER})\s+(?P<exempt>{_NUMBER})\s+(?P<unknown>{_NUMBER})"
)
"""A row of figures as `status` prints it."""


def _per_cent(share: object) -> str:
    return f"{Decimal(str(share)) * 100:.8f}"


def _row(cells: list[str]) -> dict[str, str | None]:
    """The figures of a row of a ledger of claims, each known by its shape."""
    row = re.sub(r"\d+ (?:weeks|months): .*", "", "\n".join(cells))  # a line of them has rates of its own
    found: dict[str, str | None] = {}
    spread = rf"standard deviation ({_NUMBER}) points, interval ({_NUMBER}) to ({_NUMBER}) points.*?({_NUMBER}) points\n(?:too far|to spare)"
    if told := re.search(spread, row, re.DOTALL):
        return dict(zip(("sd", "low", "high", "gap"), told.groups(), strict=True))
    if status := re.search(r"[✓✕≈…–] (kept|missed|too close to call|too few|no data)", row):
        found["status"] = status[1]
    if rate := re.search(rf"(?<!target )(?<![\d.]){_RATE}(?:\s+of {_COUNT})?", row):
        found |= {"rate": rate[1], "n": rate[2]}
    between = re.search(rf"(?:interval )?{_RATE} to {_RATE}(?!, last)", row)
    if between:
        found |= {"low": between[1], "high": between[2]}
    if aim := re.search(rf"target {_RATE}", row):
        found["target"] = aim[1]
    if gap := re.search(rf"({_NUMBER}) points\n(?:{_COUNT} \S+ (short|to spare)|(not one to spare))", row):
        found["gap"] = gap[1]
        found["gap_items"] = "0" if gap[4] else gap[2] if gap[3] == "to spare" else f"-{gap[2]}"
    return found


_SENTENCES: tuple[tuple[str, dict[str, str]], ...] = (
    (  # a claim, opened
        rf"“(?P<claim>[^”]+)” (?:is|may|has)[^“]*? It was kept for (?P<rate>{_NUMBER}) % of (?P<n>{_NUMBER}) [\w ]+? in"
        rf" (?P<window>[^“]+?), against a target of (?P<target>{_NUMBER}) %(?:: missed by (?P<short>{_NUMBER}) points)?",
        {},
    ),
    (  # where it breaks
        rf"(?:In|Over) (?P<window>[^“]+?) “(?P<claim>[^”]+)” was kept for (?P<rate>{_NUMBER}) % of (?P<n>{_NUMBER})"
        rf" [\w ]+?, (?:missing|above|too)[^“]*?the target of (?P<target>{_NUMBER}) %(?: by (?P<short>{_NUMBER}) points)?",
        {},
    ),
    (  # the month's biggest miss
        rf"“(?P<claim>[^”]+)” was kept for (?P<rate>{_NUMBER}) % of (?P<n>{_NUMBER}) [\w ]+? \((?P<low>{_NUMBER}) % to"
        rf" (?P<high>{_NUMBER}) %\), (?P<short>{_NUMBER}) points below its target of (?P<target>{_NUMBER}) %",
        {"status": "missed"},
    ),
    (  # the window it declares
        rf"is declared by the [\w ]+: over (?P<window>[^“]+?) it was kept for (?P<rate>{_NUMBER}) % of (?P<n>{_NUMBER}):"
        r" (?P<status>[a-z ]+)\.",
        {},
    ),
    (
        rf"To \d+ \w+ \d+, (?P<broken>{_NUMBER}) of (?P<n>{_NUMBER}) [\w ]+? (?:was|were) broken; the target",
        {},
    ),
    (
        rf"forgives {_NUMBER} [\w ]+? in (?P<window>[^“]+?): (?P<broken>{_NUMBER}) broken(?!, {_NUMBER} (?:left|too)[^.]*\. That is in)",
        {},
    ),
    (rf"(?P<rate>{_NUMBER}) % as declared", {}),
    (rf"(?P<exempt>{_NUMBER}) exempt \w+, {_NUMBER} % of all", {}),
    (rf"with them left out the rate is (?P<rate>{_NUMBER}) %", {}),
    (  # why
        rf"“(?P<claim>[^”]+)”, (?P<window>[^“\n]+)\nkept rate = kept ÷ \(kept \+ broken\) = (?P<kept>{_NUMBER}) ÷"
        rf" (?P<n>{_NUMBER}) = (?P<rate>{_NUMBER}) % \(95 % interval (?P<low>{_NUMBER}) % to (?P<high>{_NUMBER}) %, Wilson\)\n"
        rf"target (?P<target>{_NUMBER}) %, gap (?P<gap>{_NUMBER}) points, status: (?P<status>[a-z ]+?) \([^)]*\)\n"
        rf"not in the rate: (?P<open>{_NUMBER}) open, (?P<exempt>{_NUMBER}) exempt, (?P<unknown>{_NUMBER}) unknown",
        {},
    ),
)


def rows_of(html: str, label: str) -> Iterator[list[str]]:
    """Yield the cells of each body row of the table of that label, as text; a drawing is its words."""
    region = re.search(rf'aria-label="{re.escape(label)}".*?</table>', html, re.DOTALL)
    body = re.search(r"<tbody.*?</tbody>", region.group(), re.DOTALL) if region else None
    for row in re.findall(r"<tr.*?</tr>", body.group() if body else "", re.DOTALL):
        yield [text(cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]


def text(html: str) -> str:
    """Return HTML as text: a line a paragraph, a drawing as its words."""
    html = re.sub(r'<img alt="([^"]*)"[^>]*>', r"\1 ", html)
    html = re.sub(r"<br>|</p>|</li>|</h\d>|</tr>|</t[dh]>", "\n", html)
    return unescape(re.sub(r"<[^>]+>", "", html))
