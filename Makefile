# The doors of the house. Every target installs what it needs on Debian 12 (as root or with sudo) and may be repeated.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
JOBS ?= $(shell nproc)
WEB := tools/with_node.sh npm --prefix web

.PHONY: help demo test bench fmt lint release web release-build dev-build docs house-test unit-test fhir-test web-test e2e-test e2e-postgres-test clean

help:
	@echo "make demo     build, fill a demo clinic with invented people, serve it on http://127.0.0.1:8080"
	@echo "make test     build and run every test (both databases, web, browser)"
	@echo "make bench    measure; SIZE=1000000 for a million patients, DB=postgres for PostgreSQL"
	@echo "make fmt      format the sources        make lint     layers, format, clang-tidy, web lint"
	@echo "make release  a tarball that runs on a plain Debian 12"
	@echo "make docs     make docs/errors.md again from the table of errors"

demo: release-build web
	build/release/concord demo $(DEMO_ARGS)

# ---- Building

release-build:
	@tools/install_deps.sh build
	@[ -f build/release/build.ninja ] || cmake --preset release
	cmake --build --preset release -j $(JOBS) --target concord

dev-build:
	@tools/install_deps.sh test
	@[ -f build/dev/build.ninja ] || cmake --preset dev
	cmake --build --preset dev -j $(JOBS)

web: web/dist/.built

web/node_modules/.installed: web/package-lock.json
	@tools/install_deps.sh build
	$(WEB) ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.installed $(shell find web/src web/public web/scripts web/*.html web/*.ts web/*.json -type f 2>/dev/null)
	$(WEB) run build
	@touch $@

# ---- Testing. PostgreSQL is installed with the rest, so tests that would be skipped without it fail.

test: house-test unit-test fhir-test web-test e2e-test
	@echo "All tests passed."

house-test:
	@tools/install_deps.sh build
	python3 tools/check_layers.py
	python3 tests/house/docs_test.py
	python3 tests/house/tools_test.py

unit-test: dev-build
	CONCORD_REQUIRE_POSTGRES=1 ctest --test-dir build/dev --output-on-failure -j $(JOBS)

# MeasureReports against validators that others wrote (tests/fhir/README.md).
tests/fhir/node_modules/.installed: tests/fhir/package-lock.json
	tools/with_node.sh npm --prefix tests/fhir ci --no-audit --no-fund --loglevel=error
	@touch $@

fhir-test: dev-build tests/fhir/node_modules/.installed
	CONCORD_BIN=$(CURDIR)/build/dev/concord tools/with_node.sh npm --prefix tests/fhir test

web-test: web
	$(WEB) run check
	$(WEB) run test

e2e-test: dev-build web
	CONCORD_BIN=$(CURDIR)/build/dev/concord $(WEB) run e2e

# The same screens over PostgreSQL: the scenarios, not axe again.
e2e-postgres-test: dev-build web
	CONCORD_BIN=$(CURDIR)/build/dev/concord tools/with_postgres.sh $(WEB) run e2e -- journey plan review safety billing team

# ---- The rest

bench: release-build web
	@tools/install_deps.sh bench
	bench/run.sh

docs:
	tools/generate_errors.py

fmt: web/node_modules/.installed
	@tools/install_deps.sh lint
	tools/format.sh
	$(WEB) run format

lint: dev-build web/node_modules/.installed
	@tools/install_deps.sh lint
	python3 tools/check_layers.py
	tools/format.sh --check
	find src -name '*.cpp' ! -name '*_test.cpp' ! -name '*_dbtest.cpp' -print0 | xargs -0 -P $(JOBS) -n 4 clang-tidy-19 -p build/dev --quiet
	$(WEB) run lint

release: release-build web
	packaging/make_tarball.sh build/release/concord

clean:
	rm -rf build web/dist
