"""What rows are told apart by: no two texts of it become one value, and none is written otherwise for what came later."""

from typing import Any

import pytest
import yaml

from aspromised.declare.model import Chain, Promise
from aspromised.declare.model.records import Complaints, Ratings
from tests.store.shop import Shop

LOOKALIKES = ["1.1", "1.10", "100", "1E2"]


def promise(measure: str) -> Promise:
    """Return a promise of this measure."""
    declared = {
        "claim": "c",
        "made_by": "a",
        "kept_by": "b",
        "target": "90%",
        "measure": yaml.safe_load(measure),
    }
    return Promise.model_validate(declared)


CLOCK = "items: o, id: id, started: s, done: d"
READERS: dict[str, dict[str, Any]] = {
    "an id": {"promises": {"p": promise("{items: o, id: code, started: s, done: d, within: 1 day}")}},
    "a segment": {"promises": {"p": promise(f"{{{CLOCK}, within: 1 day, segments: [Code]}}")}},
    "a matter": {"promises": {"p": promise("{items: o, id: id, at: s, same: [code], not_again_within: 1 day}")}},
    "a pause": {
        "promises": {"p": promise(f"{{{CLOCK}, within: 1 day, paused: {{source: o, id: code, from: s, to: d}}}}")}
    },
    "terms": {
        "promises": {
            "p": promise(
                f"{{{CLOCK}, within: {{terms: t, match: code, value: n, unit: days, from: s, to: d}}}}"
            )
        }
    },
    "the terms themselves": {
        "promises": {
            "p": promise(
                "{items: t, id: id, started: s, done: d, within: {terms: o, match: code, value: n, unit: days, from: s, to: d}}"
            )
        }
    },
    "a chain": {"chains": {"c": Chain.model_validate({"stages": [], "events": {"source": "o", "id": "code", "activity": "a", "at": "s"}})}},
    "complaints": {"complaints": Complaints(source="o", id="id", at="s", item="code")},
    "ratings": {"ratings": Ratings(source="o", at="s", supplier="code", customer="c", score="n")},
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_texts_of_one_number_stay_apart_where_rows_are_told_apart_by_them(shop: Shop, reader: str) -> None:
    shop.file("o.csv", "id,code\n" + "".join(f"{n},{code}\n" for n, code in enumerate(LOOKALIKES)))
    shop.source("o", files="o.csv")
    shop.load()
    assert shop.types("o")["code"] == "DOUBLE"
    shop.declared = READERS[reader]
    shop.load()
    assert shop.query("select code from source.o order by id") == [(code,) for code in LOOKALIKES]
    shop.declared = {}
    shop.load()
    assert shop.types("o")["code"] == "DOUBLE"


def test_keys_that_are_one_number_are_two_keys(shop: Shop) -> None:
    shop.file("o.csv", "id,u\n" + "".join(f"{code},2026-01-0{n}\n" for n, code in enumerate(LOOKALIKES, 1)))
    shop.source("o", files="o.csv", key="ID", latest_by="u")
    found = shop.load()["o"]
    assert (found.rows_kept, found.duplicates_resolved) == (4, 0)


@pytest.mark.parametrize(
    "view",
    [
        "select code from o",
        "select o.code as item from o o",
        "select o.id as item, n from o join n using (code)",
        "select o.id as item, n from o o join n n on o.code = n.code",
        "select id as item from o where code in (select code from n)",
        "select o.id as item from o o where exists (select 1 from n n where n.code = o.code)",
        "select max(id) as item from o group by code",
        "select code as other, max(id) as item from o group by all",
        "select distinct code as other, id as item from o",
        "select o.code as other, max(id) as item from o group by 1",
        "select id as item from o qualify row_number() over (partition by code order by id) = 1",
    ],
)
def test_what_a_view_joins_or_groups_by_stays_apart_too(shop: Shop, view: str) -> None:
    for name in ("o", "n"):
        rows = "".join(f"{n},{code},5\n" for n, code in enumerate(LOOKALIKES))
        shop.file(f"{name}.csv", f"id,code,{'price' if name == 'o' else 'n'}\n{rows}")
        shop.source(name, files=f"{name}.csv")
    shop.source("middle", sql=view)
    shop.source("v", sql="select * from middle", key="item" if "item" in view else "code")
    found = shop.load()["v"]
    assert (found.problem, found.rows_kept) == (None, 4)
    assert shop.types("o")["code"] == "VARCHAR"


def test_a_number_that_nothing_is_told_apart_by_is_a_number_however_it_is_written(shop: Shop) -> None:
    shop.file("o.csv", "id,price\n1,2.50\n2,1e3\n")
    shop.source("o", files="o.csv", key="id")
    shop.load()
    assert shop.query("select id, price from source.o order by id") == [(1, 2.5), (2, 1000.0)]


def test_what_is_declared_is_as_declared(shop: Shop) -> None:
    shop.file("o.csv", "id\n1.10\n2.5\n")
    shop.source("o", files="o.csv", key="id", columns={"id": "number"})
    shop.load()
    assert shop.query("select id from source.o order by id") == [(1.1,), (2.5,)]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("2026-01-05", "2026-1-5", "VARCHAR"),
        ("2026-01-05", "2026-01-06", "DATE"),
        ("2026-01-05 10:00+05", "2026-01-05 06:00+01", "VARCHAR"),
        ("true", "TRUE", "BOOLEAN"),
        ("1", "2", "BIGINT"),
        ("1", "1.5", "VARCHAR"),
    ],
)
def test_a_key_is_read_as_what_it_is_written_back_as(shop: Shop, one: str, other: str, kind: str) -> None:
    shop.file("o.csv", f"id\n{one}\n{other}\n")
    shop.source("o", files="o.csv", key="id")
    shop.load()
    assert shop.types("o") == {"id": kind}


def test_a_value_that_comes_later_writes_no_earlier_one_otherwise_and_is_told(shop: Shop) -> None:
    shop.file("o/1.csv", "id,n\n1,1\n2,2\n")
    shop.source("o", files="o", key="id")
    shop.load()
    shop.file("o/2.csv", "id,n\n1.5,1.5\n")
    found = shop.load()["o"]
    assert shop.query("select id from source.o order by id") == [("1",), ("1.5",), ("2",)]
    assert found.notes == (
        "the column 'id' was read as whole numbers and is now read as texts, the column 'n' was read as whole numbers and is"
        " now read as numbers: if that is not meant, set it right there, or declare what it is under"
        " `columns`"
    )
    shop.load(force=True)
    assert shop.query("select id from source.o order by id") == [("1",), ("1.5",), ("2",)]
