"""The demo is the same for the same seed, is what the repository shows, and never overwrites an author's work."""

import hashlib
from pathlib import Path

import pytest

from aspromised.demo import build
from aspromised.demo.anchors import anchors, month_start
from aspromised.demo.declarations import declarations, edited, filled, with_signature
from tests.demo.conftest import UNTIL, Demo, built

ROOT = Path(__file__).parents[2]


def digests(root: Path) -> dict[str, str]:
    """Return the digest of every file under `root`."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and ".aspromised" not in path.parts)
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_bytes(small: Demo, tmp_path: Path) -> None:
    again = built(tmp_path, 4_000)
    assert digests(again.root) == digests(small.root)


def test_another_seed_tells_the_same_promises_about_other_records(small: Demo, tmp_path: Path) -> None:
    other = digests(built(tmp_path, 4_000, seed=21).root)
    mine = digests(small.root)
    assert other["promises/delivery.yaml"] == mine["promises/delivery.yaml"]
    assert other["data/tickets.csv"] != mine["data/tickets.csv"]


def test_the_committed_declarations_are_what_the_demo_writes() -> None:
    for name, text in declarations(anchors(UNTIL)).items():
        assert (ROOT / name).read_text("utf-8") == text, f"{name}: run `aspromised demo` and commit it"


def test_every_declaration_says_that_the_company_is_invented() -> None:
    for name, text in declarations(anchors(UNTIL)).items():
        schema, label, *_ = text.splitlines()
        assert schema == "# yaml-language-server: $schema=../aspromised.schema.json", name
        assert "invented" in label, name


def test_every_kind_of_file_is_there(small: Demo) -> None:
    data = small.root / "data"
    assert {path.suffix for path in data.iterdir()} >= {".parquet", ".csv", ".jsonl", ".xlsx", ".md", ".txt"}
    assert len(list((data / "orders").glob("*.parquet"))) == 24


def test_the_day_covered_is_the_last_of_the_month(small: Demo) -> None:
    assert (small.root / "data/as-of.txt").read_text("utf-8") == "2026-10-31\n"


def test_an_edited_declaration_is_left_alone_and_named(tmp_path: Path) -> None:
    build(tmp_path, until=UNTIL, orders=1_000)
    mine = tmp_path / "promises/delivery.yaml"
    text = mine.read_text("utf-8").replace("target: 95%", "target: 97%")
    mine.write_text(text, encoding="utf-8")
    again = build(tmp_path, until="2026-12", orders=1_000)
    assert again.kept == [mine]
    assert mine.read_text("utf-8") == text
    assert mine not in again
    assert "2026-05-01" in (tmp_path / "promises/records.yaml").read_text("utf-8")


def test_a_declaration_nobody_wrote_here_counts_as_edited() -> None:
    assert edited("promises: {}\n")
    assert not edited(with_signature("promises: {}\n"))
    assert edited(with_signature("promises: {}\n") + "# mine\n")
    assert edited("# mine\n" + with_signature("promises: {}\n"))


def test_a_second_build_for_another_month_moves_its_dates_and_drops_stale_files(tmp_path: Path) -> None:
    built(tmp_path, 1_000)
    later = built(tmp_path, 1_000, until="2027-03")
    months = sorted(path.stem for path in (tmp_path / "data/orders").iterdir())
    assert (months[0], months[-1], len(months)) == ("2025-04", "2027-03", 24)
    assert later.truth["promotions"]["express-everything"]["launched"] == "2026-10-01T08:00"
    assert "launched: 2026-10-01T08:00" in (tmp_path / "promises/promotions.yaml").read_text("utf-8")


def test_an_unknown_anchor_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-day"):
        filled("on: {{no-such-day}}", anchors(UNTIL))


@pytest.mark.parametrize("until", ["2024-02", "2026-10", "2027-01", "2030-12"])
def test_anchors_lie_in_their_month_whatever_the_year(until: str) -> None:
    at = anchors(until)
    assert at["data-from"] == month_start(until, -23)
    assert at["express-launched"].strftime("%Y-%m") == month_start(until, -5).strftime("%Y-%m")
    assert (at["express-ready"] - at["express-launched"].date()).days == 11
