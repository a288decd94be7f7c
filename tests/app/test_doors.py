"""Real requests to a real server: what another machine, another name and another site's page get of the app."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect

from aspromised.app.doors import Doors
from aspromised.app.frame import OPEN_TO_ALL, WITHOUT_DOORS
from aspromised.app.house import HOUSE
from aspromised.declare.publish.scaffold import scaffold
from aspromised.words.text import html_with_code
from tests.app.conftest import said
from tests.cli.run import run
from tests.patience import PATIENCE
from tests.serving import serving

PATHS = ["/", "/compliance", "/_stcore/health", "/_stcore/metrics", "/_stcore/host-config", "/media/0.csv", "/static/x.js"]  # fmt: skip
STREAM = "/_stcore/stream"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SAME, OTHER_PORT, ELSEWHERE = "http://localhost:{port}", "http://localhost:9", "https://evil.example"
HOSTILE_CONFIG = """
[server]
address = "0.0.0.0"
enableCORS = false
enableXsrfProtection = false
enableStaticServing = true
corsAllowedOrigins = ["http://localhost:9", "https://evil.example"]
allowedHosts = ["*"]
baseUrlPath = "elsewhere"
scriptHealthCheckEnabled = true
enableAgentApi = true
[browser]
gatherUsageStats = true
[global]
developmentMode = false
"""
HOSTILE_VARIABLES = {
    "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
    "STREAMLIT_SERVER_ENABLE_CORS": "false",
    "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false",
    "STREAMLIT_SERVER_ALLOWED_HOSTS": "*",
}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as `aspromised app` starts it, in a folder whose settings would open it."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(HOSTILE_CONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in HOSTILE_VARIABLES.items():
            patch.setenv(name, value)
        with serving(tmp_path_factory.mktemp("none"), folder=folder) as url:
            yield url


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as `streamlit run app.py` starts it, told by the environment to listen to everybody."""
    with serving(tmp_path_factory.mktemp("none"), plain=HOSTILE_VARIABLES) as url:
        yield url


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("none"), "0.0.0.0", Doors(is_public=True)) as url:
        yield url


def ask(
    url: str, path: str, at: str = "localhost", method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    """Return the answer to a request; headers as keywords, `_` for `-`; a websocket's where the path is the stream's."""
    port = urlsplit(url).port or 0
    con = http.client.HTTPConnection(at, port, timeout=PATIENCE)
    given = {name.replace("_", "-"): value.format(port=port) for name, value in headers.items()}
    con.request(method, path, headers={**(UPGRADE if path == STREAM else {}), **given})
    answer = con.getresponse()
    if answer.status != 101:
        answer.read()
    con.close()
    return answer


def shown(url: str, script: str = "") -> str:
    """Return what a browser is sent of a page once its script has run, as text."""
    rerun = BackMsg()
    rerun.rerun_script.page_script_hash = script
    said = ""
    with connect(
        url.replace("http", "ws") + STREAM, origin=url, max_size=None, open_timeout=PATIENCE
    ) as stream:
        stream.send(rerun.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(bytes(stream.recv(timeout=PATIENCE)))
            said += str(answer.delta)
            if answer.WhichOneof("type") == "script_finished":
                return said


@pytest.mark.parametrize("script", ["main.py", "pages/gaps.py", "pages/review.py"])
def test_a_server_without_doors_shows_how_to_start_one_that_has_them(script: str, tmp_path: Path) -> None:
    with serving(tmp_path, plain={}, script=script) as url:
        said = shown(url)
    assert html_with_code(WITHOUT_DOORS) in said
    assert "heading" not in said


def test_a_server_with_doors_shows_its_pages(closed: str, plain: str) -> None:
    for url in (closed, plain):
        assert html_with_code(WITHOUT_DOORS) not in shown(url)


def test_the_apps_address_and_checks_are_its_own(closed: str) -> None:
    assert ask(closed, "/elsewhere/_stcore/health").status == 404
    assert ask(closed, "/_stcore/script-health-check").getheader("Content-Type", "").startswith("text/html")


def other_address() -> str:
    """Return an address of this machine that others can reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it asks which address would be used
            found = str(probe.getsockname()[0])
        except OSError:
            found = "127.0.0.1"
    if found.startswith("127."):
        pytest.skip("this machine has no other address")
    return found


def test_the_app_answers_this_machine(closed: str) -> None:
    statuses = {path: ask(closed, path).status for path in ("/", "/compliance", "/_stcore/health")}
    assert set(statuses.values()) == {200}
    assert ask(closed, STREAM, Origin=SAME).status == 101
    assert ask(closed, "/", Host="127.0.0.1:{port}").status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost.evil.example", "localhost@evil.example", "192.0.2.7", ""])  # fmt: skip
@pytest.mark.parametrize("served", ["closed", "plain"])
def test_another_name_for_this_machine_is_refused(
    served: str, host: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(served)
    assert {path: ask(url, path, Host=host).status for path in [*PATHS, STREAM]} == dict.fromkeys(
        [*PATHS, STREAM], 403
    )


@pytest.mark.parametrize(
    "origin",
    [
        OTHER_PORT,
        ELSEWHERE,
        "null",
        "http://127.0.0.1:{port}",
        "http://[evil",
        "http://[::1",
        "http://[x]",
        "//",
    ],
)
@pytest.mark.parametrize("served", ["closed", "plain"])
def test_a_page_of_another_origin_is_answered_nothing(
    served: str, origin: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(served)
    for path in [*PATHS, STREAM]:
        answer = ask(url, path, Origin=origin)
        assert (path, answer.status, answer.getheader("Access-Control-Allow-Origin")) == (path, 403, None)
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(url, "/_stcore/upload_file/a/b", method=method, Origin=origin).status == 403


def test_a_page_of_another_site_embeds_nothing(closed: str) -> None:
    for site in ("same-site", "cross-site"):
        for dest in ("image", "script", "iframe", "empty"):
            asked = {"Sec_Fetch_Site": site, "Sec_Fetch_Dest": dest, "Sec_Fetch_Mode": "no-cors"}
            if dest == "iframe":
                asked["Sec_Fetch_Mode"] = "navigate"
            assert ask(closed, "/media/0.png", **asked).status == 403
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "document", "Sec_Fetch_Mode": "navigate"}
    assert ask(closed, "/gaps", **link).status == 200
    assert ask(closed, "/gaps", method="POST", **link).status == 403


def test_a_browser_is_told_to_fetch_nothing_elsewhere_and_to_frame_nothing(closed: str) -> None:
    answer = ask(closed, "/")
    assert "default-src 'self'" in str(answer.getheader("Content-Security-Policy"))
    assert "frame-ancestors 'self'" in str(answer.getheader("Content-Security-Policy"))
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert answer.getheader("Access-Control-Allow-Origin") is None


def test_settings_of_the_folder_and_the_environment_do_not_open_the_app(closed: str) -> None:
    with pytest.raises(OSError, match="refused"):
        ask(closed, "/", at=other_address())


def test_an_app_that_listens_to_everybody_without_being_told_on_the_command_line_answers_nobody_else(
    plain: str,
) -> None:
    here = other_address()
    assert ask(plain, "/").status == 200
    for host in ("localhost:{port}", f"{here}:{{port}}"):
        assert ask(plain, "/", at=here, Host=host).status == 403
        assert ask(plain, STREAM, at=here, Host=host).status == 403


def test_a_public_app_answers_by_address_and_still_no_foreign_name_or_page(public: str) -> None:
    here = other_address()
    assert ask(public, "/", at=here).status == 200
    assert ask(public, STREAM, at=here, Origin=f"http://{here}:{{port}}").status == 101
    assert ask(public, "/", at=here, Host="evil.example").status == 403
    assert ask(public, STREAM, at=here, Origin=ELSEWHERE).status == 403


def test_a_proxy_is_answered_by_the_name_it_was_given() -> None:
    doors = Doors(names=frozenset({"promises.acme.example"}))
    scope = {"type": "http", "method": "GET", "server": ("127.0.0.1", 8501)}
    named = [(b"host", b"promises.acme.example"), (b"origin", b"https://promises.acme.example")]
    assert doors.refusal({**scope, "headers": named}) == ""
    assert doors.refusal({**scope, "headers": [(b"host", b"localhost:8501"), named[1]]}) == ""
    assert doors.refusal({**scope, "headers": [(b"host", b"other.acme.example")]})
    assert doors.refusal({**scope, "headers": [*named, (b"host", b"localhost")]})


def test_every_page_of_a_public_app_says_that_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASPROMISED_WORKSPACE", str(tmp_path))
    for words, expected in ((["app.py"], False), (["app.py", "--unsafe-public"], True)):
        monkeypatch.setattr("sys.argv", words)
        for page in ("", "pages/gaps.py", "pages/launches.py"):
            app = AppTest.from_file(str(HOUSE / "main.py"), default_timeout=PATIENCE)
            assert (OPEN_TO_ALL in said((app.switch_page(page) if page else app).run())) is expected


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "box.local", "", "unix:///tmp/x"])
def test_an_address_that_others_reach_is_refused_without_the_flag(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.execve", lambda *_: pytest.fail("it was started"))
    scaffold(tmp_path, "Anna's", "UTC")
    answer = run("app", "--workspace", tmp_path, "--address", address, "--no-browser")
    assert answer.code == 2
    assert "--unsafe-public" in answer.err
