# Plot Explorer needs Python 3.11 or newer and make; everything else is
# fetched into .venv. `make help` lists what there is to do.

PYTHON ?= python3
PYTEST_ARGS ?=
MINUTES ?= 60
SEED ?=
COUNT ?= 100000
PARTS ?=
BENCH_STORIES ?= 10000

BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
LOCKED := $(PIP) install --require-hashes

# A stamp is younger than what it was made from, so that nothing is installed twice.
VENV := .venv/.made
RUNTIME := .venv/.runtime
PACKAGE := .venv/.package
DEV := .venv/.dev
# What the app is measured against stands apart, so that it changes nothing for anybody else.
PEERS := .cache/bench/venv

# What mypy looks at; a directory that is not there yet is left out.
TYPED := $(wildcard explorer tests bench)

UV_VERSION := 0.13.9
COMPILE = .cache/uv/bin/uv pip compile --quiet --no-config --python-version 3.11 \
  --generate-hashes --universal --no-annotate --no-header $(UPGRADE)

VNU_VERSION := 26.9.27
VNU_SHA256 := 22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
VNU := .cache/vnu-$(VNU_VERSION).jar

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.NOTPARALLEL:
.PHONY: help setup run test lint types format hooks prove fuzz bench checker lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

setup: $(PACKAGE) ## Make .venv and install what the app needs
	@:

run: setup ## Set up and serve the library
	@exec $(BIN)/explorer serve

# Types take one core for half a minute, so they are checked beside the tests. Those start Python
# over and over, which takes two seconds more each time where it keeps nothing of what it compiles.
test: export PYTHONDONTWRITEBYTECODE :=
test: lint ## Set up, check style and types, run the tests (PYTEST_ARGS="-k word")
	@$(BIN)/mypy --no-error-summary $(TYPED) >.venv/.types 2>&1 & types=$$!; \
	  $(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS); tests=$$?; \
	  wait $$types || { cat .venv/.types >&2; exit 1; }; exit $$tests

lint: $(PACKAGE) $(DEV) ## Check style and who imports whom
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --diff .
	@said=$$($(BIN)/lint-imports --no-logo --no-cache 2>&1) || { echo "$$said"; exit 1; }

types: $(PACKAGE) $(DEV) ## Check types
	@$(BIN)/mypy --no-error-summary $(TYPED)

format: $(DEV) ## Mend the style where that can be done safely
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

hooks: ## Let git look at style and types before each commit
	@git config core.hooksPath .githooks

prove: $(PACKAGE) $(DEV) ## Try for an hour to see what is hidden (MINUTES=5: shorter; SEED=...)
	@$(BIN)/python -m tests.shield.prove --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

fuzz: $(PACKAGE) $(DEV) ## Send odd requests to a real server (COUNT=100000, SEED=...)
	@$(BIN)/python -m tests.shield.fuzz --count $(COUNT) $(if $(SEED),--seed $(SEED))

bench: $(PACKAGE) $(PEERS)/.made ## Measure how quick the app is (PARTS=main,growth: some parts)
	@PARTS="$(PARTS)" BENCH_STORIES="$(BENCH_STORIES)" $(BIN)/python -m bench

checker: $(VNU) ## Fetch the HTML checker for the tests (needs npm; Java to run it)
	@:

lock: $(VENV) ## Bring the locks up to pyproject.toml (UPGRADE=--upgrade: newest of all)
	@test -x .cache/uv/bin/uv || $(PYTHON) -m venv .cache/uv
	@.cache/uv/bin/python -m pip -qq --disable-pip-version-check install uv==$(UV_VERSION)
	@$(COMPILE) --group build --output-file requirements.lock pyproject.toml
	@$(COMPILE) --group build --extra postgres --constraint requirements.lock \
	  --output-file requirements-postgres.lock pyproject.toml
	@$(COMPILE) --group build --group dev --constraint requirements.lock \
	  --output-file requirements-dev.lock pyproject.toml
	@$(COMPILE) --group bench --output-file requirements-bench.lock

clean: ## Remove what was set up, built or cached, but no library
	@rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis dist test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  version=$$($(PYTHON) -c 'import platform; print(platform.python_version())' 2>/dev/null); \
	  echo "Plot Explorer needs Python 3.11 or newer; $(PYTHON) is $${version:-not there}." \
	    "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Plot Explorer needs the venv module of $(PYTHON), which Debian and Ubuntu keep in a" \
	    "package of its own: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv ..."
	@$(PYTHON) -m venv --clear .venv
	@touch $@

$(RUNTIME): requirements.lock $(VENV)
	@$(LOCKED) -r requirements.lock
	@touch $@

$(PACKAGE): pyproject.toml $(RUNTIME)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@$(LOCKED) -r requirements-dev.lock
	@touch $@

$(PEERS)/.made: requirements-bench.lock
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip -qq --disable-pip-version-check install --require-hashes -r $<
	@touch $@

# The tests look for .cache/vnu.jar, whatever its version.
$(VNU):
	@command -v npm >/dev/null || { echo "make checker needs npm." >&2; exit 1; }
	@rm -rf .cache/vnu && mkdir -p .cache/vnu
	@npm pack --silent --pack-destination .cache/vnu vnu-jar@$(VNU_VERSION) >/dev/null
	@tar -xzf .cache/vnu/vnu-jar-$(VNU_VERSION).tgz -C .cache/vnu package/build/dist/vnu.jar
	@$(PYTHON) -c 'import hashlib, sys; from pathlib import Path; \
	  sys.exit(hashlib.sha256(Path(sys.argv[1]).read_bytes()).hexdigest() != sys.argv[2])' \
	  .cache/vnu/package/build/dist/vnu.jar $(VNU_SHA256) \
	  || { echo "vnu.jar is not the file that was expected; it is not kept." >&2; exit 1; }
	@mv .cache/vnu/package/build/dist/vnu.jar $@
	@ln -sf $(notdir $@) .cache/vnu.jar
	@rm -rf .cache/vnu
