# The commands of the project. `make run` and `make test` need Python 3.11+, pip and make, nothing else.
VENV ?= .venv
PY := $(VENV)/bin/python
export VENV
.DEFAULT_GOAL := help
.PHONY: run test quick lint format messages pins bench outages clean help setup setup-dev

run: setup ## Serve the platform with its demo study (PORT=8000)
	@exec $(PY) manage.py serve

test: setup-dev ## Every check and test (STRICT=1: a skip is a failure)
	@exec $(PY) scripts/test.py

quick: setup-dev ## Checks, unit and integration tests on SQLite alone
	@exec $(PY) scripts/test.py --quick

lint: setup-dev ## Formatting, lint, types, layers, migrations, catalogues
	@exec $(PY) scripts/test.py --lint

format: setup-dev ## Format and mend what ruff can mend
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

messages: setup-dev ## Update the message catalogues from the code (needs gettext), then compile them
	@$(PY) manage.py makemessages --locale zh_Hans --no-location --no-obsolete --ignore "tests/*" --ignore "$(VENV)/*"
	@$(PY) manage.py catalogues compile

pins: setup-dev ## Pin all packages anew from pyproject.toml
	@scripts/pins.sh

outages: setup-dev ## Kill PostgreSQL and upgrade while experts save (minutes; nothing else should run)
	@exec $(PY) -m pytest -q tests/recovery/outages

bench: setup-dev ## Measure speed against the stated bars
	@exec $(PY) -m bench

clean: ## Remove the environment, the local database and everything generated
	@rm -rf $(VENV) var staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} + ; find . -name '*.mo' -delete

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

setup:
	@scripts/setup.sh base

setup-dev:
	@scripts/setup.sh dev
