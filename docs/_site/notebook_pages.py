"""Notebooks as pages: their text, their code, and what the code said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def page(file: Path) -> str:
    """Markdown of a notebook, with its pictures inside."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    where = f"\n\n[This page as a notebook]({file.name}), executed in the tests.\n"
    return "\n\n".join(_cell(cell) for cell in cells) + where


def _cell(cell: dict[str, Any]) -> str:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return source
    return "\n\n".join([f"```python\n{source}\n```", *map(_output, cell["outputs"])])


def _output(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return _text("".join(output["text"]))
    data = output.get("data", {})
    if "image/png" in data:
        return f'<img alt="Output" src="data:image/png;base64,{"".join(data["image/png"]).strip()}">'
    if "text/html" in data:
        return "".join(data["text/html"])
    return _text("".join(data.get("text/plain", "")))


def _text(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"
