# `make help` lists what there is to do. Every target does its own set-up, once.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# May be set on the command line: make report ENGINE=pandoc
ENGINE ?= auto
PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
REV ?= HEAD
CASES ?= 10000

# As they are written, whatever is in them: make expands nothing, and recipes read them from the environment,
# where the shell does not either. Only ARGS are words for the shell: options, with quotation marks where needed.
override ENGINE := $(value ENGINE)
override PYTHON := $(value PYTHON)
override WORKERS := $(value WORKERS)
override REV := $(value REV)
override ARTICLE := $(value ARTICLE)
override CASES := $(value CASES)
export ENGINE PYTHON WORKERS REV ARTICLE CASES
# In a locale that is not UTF-8 or not installed, Python could not start in a folder whose name is not ASCII.
export LC_ALL := C.UTF-8

# Without compiled modules, every program that a build or a test starts would compile the library anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
READY := .venv/ready
LIGHTHOUSE := bench/node_modules/.package-lock.json
SETUP := "$$PYTHON" tools/setup.py

.PHONY: help report publish test fuzz mutants lint bench verify check audit preview diff run lab lock quarto clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

report: $(READY) ## the report, into _report/ (ENGINE=auto, quarto or pandoc)
	@$(BIN)/explainer render --engine "$$ENGINE"

publish: report ## the report with its facts on record: what changes after that needs a correction
	@$(BIN)/explainer publish
	@$(BIN)/explainer render --engine "$$ENGINE"

test: $(READY) ## every test this machine can run, with the reasons for what it skips (ARGS="-k word")
	@$(BIN)/python -m pytest -n "$$WORKERS" --dist loadfile --no-loadscope-reorder $(ARGS)

fuzz: $(READY) ## generated tables, settings, notebooks, prose and pages against their readers (CASES=10000)
	@EXPLAINER_FUZZ="$$CASES" $(BIN)/python -m pytest -q tests/library/test_fuzz.py $(ARGS)
	@test "$$(uname)" != Linux || PYTHONPATH=. $(BIN)/uv run --no-sync --with atheris==3.0.0 \
		python tests/fuzz_bytes.py "-runs=$$CASES" -verbosity=0

mutants: $(READY) ## how many small changes to the code of evidence a test notices (ARGS="--most 60"; fetches mutmut)
	@$(BIN)/uv run --no-sync --with mutmut==3.8.1 python tools/mutants.py $(ARGS)

lint: $(READY) ## format, lint, types, import layers, dead code, complexity
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture
	@$(BIN)/complexipy --plain --failed

bench: $(READY) $(LIGHTHOUSE) ## the report beside a stock page, after make report (ARGS="--runs 3"); writes bench/README.md
	@$(BIN)/python -m bench $(ARGS)

verify: $(READY) ## what holds of the report: sameness, links, weight, access (ARGS="--copies FOLDER")
	@$(BIN)/explainer verify --engine "$$ENGINE" $(ARGS)

check: $(READY) ## the data only: every fault at once (ARGS=--fix writes what can be repaired)
	@$(BIN)/explainer check $(ARGS)

audit: $(if $(ARTICLE),$(READY)) ## the fact sheet against a copy of the article (ARTICLE=path, text or HTML)
ifndef ARTICLE
	@echo 'usage: make audit ARTICLE=path   (a copy of the article: plain text, or a saved HTML page)' >&2; exit 2
else
	@$(BIN)/explainer audit $(ARGS) -- "$$ARTICLE"
endif

preview: $(READY) ## the report in a browser, and every edit as it is saved (ARGS="--port 9000")
	@$(BIN)/explainer preview $(ARGS)

diff: $(READY) ## what an edit does to the report (REV=commit or folder, default HEAD; ARGS="--output changes.html")
	@$(BIN)/explainer diff $(ARGS) -- "$$REV"

run: $(READY) ## the notebooks that changed, without rendering
	@$(BIN)/explainer run

lab: $(READY) ## JupyterLab with the notebooks
	@$(BIN)/jupyter lab notebooks $(ARGS)

lock: $(READY) ## uv.lock from pyproject.toml; requirements.txt and environment.yml from it (ARGS=--upgrade; needs uv)
	@$(BIN)/python tools/lock.py $(ARGS)

quarto: $(READY) ## try again to get Quarto through PyPI
	@$(SETUP) quarto

clean: ## remove what can be made again, but keep the set-up
	rm -rf _build _report _variables.yml .quarto .pytest_cache .ruff_cache .hypothesis .mypy_cache .import_linter_cache .complexipy_cache mutants

distclean: clean ## remove the set-up too
	rm -rf .venv

# The set-up, done again when the lock or the tools change...
$(READY): requirements.txt pyproject.toml tools/setup.py tools/build.txt
	@$(SETUP)

# ...or when the folder was moved or copied (.venv holds absolute paths, and notes where it was made), or when
# the Python it was made with is gone.
ifneq ($(shell test -x $(BIN)/python && cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

# Lighthouse is measured where npm can install it, and missing from the table where not.
$(LIGHTHOUSE): bench/package-lock.json
	@command -v npm >/dev/null && npm ci --prefix bench --ignore-scripts --no-audit --no-fund --loglevel=error || true

# One attempt to get Quarto, except where it is not wanted.
ATTEMPT := .venv/quarto-attempt
ifneq ($(ENGINE),pandoc)
report test: $(ATTEMPT)
endif
$(ATTEMPT): tools/quarto.txt | $(READY)
	@$(SETUP) quarto
