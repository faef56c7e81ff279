# Needs Node 20 or newer, npm and make; everything else comes from the npm registry.
# On Linux (x64, arm64) the pinned Node of node_modules/.bin runs everything afterwards.

PNPM := npx --yes pnpm@12.21.0
INSTALLED := node_modules/.installed
MANIFESTS := package.json pnpm-lock.yaml pnpm-workspace.yaml $(wildcard libs/*/package.json services/*/package.json)
CONFIG_DOCS := docs/config.md
# What `make breaking` compares the contracts with.
AGAINST ?= .git\#branch=main
BIN := $(CURDIR)/node_modules/.bin
export PATH := $(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install build run serve test unit check lint format deps breaking bench generate doctor clean clean-data

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(INSTALLED) ## Install the pinned dependencies (does nothing when they are there)

$(INSTALLED): $(MANIFESTS)
	$(PNPM) install --frozen-lockfile
	@touch $@

build: install ## Install and build; start nothing
	@$(BIN)/tsc -b

run: build ## Install, build and start Parley on ./data
	@exec ./parley serve

serve: ## Start Parley without installing or building
	@exec ./parley serve

test: install ## Run everything: lint, contracts, types, dependency rules, all tests; print totals
	@node house/run-checks.mjs

unit: install ## Run the tests only; ARGS="libs/rpc" narrows them
	@NODE_OPTIONS=--experimental-vm-modules $(BIN)/jest $(ARGS)

check: install ## Run everything but the tests
	@node house/run-checks.mjs --no-tests

lint: install ## Check style and formatting
	@$(BIN)/biome ci .

format: install ## Repair style and formatting where a tool can
	@$(BIN)/biome check --write .

deps: install ## Check who imports whom
	@$(BIN)/depcruise --config .dependency-cruiser.cjs libs services house

breaking: install ## Check that the contracts still read what older programs write; AGAINST=<buf input>
	@$(BIN)/buf breaking --against '$(AGAINST)'

bench: build ## Measure Parley beside a bare relay; ARGS="--help" lists options
	@./parley bench $(ARGS)

generate: install ## Write generated files anew: contracts, settings reference, parity report
	@$(BIN)/buf generate
	@$(BIN)/tsc -b
	@./parley print-config --docs > $(CONFIG_DOCS).new && mv $(CONFIG_DOCS).new $(CONFIG_DOCS)
	@node libs/parity/dist/main.js write

doctor: ## Check this machine: Node, ports, data directory, disk, clock
	@./parley doctor

clean: ## Remove everything that was built; keeps installed packages and data
	rm -rf libs/*/dist services/*/dist .test-results

clean-data: ## Remove ./data: every app, account and message of this checkout
	rm -rf data

.PHONY: engines-up engines-down cluster bench-cluster

engines-up: ## Start Kafka, Cassandra and Redis on loopback for development and tests; wait until they answer
	@deploy/engines/up.sh

engines-down: ## End what engines-up started; keeps the data
	@deploy/engines/down.sh

cluster: build engines-up ## Start every service apart, two processes of each, over real engines; Ctrl-C ends them
	@exec $(BIN)/node deploy/cluster/run.mjs

bench-cluster: build engines-up ## Measure a cluster and its engines beside a bare relay; ARGS="--seconds 20"
	@./parley bench --cluster $(if $(PARLEY_ENGINES_DIR),--engines-dir "$(PARLEY_ENGINES_DIR)") $(ARGS)

# Their data lies under ./data: they must not run on without it.
clean-data: engines-down

.PHONY: chart-check

chart-check: install ## Check the Helm chart and the recipe of the image; needs Go, builds Helm the first time
	@NODE_OPTIONS=--experimental-vm-modules $(BIN)/jest house/chart house/image

.PHONY: faults

faults: build engines-up ## Kill, freeze and cut a cluster under load, and check I1-I9; ARGS="--mutations" checks the checks
	@node services/standalone/test/faults/run-faults.mjs $(ARGS)
