"""Files are known by what they hold, not by their size and times."""

import os
from pathlib import Path

import pytest

from aspromised.store.sources import stamps as module
from aspromised.store.sources.stamps import Stamp, stamps
from tests.store.shop import Shop

LONG_AGO = (10**18, 10**18)


@pytest.fixture(params=[True, False], ids=["settled", "just written"])
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Files count as settled as soon as they are written, or only after a while."""
    if request.param:
        monkeypatch.setattr(module, "_SETTLED_NS", -(10**18))
    return bool(request.param)


def test_a_file_replaced_with_the_same_size_and_time_is_noticed(shop: Shop, settled: bool) -> None:
    file = shop.file("o.csv", "n\n1\n")
    os.utime(file, ns=LONG_AGO)
    shop.source("o", files="o.csv")
    shop.load()
    other = shop.file("new.csv", "n\n2\n")
    os.utime(other, ns=LONG_AGO)
    other.replace(file)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (4, LONG_AGO[0])
    shop.load()
    assert shop.query("select n from source.o") == [(2,)]


def test_a_file_written_in_place_with_its_time_put_back_is_noticed(shop: Shop, settled: bool) -> None:
    file = shop.file("o.csv", "n\n1\n")
    os.utime(file, ns=LONG_AGO)
    shop.source("o", files="o.csv")
    shop.load()
    shop.file("o.csv", "n\n2\n")
    os.utime(file, ns=LONG_AGO)
    shop.load()
    assert shop.query("select n from source.o") == [(2,)]


def test_an_older_file_put_in_its_place_is_noticed(shop: Shop) -> None:
    shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    shop.load()
    os.utime(shop.file("o.csv", "n\n2\n"), (1, 1))
    shop.load()
    assert shop.query("select n from source.o") == [(2,)]


def test_a_file_that_was_only_touched_is_not_loaded_again(shop: Shop) -> None:
    file = shop.file("o.csv", "n\n1\n")
    shop.source("o", files="o.csv")
    first = shop.load()["o"]
    os.utime(file, ns=LONG_AGO)
    assert shop.load()["o"] == first


def test_a_file_under_another_name_or_gone_leaves_the_rows_that_are_there(shop: Shop) -> None:
    shop.file("o/1.csv", "n\n1\n")
    shop.file("o/2.csv", "n\n2\n")
    shop.source("o", files="o")
    shop.load()
    (shop.data / "o/1.csv").rename(shop.data / "o/3.csv")
    assert shop.load()["o"].files == 2
    assert shop.query("select n from source.o order by n") == [(1,), (2,)]
    (shop.data / "o/3.csv").unlink()
    shop.load()
    assert shop.query("select n from source.o") == [(2,)]


def test_a_file_that_cannot_have_changed_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SETTLED_NS", -(10**18))
    file = tmp_path / "o.csv"
    file.write_text("n\n1\n")
    (known,) = stamps([file], {})
    assert stamps([file], {str(file): Stamp(str(file), known.state, "as before")})[0].content == "as before"
    file.write_text("n\n2\n")
    assert stamps([file], {str(file): Stamp(str(file), known.state, "as before")})[0].content != "as before"
