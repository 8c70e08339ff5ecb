VENV := .venv
BIN := $(VENV)/bin
# a process for each core; what shares a browser or a cluster stays in one of them
PYTEST := $(BIN)/python -m pytest --numprocesses logical --dist loadgroup
PYTHON ?= python3
FUZZ := $(CXX) -std=c++17 -g -O1 -pthread tests/fuzz/fuzz.cpp
INPUTS ?= 1000000
# compiled modules are kept, or every process would compile the package and the tests again
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo quick test check format bench fuzz fuzz-memory fuzz-threads pictures clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(VENV)/installed ## install, watch a line being learned, predict with it
	$(BIN)/linreg train data/houses.csv --x square_feet --y price
	$(BIN)/linreg predict model.json 1800

quick: $(VENV)/tested ## run the tests that start no browser, shell or cluster and are not slow
	$(PYTEST) --hypothesis-profile quick -m "not (browser or shell or cluster or slow)"

test: $(VENV)/tested ## install what the tests need and run them all
	$(PYTEST)

check: $(VENV)/tested ## format check, linter, types, tests: what CI runs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(PYTEST)

format: $(VENV)/tested ## format the code and mend what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/tested ## time linreg and its peers on ten million rows
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/start_up.py

fuzz: fuzz-memory fuzz-threads ## run the C++ code under sanitizers on a million inputs: an hour

fuzz-memory:
	mkdir -p build
	$(FUZZ) -fsanitize=address,undefined -fno-sanitize-recover=all -o build/$@
	build/$@ $(INPUTS)

fuzz-threads:
	mkdir -p build
	$(FUZZ) -fsanitize=thread -o build/$@
	build/$@ $(INPUTS)

pictures: $(VENV)/installed ## make the pictures of README.md and docs/ again
	$(BIN)/python -m pip install --quiet --editable '.[pictures]'
	$(BIN)/python docs/make_pictures.py

clean: ## remove everything that was made
	rm -rf $(VENV) build dist *.egg-info .*_cache .coverage .hypothesis .bench model.json

$(VENV)/installed: pyproject.toml $(wildcard linreg_cli/native/*.[ch]pp)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@
