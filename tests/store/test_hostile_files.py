"""Small files made to hurt: each ends in a problem that names it or in rows set aside, never the process."""

import gzip
import os
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aspromised.demo.export.xlsx import _PARTS
from aspromised.store.formats import sheet, unpacking
from aspromised.store.ledger import open_ledger
from aspromised.words.inside import require_workspace
from aspromised.words.problems import AsPromisedError, MisuseError
from tests.store.shop import Shop
from tests.store.sources.test_files import problem

_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def workbook(path: Path, rows: str, **more: str) -> Path:
    """Write a workbook of one sheet with these rows, and further parts by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name, part in {**_PARTS, "xl/worksheets/sheet1.xml": _SHEET.format(rows), **more}.items():
            book.writestr(name, part)
    return path


def far(cell: str) -> str:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>2</v></c></row>'


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZZ999999", "FFFF4294967295"])
def test_a_sheet_with_one_far_cell_ends_no_process(shop: Shop, cell: str) -> None:
    assert workbook(shop.data / "o.xlsx", far(cell)).stat().st_size < 4_000
    said = problem(shop, files="o.xlsx") or ""
    assert said.startswith("data/o.xlsx: ")
    assert "save it as" in said


def test_a_bomb_in_a_workbook_ends_no_process(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MEMORY", 1 << 28)
    strings = "<si><t>" + "x" * (1 << 29) + "</t></si>"
    sst = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    rels = _PARTS["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
        ' Target="sharedStrings.xml"/></Relationships>',
    )
    parts = {"xl/sharedStrings.xml": sst, "xl/_rels/workbook.xml.rels": rels}
    assert workbook(shop.data / "o.xlsx", row, **parts).stat().st_size < 2_000_000
    said = problem(shop, files="o.xlsx") or ""
    assert said.startswith("data/o.xlsx: the first sheet asks for more than")


@pytest.mark.parametrize("letters", [100, 300_000])
def test_a_workbook_whose_error_quotes_it_at_length_holds_up_nothing(shop: Shop, letters: int) -> None:
    rows = f'<row r="1"><c r="A1" t="{"A" * letters}"><v>1</v></c></row>'
    assert workbook(shop.data / "o.xlsx", rows).stat().st_size < 4_000
    said = problem(shop, files="o.xlsx") or ""
    assert said.startswith("data/o.xlsx: not an Excel workbook: save it as .xlsx (Unknown cell 't' attribute")
    assert len(said) < 400


@pytest.mark.parametrize("rows", ["", "print('[\"a\"]')", "print('[\"a\"]\\n[\"', end='', flush=True)"])
def test_a_workbook_that_is_not_read_in_time_is_told(
    shop: Shop, rows: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    never = tmp_path / "never.py"
    never.write_text(
        f"import sys, time\n{rows}\nsys.stdout.flush()\nsys.stderr.write('x' * 300_000)\ntime.sleep(600)\n"
    )
    monkeypatch.setattr(sheet, "__file__", str(never))
    monkeypatch.setattr(sheet, "SECONDS", 2)
    workbook(shop.data / "o.xlsx", far("B2"))
    assert "the first sheet asks for more than" in (problem(shop, files="o.xlsx") or "")


def test_a_sheet_with_a_gap_is_read(shop: Shop) -> None:
    workbook(shop.data / "o.xlsx", far("C90000"))
    shop.source("o", files="o.xlsx")
    assert shop.load()["o"].problem is None
    assert shop.query("select * from source.o") == [(None, None, 2)]


@pytest.mark.parametrize(
    ("name", "line"), [("o.csv.gz", b"n\n"), ("o.jsonl.gz", b'{"n": 1}\n'), ("o.json.gz", b'{"n": 1}\n')]
)
def test_a_compressed_bomb_is_refused_before_it_is_loaded(
    shop: Shop, name: str, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "UNPACKED_BYTES", 1_000_000)
    shop.file(name, gzip.compress(line * 1_000_000))
    said = problem(shop, files=name) or ""
    assert said.startswith(f"data/{name}: it unpacks to more than 200 times its size")


def test_a_file_compressed_well_is_read(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "UNPACKED_BYTES", 1_000)
    shop.file("o.csv.gz", gzip.compress(b"n\n" + b"".join(b"%d\n" % number for number in range(10_000))))
    assert problem(shop, files="o.csv.gz") is None


def test_a_compressed_file_cut_short_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "UNPACKED_BYTES", 1_000)
    shop.file("o.csv.gz", gzip.compress(b"n\n" * 1_000_000)[:-9])
    monkeypatch.setattr(unpacking, "TIMES", 900)
    assert "not a whole .gz file" in (problem(shop, files="o.csv.gz") or "")


@pytest.mark.parametrize("depth", [1_000, 1_000_000])
@pytest.mark.parametrize("name", ["o.json", "o.jsonl"])
def test_deep_json_ends_no_process(shop: Shop, name: str, depth: int) -> None:
    shop.file(name, '{"a": 1}\n{"a": ' + "[" * depth + "]" * depth + "}\n")
    shop.source("o", files=name)
    loaded = shop.load()["o"]
    assert loaded.problem or (loaded.rows_kept, loaded.rows_set_aside) in ((2, 0), (1, 1))


def test_a_csv_with_a_nul_or_a_line_of_100_mb_ends_no_process(shop: Shop) -> None:
    shop.file("nul.csv", b"a,b\n1,x\0y\n2,z\n")
    shop.file("long.csv", b"a,b\n1,x\n2," + b"y" * 100_000_000 + b"\n3,z\n")
    shop.file("header.csv", b"a" * 100_000_000)
    for name in ("nul", "long", "header"):
        shop.source(name, files=f"{name}.csv")
    loaded = shop.load()
    assert loaded["nul"].problem or loaded["nul"].rows_in == 2
    assert loaded["long"].problem or loaded["long"].rows_in == 3
    assert (loaded["header"].problem or "").startswith("data/header.csv: ")


HOSTILE_NAMES = ['a"; drop table source_health; --', "a'b", "", " ", "#reason", "#row", "#trim a", "raw", "\x1b[31m", "x" * 10_000, "a\nb", "SELECT"]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_parquet_column_of_any_name_is_a_column_or_a_problem(shop: Shop, name: str) -> None:
    pq.write_table(pa.table({"id": ["a"], name: ["b"]}), shop.data / "o.parquet")
    shop.source("o", files="o.parquet")
    loaded = shop.load()["o"]
    assert loaded.problem or shop.query("select * from source.o") == [("a", "b")]
    assert shop.query("select count(*) from source_health") == [(1,)]


def test_a_fifo_or_a_folder_that_calls_itself_a_file_is_not_waited_for(shop: Shop) -> None:
    os.mkfifo(shop.data / "o.csv")
    (shop.data / "p.csv").mkdir()
    assert "no such file" in (problem(shop, files="o.csv") or "")
    assert "holds no data files" in (problem(shop, files="p.csv") or "")


@pytest.mark.parametrize("files", ["o.csv", "o*.csv", "in/o.csv", "in", "in/*.csv", "**/*.csv"])
def test_a_link_that_leads_out_of_the_workspace_is_refused(shop: Shop, files: str) -> None:
    outside = shop.root.parent / "outside"
    outside.mkdir()
    (outside / "o.csv").write_text("secret\n1\n")
    (shop.data / "o.csv").symlink_to(outside / "o.csv")
    (shop.data / "in").symlink_to(outside)
    said = problem(shop, files=files) or ""
    assert "a link that leads out of the workspace: put a copy of the file in its place" in said
    assert "secret" not in said


def test_a_link_within_the_workspace_is_followed(shop: Shop) -> None:
    shop.file("kept/o.csv", "id\n1\n")
    (shop.data / "o.csv").symlink_to(shop.data / "kept" / "o.csv")
    assert problem(shop, files="o.csv") is None


@pytest.mark.parametrize("own", [".aspromised", "ledger"])
def test_a_folder_of_the_programs_own_that_is_a_link_is_refused(shop: Shop, own: str) -> None:
    outside = shop.root.parent / "outside"
    (outside / "spill").mkdir(parents=True)
    (shop.root / own).symlink_to(outside)
    with pytest.raises(AsPromisedError, match="it is a link to another place"):
        if own == "ledger":
            open_ledger(shop.root).append("note", "a", {}, "Ada")
        else:
            shop.load()
    assert [path.name for path in outside.iterdir()] == ["spill"]


_ROWS = "id,at\n" + "".join(f"{n},2026-01-05\n" for n in range(5000))
_TOLD = {
    "nul.csv": ("id,reg\0ion\n1,2\n", "the column 'reg\\0ion' has a NUL character in its name"),
    "nul.jsonl": ('{"id": 1, "a\\u0000": 2}\n', "the column 'a\\0' has a NUL character in its name"),
    "wide.csv": ("x" * 300_000 + ",id\n1,2\n", "the first line is longer than 262,144 bytes"),
    "long.csv": (
        "id,note\n" + "x" * (40 << 20) + ",n\n1,2\n",
        "a line is longer than 16 MB, or a quotation mark",
    ),
    "cut.csv.gz": (gzip.compress(_ROWS.encode())[:-200], "not a whole .gz file: copy it again"),
    "cut early.csv.gz": (gzip.compress(_ROWS.encode())[:15], "not a whole .gz file: copy it again"),
    "more.csv.gz": (gzip.compress(_ROWS.encode()) + b"garbage", "not a whole .gz file: copy it again"),
}


@pytest.mark.parametrize("name", _TOLD)
def test_what_cannot_be_read_is_told_with_its_file_and_what_to_do(shop: Shop, name: str) -> None:
    content, said = _TOLD[name]
    shop.file(name, content)
    told = problem(shop, files=name) or ""
    assert told.startswith(f"data/{name}: {said}"), told
    assert "\n" not in told


def test_a_json_key_without_a_name_is_left_out(shop: Shop) -> None:
    shop.file("o.jsonl", '{"id": 1, "": 5}\n')
    shop.source("o", files="o.jsonl")
    assert shop.load()["o"].problem is None
    assert list(shop.types("o")) == ["id"]


def test_a_name_in_another_encoding_is_told_and_the_other_sources_are_loaded(shop: Shop) -> None:
    (shop.data / os.fsdecode(b"bad\xff.csv")).write_text("id\n1\n")
    assert problem(shop, files="bad*.csv") == (
        "data/bad\\udcff.csv: the name of the file is not text in UTF-8: give it another, or a pattern that leaves it out"
    )


def test_a_workspace_whose_path_is_in_another_encoding_is_misuse(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"ws\xff")
    (root / "promises").mkdir(parents=True)
    with pytest.raises(MisuseError, match=r"ws\\udcff is not text in UTF-8: give the folder another name"):
        require_workspace(root)
