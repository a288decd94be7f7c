"""Where a ledger is, and what is said when it cannot be reached."""

import ssl
from pathlib import Path

import pytest
from sqlalchemy import make_url

from aspromised.store.layout import Layout
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.engine import URL_VARIABLE, ledger_file, without_ssl_mode
from aspromised.words.problems import AsPromisedError


@pytest.fixture(autouse=True)
def without_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)


def test_a_ledger_is_not_among_what_can_be_deleted_and_made_again(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append("note", "s", {}, "Ann")
    assert ledger_file(tmp_path).exists()
    assert not ledger_file(tmp_path).is_relative_to(Layout(tmp_path).home)


def test_a_server_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setenv(URL_VARIABLE, "postgresql://ann:secret@127.0.0.1:1/books")
    with open_ledger(tmp_path) as ledger, pytest.raises(AsPromisedError) as error:
        ledger.append("note", "s", {}, "Ann")
    assert "127.0.0.1:1/books cannot be used" in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(("url", "message"), [("mysql://x/y", "names mysql"), ("nonsense", "is not a database URL"), ("sqlite:///x.db", "names sqlite")])  # fmt: skip
def test_a_url_of_another_kind_is_refused(url: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setenv(URL_VARIABLE, url)
    with pytest.raises(AsPromisedError, match=message):
        open_ledger(tmp_path)


@pytest.mark.parametrize("url", ["postgres://a:b@h/d", "postgresql://a:b@h/d?sslmode=require", "postgresql+psycopg://a:b@h/d"])  # fmt: skip
def test_every_usual_way_to_write_a_url_is_driven_by_pg8000(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.setenv(URL_VARIABLE, url)
    with open_ledger(tmp_path) as ledger:
        assert ledger.engine.driver == "pg8000"
        assert "sslmode" not in ledger.engine.url.query


@pytest.mark.parametrize(
    ("mode", "encrypts", "checks"),
    [
        ("prefer", False, False),
        ("require", True, False),
        ("verify-ca", True, False),
        ("verify-full", True, True),
    ],
)
def test_sslmode_means_what_it_means_in_other_urls(mode: str, encrypts: bool, checks: bool) -> None:
    _, arguments = without_ssl_mode(make_url(f"postgresql+pg8000://a:b@h/d?sslmode={mode}"))
    context = arguments.get("ssl_context")
    assert (context is not None) == encrypts
    assert bool(context and context.check_hostname) == checks
    assert bool(context and context.verify_mode == ssl.CERT_REQUIRED) == mode.startswith("verify")


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    ledger_file(tmp_path).parent.mkdir()
    ledger_file(tmp_path).write_text("not a database at all, but long enough to be read as one" * 20)
    with (
        open_ledger(tmp_path) as ledger,
        pytest.raises(AsPromisedError, match=r"cannot be used: .*file is not a database"),
    ):
        ledger.append("note", "s", {}, "Ann")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file where the folder should be")
    with open_ledger(tmp_path) as ledger, pytest.raises(AsPromisedError, match="cannot write to"):
        ledger.append("note", "s", {}, "Ann")
