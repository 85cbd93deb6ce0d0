"""Model cards, which describe weights and are shared together with them."""

from __future__ import annotations

from apsnet_core.weights.metadata import Metadata


def model_card(name: str, metadata: Metadata) -> str:
    """The model card in Markdown: the network's purpose, its training and its scores."""
    told = metadata.model_dump(mode="json")
    scores, training = told.pop("scores") or {}, told.pop("training") or {}
    lines = [f"# {name}", ""]
    for title, values in (("", told), ("Training", training), ("Scores", scores)):
        rows = [
            f"| {_plain(key.replace('_', ' '))} | {_plain(value)} |"
            for key, value in values.items()
            if value or value == 0
        ]
        if rows:
            lines += [*([f"## {title}", ""] if title else []), "| | |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
