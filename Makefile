# One entry for people and machines. `make help` lists the targets.

PYTHON ?= python3
# Test processes: as many as there are cores, unless told otherwise.
WORKERS ?= logical

BIN := .venv/bin
READY := .venv/.ready
POLICIES := $(filter-out %.tests.yaml,$(wildcard policies/*.yaml))

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_USER = 0

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench fuzz lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

setup: $(READY) ## create .venv with everything at its locked version

$(READY): requirements-dev.lock pyproject.toml auditor/__init__.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'auditor needs Python 3.11 or newer; name one with `make $(MAKECMDGOALS) PYTHON=python3.12`' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/provide python3-venv
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv .venv
	@echo 'Installing into .venv; the first time takes a minute or two.'
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## audit a weak and a good site on loopback and show where the reports are
	@$(BIN)/auditor demo

test: setup ## run every test; installs the servers it needs, or names them
	@.ci/provide --for tests/packages.txt
	@.ci/servers
	$(BIN)/pytest -n $(WORKERS)

check: setup ## linters, types, import contracts, spelling, policies
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/auditor policy check $(POLICIES)
	$(BIN)/auditor policy test $(POLICIES)

bench: setup ## measure one local site, and two hundred
	$(BIN)/python -m tests.bench

fuzz: setup ## a million mutated server flights against the parsers; RUNS=10000 for fewer
	$(BIN)/python -m tests.fuzz $(RUNS)

lock: ## resolve the dependencies of pyproject.toml again, into both lock files
	@.ci/lock

clean: ## remove caches and builds; bundles and .venv stay
	rm -rf build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find auditor checks reports tests -name __pycache__ -type d -exec rm -rf {} +
