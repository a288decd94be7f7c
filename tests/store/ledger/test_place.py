"""Where a ledger is, and what is said when it cannot be reached."""

import socket
import ssl
from pathlib import Path

import pytest
from sqlalchemy import make_url

from aspromised.store.layout import Layout
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.engine import URL_VARIABLE, ledger_file
from aspromised.store.ledger.server import for_the_driver
from aspromised.words.problems import AsPromisedError
from tests.postgres import Server


@pytest.fixture(autouse=True)
def without_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)


def test_a_ledger_is_not_among_what_can_be_deleted_and_made_again(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append("note", "s", {}, "Ann")
    assert ledger_file(tmp_path).exists()
    assert not ledger_file(tmp_path).is_relative_to(Layout(tmp_path).home)


def test_a_server_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(URL_VARIABLE, "postgresql://ann:secret@127.0.0.1:1/books")
    with open_ledger(tmp_path) as ledger, pytest.raises(AsPromisedError) as error:
        ledger.append("note", "s", {}, "Ann")
    assert "127.0.0.1:1/books cannot be used" in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(("url", "message"), [("mysql://x/y", "names mysql"), ("nonsense", "is not a database URL"), ("sqlite:///x.db", "names sqlite")])  # fmt: skip
def test_a_url_of_another_kind_is_refused(
    url: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(URL_VARIABLE, url)
    with pytest.raises(AsPromisedError, match=message):
        open_ledger(tmp_path)


@pytest.mark.parametrize(
    "url", ["postgres://a:b@h/d", "postgresql://a:b@h/d?sslmode=require", "postgresql+psycopg://a:b@h/d"]
)
def test_every_usual_way_to_write_a_url_is_driven_by_pg8000(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
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
    _, arguments = for_the_driver(make_url(f"postgresql+pg8000://a:b@h/d?sslmode={mode}"), URL_VARIABLE)
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
    with (
        open_ledger(tmp_path) as ledger,
        pytest.raises(AsPromisedError, match="a file stands where a folder is needed"),
    ):
        ledger.append("note", "s", {}, "Ann")


ODD = {
    "postgresql://ann:s3cret@h:notaport/d": "does not hold a PostgreSQL address",
    "postgresql://ann:s3cret@h:99999/d": "a port that is none: write a number from 1 to 65535",
    "postgresql://ann:s3/cret@h/d": "does not hold a PostgreSQL address: .* in the password as %40",
    "postgresql://ann:s3cret@h1,h2/d": "must name one host",
    "postgresql://h/d": "names no user",
    "postgresql://ann:s3cret@h/d?sslrotcert=x": "gives 'sslrotcert', which is not known here: leave it out. Did you mean 'sslrootcert'",
    "postgresql://ann:s3cret@h/d?sslmode=sometimes": "sslmode that is not known: write one of disable",
    "postgresql://ann:s3cret@h/d?connect_timeout=soon": "connect_timeout that is no number of seconds",
    "postgresql://ann:s3cret@h/d?sslrootcert=/nowhere.pem": "sslrootcert cannot be read as certificates",
    "postgresql://ann:s3cret@h/d?sslmode=require&sslcert=/nowhere": "sslcert cannot be read as certificates",
}


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_told_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(URL_VARIABLE, url)
    with pytest.raises(AsPromisedError, match=ODD[url]) as error:
        open_ledger(tmp_path)
    assert URL_VARIABLE in str(error.value)
    assert "s3" not in str(error.value) and "cret" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "mend"),
    [
        ("127.0.0.1:1", "nothing answers there: check that the server runs"),
        ("nowhere.invalid", "there is no such host"),
        ("a" * 70 + ".invalid", "there is no such host"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_with_its_mend(
    host: str, mend: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(URL_VARIABLE, f"postgresql://ann:s3cret@{host}/d?connect_timeout=5")
    with open_ledger(tmp_path) as ledger, pytest.raises(AsPromisedError, match=mend) as error:
        ledger.append("note", "s", {}, "Ann")
    assert "s3cret" not in str(error.value) and "\n" not in str(error.value)


def test_a_server_that_never_answers_is_given_up_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv(URL_VARIABLE, f"postgresql://ann:s3cret@127.0.0.1:{port}/d?connect_timeout=1")
        with (
            open_ledger(tmp_path) as ledger,
            pytest.raises(AsPromisedError, match="nothing answers there in time"),
        ):
            ledger.append("note", "s", {}, "Ann")


def test_a_real_server_says_what_is_wrong_and_takes_the_usual_options(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = {
        postgres_server.address(password="s3cret"): "the password or the user is not the right one",
        postgres_server.address(database="nowhere"): "it has no such user or database",
        postgres_server.address() + "?sslmode=require": "it speaks without TLS only",
    }
    for url, mend in wrong.items():
        monkeypatch.setenv(URL_VARIABLE, url)
        with open_ledger(tmp_path) as ledger, pytest.raises(AsPromisedError, match=mend) as error:
            ledger.append("note", "s", {}, "Ann")
        assert "s3cret" not in str(error.value) and "\n" not in str(error.value)
    postgres_server.run("create database usual")
    options = (
        "?sslmode=prefer&connect_timeout=20&application_name=books&options=-c%20statement_timeout%3D60000"
    )
    monkeypatch.setenv(URL_VARIABLE, postgres_server.address(database="usual") + options)
    with open_ledger(tmp_path) as ledger:
        ledger.append("note", "s", {}, "Ann")
        assert [event.who for event in ledger.events()] == ["Ann"]
        with ledger.engine.connect() as con:
            asked = "select current_setting('application_name'), current_setting('statement_timeout')"
            assert con.exec_driver_sql(asked).one() == ("books", "1min")
