# Needs Python 3.11 or later, make and git; everything else it installs itself.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help app test tests check bench model screenshots demo words lock pictures validation fuzz \
  audit sbom

PYTHON ?= python3
RENDER_PYTHON ?= python3.11
BIN := .venv/bin
QUIETLY := -m pip --disable-pip-version-check --no-input --quiet
PIP := $(BIN)/python $(QUIETLY)
RENDER_PIP := .render/bin/python $(QUIETLY)
COMPILE = $(BIN)/uv pip compile pyproject.toml requirements/build.in $(UPGRADE) --quiet \
  --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links

help: ## list what make can do
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1 - \2/p' Makefile

app: .venv/app-installed ## open the app, with a sample already analysed
	$(BIN)/posture app

# At once, as mypy keeps one core busy and the others waiting.
test: .venv/test-installed ## run every check and every test
	$(MAKE) --no-print-directory --jobs 2 tests check

# The longest files come first (tests/conftest.py), which xdist would put in an order of its own.
tests: .venv/test-installed
	$(BIN)/pytest --numprocesses $(CORES) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/dev-installed ## style and types alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/test-installed ## measure speed and memory, and write docs/performance.md
	$(BIN)/python -m benchmarks.bench

model: .venv/dev-installed ## build the pose model again, from its npm package
	$(BIN)/python scripts/build_model.py

# Where the rendered people are kept: some hundred megabytes.
PICTURES ?= .cache/people
SPLITS := fit calibrate test

# Each takes one core and some 1.5 GB of memory; `make pictures CORES=2` takes fewer.
CORES ?= $(shell getconf _NPROCESSORS_ONLN)
# What follows runs once a core, each with its own share of the pictures.
SHARED = seq 0 $$(($(CORES) - 1)) | OMP_NUM_THREADS=1 xargs -P $(CORES) -I '{}'

# The first picture is made alone: the body model's cache must not be written by two at once.
pictures: .render/installed ## render the people with known angles that are missing (nine hours of one core)
	.render/bin/python -m validation.generate fit $(PICTURES) --part 0/1000000
	for split in $(SPLITS); do \
	  $(SHARED) .render/bin/python -m validation.generate $$split $(PICTURES) --part '{}/$(CORES)'; \
	done

validation: pictures .venv/dev-installed ## fit, calibrate and measure anew, and write docs/accuracy.md and its like
	LOKY_MAX_CPU_COUNT=$(CORES) $(BIN)/python -m validation.fit $(PICTURES)
	LOKY_MAX_CPU_COUNT=$(CORES) $(BIN)/python -m validation.fit_bony $(PICTURES)
	.render/bin/python -m validation.fit_stickers $(PICTURES)
	LOKY_MAX_CPU_COUNT=$(CORES) $(BIN)/python -m validation.fit_naming $(PICTURES)
	$(SHARED) $(BIN)/python -m validation.observe calibrate $(PICTURES) --part '{}/$(CORES)'
	$(BIN)/python -m validation.calibrate $(PICTURES)
	$(BIN)/python -m validation.averaging $(PICTURES)
	$(SHARED) $(BIN)/python -m validation.observe test $(PICTURES) --part '{}/$(CORES)'
	$(BIN)/python -m validation.report $(PICTURES)
	$(BIN)/python -m validation.averaging $(PICTURES) --page
	LOKY_MAX_CPU_COUNT=$(CORES) $(BIN)/python -m validation.tape $(PICTURES) --page

screenshots: .venv/test-installed ## take the README's pictures anew
	$(BIN)/python -m scripts.screenshots

demo: .venv/test-installed ## make the README's moving picture anew
	$(BIN)/python -m scripts.demo

words: .venv/dev-installed ## bring the German and Spanish words up to date with the code
	$(BIN)/python scripts/words.py

# Of both fuzzers each; `make fuzz SECONDS=60` is a first look. What crashed stays in .cache/fuzz.
SECONDS ?= 3600

fuzz: .venv/dev-installed ## throw damaged photos and imports at the program for an hour (Linux alone)
	status=0; $(BIN)/python -m fuzz.campaign $(SECONDS) || status=$$?; \
	  $(BIN)/python -m fuzz.report; exit $$status

audit: .venv/dev-installed ## look for known faults in what is inside (asks PyPI or OSV)
	$(BIN)/python scripts/audit.py

sbom: .venv/dev-installed ## list what is inside, as CycloneDX
	$(BIN)/python scripts/sbom.py

# `make lock UPGRADE=--upgrade` takes the newest versions instead of keeping those locked.
lock: .venv/dev-installed ## pin every dependency, with its hashes, for all platforms
	$(COMPILE) --all-extras --output-file requirements/dev.lock
	$(COMPILE) --extra app --constraint requirements/dev.lock --output-file requirements/app.lock
	$(COMPILE) --extra server --constraint requirements/dev.lock --output-file requirements/server.lock

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'posture needs Python 3.11 or later: install it, or name it with PYTHON=python3.12.'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || scripts/apt_install.sh \
	  "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/app-installed: .venv/created requirements/app.lock pyproject.toml
	$(PIP) install --only-binary :all: --require-hashes -r requirements/app.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(BIN)/python scripts/system_packages.py app
	@touch $@

.venv/dev-installed: .venv/app-installed requirements/dev.lock
	$(PIP) install --only-binary :all: --require-hashes -r requirements/dev.lock
	@touch $@

.venv/test-installed: .venv/dev-installed scripts/system_packages.py
	$(BIN)/python scripts/system_packages.py test
	@touch $@

# An environment of its own: Blender's Python is 3.11, and asks for numpy 1. Of torch the build for
# the processor is taken first, which is smaller by gigabytes but not to be had everywhere.
.render/installed: requirements/render.txt | .venv/app-installed
	@command -v $(RENDER_PYTHON) >/dev/null || { \
	  echo 'Blender needs Python 3.11: install it, or name it with RENDER_PYTHON=/its/python3.11.'; exit 1; }
	$(RENDER_PYTHON) -m venv --clear .render
	$(RENDER_PIP) install "$$(grep '^torch==' $<)+cpu" || \
	  echo 'There is no torch for the processor alone here: taking the usual one.'
	$(RENDER_PIP) install -r $<
	$(BIN)/python scripts/system_packages.py render
	@touch $@
