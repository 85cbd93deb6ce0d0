"""The log of a run: its events as lines of text, and the last error text of its process."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from apsnet_core.types import Values

OUTPUT = "output.txt"
"""The file in a run's folder with the output of the training's process."""


def complaint(folder: Path) -> str:
    """The last error text of the process, without the prefix "apsnet: "; empty if there is none."""
    try:
        lines = (folder / OUTPUT).read_text(encoding="utf-8", errors="replace")[-20_000:].splitlines()
    except OSError:
        return ""
    said = [line.removeprefix("apsnet: ").strip() for line in lines if line.startswith("apsnet: ")]
    return said[-1] if said else ""


def sentence(event: Values) -> str:
    """Format an event as a line of the log."""
    kind = event["event"]
    facts = {key: value for key, value in event.items() if key not in ("event", "time", "metrics")}
    facts |= event.get("metrics") or {}
    if kind in ("epoch", "validation"):
        facts["epoch"] += 1  # the log counts from one
    if facts.get("best_epoch") is not None:
        facts["best_epoch"] += 1
    words = [f"{key.replace('_', ' ')} {_short(value)}" for key, value in facts.items() if value is not None]
    return f"{datetime.fromtimestamp(event['time']):%H:%M:%S}  {kind:<11} {'  '.join(words)}"


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
