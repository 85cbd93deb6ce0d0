"""Colour the parts in which a cloud was sampled, and highlight those unlike the training data."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.checked_parts import CheckedParts
from apsnet_core.colours.classes import class_colours, shades
from apsnet_core.colours.field_colours import LegendClass
from apsnet_core.placing import counted
from apsnet_core.types import Int64, UInt8

_ORANGES, _BLUES = (25.0, 75.0), (160.0, 270.0)  # Oklab hues in degrees, distinct for the colour-blind too


def part_colours(parts: Int64, checked: CheckedParts | None) -> tuple[UInt8, tuple[LegendClass, ...]]:
    """A colour (k, 3) for each of the k parts, and the legend of the colours.

    ``parts`` (n,) are the part numbers of the points. If the parts were ``checked``, those unlike the
    training data are orange, those like them are blue and green, and parts that were not checked are grey.
    Otherwise each part has its own colour without a meaning, and there is no legend.
    """
    count = int(parts.max(initial=-1)) + 1
    numbers = np.arange(count)
    if checked is None or len(checked.farther) != count:
        return class_colours("part", numbers), ()
    unlike, looked = np.isin(numbers, checked.unlike), checked.farther >= 0
    kinds = (
        ("unlike the training", unlike, shades(numbers, _ORANGES)),
        ("like the training", looked & ~unlike, shades(numbers, _BLUES)),
        ("not looked at", ~looked, shades(numbers, None)),
    )
    colours = np.select([kind[:, None] for _, kind, _ in kinds], [shade for _, _, shade in kinds])
    points = np.bincount(parts[parts >= 0], minlength=count)
    legend = tuple(
        LegendClass(
            at,
            f"{counted(int(kind.sum()), 'part')} {words}",
            tuple(shade[kind].mean(axis=0).astype(int).tolist()),
            int(points[kind].sum()),
        )
        for at, (words, kind, shade) in enumerate(kinds)
        if kind.any()
    )
    return colours.astype(np.uint8), legend
