# Bantam's commands. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
BIND ?= 127.0.0.1
RUN = .venv/bin/python
SERVERS = $(RUN) -m tools.servers --
# The embedded mode brings all it needs, whatever the environment says of servers.
EMBEDDED = DATABASE_URL= REDIS_URL= PORT=$(PORT)

.DEFAULT_GOAL := help
.PHONY: help demo up backup install install-dev test test-long check bench screenshot format lock

help: ## List these commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Settings: PORT=8000, BIND=127.0.0.1, PYTHON=python3, FRESH=1 (demo: start over), ARGS=sqlite (test: one run)"

demo: install ## Start Bantam with a sample company on http://127.0.0.1:8000.
	$(if $(filter-out 0,$(FRESH)),@rm -rf data/demo)
	@$(EMBEDDED) BANTAM_DATA_DIR=data/demo $(RUN) manage.py demo --bind $(BIND)

up: install ## Start Bantam for your own company, without servers.
	@$(EMBEDDED) BANTAM_DATA_DIR=$${BANTAM_DATA_DIR:-data/company} $(RUN) manage.py serve --bind $(BIND)

backup: install ## Copy the database of `make up` into one file, while it runs; FILE=... says where.
	@$(EMBEDDED) BANTAM_DATA_DIR=$${BANTAM_DATA_DIR:-data/company} $(RUN) manage.py backup $(if $(FILE),"$(FILE)")

install: ## Make the environment that demo and up need.
	@$(PYTHON) -m tools.install runtime

install-dev: ## Make the environment for development and tests.
	@$(PYTHON) -m tools.install dev

test: install-dev ## Run every test; brings its own servers and browser.
	@$(RUN) -m tools.suite $(ARGS)

test-long: install-dev ## Run the tests that are too long for every change.
	@$(SERVERS) $(RUN) -m pytest -m long

check: install-dev ## Check format, types, imports, templates, settings, API and sizes.
	@$(RUN) -m tools.check

bench: install-dev ## Measure speed against floors in the same run.
	@$(RUN) -m benchmarks $(ARGS)

screenshot: install-dev ## Take the screenshot of the README anew.
	@$(RUN) -m tools.screenshot

format: install-dev ## Format Python and templates.
	@$(RUN) -m ruff check --fix --quiet .
	@$(RUN) -m ruff format .
	@$(RUN) -m djlint --reformat --quiet templates

lock: install-dev ## Lock the requirements anew; UPGRADE=1 takes the newest.
	@$(RUN) -m tools.lock $(if $(UPGRADE),--upgrade)
