# make reports    every report into reports/, on a machine with nothing but Python 3.11 or newer
# make test       the tests
# make env        just the environment; then .venv/bin/horgos is the command
# make lint       ruff, mypy, imports by layers, numpydoc, notebooks without outputs
# make bench      the benchmark tables, most of an hour; with BENCH=--quick ten minutes
# make fuzz       the file readers fuzzed, a minute each, and 50 builds killed
# make docs       the documentation as a site in site/, for reading with no network
# make network    data/ anew from the raw sources
# make lock       constraints.txt and environment.yml anew from pyproject.toml
# make clean      remove .venv and what tools leave behind
#
# Another interpreter:  make env PYTHON=python3.12

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
EXTRAS := $(addprefix $(VENV)/.,test lint bench build docs lock)

# Wheels only: where one is missing, one line says so instead of a compiler's output.
# searoute is pure Python and comes as source alone.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check \
	--only-binary :all: --no-binary searoute --constraint constraints.txt

export PYTHONDONTWRITEBYTECODE ?=
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env reports test lint bench fuzz docs network lock clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed '/^$$/q'

env: $(VENV)/.base

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed: make env PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python has no venv here. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	  rm -rf $(VENV); exit 1; }

# One stamp for each set of packages: a second make installs nothing.
$(VENV)/.base: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the pinned packages into $(VENV) (about 260 MB, once)"
	@$(PIP) --editable .
	@touch $@

$(EXTRAS): $(VENV)/.%: $(VENV)/.base
	@echo "Installing what make $* needs"
	@$(PIP) --editable '.[$*]'
	@touch $@

reports: $(VENV)/.base
	$(BIN)/horgos report --out reports --jobs $(JOBS)

test: $(VENV)/.test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.test $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'horgos_geo/*.py')
	$(BIN)/nbstripout --keep-id --verify $$(git ls-files 'notebooks/*.ipynb')

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks $(BENCH)

# With coverage to lead it where Atheris is installed: .venv/bin/pip install atheris
fuzz: $(VENV)/.test
	$(BIN)/python -m tests.fuzz.readers --seconds 60
	$(BIN)/python -m tests.faults.kills --kills 50

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

network: $(VENV)/.build
	$(BIN)/horgos network build

lock: $(VENV)/.lock
	$(BIN)/python tools/lock.py

clean:
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
