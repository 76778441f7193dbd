# The two commands of a newcomer are `make demo` and `make test`; both install what is missing by themselves.

PREFIX ?= /usr/local
SWIFT ?= swift
BUILD = $(SWIFT) build --configuration release
BIN = .build/release
# Most tests start compilers and jails; more of them at a time than there is room for only wait for each other.
TEST = SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 scripts/test $(SWIFT) test --skip-build

.PHONY: all demo check test test-all test-class test-load hostile mistakes variants derivations build setup install uninstall lint bench clean help

all: build

help:
	@echo "make demo       set up, build, list the exercises, grade a model solution, write gradient-flow.csv"
	@echo "make check      style, and every test that needs no jail, with a sample of the corpora: for each change"
	@echo "make test       set up, build and run the tests: what has to pass before a change lands"
	@echo "make test-all   the tests, then all that takes longer, each by its name; some hours, root for the last part"
	@echo "make hostile    grade every hostile submission, print the table, kill 40 graders"
	@echo "make test-class 300 submissions timed, 3,000 in flat memory, 50 kills, an array job in Slurm"
	@echo "make test-load  right submissions on a machine that is busy or full: full marks or not graded; as root, half an hour"
	@echo "make install    put unroll under PREFIX ($(PREFIX))"
	@echo "make uninstall  take it away again"
	@echo "make lint       check the house style"
	@echo "make mistakes   grade wrong cells written by hand and print what was named"
	@echo "make variants   grade right cells that are written in other ways, with 200 seeds each"
	@echo "make derivations  every change of every line, the corpus with 200 seeds each, three kernels of OpenBLAS; optimised, an hour"
	@echo "make bench      the ratios of Benchmarks/"
	@echo "make clean      remove what was built"

setup:
	@scripts/setup

build: setup
	$(BUILD) --product launch
	$(BUILD) --product unroll

demo: build
	@scripts/demo $(BIN)/unroll

check: setup lint
	$(SWIFT) build --build-tests
	UNROLL_TIER=check $(TEST)

test: setup
	$(SWIFT) build --build-tests
	$(TEST)

test-all: setup
	@scripts/test-all

hostile: setup
	$(SWIFT) build --build-tests
	UNROLL_KILLS=40 $(TEST) --filter HostileTests
	UNROLL_HOSTILE_ISOLATION=limits $(TEST) --filter HostileTests.HostileTests

test-class: build
	@Tests/Class/large "$(CURDIR)/$(BIN)/unroll"

test-load: build
	@Tests/Load/run "$(CURDIR)/$(BIN)/unroll"

install: build
	@scripts/install "$(BIN)" "$(DESTDIR)$(PREFIX)"

uninstall:
	rm -rf "$(DESTDIR)$(PREFIX)/bin/unroll" "$(DESTDIR)$(PREFIX)/libexec/unroll" "$(DESTDIR)$(PREFIX)/share/unroll"

mistakes: setup
	$(SWIFT) build --build-tests
	UNROLL_TABLE=1 $(TEST) --filter SubmissionTests.MistakeTests

variants: setup
	$(SWIFT) build --build-tests
	UNROLL_SEEDS=200 $(TEST) --filter SubmissionTests.VariantTests

derivations: build
	$(BUILD) --build-tests -Xswiftc -enable-testing
	CORPUS_SEEDS=200 MUTATIONS=all scripts/test $(SWIFT) test --configuration release --skip-build \
	  --filter 'CorpusTests|MutationTests'
	@scripts/kernels $(BIN)/unroll

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks solutions

bench: build
	@Benchmarks/run

clean:
	rm -rf .build gradient-flow.csv gradient-flow.svg site
