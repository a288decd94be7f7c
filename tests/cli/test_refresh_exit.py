"""A nightly refresh tells its operator by its exit code whether there is something to mend."""

from typer.testing import CliRunner

from aspromised.cli.commands import app
from aspromised.declare.publish.scaffold import scaffold
from aspromised.store.snapshot import open_snapshot


def refresh(root):
    return CliRunner().invoke(app, ["refresh", "--workspace", str(root)])


def test_a_promise_whose_ids_repeat_is_to_be_mended(tmp_path):
    scaffold(tmp_path, "Acme", "Europe/Berlin")
    assert refresh(tmp_path).exit_code == 0
    (tmp_path / "data" / "twice.csv").write_text(
        "id,at,ok\n1,2026-01-01 10:00,true\n1,2026-01-02 10:00,true\n"
    )
    sources = tmp_path / "data" / "sources.yaml"
    sources.write_text(
        sources.read_text() + "\n  twice:\n    files: twice.csv\n    columns: {at: timestamp, ok: boolean}\n"
    )
    (tmp_path / "promises" / "twice.yaml").write_text(
        "promises:\n  once:\n    claim: Once\n    made_by: a\n    kept_by: b\n    target: 90%\n"
        "    measure: {items: twice, id: id, at: at, kept_when: ok}\n"
    )
    done = refresh(tmp_path)
    assert done.exit_code == 1
    assert "2 rows hold 1 ids" in done.output


def test_a_correction_that_cannot_be_read_is_told_to_exempt_nothing(tmp_path):
    scaffold(tmp_path, "Acme", "Europe/Berlin")
    (tmp_path / "promises" / "storm.yaml").write_text(
        "corrections:\n  storm: {promises: [x], from: 2026-03-44, to: 2026-03-05, because: storm}\n"
    )
    done = refresh(tmp_path)
    assert done.exit_code == 1
    assert "the correction 'storm' cannot be read, so nothing is exempt by it" in done.output
    told = CliRunner().invoke(app, ["check", "--workspace", str(tmp_path)])
    assert "nothing is exempt by it" in told.output
    with open_snapshot(tmp_path) as snapshot:
        rows = snapshot.query("select message from declaration_problem where code = 'correction-lost'")
    assert len(rows) == 1
