"""Run all measurements, or those of ``bench_NAME``: ``python -m tests.bench [NAME...] [--json]``.

The results are ratios; the exit status is 1 if a ratio misses its bound.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.ratio import Ratio

WIDTH = 150  # the width in characters of a table that is not printed to a terminal


def modules() -> list[str]:
    """The names of all measurements."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def measure(names: list[str]) -> Iterator[Ratio]:
    for name in names:
        yield from import_module(f"tests.bench.bench_{name}").measure()


def quantity(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"
    return f"{value:.4g} {unit}"


def row(ratio: Ratio) -> list[str]:
    bound = "" if ratio.bound is None else f"{ratio.kind} {ratio.bound:g}x"
    return [
        ratio.name,
        quantity(ratio.ours, ratio.unit),
        quantity(ratio.theirs, ratio.unit),
        f"{ratio.ratio:.2f}x",
        bound,
        "yes" if ratio.ok else "NO",
        str(ratio.threads),
        ratio.note,
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(modules())}; all without")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    asked = parser.parse_args()
    if unknown := set(asked.name) - set(modules()):
        parser.error(f"unknown names: {', '.join(sorted(unknown))}; known names: {', '.join(modules())}")
    # Let child processes cache bytecode, as an installed program does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

    progress = Console(stderr=True)
    ratios = []
    for ratio in measure(asked.name or modules()):
        progress.print(f"[dim]{ratio.name}: {ratio.ratio:.2f}x[/dim]", highlight=False)
        ratios.append(ratio)

    if asked.json:
        print(json.dumps({"ratios": [{**asdict(r), "ratio": r.ratio, "ok": r.ok} for r in ratios]}, indent=2))
    else:
        table = Table("measured", "ours", "theirs", "ratio", "bound", "ok", "threads", "against")
        for ratio in ratios:
            table.add_row(*row(ratio), style=None if ratio.ok else "bold red")
        Console(width=None if sys.stdout.isatty() else WIDTH).print(table)
    return 0 if all(ratio.ok for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
