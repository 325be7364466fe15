# Layershelf: `make run` and `make test` are all one needs; both install what is missing into .venv by themselves.

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
BIN := .venv/bin

LIBRARY ?=
DATA ?= data
PORT ?= 8000
HOST ?= 127.0.0.1

.PHONY: install run test lint format bench assets clean

install: .venv/.installed

# uv where it is installed, else a private copy by plain venv and pip.
.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.installed: uv.lock pyproject.toml $(filter .uv/bin/uv,$(UV))
	$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

run: install
	$(BIN)/python manage.py up --data "$(DATA)" --host "$(HOST)" --port "$(PORT)" $(if $(LIBRARY),--library "$(LIBRARY)")

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level ERROR
	@! grep -oE 'https?://[^/"]+' uv.lock frontend/package-lock.json | grep -vE 'https://(pypi.org|files.pythonhosted.org)$$|funding|/(github.com|opencollective.com|tidelift.com|paypal.me|paulmillr.com|ko-fi.com|patreon.com)' \
	  || { echo "A lock file names a host other than the public registries."; exit 1; }

# The browser draws in software and needs the processor for itself, so its tests come after the others. Where there is
# no browser they are left out, which pytest calls 5.
test: lint
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --ignore tests/browser
	$(BIN)/python -m pytest tests/browser || [ $$? -eq 5 ]

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install
	$(BIN)/python -m benchmarks $(ARGS)

# Needs node and npm; the result is committed, so that running Layershelf needs neither.
assets:
	cd frontend && npm ci --no-audit --no-fund && npm run build

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
