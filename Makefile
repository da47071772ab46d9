# Targets that people and the continuous integration share. `make` alone lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: help venv report test quick lint lock bench clean

help:
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(BIN)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

venv: $(BIN)/.ready ## make the virtual environment with the locked versions

report: venv ## fit the shipped study and write outputs/mce_study/report.html
	$(BIN)/python -m mce_utaut fit --overwrite

test: venv ## run every test (a few minutes)
	$(BIN)/python -m pytest -n auto

quick: venv ## run the tests without the slow simulations
	$(BIN)/python -m pytest -n auto -m "not slow"

lint: venv ## check style and imports
	$(BIN)/python -m ruff check mce_utaut tests benchmarks

lock: venv ## resolve the newest versions of every dependency into requirements.lock
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
		--no-header --quiet --upgrade -o requirements.lock

bench: venv ## time start-up and the default fit
	$(BIN)/python benchmarks/startup_and_fit.py

clean: ## remove the virtual environment and the outputs
	rm -rf $(VENV) build dist
	find outputs -mindepth 1 -not -name README.md -delete
