# One word a task. Each does all of its own set-up; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help app demo test check fix bench spark test-spark docs flights lock upgrade clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); ./bin/need python3-venv && $(PYTHON) -m venv $(VENV); }

# What is installed is what the locks name, to the byte; what must be built is built with the locked setuptools.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(INSTALL) --require-hashes --no-build-isolation --requirement requirements-dev.lock
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

check: $(VENV)/.dev ## check format, lint, types, imports and the house; change nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/test_house.py

fix: $(VENV)/.dev ## mend what can be mended by itself: format and lint
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## measure what judging and refreshing cost, beside queries by hand, pandas and polars
	$(INSTALL) --require-hashes --no-build-isolation --requirement requirements-bench.lock
	$(BIN)/python -m bench.run $(ARGS)

# A cluster's Java part is asked of the system, its Python part stands beside the client, and is looked for first.
SPARK := $(VENV)/spark
ON_SPARK := PYTHONPATH=$(CURDIR)/$(SPARK) $(BIN)/python

$(SPARK)/.whole: requirements-spark.lock $(VENV)/.dev
	@command -v java >/dev/null || [ -n "$$JAVA_HOME" ] || ./bin/need default-jre-headless
	rm -rf $(SPARK)
	$(INSTALL) --require-hashes --no-build-isolation --target $(SPARK) --requirement requirements-spark.lock
	@touch $@

examples/flights/.aspromised/CURRENT: | $(VENV)/.dev
	@$(MAKE) --no-print-directory flights

spark: $(SPARK)/.whole .aspromised/CURRENT examples/flights/.aspromised/CURRENT ## judge the demo and the flights on a real Spark cluster, started for it, and compare
	$(ON_SPARK) -m bench.on_spark cluster $(ARGS)

test-spark: $(SPARK)/.whole ## pass the tests of judging on Spark on a real cluster, and those of its failures
	ASPROMISED_TEST_SPARK=cluster ASPROMISED_TEST_WORLDS=50 $(ON_SPARK) -m pytest tests/judge/remote $(ARGS)

docs: $(VENV)/.dev ## write the generated documents again
	$(BIN)/python -m aspromised.declare.publish.reference > docs/yaml-reference.md
	$(BIN)/python -m aspromised.schema.document > docs/snapshot.md
	$(BIN)/aspromised schema > aspromised.schema.json
	$(BIN)/python -m aspromised.cli.answers.document > docs/json.md
	$(BIN)/python -m aspromised.cli.answers.document --schema > docs/answers.schema.json

flights: $(VENV)/.dev ## make and judge the flights example
	$(BIN)/python -m examples.flights.make_data
	$(BIN)/aspromised refresh --workspace examples/flights

# The larger locks are made to agree with the smaller ones. Nothing in them names this machine or where it asked.
COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make upgrade" $(RENEW)

lock: | $(BIN)/python ## write the locks again where a range of requirements*.txt changed
	$(INSTALL) uv
	$(COMPILE) requirements.txt requirements-build.txt --output-file requirements.lock
	$(COMPILE) requirements-dev.txt requirements-build.txt --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) requirements-bench.txt requirements-build.txt --constraint requirements-dev.lock --output-file requirements-bench.lock
	$(COMPILE) requirements-spark.txt --output-file requirements-spark.lock

upgrade: ## lock the newest versions that the ranges allow, and pass the tests with them
	@$(MAKE) --no-print-directory lock RENEW=--upgrade
	@$(MAKE) --no-print-directory test

clean: ## forget everything that was made
	rm -rf $(VENV) .aspromised examples/flights/.aspromised
