# Each target sets up what it needs first: .venv, the pinned packages, missing system libraries.
# A second call finds everything ready and loses no time (.ci/prepare.py).

PYTHON ?= python3
VENV := .venv/bin

.PHONY: run test bench fuzz lint docs results pictures notebooks app app-test ready

SHAPE := assets/shapes/chair.obj
# Leaderboards with further seeds of the weights that ship.
MEASURED ?= $(wildcard docs/measured/*.json)
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

# Two halves run side by side with one thread each: threads that wait for one another on a busy processor
# double the time. Python keeps compiled modules, even where the machine turns this off: the tests start
# hundreds of processes. tests/conftest.py sets the order of the files.
test: ready
	PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 $(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: ready
	$(VENV)/python -m tests.bench $(NAMES)

fuzz: ready
	$(VENV)/python -m tests.fuzz --minutes $(or $(MINUTES),60) --seed $(or $(SEED),$$(date +%s))

lint: ready
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports

docs: ready
	NO_MKDOCS_2_WARNING=1 $(VENV)/python -m mkdocs build --quiet
	@echo "The documentation is in site/index.html"

results: ready
	$(VENV)/python -m tests.scores.refresh --data $(DATA) --measured $(MEASURED)

# All pictures of README and docs except the figures of results, which `make results` draws.
pictures: ready
	$(VENV)/apsnet-gui --theme light --screenshot docs/start.png
	$(VENV)/apsnet-gui assets/shapes/armchair.obj --compare $(METHODS) -n 32 --task classification --theme light \
	  --screenshot docs/window-compare.png
	$(VENV)/apsnet-gui assets/shapes/bed.obj -m apsnet -n 32 --theme light --screenshot docs/window-light.png
	$(VENV)/apsnet-gui $(SHAPE) -m apsnet -n 32 --theme dark --screenshot docs/window-dark.png
	$(VENV)/apsnet picture $(SHAPE) -m $(METHODS) -n 8 --task classification --grid -o docs/comparison.png --force
	APSNET_PANELS=docs/window $(VENV)/python -m pytest tests/gui/test_panel_pictures.py
	APSNET_WALK=docs $(VENV)/python -m pytest tests/gui/training/test_walk.py
	APSNET_SCAN_WALK=docs/guide $(VENV)/python -m pytest tests/gui/window/test_scan_walk.py

notebooks: ready
	$(VENV)/python -m tests.notebooks

app: docs
	$(VENV)/python -m pip install --quiet -c constraints.txt pyinstaller
	$(VENV)/python packaging/build_app.py

app-test:
	$(PYTHON) packaging/test_app.py dist/apsnet-studio

ready:
	@$(PYTHON) .ci/prepare.py
