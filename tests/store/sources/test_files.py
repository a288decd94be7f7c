"""Files of every format, good and bad: what is wrong is told with the file's name and what to do."""

import gzip
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aspromised.words.trouble import TroubleError
from tests.store.shop import Rows, Shop


def problem(shop: Shop, **declared: object) -> str | None:
    """Return the problem of a source "bad", having checked that a good source beside it loads."""
    shop.file("good.csv", "id\n1\n")
    shop.source("bad", **declared)
    shop.source("good", files="good.csv")
    healths = shop.load()
    assert healths["good"].rows_kept == 1
    assert shop.query("select count(*) from duckdb_tables() where schema_name = 'source'") == [
        (1 if healths["bad"].problem else 2,)
    ]
    return healths["bad"].problem


def rows(shop: Shop, files: str) -> Rows:
    """Return what is loaded from the files, in order."""
    shop.source("o", files=files)
    assert shop.load()["o"].problem is None
    return shop.query("select * from source.o order by all")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_loads_whatever_ends_its_lines_and_with_a_byte_order_mark(shop: Shop, line_end: str) -> None:
    shop.file("o.csv", "\ufeff" + line_end.join(["id,note", "1,plain", f'2,"two{line_end}lines"', ""]))
    assert rows(shop, "o.csv") == [(1, "plain"), (2, f"two{line_end}lines")]
    assert shop.types("o") == {"id": "BIGINT", "note": "VARCHAR"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_loads_with_any_usual_delimiter(shop: Shop, delimiter: str) -> None:
    shop.file("o.csv", f'id{delimiter}note\n1{delimiter}"a,b;c"\n')
    assert rows(shop, "o.csv") == [(1, "a,b;c")]


def test_compressed_csv_loads(shop: Shop) -> None:
    shop.file("o.csv.gz", gzip.compress(b"id\n1\n"))
    assert rows(shop, "o.csv.gz") == [(1,)]


def test_a_csv_line_of_the_wrong_width_is_set_aside(shop: Shop) -> None:
    shop.file("o.csv", "a,b\n1,x\n2\n3,y,z\n")
    assert rows(shop, "o.csv") == [(1, "x")]
    assert shop.set_aside("o") == [
        ("2", "o.csv: 1 values where the header has 2"),
        ("3,y,z", "o.csv: 3 values where the header has 2"),
    ]


def test_json_lines_load_and_a_broken_line_is_set_aside(shop: Shop) -> None:
    shop.file("o.jsonl", '{"id":1,"code":"007"}\n{"id":\n\n[3]\n{"code":null,"id":2,"more":{"a b":[1]}}\n')
    assert rows(shop, "o.jsonl") == [("007", 1, None), (None, 2, '{"a b":[1]}')]
    assert shop.set_aside("o") == [
        ("[3]", "o.jsonl: not a JSON object"),
        ('{"id":', "o.jsonl: not a JSON object"),
    ]


def test_a_json_list_of_objects_loads(shop: Shop) -> None:
    shop.file("o.json", '[{"id": 1, "at": "2026-07-01T10:00:00Z"}, {"id": 2}]')
    shop.source("o", files="o.json")
    shop.load()
    assert shop.query("""select id, timezone('UTC', "at") from source.o order by id""") == [
        (1, datetime(2026, 7, 1, 10)),
        (2, None),
    ]


def test_xlsx_loads_with_its_real_dates_and_numbers(shop: Shop) -> None:
    xlsx(shop.data / "o.xlsx")
    shop.source("o", files="o.xlsx", timestamp_format="%d/%m/%Y %H:%M", columns={"at": "timestamp"})
    shop.load()
    assert shop.query("""select id, timezone('UTC', "at"), note from source.o order by id""") == [
        (1, datetime(2026, 7, 1, 9), "first"),
        (2, datetime(2026, 1, 2, 3, 4), None),
    ]


def test_files_of_a_pattern_are_joined_by_name_not_by_place(shop: Shop) -> None:
    pq.write_table(pa.table({"id": [1], "n": [10]}), shop.data / "a.parquet")
    pq.write_table(pa.table({"n": [20], "id": [2], "more": ["x"]}), shop.data / "b.parquet")
    assert rows(shop, "*.parquet") == [(1, 10, None), (2, 20, "x")]
    shop.file("days/a.csv", "id,n\n1,10\n")
    shop.file("days/b.csv", "n,id,more\n20,2,x\n")
    assert rows(shop, "days") == [(1, 10, None), (2, 20, "x")]


def test_the_same_file_of_a_folder_is_loaded_once_and_hidden_files_not_at_all(shop: Shop) -> None:
    for name in ("a.csv", ".b.csv", "~$c.csv", "_d.csv"):
        shop.file(f"days/{name}", "id\n1\n")
    assert rows(shop, "days/*.csv") == [(1,)]


def test_a_missing_file_is_named(shop: Shop) -> None:
    assert (
        problem(shop, files="gone.csv")
        == "data/gone.csv: there is no such file: check the name, or put it there"
    )


def test_a_pattern_that_matches_nothing_is_named(shop: Shop) -> None:
    assert problem(shop, files="gone/*.csv") == (
        f"no file in {shop.data} matches 'gone/*.csv': check the pattern, or put the files there"
    ).replace(f"{shop.root}/", "")


def test_an_empty_folder_is_named(shop: Shop) -> None:
    (shop.data / "days").mkdir()
    assert problem(shop, files="days") == "data/days: the folder holds no data files"


@pytest.mark.parametrize("files", ["../secret.csv", "/etc/passwd"])
def test_a_path_out_of_the_data_folder_is_refused(shop: Shop, files: str) -> None:
    shop.root.joinpath("secret.csv").write_text("id\n1\n")
    assert "leads out of the data folder" in (problem(shop, files=files) or "")


def test_a_missing_declared_column_is_named_with_what_was_probably_meant(shop: Shop) -> None:
    shop.file("o.csv", "order_id,orderd_at\n1,2026-01-01\n")
    assert problem(shop, files="o.csv", columns={"ordered_at": "timestamp"}) == (
        "data/o.csv: there is no column 'ordered_at': the data has order_id, orderd_at. Did you mean 'orderd_at'?"
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("o.csv", "data/o.csv: the file is empty: export it again, with a header line"),
        ("o.jsonl", "data/o.jsonl: the file is empty: export it again"),
        ("o.json", "data/o.json: the file is empty: export it again"),
    ],
)
def test_an_empty_file_is_named(shop: Shop, name: str, says: str) -> None:
    shop.file(name, "")
    assert problem(shop, files=name) == says


@pytest.mark.parametrize("kept", [0, 10, 400, -4])
def test_a_parquet_file_that_is_cut_short_is_named_among_whole_ones(shop: Shop, kept: int) -> None:
    pq.write_table(pa.table({"id": list(range(1000))}), shop.data / "a.parquet")
    shop.file("b.parquet", shop.data.joinpath("a.parquet").read_bytes()[:kept])
    said = problem(shop, files="*.parquet") or ""
    assert said.startswith("data/b.parquet: not a whole parquet file: copy it again from where it came (")


def test_a_parquet_file_damaged_inside_is_named(shop: Shop) -> None:
    pq.write_table(pa.table({"id": [f"{n * 7919}" for n in range(5000)]}), shop.data / "a.parquet")
    whole = shop.data.joinpath("a.parquet").read_bytes()
    shop.file("b.parquet", whole[:200] + b"\xff" * 4000 + whole[4200:])
    said = problem(shop, files="*.parquet") or ""
    assert said.startswith("data/b.parquet: not a whole parquet file")


def test_a_csv_with_a_delimiter_that_is_none_says_which_columns_it_found(shop: Shop) -> None:
    shop.file("o.csv", "id^n\n1^2\n")
    assert (
        problem(shop, files="o.csv", key="id")
        == "data/o.csv: there is no column 'id': the data has id^n. Did you mean 'id^n'?"
    )


def test_a_csv_whose_lines_all_differ_from_the_header_is_a_problem(shop: Shop) -> None:
    shop.file("o.csv", "id,n\n1;2\n2;3\n")
    assert problem(shop, files="o.csv") == (
        "data/o.csv: no line has the 2 values of the header: export it again with one delimiter throughout"
    )


@pytest.mark.parametrize("text", ["id,café\n1,x\n", "id,n\n1,café\n"])
def test_a_csv_that_is_not_utf8_is_named(shop: Shop, text: str) -> None:
    shop.file("o.csv", text.encode("latin-1"))
    assert problem(shop, files="o.csv") == "data/o.csv: the text is not UTF-8: save it as 'CSV UTF-8'"


def test_a_quotation_mark_that_swallows_the_rest_of_a_csv_is_a_problem(shop: Shop) -> None:
    shop.file("o.csv", 'id,n\n1,"x\n2,y\n3,z\n')
    assert problem(shop, files="o.csv") == (
        "data/o.csv: a quotation mark is opened and never closed: find it and close it"
    )


def test_two_columns_of_one_name_are_a_problem(shop: Shop) -> None:
    shop.file("o.csv", "id,ID\n1,2\n")
    assert problem(shop, files="o.csv") == "data/o.csv: two columns are called 'id' and 'ID': rename one"


def test_a_json_file_that_breaks_off_is_named(shop: Shop) -> None:
    shop.file("o.json", '[{"id": 1}, {"id": 2')
    said = problem(shop, files="o.json") or ""
    assert said.startswith("data/o.json: not whole JSON in UTF-8: export it again (")


def test_a_file_that_only_calls_itself_xlsx_is_named(shop: Shop) -> None:
    shop.file("o.xlsx", "id,n\n1,2\n")
    said = problem(shop, files="o.xlsx") or ""
    assert said.startswith("data/o.xlsx: not an Excel workbook: save it as .xlsx (")


def test_a_format_that_cannot_be_read_is_named(shop: Shop) -> None:
    shop.file("o.docx", "id\n")
    assert (problem(shop, files="o.docx") or "").startswith("o.docx: not a format that can be read")


def test_formats_are_not_mixed_in_one_source(shop: Shop) -> None:
    shop.file("days/a.csv", "id\n1\n")
    shop.file("days/b.jsonl", '{"id":1}\n')
    assert problem(shop, files="days") == (
        "the files are of several formats (csv, jsonl): declare one source for each"
    )


def xlsx(path: Path) -> None:
    """Write the smallest workbook: a date as Excel keeps it, a date as text, an empty cell."""
    from zipfile import ZipFile

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"

    def text(value: str) -> str:
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    with ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            (
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
                'spreadsheetml.sheet.main+xml"/></Types>'
            ),
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/s.xml"/>'
            f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
            '<xf numFmtId="22"/></cellXfs></styleSheet>',
        )
        book.writestr(
            "xl/worksheets/s.xml",
            f'<worksheet xmlns="{main}"><sheetData>'
            f"<row>{text('id')}{text('at')}{text('note')}</row>"
            f'<row><c><v>1</v></c><c s="1"><v>46204.416666666664</v></c>{text("first")}</row>'
            f"<row><c><v>2</v></c>{text('02/01/2026 03:04')}<c/></row>"
            "</sheetData></worksheet>",
        )


@pytest.mark.parametrize("opened", ["before", "within"])
def test_a_header_with_a_quotation_mark_never_closed_is_told_of_its_file(shop: Shop, opened: str) -> None:
    names = ",".join(f"column_{number}" for number in range(14_000))
    header = f'"{names}' if opened == "before" else f'id,"{names}'
    shop.file("bad.csv", f"{header}\n1,2\n")
    assert (problem(shop, files="bad.csv") or "").startswith(
        "data/bad.csv: its first line does not name the columns"
    )


UNFORESEEN = [
    ValueError("no such thing"), KeyError("replacement"), RecursionError(), AssertionError("rows"), StopIteration(),
    UnicodeDecodeError("utf-8", b"a", 0, 1, "bad"), OverflowError("date value out of range"), RuntimeError("x" * 10_000),
]  # fmt: skip


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "place", ["aspromised.store.formats.csv._header", "aspromised.store.typing.typed.load_typed"]
)
def test_what_no_reader_foresaw_is_told_of_its_source_and_the_others_are_loaded(
    shop: Shop, error: Exception, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.file("bad.csv", "id\n1\n")
    module, _, name = place.rpartition(".")
    whole = getattr(import_module(module), name)

    def stumbling(*given: object) -> object:
        if any("bad" in str(each) for each in given[:2]):
            raise error
        return whole(*given)

    monkeypatch.setattr(place, stumbling)
    said = problem(shop, files="bad.csv") or ""
    assert said.startswith(f"data/bad.csv: cannot be read ({type(error).__name__}")
    assert len(said) < 400
    monkeypatch.undo()
    assert shop.load()["bad"].problem is None


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), MemoryError(), OSError(28, "full")])
def test_what_is_no_fault_of_a_source_ends_the_load(
    shop: Shop, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.file("o.csv", "id\n1\n")
    shop.source("o", files="o.csv")

    def stop(*_: object) -> None:
        raise error

    monkeypatch.setattr("aspromised.store.sources.load.read", stop)
    with pytest.raises((KeyboardInterrupt, SystemExit, TroubleError)):
        shop.load()
