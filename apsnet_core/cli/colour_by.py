"""Options that colour a cloud by one of its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import Failure
from apsnet_core.colours.colormap import Map

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.colours.field_colours import FieldColours, FieldScale
    from apsnet_core.types import Values


@dataclass(frozen=True)
class ColourOptions:
    """The options for colouring a cloud by a field, as typed."""

    colour_by: Annotated[
        str | None,
        typer.Option(
            "--colour-by",
            "--color-by",
            metavar="FIELD",
            help="Colour the cloud by a field: any field that apsnet info lists, such as intensity or"
            " classification, or x, y, z, height, curvature.",
        ),
    ] = None
    colour_range: Annotated[
        str,
        typer.Option(
            "--colour-range",
            metavar="LOW,HIGH",
            help="The values with the first and the last colour, or percentiles such as 2%,98%.",
        ),
    ] = "1%,99%"
    colour_log: Annotated[bool, typer.Option("--colour-log", help="Use a logarithmic scale of colours.")] = (
        False
    )
    colour_map: Annotated[Map, typer.Option("--colour-map", help="The colour map.")] = "auto"
    hide_classes: Annotated[
        str | None,
        typer.Option(
            "--hide-classes",
            metavar="CLASS,...",
            help="Do not draw these classes of the field, by number: 7,18.",
        ),
    ] = None

    @property
    def scale(self) -> FieldScale:
        """The scale that the options describe; raises a usage error if they are invalid."""
        return _scale(self.colour_range, self.colour_log, self.colour_map, self.hide_classes)


def _scale(range_: str, log: bool, name: Map, hide: str | None) -> FieldScale:
    from apsnet_core.colours.field_colours import FieldScale

    parts = [part.strip() for part in range_.split(",")]
    shares = all(part.endswith("%") for part in parts)
    try:
        low, high = (float(part.removesuffix("%") if shares else part) for part in parts)
    except ValueError:
        raise typer.BadParameter(
            f"a range is two values like 0,255, or two percentiles like 2%,98%, not {range_!r}"
        ) from None
    try:
        hidden = tuple(int(each) for each in hide.split(",")) if hide else ()
    except ValueError:
        raise typer.BadParameter(f"classes are whole numbers like 7,18: not {hide!r}") from None
    try:
        if shares:
            return FieldScale(percentiles=(low, high), log=log, map=name, hidden=hidden)
        return FieldScale(low, high, log=log, map=name, hidden=hidden)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def coloured(cloud: PointCloud, field: str, scale: FieldScale, up: str = "z") -> FieldColours:
    """The colours of a cloud's points by a field, for a light background.

    ``up`` is the axis of the height. Raises `Failure` if the cloud has no such field, if the field has no
    such class to hide, or if all classes are hidden.
    """
    from apsnet_core.colours.field_colours import colours_of

    try:
        found = colours_of(cloud, field, scale, dark=False, up=up)
    except ValueError as error:
        raise Failure(str(error)) from error
    there = [each.value for each in found.legend.classes]
    if strange := [str(each) for each in scale.hidden if each not in there]:
        raise Failure(f"{field} has no class {', '.join(strange)}: its classes are {str(there)[1:-1]}")
    if found.shown is not None and not found.shown.any():
        raise Failure(f"all classes of {field} are hidden: there is nothing to draw")
    return found


def legend_values(colours: FieldColours) -> Values:
    """The legend as plain values: the range, or the classes with their numbers of points."""
    legend = colours.legend
    found: Values = {"field": legend.title, "unit": legend.unit, "missing": legend.missing}
    if legend.classes:
        return found | {"classes": [vars(each) for each in legend.classes]}
    return found | {"low": legend.low, "high": legend.high, "log": legend.log}
