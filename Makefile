# The two that matter: `make run` and `make test`. Both set up what they need.
.DEFAULT_GOAL := run
.PHONY: setup run test journey check shots bench lock faults

PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Files of tests side by side, one a processor, each worker with a folder and a database of its own. A browser is quick where it is alone.
TESTS := $(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist loadfile
export VERNISSAGE_BASE_URL ?= http://127.0.0.1:$(PORT)

$(VENV)/.runtime: requirements.txt requirements-torch.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed (Debian: python3 python3-venv)")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "The package python3-venv is missing." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-torch.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	touch $@

setup: $(VENV)/.runtime
	@$(BIN)/python manage.py setup

run: setup
	@$(BIN)/python manage.py run --port $(PORT)

test: $(VENV)/.dev
	@sh tests/machine.sh
	$(TESTS) -m "not browser and not journey"
	$(BIN)/python -m pytest -q -m "browser and not journey"
	DATABASE_URL=$${VERNISSAGE_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres} $(TESTS) -m "not browser and not engine and not journey"

# The whole chain in a browser, with real films: minutes on two quiet cores.
journey: $(VENV)/.dev
	@sh tests/machine.sh
	$(BIN)/python -m pytest -q -m journey

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	VERNISSAGE_HOME=var/check $(BIN)/python manage.py makemigrations --check --dry-run
	VERNISSAGE_HOME=var/check $(BIN)/python manage.py check

# The pictures in docs/shots from demonstration data; ARGS=--check only compares with those kept.
shots: $(VENV)/.dev
	$(BIN)/python -m tests.shots $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(ONLY)

faults: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/faults

# Pins and hashes anew, after a change of requirements.in. torch and what only its CUDA build needs stay out.
lock:
	sh tools/lock.sh
