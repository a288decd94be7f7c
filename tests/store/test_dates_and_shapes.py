"""Moments that no calendar has, and files of odd shapes: each told in a sentence, nothing wrong in silence."""

import json
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

DAY = 86_400_000_000
EPOCH = datetime(1970, 1, 1)


def us(*day):
    return (datetime(*day) - EPOCH).days * DAY


ODD = {
    "normal": us(2026, 3, 2), "before 1900": us(1850, 1, 1), "of long ago": us(1066, 10, 14), "never ends": us(9999, 12, 31),
    "no end": (1 << 63) - 1, "no beginning": -(1 << 63) + 1, "too late": us(9999, 12, 31) + DAY, "far": us(9999, 12, 31) * 20,
    "too early": us(1, 1, 1) - DAY, "far back": -us(9999, 12, 31) * 20, "none": None,
}  # fmt: skip
REFUSED = {"no beginning", "too late", "far", "too early", "far back"}


@pytest.mark.parametrize("declared", [{}, {"columns": {"at": "timestamp"}}])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_moments_outside_all_years_are_set_aside_with_the_reason(shop, zone, declared):
    table = pa.table({"id": list(ODD), "at": pa.array(ODD.values(), pa.timestamp("us", zone))})
    pq.write_table(table, shop.data / "o.parquet")
    shop.source("o", files="o.parquet", **declared)
    assert shop.load()["o"].problem is None
    told = {json.loads(row)["id"]: reason for row, reason in shop.set_aside("o")}
    assert set(told) == REFUSED
    assert all(
        why.startswith("column 'at': '") and why.endswith("' is not of the years 1 to 9999")
        for why in told.values()
    )
    assert {name for (name,) in shop.query("select id from source.o")} == set(ODD) - REFUSED


def test_days_outside_all_years_are_set_aside(shop):
    days = pa.array([0, -719_162, -719_163, 2_932_896, 2_932_897], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"day": days}), shop.data / "o.parquet")
    shop.source("o", files="o.parquet")
    shop.load()
    assert shop.query("select day from source.o order by 1") == [
        (date(1, 1, 1),),
        (date(1970, 1, 1),),
        (date(9999, 12, 31),),
    ]
    assert len(shop.set_aside("o")) == 2


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_of_every_precision_are_the_same_moment(shop, unit):
    moments = pa.array([datetime(1899, 12, 31, 23), datetime(2026, 3, 2, 10)], pa.timestamp(unit, "UTC"))
    pq.write_table(pa.table({"at": moments}), shop.data / "o.parquet")
    shop.source("o", files="o.parquet")
    shop.load()
    assert shop.query("select timezone('UTC', \"at\") from source.o order by 1") == [
        (datetime(1899, 12, 31, 23),),
        (datetime(2026, 3, 2, 10),),
    ]


CSV = {
    "a mark before the text": "\ufeffid,n\n1,2\n3,4\n", "semicolons": "id;n\n1;2\n3;4\n", "no last line end": "id,n\n1,2\n3,4",
    "line ends of all kinds": "id,n\r\n1,2\r3,4\n", "a mark and quotes": '\ufeff"id","n"\n"1","2"\n3,4\n', "an empty line": "id,n\n1,2\n\n3,4\n",
}  # fmt: skip


@pytest.mark.parametrize("content", CSV.values(), ids=CSV)
def test_csv_of_every_hand_is_read(shop, content):
    shop.file("o.csv", content)
    shop.source("o", files="o.csv")
    assert shop.load()["o"].problem is None
    assert shop.query("select id, n from source.o order by 1") == [(1, 2), (3, 4)]


def test_quotes_go_across_lines(shop):
    shop.file("o.csv", 'id,n\n1,"a\nb"\n2,"c\r\nd, ""e"""\n')
    shop.source("o", files="o.csv")
    shop.load()
    assert shop.query("select n from source.o order by id") == [("a\nb",), ('c\r\nd, "e"',)]


@pytest.mark.parametrize("content", ["id,n", "id,n\n", "\ufeffid;n\r\n"])
def test_a_header_alone_is_a_source_without_rows(shop, content):
    shop.file("o.csv", content)
    shop.source("o", files="o.csv")
    found = shop.load()["o"]
    assert (found.problem, found.rows_in) == (None, 0)
    assert list(shop.types("o")) == ["id", "n"]


TOLD = {
    "": "the file is empty: export it again, with a header line",
    "\n\n": "the file is empty: export it again, with a header line",
    "id,n,id\n1,2,3\n": "two columns are called 'id': rename one",
    "sep=;\nid;n\n1;2\n": "the first line, 'sep=;', is no header: delete it, the sign is found without",
    'id,n\n1,"a\n2,b\n': "a quotation mark is opened and never closed: find it and close it",
}


@pytest.mark.parametrize("content", list(TOLD))
def test_what_is_no_table_says_how_to_mend_it(shop, content):
    shop.file("o.csv", content)
    shop.source("o", files="o.csv")
    assert shop.load()["o"].problem == f"data/o.csv: {TOLD[content]}"


@pytest.mark.parametrize("name", ["o.json", "o.jsonl"])
def test_objects_with_ids_for_keys_are_told_so_in_a_sentence(shop, name):
    rows = [{f"order-{number:05}": 1} for number in range(5_000)]
    shop.file(name, json.dumps(rows) if name == "o.json" else "\n".join(map(json.dumps, rows)))
    shop.source("o", files=name)
    assert shop.load()["o"].problem == (
        f"data/{name}: its objects have 5,000 keys in all, such as 'order-00000' and 'order-00001'; at most 2,000 can be read:"
        " where ids stand as keys, export each as a value, one object a row"
    )
