"""No number of the demo company changes unless somebody means it to: then the golden file shows which."""

import json

from tests.e2e.conftest import Demo
from tests.e2e.golden_figures import FILE, text


def test_every_figure_of_the_demo_company_is_what_it_was(demo: Demo) -> None:
    assert json.loads(text(demo.root)) == json.loads(FILE.read_text(encoding="utf-8"))
