"""A small company whose records come as daily files, with late changes, pauses and corrections, drawn at random."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

FIRST = datetime(2026, 3, 25, tzinfo=UTC)
"""Days begin here: the clock of London changes on 29 March."""

PROMISES = """
company: {name: Daily, timezone: Europe/London}
calendars:
  shop: {open: {mon-fri: ["09:00-12:30", "13:00-17:30"], sat: ["10:00-14:00"]}, holidays: {country: GB, subdivision: ENG}}
promises:
  two-days:
    claim: In 2 days
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, id: id, started: ordered, done: delivered, cancelled: cancelled, within: 2 calendar days,
              cut_off: "15:00", exempt: [{when: moved, because: moved}], segments: [region, {size: case when n > 5 then 'big' end}]}
    versions: [{from: 2026-03-26, within: 3 calendar days}, {from: 2026-03-30}]
  hours:
    claim: In hours
    made_by: m
    kept_by: k
    target: 90%
    counted: done
    measure: {items: orders, id: id, started: ordered, done: delivered, less_than: 40 hours, only: n > 2, segments: [region]}
  by-date:
    claim: On the day
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, id: id, started: ordered, done: delivered, by: promised_on}
  answer:
    claim: Within 4 working hours
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, id: id, started: ordered, done: delivered, within: 4 business hours, calendar: shop,
              paused: {source: holds, id: order, from: held, to: released}, segments: [region]}
  right:
    claim: The right thing
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, id: id, at: delivered, kept_when: n <> 3, segments: [region]}
  once:
    claim: Not twice
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, id: id, at: ordered, same: [region], not_again_within: 2 hours}
  lines:
    claim: All lines
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, at: ordered, kept: n - 1, total: n}
promotions:
  spring:
    says: Spring
    launched: 2026-03-27
    leans_on: [two-days, right, lines]
    items: {source: orders, only: n = 4}
    ready_when:
      - {gate: holding, promise: two-days, kept_at_least: 80%, over: 3 days}
      - {gate: hours, promise: hours, kept_at_least: 80%, over: 3 days}
      - {gate: answering, promise: answer, kept_at_least: 80%, over: 3 days}
      - {gate: right, promise: right, kept_at_least: 80%, over: 3 days}
      - {gate: once, promise: once, kept_at_least: 80%, over: 3 days}
      - {gate: lines, promise: lines, kept_at_least: 80%, over: 3 days}
"""

SOURCES = """
sources:
  orders:
    files: orders/*.csv
    key: id
    latest_by: changed
    columns: {promised_on: date, moved: boolean}
    must: [delivered is null or delivered >= ordered]
  holds: {files: holds/*.csv, columns: {held: timestamp, released: timestamp}}
"""

CORRECTION = "corrections: {storm: {promises: [two-days, hours], from: 2026-03-27, to: 2026-03-28, because: storm, approved_by: ops}}"


class Company:
    """Its folder, and what happens to it: a day's file comes, an old file changes or goes, a correction is made."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random, self.day, self.changes = root, Random(seed), 0, 0
        self.orders: dict[int, dict[str, Any]] = {}
        for folder in ("promises", "data/orders", "data/holds"):
            (root / folder).mkdir(parents=True)
        (root / "promises/all.yaml").write_text(PROMISES)
        self.is_told_again = seed % 2 == 0
        """Whether an order may stand in several files, the latest counting."""
        sources = SOURCES if self.is_told_again else SOURCES.replace("    latest_by: changed\n", "")
        if seed % 4 < 2:  # when an order arrived is told, some of it later than the moment of judging
            sources = sources.replace("    key: id\n", "    key: id\n    arrived: seen\n")
        (root / "data/sources.yaml").write_text(sources)
        for _ in range(4):
            self.a_day_comes()

    @property
    def now(self) -> datetime:
        """Some moment of the newest day."""
        return FIRST + timedelta(days=self.day, seconds=self.random.randrange(86_400))

    def a_day_comes(self) -> None:
        """Write the file of a day: new orders, changes to old ones, and what was held."""
        self.day += 1
        start = FIRST + timedelta(days=self.day - 1)
        fresh = [self._order(start) for _ in range(self.random.randrange(8, 30))]
        often = 6 if self.is_told_again else self.random.choice([1, 1, 1, 2])
        late = self.random.sample(sorted(self.orders), min(len(self.orders), self.random.randrange(often)))
        rows = [self._change(self.orders[number], start) for number in late] + fresh
        self.orders |= {row["id"]: row for row in rows}
        self._write("orders", rows)
        held = self.random.sample(sorted(self.orders), self.random.randrange(1, 6))
        self._write("holds", [self._hold(number, start) for number in held])

    def nothing_comes(self) -> None:
        """Let a day pass."""
        self.day += 1

    def an_old_file_changes(self) -> None:
        """Export a day again, without its last row."""
        path = self.random.choice(sorted((self.root / "data/orders").iterdir()))
        lines = path.read_text().splitlines()
        path.write_text("\n".join(lines[: max(2, len(lines) - 1)]) + "\n")

    def the_first_file_is_turned_round(self) -> None:
        """Export the first file again with its columns in another order, and a row that was changed."""
        path = min((self.root / "data/orders").iterdir())
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.loc[0, ["n", "region"]] = ["7", "south"]
        columns = list(frame.columns)
        self.random.shuffle(columns)
        path.write_text(frame[columns].to_csv(index=False))

    def the_columns_change(self) -> None:
        """A day comes whose file has other columns: in another order, one less, one more, one under a new name, or all in capitals."""
        self.day += 1
        rows = [self._order(FIRST + timedelta(days=self.day - 1)) for _ in range(9)]
        self.orders |= {row["id"]: row for row in rows}
        columns = list(rows[0])
        self.random.shuffle(columns)
        odd = self.random.choice(["none", "less", "more", "renamed", "capitals"])
        if odd in ("less", "renamed"):
            columns.remove(self.random.choice(["moved", "region", "n", "cancelled"]))
        if odd in ("more", "renamed"):
            columns.append(self.random.choice(["colour", "area"]))
        spelled = {name: name.upper() if odd == "capitals" else name for name in columns}
        self._write("orders", [{spelled[name]: row.get(name, "odd") for name in columns} for row in rows])

    def a_correction_is_made(self) -> None:
        """Exempt two days."""
        (self.root / "promises/storm.yaml").write_text(CORRECTION)

    def an_odd_value_comes(self) -> None:
        """A number that was always whole is not, once."""
        self.day += 1
        row = self._order(FIRST + timedelta(days=self.day - 1)) | {"n": 2.5}
        self.orders[row["id"]] = row
        self._write("orders", [row])

    def step(self) -> str:
        """Let something happen; return what."""
        happenings = [self.a_day_comes] * 5 + [self.nothing_comes] * 2
        happenings += [self.an_old_file_changes, self.a_correction_is_made, self.an_odd_value_comes]
        happenings += [self.the_first_file_is_turned_round, self.the_columns_change]
        happening = self.random.choice(happenings)
        happening()
        return happening.__name__

    def _order(self, start: datetime) -> dict[str, Any]:
        ordered = start + timedelta(seconds=self.random.randrange(86_400))
        number = len(self.orders) + self.random.randrange(10**6) * 1000
        row = {
            "id": number, "ordered": ordered, "delivered": None, "cancelled": None, "n": self.random.randrange(1, 9),
            "promised_on": (ordered + timedelta(days=self.random.randrange(4))).date(), "moved": self.random.random() < 0.1,
            "region": self.random.choice(["north", "south", None]), "changed": ordered,
            "seen": start + timedelta(hours=self.random.choice([0] * 19 + [40])),
        }  # fmt: skip
        return self._end(row) if self.random.random() < 0.6 else row

    def _change(self, row: dict[str, Any], start: datetime) -> dict[str, Any]:
        at = start + timedelta(seconds=self.random.randrange(86_400))
        changed = {**row, "changed": at, "seen": start + timedelta(hours=self.random.choice([0] * 9 + [20]))}
        return self._end(changed) if self.random.random() < 0.7 else changed | {"moved": True}

    def _end(self, row: dict[str, Any]) -> dict[str, Any]:
        end = row["ordered"] + timedelta(hours=self.random.choice([-1, 1, 5, 30, 50, 70, 200]))
        return row | {self.random.choice(["delivered", "delivered", "delivered", "cancelled"]): end}

    def _hold(self, number: int, start: datetime) -> dict[str, Any]:
        held = start + timedelta(seconds=self.random.randrange(-86_400, 86_400))
        released = held + timedelta(minutes=self.random.randrange(5, 4000))
        return {"order": number, "held": held, "released": released if self.random.random() < 0.7 else None}

    def _write(self, source: str, rows: list[dict[str, Any]]) -> None:
        self.changes += 1
        path = self.root / f"data/{source}/{self.day:03}-{self.changes}.csv"
        frame = pd.DataFrame(rows)
        for column in frame.select_dtypes(include=["datetime", "datetimetz"]):
            frame[column] = frame[column].dt.strftime("%Y-%m-%d %H:%M:%S+00:00")
        path.write_text(frame.to_csv(index=False))

    def told(self) -> str:
        """What there is, to print where a test fails."""
        return json.dumps({"root": str(self.root), "day": self.day, "orders": len(self.orders)})
