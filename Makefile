# IOM casework. `make run` shows it, `make test` proves it; docs/development.md says more.

GO ?= go
ADDR ?= 127.0.0.1:8080
DATA ?= $(shell .ci/data-folder)

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := build
.PHONY: run build test check bench generate assets clean vuln tools-run tools-test \
	check-format check-vet check-staticcheck check-templ check-modules check-arrows

GO_FILES = $(shell find cmd internal web migrations -name node_modules -prune -o -name '*.go' -print)
ASSET_SOURCES = $(shell find web/assets -name node_modules -prune -o -name build -prune -o -type f -print)

# The demonstration scheme, with invented people, on this machine only.
run: tools-run build
	bin/iom demo --data $(DATA) --addr $(ADDR)

build: assets
	$(GO) build -o bin/iom ./cmd/iom

# The whole gate. Tests make their own database servers and stop them again. What vet says was said by check, and
# without tables for a debugger the sixty test programs are linked in two thirds of the time.
test: tools-test assets check
	$(GO) test -timeout 15m -vet=off -ldflags='-s -w' ./...

check: check-format check-modules check-templ check-vet check-staticcheck check-arrows

check-format:
	@unformatted=$$(gofmt -l $(GO_FILES)); test -z "$$unformatted" || \
		{ echo "not formatted, run gofmt -w on:"; echo "$$unformatted"; exit 1; } >&2

check-modules:
	$(GO) mod tidy -diff

check-templ:
	.ci/check-templ

check-vet: assets
	$(GO) vet ./...

check-staticcheck: assets
	$(GO) tool staticcheck ./...

# Those tests of the whole project that need no database.
check-arrows:
	$(GO) test -run 'Arrow|Floor|Tables|AtTheTop' ./internal/tests

# Speed and memory over a large generated scheme, beside pgbench; docs/performance.md says what was found.
bench: tools-test build
	$(GO) run ./internal/bench -iom bin/iom

generate:
	$(GO) tool templ generate -path .

# Style sheet and scripts, built again only when something under web/assets has changed.
assets: web/static/manifest.json

web/static/manifest.json: web/assets/node_modules/.package-lock.json $(ASSET_SOURCES)
	npm --prefix web/assets run build
	@touch $@

web/assets/node_modules/.package-lock.json: web/assets/package.json web/assets/package-lock.json
	@.ci/install-tools node
	npm --prefix web/assets ci --no-audit --no-fund
	@touch $@

tools-run:
	@.ci/install-tools postgresql node

tools-test:
	@.ci/install-tools postgresql chromium node

# Known faults in what we depend on. Apart from `make test`, as it asks an online database.
vuln:
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...
	npm --prefix web/assets audit

# Removes what was built. The data folder is never touched.
clean:
	rm -rf bin web/assets/node_modules
	find web/static -type f ! -name placeholder.txt ! -name '*.go' -delete
