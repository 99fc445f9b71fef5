# Everything a fresh machine needs: Python 3.11, make and a package index. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEALWIRE_HOME ?= $(CURDIR)/.dealwire
JOBS ?= 2
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint types train clean

help:  ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1	\2/' | expand -t 16

demo: $(VENV)/.ready  ## Read the sample newsroom and show what the ledger makes of it
	@DEALWIRE_HOME="$(DEALWIRE_HOME)" $(BIN)/dealwire demo

test: $(VENV)/.ready-dev  ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

lint: $(VENV)/.ready-dev  ## Look for slips and for formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev  ## Check types
	$(BIN)/mypy

train: $(VENV)/.ready-train  ## Fit the deal models anew: make train GOLD="articles/*.jsonl"
	@test -n "$(GOLD)" || { echo 'say which annotated articles: make train GOLD="articles/*.jsonl"'; exit 2; }
	$(BIN)/python -m models.deals.training.fit $(GOLD)

clean:  ## Remove the environment, caches and the demo's data
	rm -rf $(VENV) .dealwire .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info < (3, 14); sys.exit(None if ok else "Dealwire needs Python 3.11 to 3.13, this is " + sys.version.split()[0] + ": make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.ready $@

$(VENV)/.ready-train: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e '.[dev,train]'
	@touch $(VENV)/.ready $(VENV)/.ready-dev $@
