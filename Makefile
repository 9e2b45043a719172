# heed. On a fresh Debian machine with Python 3.11: `make demo`, and a few minutes later it has seen, heard and answered.
# Every target installs what it needs first; a second run finds that done and starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
PYTHON ?=
OUT ?= demo-out
PYTEST_ARGS ?=

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.heed-installed
INSTALLED_DEV := $(VENV)/.heed-installed-dev

.PHONY: help
help: ## show this list
	@echo "make TARGET, where TARGET is one of"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1 \2/' | awk '{n=$$1; $$1=""; printf "  %-10s%s\n", n, $$0}'
	@echo "variables: VENV=$(VENV)  PYTHON=python3.11  OUT=$(OUT)  PYTEST_ARGS='-k name'  TORCH_INDEX=URL  (README, Install)"

.PHONY: demo
demo: install ## install everything, then the main job end to end: see, hear and answer over WebRTC; results in demo-out/
	@$(BIN)/heed demo --out $(OUT)

.PHONY: test
test: install-dev ## install everything, then check style and types and run all tests
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: lint
lint: $(INSTALLED_DEV) ## check style and types only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

.PHONY: install
install: $(INSTALLED) ## Debian packages, .venv, Python packages and the default models
	@$(BIN)/python -m agent.models pull

.PHONY: install-dev
install-dev: $(INSTALLED_DEV) ## the same, with what the tests need
	@tools/debian.sh test
	@$(BIN)/python -m agent.models pull

.PHONY: clean
clean: ## remove .venv, caches and demo-out (pulled models stay in the user's cache folder)
	rm -rf $(VENV) $(OUT) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
	find agent streams dialog plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml tools/install.sh tools/debian.sh
	@tools/debian.sh run
	@VENV='$(VENV)' PYTHON='$(PYTHON)' tools/install.sh .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@VENV='$(VENV)' PYTHON='$(PYTHON)' tools/install.sh '.[dev]'
	@touch $@
