"""A day is no moment: where nobody declared a column, a value that has no time of day never becomes its midnight."""

import json
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aspromised.demo.export.xlsx import write_xlsx
from tests.store.shop import Shop

INSTANT = "TIMESTAMP WITH TIME ZONE"


def csv(path: Path, days: list[str]) -> None:
    path.write_text("id,d\n" + "".join(f"{day.replace(':', '')},{day}\n" for day in days))


def jsonl(path: Path, days: list[str]) -> None:
    path.write_text("".join(json.dumps({"id": day, "d": day}) + "\n" for day in days))


def parquet(path: Path, days: list[str]) -> None:
    kind = pa.timestamp("us") if ":" in days[0] else pa.date32()
    of = [datetime.fromisoformat(day) if ":" in day else date.fromisoformat(day) for day in days]
    pq.write_table(pa.table({"id": days, "d": pa.array(of, kind)}), path)


def xlsx(path: Path, days: list[str]) -> None:
    import pandas as pd

    write_xlsx(pd.DataFrame({"id": days, "d": [datetime.fromisoformat(day) for day in days]}), path)


FORMATS = {"csv": csv, "jsonl": jsonl, "parquet": parquet, "xlsx": xlsx}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("later", [["2026-01-06"], ["2026-01-07 18:00"]])
def test_one_value_of_the_other_kind_reads_no_day_as_its_midnight(
    shop: Shop, form: str, later: list[str]
) -> None:
    first = ["2026-01-07 18:00"] if later == ["2026-01-06"] else ["2026-01-06"]
    (shop.data / "o").mkdir()
    FORMATS[form](shop.data / "o" / f"1.{form}", first)
    shop.source("o", files="o")
    shop.load()
    assert shop.types("o")["d"] in ("DATE", INSTANT)
    FORMATS[form](shop.data / "o" / f"2.{form}", later)
    shop.load()
    assert shop.types("o")["d"] == "VARCHAR"
    added = shop.query("select d from source.o order by id")
    shop.load(force=True)
    assert shop.query("select d from source.o order by id") == added
    assert shop.types("o")["d"] == "VARCHAR"


@pytest.mark.parametrize("form", FORMATS)
def test_a_day_declared_a_timestamp_is_its_midnight_and_declared_a_date_a_moment_is_its_day(
    shop: Shop, form: str
) -> None:
    (shop.data / "o").mkdir()
    FORMATS[form](shop.data / "o" / f"1.{form}", ["2026-01-06"])
    FORMATS[form](shop.data / "o" / f"2.{form}", ["2026-01-07 18:00"])
    shop.source("o", files="o", columns={"d": "timestamp"})
    assert shop.load()["o"].rows_kept == 2
    assert shop.query("select strftime(d, '%d %H:%M') from source.o order by d") == [
        ("06 00:00",),
        ("07 18:00",),
    ]
    shop.source("o", files="o", columns={"d": "date"})
    shop.load()
    assert shop.query("select d from source.o order by d") == [(date(2026, 1, 6),), (date(2026, 1, 7),)]
