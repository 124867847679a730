# Undertone from a checkout. `make help` says what can be made; nothing here needs more than Python 3.11, make and apt.

PYTHON ?= python3
VENV := .venv
# /usr/local for root, the user's own ~/.local for everybody else.
PREFIX ?= $(if $(filter 0,$(shell id -u)),/usr/local,$(HOME)/.local)
DESTDIR ?=

export PYTHON PREFIX DESTDIR
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo run test lint install uninstall screenshots bench bench-engine icons translations clean system system-test python

help: ## this list
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.ready-to-run ## transcribe the samples with the demo model, into demo-output/
	@sh packaging/demo.sh $(VENV)/bin/undertone

run: $(VENV)/.ready-to-run ## start the program
	$(VENV)/bin/undertone

test: lint ## lint, types, import contracts and every test
	@place=$$(mktemp -d) && $(VENV)/bin/pytest -n auto --dist loadfile --no-loadscope-reorder --basetemp=$$place; status=$$?; rm -rf $$place; exit $$status

lint: $(VENV)/.ready-to-test ## lint, types and import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

install: system ## install for good, under PREFIX (DESTDIR is honoured)
	@sh packaging/linux/install.sh

uninstall: ## remove exactly what install put there
	@sh packaging/linux/install.sh --remove

screenshots: $(VENV)/.ready-to-test ## make resources/screenshots/ anew
	PYTHONPATH=packaging $(VENV)/bin/python -m screenshots

bench: $(VENV)/.ready-to-test ## start time, idle memory, heartbeat under load, the editor at ten hours
	@for benchmark in start alive document cue_table search compose waveform; do echo "== $$benchmark"; $(VENV)/bin/python -m tests.benchmarks.$$benchmark || exit; done

bench-engine: $(VENV)/.ready-to-bench ## speed and memory beside other ways to run Whisper, into bench-output/
	$(VENV)/bin/undertone bench

icons: $(VENV)/.ready-to-run ## draw the program icon's PNG files anew
	$(VENV)/bin/python packaging/linux/render_icons.py

clean: ## remove .venv and everything that was made
	rm -rf $(VENV) build dist demo-output bench-output .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find desktop tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps keep set-up from running again until a dependency changes. Asking for the system packages comes first each
# time (it is quick), without making the stamps older. pip draws its progress on a terminal and is quiet in a log.
define pip-install
	@echo "Installing Undertone and what it needs into $(VENV) (some 400 MB to download, this once)"
	@[ -t 1 ] || export PIP_QUIET=1; $(VENV)/bin/pip install -c packaging/constraints.txt -e $(1)
endef

$(VENV)/.ready-to-run: pyproject.toml packaging/constraints.txt | system $(VENV)/bin/pip
	$(call pip-install,.)
	@touch $@

$(VENV)/.ready-to-test: pyproject.toml packaging/constraints.txt | system-test $(VENV)/bin/pip
	$(call pip-install,'.[test]')
	@touch $@ $(VENV)/.ready-to-run

$(VENV)/.ready-to-bench: pyproject.toml packaging/constraints.txt | system $(VENV)/bin/pip
	$(call pip-install,'.[bench]')
	@touch $@ $(VENV)/.ready-to-run

$(VENV)/bin/pip: | python system
	$(PYTHON) -m venv $(VENV)

system: | python
	@sh packaging/linux/system_packages.sh run

system-test: | python
	@sh packaging/linux/system_packages.sh test

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Undertone needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing)." \
	        "Name another with: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }

translations: $(VENV)/.ready-to-test ## collect the sentences for translators, compile what they wrote
	$(VENV)/bin/pybabel -q extract --no-location --sort-output --no-default-keywords --omit-header -k _ -k _n:1,2 -k mark \
	    -o resources/translations/undertone.pot desktop
	@! ls -d resources/translations/*/ >/dev/null 2>&1 || $(VENV)/bin/pybabel -q compile -d resources/translations -D undertone
