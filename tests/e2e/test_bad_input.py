"""Bad files are named with what to do, hide nothing good, and never take away what was published last."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.run import Ran, run
from tests.cli.shop import COMPANY, HEADER, MOMENT, ORDERS, PROMISES, SOURCES, open_shop

TYPED = "{id: text, sent_at: timestamp, read_at: timestamp}"
LETTERS = f"""
  letters:
    files: letters.FORMAT
    columns: {TYPED}
"""
READ = """
  letter-read:
    claim: Read within a day
    made_by: marketing
    kept_by: post
    target: 90%
    measure: {items: letters, id: id, started: sent_at, done: read_at, within: 1 day}
"""
GOOD_CSV = "id,sent_at,read_at\na,2026-01-05 10:00,2026-01-05 11:00\n"


def refreshed(shop: Path) -> Ran:
    return run("refresh", "--workspace", shop, "--as-of", MOMENT)


def figures(shop: Path, promise: str = "next-day") -> tuple[int, ...]:
    (row,) = run("status", promise, "--workspace", shop, "--json").json["promises"]
    return tuple(row[name] for name in ("kept", "broken", "open", "exempt", "unknown"))


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that opens the shop with a second source, of letters, and a promise about them."""

    def open_with(kind: str, content: bytes | None, sources: str = LETTERS) -> Path:
        root = open_shop(
            tmp_path / "shop", promises=PROMISES + READ, sources=SOURCES + sources.replace("FORMAT", kind)
        )
        if content is not None:
            (root / "data" / f"letters.{kind}").write_bytes(content)
        return root

    return open_with


def truncated_parquet(folder: Path) -> bytes:
    pq.write_table(pa.table({"id": ["a"] * 1000}), folder / "whole.parquet")
    return (folder / "whole.parquet").read_bytes()[:400]


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("csv", None, "data/letters.csv: there is no such file: check the name, or put it there"),
        ("csv", b"", "data/letters.csv: the file is empty: export it again"),
        ("csv", b"id,sent\na,2026-01-05\n", "data/letters.csv: there is no column 'sent_at'"),
        ("csv", b"\xff\xfe\x00\x00id", "data/letters.csv: the text is not UTF-8: save it as 'CSV UTF-8'"),
        ("parquet", b"not parquet at all", "data/letters.parquet"),
        ("parquet", None, "data/letters.parquet: there is no such file"),
        ("xlsx", b"PK\x03\x04 and no more", "data/letters.xlsx"),
        ("jsonl", b"not json\n", "data/letters.jsonl"),
    ],
)
def test_a_bad_file_is_named_with_what_to_do_and_other_promises_are_judged(
    shop: Callable[..., Path], kind: str, content: bytes | None, said: str
) -> None:
    root = shop(kind, content)
    told = refreshed(root)
    assert told.code == 1
    assert f"letters: {said}" in told.out
    assert "not judged: letter-read: " in told.out
    assert "the source 'letters' has no data: see Data health" in told.out
    assert figures(root) == (3, 2, 1, 2, 1)
    unjudged = run("status", "letter-read", "--workspace", root, "--json").json["promises"][0]
    assert (unjudged["status"], unjudged["rate"]) == (None, None)
    assert "the source 'letters' has no data" in unjudged["problem"]


def test_a_truncated_parquet_file_is_named(shop: Callable[..., Path], tmp_path: Path) -> None:
    root = shop("parquet", truncated_parquet(tmp_path))
    told = refreshed(root)
    assert told.code == 1
    assert "letters: data/letters.parquet: " in told.out
    assert " in from 1 of 2 sources, 0 set aside" in told.out
    assert figures(root) == (3, 2, 1, 2, 1)


def test_values_of_the_wrong_type_are_set_aside_with_the_reason_and_the_rest_is_judged(
    shop: Callable[..., Path],
) -> None:
    root = shop("csv", (GOOD_CSV + "b,soon,\n").encode())
    told = refreshed(root)
    assert (told.code, "1 of 2 rows of letters (50 %) were set aside" in told.err) == (1, True)
    assert "12 rows in from 2 sources, 1 set aside" in told.out
    assert figures(root, "letter-read") == (1, 0, 0, 0, 0)


def test_a_file_whose_every_value_is_of_the_wrong_type_is_no_success(shop: Callable[..., Path]) -> None:
    root = shop("csv", b"id,sent_at,read_at\na,soon,later\n")
    refreshed(root)
    (row,) = run("status", "letter-read", "--workspace", root, "--json").json["promises"]
    assert row["status"] in ("no data", None)


def test_a_csv_of_an_old_mac_with_a_byte_order_mark_loads(shop: Callable[..., Path]) -> None:
    root = shop("csv", b"\xef\xbb\xbf" + GOOD_CSV.replace("\n", "\r").encode())
    assert refreshed(root).code == 0
    assert figures(root, "letter-read") == (1, 0, 0, 0, 0)


def test_a_file_that_turns_bad_is_never_judged_by_its_last_good_rows(shop: Callable[..., Path]) -> None:
    root = shop("csv", GOOD_CSV.encode())
    assert refreshed(root).code == 0
    (root / "data" / "letters.csv").write_bytes(b"")
    assert refreshed(root).code == 1
    assert run("status", "letter-read", "--workspace", root, "--json").json["promises"][0]["status"] is None
    (root / "data" / "letters.csv").write_bytes(GOOD_CSV.encode())
    assert refreshed(root).code == 0
    assert figures(root, "letter-read") == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("promises/promises.yaml", "promises:\n  next-day: {claim: [\n", "promises/promises.yaml:"),
        ("promises/new.yaml", "promises:\n\t- tab\n", "promises/new.yaml:2:1"),
        ("promises/company.yaml", COMPANY.replace("London", "Lundon"), "Did you mean 'Europe/London'"),
        ("data/sources.yaml", "sources: {orders: [\n", "data/sources.yaml:2:1: this is not YAML"),
    ],
)
def test_a_yaml_file_that_cannot_be_read_publishes_nothing_and_the_last_snapshot_serves(
    tmp_path: Path, file: str, text: str, said: str
) -> None:
    root = open_shop(tmp_path / "shop")
    assert refreshed(root).code == 0
    before = run("status", "--workspace", root, "--json")
    (root / file).write_text(text, encoding="utf-8")
    (root / "data" / "orders.csv").write_text(f"{HEADER}\n", encoding="utf-8")
    told = refreshed(root)
    assert (told.code, told.out) == (1, "")
    assert "nothing was published; what was published last keeps serving" in told.err
    assert said in told.err
    assert run("status", "--workspace", root, "--json") == before


def test_one_promise_that_cannot_be_read_is_published_with_its_message_and_the_others_are_judged(
    tmp_path: Path,
) -> None:
    root = open_shop(tmp_path / "shop", promises=PROMISES.replace("target: 90%", "targit: 90%"))
    told = refreshed(root)
    assert told.code == 1
    assert "in the declarations: run `aspromised check`" in told.err
    assert figures(root) == (3, 2, 1, 2, 1)
    (row,) = run("status", "right-item", "--workspace", root, "--json").json["promises"]
    assert (row["status"], row["rate"]) == (None, None)
    assert "promises/promises.yaml:23:5: unknown key 'targit'. Did you mean 'target'?" in row["problem"]
    assert row["problem"] in run("status", "--workspace", root).out


def test_a_source_that_cannot_be_read_is_told_of_each_promise_that_needs_it(
    shop: Callable[..., Path],
) -> None:
    root = shop("csv", GOOD_CSV.encode(), sources=LETTERS.replace("columns:", "colums:"))
    told = refreshed(root)
    assert told.code == 1
    assert "letter-read: data/sources.yaml:9:5: unknown key 'colums'. Did you mean 'columns'?" in told.out
    assert figures(root) == (3, 2, 1, 2, 1)
    assert "unknown key 'colums'. Did you mean 'columns'?" in run("check", "--workspace", root).out


def test_an_id_declared_twice_is_told_and_the_first_stands(tmp_path: Path) -> None:
    root = open_shop(tmp_path / "shop")
    twice = PROMISES.replace("target: 95%", "target: 10%")
    (root / "promises" / "twice.yaml").write_text(twice, encoding="utf-8")
    told = run("check", "--workspace", root)
    assert told.code == 1
    assert "'next-day' is declared twice: first in promises/promises.yaml:2:3" in told.out
    assert refreshed(root).code == 1
    (row,) = run("status", "next-day", "--workspace", root, "--json").json["promises"]
    assert row["target"] == 0.95


def test_a_repeated_item_is_told_with_how_many(tmp_path: Path) -> None:
    twice = SOURCES.replace("    key: order_id\n", "")
    root = open_shop(tmp_path / "shop", sources=twice, orders=f"{HEADER}\n{ORDERS}{ORDERS}")
    told = refreshed(root)
    assert "'order_id' is not one row an item: 20 rows hold 10 ids" in told.out
    (row,) = run("status", "next-day", "--workspace", root, "--json").json["promises"]
    assert row["status"] is None


def test_of_several_reasons_a_line_tells_the_first_and_how_many_more(tmp_path: Path) -> None:
    wrong = PROMISES.replace("done: delivered_at", "done: zzz").replace(
        "within: 1 c", "only: nope\n      within: 1 c"
    )
    root = open_shop(tmp_path / "shop", promises=wrong.replace("when: moved", "when: lost"))
    first = "promises/promises.yaml:12:13: the source 'orders' has no column 'zzz'."
    more = "(2 more: run `aspromised check`)"
    assert f"not judged: next-day: {first} {more}\n" in refreshed(root).out
    assert f"next-day: {first} {more}\n" in run("status", "--workspace", root).out
    told = run("check", "--workspace", root)
    assert (told.code, "3 errors" in told.out) == (1, True)
    why = run("why", "next-day", "--workspace", root)
    assert (why.code, why.err.count("promises/promises.yaml:")) == (1, 3), "each with its place, on a line"
    (row,) = run("status", "next-day", "--workspace", root, "--json").json["promises"]
    assert len(row["problem"].splitlines()) == 3
