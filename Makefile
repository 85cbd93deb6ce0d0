# Each target sets up what it needs first: .venv, the pinned packages, missing system libraries.
# A second call finds everything ready and loses no time (.ci/prepare.py).

PYTHON ?= python3
VENV := .venv/bin

.PHONY: run test bench fuzz lint docs results notebooks app app-test ready

SHAPE := assets/shapes/chair.obj
METHODS := random,farthest_point,samplenet,apsnet

run: ready
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" != Linux ]; then \
	  $(VENV)/apsnet-gui $(SHAPE) --compare $(METHODS) -n 32 --task classification; \
	else \
	  echo "There is no display to open the window on: its picture goes to out/window.png"; \
	  mkdir -p out; \
	  $(VENV)/apsnet-gui $(SHAPE) --compare $(METHODS) -n 32 --task classification --screenshot out/window.png && \
	  $(VENV)/apsnet compare $(SHAPE) -m $(METHODS) -n 8,32 --task classification -o out/report --force; \
	fi

test: ready
	$(VENV)/python -m pytest -n 2 --dist loadfile

bench: ready
	$(VENV)/python -m tests.bench $(NAMES)

fuzz: ready
	$(VENV)/python -m tests.fuzz --minutes $(or $(MINUTES),60) --seed $(or $(SEED),$$(date +%s))

lint: ready
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports

docs: ready
	$(VENV)/python -m mkdocs build --quiet
	@echo "The documentation is in site/index.html"

results: ready
	$(VENV)/python -m tests.scores.refresh --data $(DATA)

notebooks: ready
	$(VENV)/python -m tests.notebooks

app: docs
	$(VENV)/python -m pip install --quiet -c constraints.txt pyinstaller
	$(VENV)/python packaging/build_app.py

app-test:
	$(PYTHON) packaging/test_app.py dist/apsnet-studio

ready:
	@$(PYTHON) .ci/prepare.py
