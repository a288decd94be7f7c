# One word a task. Each does all of its own set-up; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help app demo test check bench docs flights clean

help: ## list the tasks
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); ./bin/need python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

data/as-of.txt: | $(VENV)/.runtime
	$(BIN)/aspromised demo

.aspromised/CURRENT: data/as-of.txt promises/*.yaml data/sources.yaml | $(VENV)/.runtime
	$(BIN)/aspromised refresh --as-of "$$(cat data/as-of.txt)"

demo: .aspromised/CURRENT ## make the demo company and judge it

app: .aspromised/CURRENT ## run the app on the demo company
	$(BIN)/aspromised app

test: $(VENV)/.dev ## pass the tests, browser and all
	@command -v chromium >/dev/null || ./bin/need chromium
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ./bin/need postgresql
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: $(VENV)/.dev ## format, lint, types
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_house.py

bench: $(VENV)/.dev ## measure what judging and refreshing cost, beside queries by hand, pandas and polars
	$(BIN)/python -m pip install --quiet --requirement requirements-bench.txt
	$(BIN)/python -m bench.run $(ARGS)

docs: $(VENV)/.dev ## write the generated documents again
	$(BIN)/python -m aspromised.declare.reference > docs/yaml-reference.md
	$(BIN)/aspromised schema > aspromised.schema.json

flights: $(VENV)/.dev ## make and judge the flights example
	$(BIN)/python -m examples.flights.make_data
	$(BIN)/aspromised refresh --workspace examples/flights

clean: ## forget everything that was made
	rm -rf $(VENV) .aspromised examples/flights/.aspromised
