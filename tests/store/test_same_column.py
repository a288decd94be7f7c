"""One column under names that differ by case, blanks, a mark or how a letter is composed."""

import json
from pathlib import Path
from random import Random
from unicodedata import normalize

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aspromised.demo.export.xlsx import write_xlsx
from tests.store.shop import Rows, Shop

NAMES = ("id", "note", "Größe")
RENAMED = (
    ("ID", "Note", "GRößE"),
    (" id", "note ", "größe"),
    ("\ufeffid", "NOTE\t", normalize("NFD", "Größe")),
    ("iD", "\u200bnote", normalize("NFD", " GRößE ")),
)


def csv(path: Path, header: list[str], rows: Rows) -> None:
    lines = [header, *rows]
    path.write_text("".join(",".join(map(str, line)) + "\n" for line in lines), encoding="utf-8")


def jsonl(path: Path, header: list[str], rows: Rows) -> None:
    path.write_text("".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows))


def parquet(path: Path, header: list[str], rows: Rows) -> None:
    pq.write_table(pa.Table.from_arrays(list(map(pa.array, zip(*rows, strict=True))), names=header), path)


def xlsx(path: Path, header: list[str], rows: Rows) -> None:
    write_xlsx(pd.DataFrame(rows, columns=header), path)


FORMATS = {"csv": csv, "jsonl": jsonl, "parquet": parquet, "xlsx": xlsx}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("declared", [{}, {"ID": "integer", "GRößE": "number"}])
def test_daily_files_that_rename_and_reorder_are_as_good_as_read_at_once(
    shop: Shop, form: str, declared: dict[str, str]
) -> None:
    random = Random(form)
    (shop.data / "o").mkdir()
    shop.source("o", files="o", key="id", columns=declared)
    for day in range(5):
        header = list(NAMES if day == 0 else random.choice(RENAMED))
        rows = [(day * 10 + row, f"n{day}", row + 0.5) for row in range(3)]
        order = random.sample(range(3), 3)
        FORMATS[form](
            shop.data / "o" / f"{day}.{form}",
            [header[place] for place in order],
            [tuple(row[place] for place in order) for row in rows],
        )
        found = shop.load()["o"]
        assert (found.problem, found.notes) == (None, None)
    asked = 'select id, note, "Größe" from source.o order by id'
    added = shop.query(asked)
    assert added == [(day * 10 + row, f"n{day}", row + 0.5) for day in range(5) for row in range(3)]
    shop.load(force=True)
    assert shop.query(asked) == added
    assert set(shop.types("o")) == set(NAMES)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("other", ["NOTE", " note", "note\ufeff"])
def test_two_columns_of_one_file_that_differ_only_so_are_told(shop: Shop, form: str, other: str) -> None:
    (shop.data / "o").mkdir()
    FORMATS[form](shop.data / "o" / f"1.{form}", ["id", "note", other], [(1, "a", "b")])
    shop.source("o", files="o")
    assert "1." + form + ": two columns are called '" in (shop.load()["o"].problem or "")


def test_a_file_that_comes_first_gives_the_spelling(shop: Shop) -> None:
    shop.file("o/2.csv", "id,note\n2,b\n")
    shop.source("o", files="o")
    shop.load()
    shop.file("o/1.csv", "ID,Note\n1,a\n")
    assert shop.load()["o"].problem is None
    assert list(shop.types("o")) == ["ID", "Note"]
    assert shop.query("select * from source.o order by 1") == [(1, "a"), (2, "b")]


def test_a_declared_type_holds_for_a_new_file_that_writes_the_column_otherwise(shop: Shop) -> None:
    shop.file("o/1.csv", "id,code\n1,007\n")
    shop.source("o", files="o", key="ID", columns={"CODE": "text"})
    shop.load()
    shop.file("o/2.csv", "Code,Id\n008,2\n009,\n")
    shop.load()
    assert shop.query("select * from source.o order by id") == [(1, "007"), (2, "008")]
    assert [reason for _, reason in shop.set_aside("o")] == ["the key 'ID' is empty"]
