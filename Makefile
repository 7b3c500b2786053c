# The commands of this project. `make help` lists them; each sets up what it needs first.
#
# PYTHON  the interpreter to set up with (3.11 or later); default: the first one found
# VENV    the environment to use; default .venv
# ARGS    passed on to the tool, for example  make test ARGS="-k siting"

VENV ?= .venv
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$p && break; done)
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED := $(PIP) --require-hashes --only-binary :all: --requirement

COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-build \
	--generate-hashes --no-annotate --custom-compile-command "make lock" $(ARGS)

# Stamps: what the environment holds, so that a second call has nothing to set up.
RUN := $(VENV)/.locked-test $(VENV)/.installed
DEV := $(VENV)/.locked-dev $(VENV)/.installed

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help plan test lint format types imports docs check lock clean pictures

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

plan: $(RUN) ## plan the region yibin into out/yibin
	$(BIN)/clusterplan solve yibin -o out/yibin --time-limit 60 --force $(ARGS)

# Workers, commands and notebooks are processes of their own: code is compiled once, not in each of them.
test docs: export PYTHONDONTWRITEBYTECODE =
test pictures: export OMP_NUM_THREADS = 1
test pictures: export OPENBLAS_NUM_THREADS = 1
test: $(RUN) ## run the tests
	$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ARGS)

pictures: $(RUN) ## write the pictures anew that charts are compared with
	$(BIN)/python -m tests.chart_pictures

lint: $(DEV) ## check style and layout of the code
	$(BIN)/ruff check $(ARGS) .
	$(BIN)/ruff format --check .

format: $(DEV) ## mend what can be mended without thought
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

types: $(DEV) ## check the types
	$(BIN)/mypy $(ARGS)

imports: $(DEV) ## check that imports run one way (.importlinter)
	$(BIN)/lint-imports $(ARGS)

docs: $(DEV) ## build the documentation into docs/_build/html
	$(BIN)/python -m sphinx -W --keep-going -q -j auto -b html docs docs/_build/html $(ARGS)

check: test lint types imports docs ## tests, style, types, imports and documentation

# The newest versions: make lock ARGS=--upgrade. Without it, only what pyproject.toml asks for changes.
lock: $(DEV) ## write the locked requirements again from pyproject.toml
	$(COMPILE) --extra test --output-file requirements/test.txt
	$(COMPILE) --all-extras --constraint requirements/test.txt --output-file requirements/dev.txt

clean: ## remove environments and everything built
	rm -rf .venv .venv-* build dist docs/_build docs/generated .*_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment starts anew when the locked requirements change, so that it holds these and nothing else.
$(VENV)/.locked-test: requirements/test.txt
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later with venv is needed: install it" \
		"(on Debian: apt-get install python3 python3-venv) or name it, make PYTHON=/path/to/python" >&2; exit 1; fi
	@echo "Setting up $(VENV) with $$($(PYTHON) --version); the first time takes a minute or two"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(LOCKED) $<
	@touch $@

$(VENV)/.locked-dev: requirements/dev.txt $(VENV)/.locked-test
	@echo "Adding the tools of developers to $(VENV)"
	@$(LOCKED) $<
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked-test
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
