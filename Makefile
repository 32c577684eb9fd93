# Careline's commands. `make help` lists them. `make run` and `make test` set up all they need, and do again only
# what has changed: files named .stamp-* remember what was done last.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
.DELETE_ON_ERROR:

PYTHON ?= python3
ifneq ($(wildcard .env),)
CARELINE_DATA_DIR ?= $(shell sed -n 's/^CARELINE_DATA_DIR=//p' .env)
endif
DATA := $(or $(CARELINE_DATA_DIR),var)
export CARELINE_DATA_DIR := $(DATA)

# uv reads its own variables; a folder of wheels or a mirror told to pip serves it too.
empty :=
space := $(empty) $(empty)
comma := ,
ifneq ($(PIP_FIND_LINKS),)
export UV_FIND_LINKS ?= $(subst $(space),$(comma),$(strip $(PIP_FIND_LINKS)))
endif
ifneq ($(PIP_INDEX_URL),)
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

UV := .tools/bin/uv
APP_PYTHONS := 3.11 3.12 3.13
RASA_PYTHON := 3.10
# The locks are complete and hashed, so nothing is resolved. Byte code is compiled once, here: Rasa starts sooner.
INSTALL := $(UV) pip install --quiet --no-deps --compile-bytecode
LOCKED := $(INSTALL) --require-hashes

APP := .venv/.stamp-app
DEV := .venv/.stamp-dev
BUILD := .venv/.stamp-build
RASA := .venv-rasa/.stamp-rasa
BROWSER := .venv/.stamp-browser
ENCODER := $(DATA)/models/encoder/.stamp
DIALOGUE := $(DATA)/models/rasa/.stamp
RECOGNISER := $(DATA)/models/recogniser/.stamp
READER := $(DATA)/models/reader/.stamp
INDEX := $(DATA)/releases/.stamp

# These tests share a database server, the trained dialogue server or a browser: they run one after the other.
SHARING := tests/contract tests/conversations tests/e2e

files_in = $(shell find $(1) -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: help setup lock run demo demo-code pictures screens test test-fast nightly check train index bench evaluate evaluate-retrieval evaluate-screen spec clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-26s %s\n", $$1, $$2}'

# ---- commands ----

setup: $(APP) $(DEV) $(BUILD) $(RASA) ## make both environments: .venv (app) and .venv-rasa (dialogue server)

run: .built ## set up, train and index if stale, migrate, start app + Rasa on SQLite
	@.venv/bin/careline migrate
	@.venv/bin/python -m careline.cli.running # what `careline run` becomes, without first loading all commands

demo: .built ## `run`, in a folder of its own with invented patients, staff and work on the content
	@.venv/bin/python -m tools.demo

demo-code: $(APP) ## the demo's accounts, and the codes that they sign in with now
	@.venv/bin/python -m tools.demo_accounts

pictures: $(APP) $(DEV) $(BROWSER) ## take the pictures of the documents, on the demo's cases
	.venv/bin/python -m tools.pictures

screens: $(APP) $(DEV) $(BROWSER) ## a picture of every state of the chat, on phone and desktop, in the data dir
	.venv/bin/python -m tools.chat_screens

test: $(APP) $(DEV) $(RASA) $(BROWSER) $(DIALOGUE) $(RECOGNISER) $(READER) $(INDEX) ## set up, then every test
	PYTHONPATH=src .venv-rasa/bin/python -m pytest -q --confcutdir=tests/unit/clinical tests/unit/clinical
	.venv/bin/python -m pytest -n logical --dist loadfile $(addprefix --ignore=,$(SHARING))
	.venv/bin/python -m pytest $(SHARING)

# Keeping the tests' byte code saves compiling them again, in each process, at the next run.
test-fast: export PYTHONDONTWRITEBYTECODE :=
test-fast: $(APP) $(DEV) ## the fast suite: no Rasa, model, network or browser
	.venv/bin/python -m pytest -m "not slow" -p no:playwright -n logical --dist worksteal

nightly: $(APP) $(DEV) ## the app killed 100 times under load; 10,000 updates of Telegram
	CARELINE_TEST_KILLS=100 .venv/bin/python -m pytest tests/unit/consultation/test_killed.py
	CARELINE_TEST_UPDATES=10000 .venv/bin/python -m pytest tests/telegram/test_killed.py

check: $(APP) $(DEV) ## formatting, lint, types, import contracts, content; changes nothing
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/careline content check

train: $(RASA) $(ENCODER) $(RECOGNISER) $(READER) ## train the recogniser and the sentence reader; validate the dialogue data, train Rasa, cross-validate
	@.venv/bin/python -m tools.train_recogniser --out $(DATA)/models/recogniser  # again where a file was lost or altered
	@.venv/bin/python -m tools.train_reader --out $(DATA)/models/reader
	.venv-rasa/bin/python tools/train_rasa.py --out $(DATA)/models/rasa
	@touch $(DIALOGUE)

index: $(APP) $(ENCODER) ## build the index of the articles, if they changed
	.venv/bin/careline content build
	@touch $(INDEX)

bench: $(APP) $(DEV) $(RASA) $(DIALOGUE) $(INDEX) ## the budgets of docs/architecture.md, measured
	.venv/bin/python -m benchmarks.bench
	.venv/bin/python -m benchmarks.bench_index
	.venv/bin/python -m benchmarks.bench_queue
	.venv/bin/python -m benchmarks.bench_telegram
	.venv/bin/python -m benchmarks.bench_publish
	.venv/bin/python -m benchmarks.weight
	.venv/bin/python -m benchmarks.bench_widget

evaluate: $(APP) $(DEV) $(INDEX) ## agreement, under- and over-triage per complaint
	.venv/bin/python -m benchmarks.evaluate

evaluate-retrieval: $(APP) $(DEV) $(INDEX) ## right passages, right refusals
	.venv/bin/python -m benchmarks.evaluate_retrieval

evaluate-screen: $(APP) $(DEV) $(RECOGNISER) $(READER) ## how many red flags in free wording are found, how many alarms are false
	.venv/bin/python -m benchmarks.evaluate_screen --by-author

spec: $(APP) ## write the manual's specification
	.venv/bin/careline content spec

lock: $(UV) ## resolve the newest releases that fit and write requirements/*.txt
	tools/lock.sh

clean: ## remove both environments and all caches; keeps the data dir
	rm -rf .venv .venv-rasa .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- what the commands need ----

$(UV): requirements/uv.txt tools/get_uv.sh
	@echo "setup: the installer uv"
	@PYTHON=$(PYTHON) tools/get_uv.sh
	@touch $@

.venv/pyvenv.cfg: | $(UV)
	@echo "setup: .venv"
	@$(UV) venv --quiet --python "$$(tools/find_python.sh $(APP_PYTHONS))" .venv

.venv-rasa/pyvenv.cfg: | $(UV)
	@echo "setup: .venv-rasa"
	@$(UV) venv --quiet --python "$$(tools/find_python.sh $(RASA_PYTHON))" .venv-rasa

$(APP): requirements/app.txt pyproject.toml .venv/pyvenv.cfg
	@echo "setup: the app's libraries"
	@$(LOCKED) --python .venv -r requirements/app.txt
	@$(INSTALL) --python .venv --editable .
	@touch $@

$(DEV): requirements/dev.txt $(APP)
	@echo "setup: the tools of development"
	@$(LOCKED) --python .venv -r requirements/dev.txt
	@touch $@

$(BUILD): requirements/build.txt requirements/torch.txt requirements/model.txt tools/install_torch.sh $(APP)
	@echo "setup: what builds the encoder (torch is large; this takes a minute or two)"
	@PYTHON=$(PYTHON) tools/install_torch.sh
	@$(LOCKED) --python .venv -r requirements/build.txt
	@$(LOCKED) --python .venv -r requirements/model.txt
	@touch $@

$(RASA): requirements/rasa.txt requirements/rasa-dev.txt requirements/rasa-unused.in .venv-rasa/pyvenv.cfg
	@echo "setup: the dialogue server's libraries (TensorFlow is large; this takes a few minutes)"
	@$(LOCKED) --python .venv-rasa -r requirements/rasa.txt -r requirements/rasa-dev.txt
	@$(UV) pip uninstall --quiet --python .venv-rasa -r requirements/rasa-unused.in
	@touch $@

$(BROWSER): tools/get_browser.sh $(DEV)
	@tools/get_browser.sh
	@touch $@

$(ENCODER): $(BUILD) $(call files_in,src/careline/guidance)
	.venv/bin/careline model build
	@touch $@

$(DIALOGUE): $(RASA) $(ENCODER) config.yml domain.yml tools/train_rasa.py $(call files_in,bot)
	.venv-rasa/bin/python tools/train_rasa.py --out $(DATA)/models/rasa
	@touch $@

WORDS_CODE := src/careline/clinical/understanding/normalise.py
$(RECOGNISER): $(BUILD) $(wildcard tools/*recogniser*.py) $(WORDS_CODE) $(call files_in,knowledge/phrases src/careline/clinical/recognition)
	.venv/bin/python -m tools.train_recogniser --out $(DATA)/models/recogniser
	@touch $@

READER_CODE := src/careline/guidance/token_model.py src/careline/consultation/sentence_reader.py
$(READER): $(RECOGNISER) $(wildcard tools/*reader*.py) $(READER_CODE)
	@echo "train: the sentence reader (some twenty minutes on two processors)"
	.venv/bin/python -m tools.train_reader --out $(DATA)/models/reader
	@touch $@

$(INDEX): $(ENCODER) $(call files_in,knowledge src/careline/clinical)
	.venv/bin/careline content build
	@touch $@

# Without the reader patients are served all the same: the words of the recogniser are heard alone.
.PHONY: .reader
.reader: $(RECOGNISER)
	@$(MAKE) --no-print-directory $(READER) || echo "The sentence reader could not be trained. Careline runs without it: /readyz says so." >&2

# The recogniser and the reader before the index: a release is loaded with them.
.PHONY: .built
.built: $(APP) $(RASA) $(ENCODER) $(RECOGNISER) .reader $(INDEX)
	@.venv-rasa/bin/python tools/train_rasa.py --no-cross-validation --out $(DATA)/models/rasa
