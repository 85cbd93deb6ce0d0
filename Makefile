# Each target sets up what it needs first: .venv, the pinned packages, missing system libraries.
# A second call finds everything ready and loses no time (tools/prepare.py).

PYTHON ?= python3
VENV := .venv/bin

.PHONY: run test bench lint ready

run: ready
	$(VENV)/apsnet compare assets/shapes/biplane.obj -m random,farthest_point,voxel -n 32,128 -o out/biplane --force

test: ready
	$(VENV)/python -m pytest

bench: ready
	$(VENV)/python -m tests.bench $(NAMES)

lint: ready
	$(VENV)/ruff check .
	$(VENV)/mypy

ready:
	@$(PYTHON) tools/prepare.py
