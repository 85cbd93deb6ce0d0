"""Axis scales and ticks: enough of them, with plain numbers, and without overlaps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from apsnet_core.evaluation.figures.look import Look


def mark_sizes(axes: Axes, sizes: Sequence[int], look: Look) -> None:
    """Make the x axis logarithmic, with ticks at ``sizes`` except those whose labels would touch."""
    axes.set_xscale("log", base=2)
    axes.set_xlabel("number of points m")
    room = 0.75 * look.width * 72 / (1 if look.width <= 4.5 else 2)  # points of the narrowest chart
    octaves = max(math.log2(max(sizes) / min(sizes)), 1e-9)
    kept: list[int] = []
    for m in reversed(sizes):
        apart = math.log2(kept[-1] / m) / octaves * room if kept else math.inf
        if apart > 0.75 * look.size * (len(str(m)) + 0.5):
            kept.append(m)
    axes.set_xticks(kept, [str(m) for m in kept])
    axes.xaxis.set_minor_locator(NullLocator())
    if len(sizes) == 1:
        axes.set_xlim(sizes[0] / 1.5, sizes[0] * 1.5)


def mark_logarithmic(axes: Axes, values: Sequence[float], x: bool = False) -> None:
    """Make an axis logarithmic for positive ``values``; the span of these decides how dense its ticks are."""
    (axes.set_xscale if x else axes.set_yscale)("log")
    axis = axes.xaxis if x else axes.yaxis
    span = max(values) / min(values)
    if span < 4:
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        low, high = min(values), max(values)
        (axes.set_xlim if x else axes.set_ylim)(low / (span**0.15 * 1.03), high * span**0.15 * 1.03)
    else:
        axis.set_major_locator(LogLocator(10, subs=(1.0, 2.0, 5.0) if span < 300 else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def plain(value: float) -> str:
    """Format a number on an axis, without an exponent if it is legible so.

    >>> plain(0.0005), plain(20000.0), plain(5e-7)
    ('0.0005', '20000', '5e-7')
    """
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return f"{value:.6f}".rstrip("0").rstrip(".")
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
