# The doors of the house. Every target installs what it needs on Debian 12 and may be repeated.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
WEB := tools/with_node.sh npm --prefix web

.PHONY: help demo test bench fmt lint release web dev-build release-build unit-test web-test e2e-test clean

help:
	@echo "make demo     build, fill a demo clinic with invented people, serve it on http://127.0.0.1:8080"
	@echo "make test     build and run every test (both databases, web, browser)"
	@echo "make bench    measure; SIZE=1000000 for a million patients, DB=postgres for PostgreSQL"
	@echo "make fmt      format the sources        make lint     layers, format, clang-tidy, web lint"
	@echo "make release  a tarball that runs on a plain Debian 12"

demo: release-build web
	build/release/concord demo $(DEMO_ARGS)

release-build:
	tools/install_deps.sh build
	cmake --preset release $(if $(wildcard build/release/build.ninja),>/dev/null)
	cmake --build --preset release -j $(JOBS) --target concord

web: web/dist/.built

web/node_modules/.installed: web/package-lock.json
	tools/install_deps.sh build
	$(WEB) ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.installed $(shell find web/src web/public web/scripts web/index.html web/*.ts web/*.json -type f 2>/dev/null)
	$(WEB) run build
	@touch $@

dev-build:
	tools/install_deps.sh build
	tools/install_deps.sh test
	cmake --preset dev $(if $(wildcard build/dev/build.ninja),>/dev/null)
	cmake --build --preset dev -j $(JOBS)

unit-test: dev-build
	ctest --test-dir build/dev --output-on-failure -j $(JOBS)

web-test: web
	$(WEB) run check
	$(WEB) run test

e2e-test: dev-build web
	tests/e2e/run.sh build/dev/concord

test: unit-test
	python3 tools/check_layers.py
	$(MAKE) --no-print-directory web-test
	$(MAKE) --no-print-directory e2e-test

bench: release-build web
	tools/install_deps.sh bench
	bench/run.sh

fmt:
	tools/install_deps.sh lint
	find src tests bench -name '*.h' -o -name '*.cpp' | xargs clang-format-19 -i

lint: dev-build
	tools/install_deps.sh lint
	python3 tools/check_layers.py
	find src tests bench -name '*.h' -o -name '*.cpp' | xargs clang-format-19 --dry-run -Werror
	find src -name '*.cpp' ! -name '*_test.cpp' ! -name '*_dbtest.cpp' | xargs -P $(JOBS) -n 4 clang-tidy-19 -p build/dev --quiet
	$(WEB) run lint

release: release-build web
	packaging/make_tarball.sh build/release/concord

clean:
	rm -rf build web/dist
