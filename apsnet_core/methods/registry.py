"""The table of methods."""

from __future__ import annotations

import re
from collections.abc import Iterable

from apsnet_core.methods import (
    apes,
    apsnet,
    attended,
    curvature,
    farthest_point,
    mops,
    normal_space,
    poisson_disk,
    random,
    samplenet,
    voxel,
    weighted,
)
from apsnet_core.methods.method import Method
from apsnet_core.networks.registry import add_network, remove_network
from apsnet_core.table import Table

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _check(row: Method, others: Iterable[Method]) -> None:
    if not _NAME.fullmatch(row.name):
        raise ValueError(f"{row.name!r} is not a method name: write small letters, digits and '_'")
    if not _COLOUR.fullmatch(row.colour):
        raise ValueError(f"the colour of {row.name} is {row.colour!r}, not one like '#0072b2'")
    if row.label in {other.label for other in others}:
        raise ValueError(f"there is a method labelled {row.label!r} already")
    ways = (row.choose, row.generate, row.create, row.network)
    if sum(way is not None for way in ways) != 1:
        raise ValueError(f"{row.name} must have exactly one of choose, generate, create and network")
    if not set(row.variants) <= {"g", "m"}:
        raise ValueError(f"the variants of {row.name} are {row.variants}: only 'g' and 'm' are possible")
    if row.network is not None:
        add_network(row.network)


_table = Table(
    Method,
    "apsnet.methods",
    "method",
    [
        random.RANDOM,
        farthest_point.FARTHEST_POINT,
        voxel.VOXEL,
        poisson_disk.POISSON_DISK,
        curvature.CURVATURE,
        normal_space.NORMAL_SPACE,
        weighted.WEIGHTED,
        samplenet.SNET,
        samplenet.SAMPLENET,
        samplenet.SNET_PROGRESSIVE,
        samplenet.SAMPLENET_PROGRESSIVE,
        mops.MOPS,
        apes.APES,
        apsnet.APSNET,
        apsnet.APSNET_KD,
        apsnet.APSNET_PLUS,
        attended.ATTENDED,
    ],
    _check,
)


def methods() -> tuple[Method, ...]:
    """All methods, with the plug-ins' methods last."""
    return _table.rows()


def learned() -> tuple[Method, ...]:
    """The methods that can be trained: those that need weights of their own."""
    return tuple(row for row in methods() if row.learned and not row.weights_of)


def method(name: str) -> Method:
    """Return the method by its name or one of its other names, in any spelling.

    Raises ValueError with a suggestion or the list of methods if there is none.
    """
    row = _table.get(name)
    if row is not None:
        return row
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    known = {other: row for row in methods() for other in (row.name, *row.also)}
    for spelling in name.lower(), word:
        if spelling in known:
            return known[spelling]
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    hint = f"; did you mean {known[near[0]].name}?" if near else ""
    names = ", ".join(row.name for row in methods())
    raise ValueError(f"there is no method {name!r}{hint or f'; the methods are {names}'}")


def method_colour(name: str) -> str:
    """The colour ``#rrggbb`` of a method, named without variant or weights. Near-black if it is unknown."""
    row = _table.get(name)
    return row.colour if row else "#333333"


def source(name: str) -> str | None:
    """The plug-in that a method comes from, or None for a built-in one."""
    return _table.source(name)


def register(row: Method) -> None:
    """Add a method. Raises ValueError if its name is taken or the row is not valid."""
    _table.register(row)


def unregister(name: str) -> None:
    """Remove a registered method. Raises ValueError for an unknown name and for a built-in method."""
    row = method(name)
    _table.unregister(row.name)
    if row.network is not None and all(other.network is not row.network for other in methods()):
        remove_network(row.network.name)
