"""One colour per method in views, tables, plots and reports; safe for colour-blind eyes (Okabe-Ito)."""

from __future__ import annotations

METHOD_COLOURS = {
    "random": "#8c8c8c",
    "farthest_point": "#0072b2",
    "voxel": "#56b4e9",
    "snet": "#cc79a7",
    "samplenet": "#e69f00",
    "apsnet": "#d55e00",
    "apsnet_kd": "#009e73",
}
# Further columns of the same method (other weights, the other variant) are told apart by these.
MARKERS = ["o", "s", "^", "D", "v", "P"]


def method_colour(name: str) -> str:
    """``#rrggbb`` of a method by its name without variant or weights; near-black for one not known here."""
    return METHOD_COLOURS.get(name, "#333333")
