# What a person and CI both run. The work is done by the scripts in bin/.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast lint fmt types migrations-check bench docs messages lock

VENV := .venv
ARGS ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Create .venv with everything that development needs
	@bin/setup dev

demo: ## Start the demo (ARGS=--once: unattended; --reset; "--port 9000")
	@bin/demo $(ARGS)

test: ## Run the whole test suite
	@bin/test $(ARGS)

test-fast: ## Run what needs neither a browser nor long solves
	@bin/test -m "not slow and not e2e" $(ARGS)

lint: ## Check style, layers, layout and references of the documentation
	@bin/lint

fmt: ## Format the code
	@bin/fmt

types: ## Check the types, strictly
	@bin/types

migrations-check: ## Try the migrations up, down and up again, and compare them with the models
	@bin/migrations-check

bench: ## Run the benchmarks
	@bin/bench $(ARGS)

docs: ## Build the documentation into site/
	@bin/docs

messages: ## Collect, update and compile the translated texts
	@bin/messages

lock: ## Lock the requirements again, with hashes
	@bin/lock
