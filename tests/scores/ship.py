"""Copy the weights to ship from the runs of a plan: for each row and size, the seed with the median score.

    python -m tests.scores.ship RUNS

RUNS is the folder of `apsnet queue run`. The weights of every finished run are rounded to 16 bits and saved
in RUNS/in-16-bits/ROW. Evaluate these with `apsnet evaluate -m METHOD@RUNS/in-16-bits/ROW` to measure the
weights as they ship. The medians, by their scores on the validation part, are copied to assets/weights as
TASK-METHOD, or as TASK-METHOD-SIZE if they are for one size. `python -m tests.scores.refresh` then scores and
lists them.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from apsnet_core.assets import asset
from apsnet_core.training.median_seed import median_of
from apsnet_core.training.run_reader import RunReader
from apsnet_core.training.run_state import RunState
from apsnet_core.weights import Metadata, load_metadata, rewrite_metadata, save
from apsnet_core.weights.storage import read_tensors


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the weights that ship from the runs of a plan.")
    parser.add_argument("runs", type=Path)
    ship(parser.parse_args().runs, asset("weights"))


def ship(runs: Path, home: Path) -> dict[str, Path]:
    """Write the median of each row and size below ``runs`` to ``home``; return the runs by shipped name."""
    found = defaultdict[str, list[RunState]](list)
    for config in sorted(runs.glob("*/*/config.json")):
        state = RunReader(config.parent).read()
        if state.phase == "finished" and state.best is not None:
            metadata, rounded = load_metadata(state.best), _rounded(runs, state.folder)
            rounded.parent.mkdir(parents=True, exist_ok=True)
            save(rounded, read_tensors(state.best), metadata, half=True)
            found[shipped_name(metadata)].append(state)
    shipped = {}
    for name, seeds in found.items():
        if len(rows := {state.folder.parent.name for state in seeds}) > 1:
            raise SystemExit(f"{' and '.join(sorted(rows))} would both be called {name}: leave one out")
        median = median_of(seeds)
        rounded = _rounded(runs, median.folder)
        rewrite_metadata(rounded, home / f"{name}.safetensors", load_metadata(rounded))
        scores = ", ".join(f"{state.score:.4g} (seed {state.config['seed']})" for state in seeds)
        print(f"{name}: seed {median.config['seed']} of {scores}", flush=True)
        shipped[name] = median.folder
    return shipped


def _rounded(runs: Path, folder: Path) -> Path:
    return runs / "in-16-bits" / folder.relative_to(runs) / "best.safetensors"


def shipped_name(metadata: Metadata) -> str:
    """The name of weights among the shipped ones."""
    method = (metadata.method or metadata.architecture).replace("_", "-")
    size = f"-{metadata.sizes[0]}" if metadata.method and len(metadata.sizes) == 1 else ""
    return f"{metadata.task}-{method}{size}"


if __name__ == "__main__":
    main()
