"""A shape of the document: just read, open, or missing because its file cannot be read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Final

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.editing.selection import Selection
from apsnet_core.ops.orientation import Up, clearly_up, guess_up
from apsnet_core.placing import corners
from apsnet_core.types import Mask
from apsnet_gui.colourings.attention import AUTOMATIC
from apsnet_gui.state.limits import MOST_CUTS, Colour, Interval, Len, Location, Text

Shape = PointCloud | TriangleMesh

# The colours of shapes, in the order in which they are opened. They are muted so that the samples stand out.
COLOURS: Final = ("#8c96a3", "#4a7fb5", "#b98a2e", "#a8648f", "#5f9e8f", "#b5624f", "#8f7fd0", "#7d8f3f")
AS_MESH = 400_000  # triangles; a larger mesh opens as points, which draw faster


@dataclass(frozen=True, eq=False)
class Loaded:
    """A shape that was just read, with its ``extent`` along x, y and z and its ``up`` axis.

    ``upright`` is the axis that should point up according to the geometry, None if that is unclear.
    """

    shape: Shape
    extent: tuple[float, float, float]
    up: Up
    upright: Up | None = None

    @classmethod
    def measured(cls, shape: Shape) -> Loaded:
        """Measure a shape; call it on a worker thread, because a large cloud takes time."""
        points = shape.vertices if isinstance(shape, TriangleMesh) else shape.xyz
        low, high = corners(points)
        x, y, z = (high.astype(np.float64) - low).tolist()
        return cls(shape, (x, y, z), guess_up(shape), clearly_up(shape))


@dataclass(frozen=True)
class OpenShape:
    """An open shape. ``path``, ``dataset``, ``row`` and ``columns`` say how to read it again.

    ``kept`` are the file's points that are left after the ``cuts``, None if all are left; ``cuts`` describe
    in words what was done. ``hidden`` are points that the views do not draw; they are sampled like all
    others. ``label`` is its class, if known. ``up`` is one of `DIRECTIONS` or a vector; ``up_by_hand`` says
    that the user has chosen it. The ``colouring`` "auto" shows the attention if there is any, else the file's
    colours. ``scale`` is the scale of the colouring's numbers, None for the default. ``as_mesh`` shows a mesh
    as its surface, else as the points drawn from it. ``point_size`` is the size of its points in pixels, 0
    for the size of all clouds; a ``world_size``, in units of the coordinates, replaces it.
    """

    id: Text
    name: Text
    path: Location
    shape: Shape = field(repr=False, compare=False)
    dataset: Text | None = None
    row: Annotated[int, Interval(ge=0)] | None = None
    columns: Text | None = None
    kept: Selection | None = None
    cuts: Annotated[tuple[Text, ...], Len(max_length=MOST_CUTS)] = ()
    hidden: Selection | None = None
    label: Text | None = None
    visible: bool = True
    colouring: str = AUTOMATIC.name
    scale: FieldScale | None = None
    colour: Colour = COLOURS[0]
    as_mesh: bool = False
    point_size: Annotated[int, Interval(ge=0, le=12)] = 0
    world_size: Annotated[float, Interval(gt=0)] | None = None
    up: Text = "y"
    up_by_hand: bool = False
    extent: tuple[float, float, float] = field(default=(0.0, 0.0, 0.0), compare=False)
    upright: Up | None = field(default=None, compare=False)

    @property
    def lies_down(self) -> bool:
        """Whether the shape seems to lie down; the classifiers were trained on upright shapes.

        It is False if the user has chosen the up direction.
        """
        return not self.up_by_hand and self.upright is not None and self.upright != self.up

    @property
    def is_mesh(self) -> bool:
        """Whether the shape has faces."""
        return isinstance(self.shape, TriangleMesh)

    @property
    def hidden_of_cloud(self) -> Selection | None:
        """The hidden points of a cloud; None if there are none, or if the file has changed in length."""
        fits = self.hidden is not None and not self.is_mesh and self.hidden.count == self.count
        return self.hidden if fits else None

    @property
    def hides_classes(self) -> bool:
        """Whether the points of some classes are not drawn."""
        return self.scale is not None and bool(self.scale.hidden)

    @property
    def hidden_mask(self) -> Mask | None:
        """The mask (n,) of the hidden points, None if no point is hidden. Call it on a worker thread."""
        hidden = self.hidden_of_cloud
        return hidden.mask(self.count) if hidden is not None else None

    @property
    def count(self) -> int:
        """The number of points, or of vertices of a mesh."""
        return len(self.shape.vertices) if isinstance(self.shape, TriangleMesh) else len(self.shape)


@dataclass(frozen=True)
class Missing:
    """An entry whose file cannot be read now; ``why`` is the reason.

    ``values`` are the fields of its `OpenShape` except the shape itself; they are saved unchanged. ``at`` is
    its index in the list of entries.
    """

    id: str
    name: str
    path: str
    at: int
    why: str
    values: dict[str, Any]


def restored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields ``kept``, ``cuts``, ``hidden`` and ``scale`` of an `OpenShape`, from an entry's JSON."""
    kept, hidden, scale = values.get("kept"), values.get("hidden"), values.get("scale")
    if scale:
        lists = {name: tuple(scale[name]) for name in ("percentiles", "hidden") if name in scale}
        scale = FieldScale(**scale | lists)
    return {
        "kept": Selection(**kept) if kept else None,
        "cuts": tuple(values.get("cuts", ())),
        "hidden": Selection(**hidden) if hidden else None,
        "scale": scale or None,
    }


def new_entry(
    loaded: Loaded,
    path: str,
    dataset: str | None = None,
    row: int | None = None,
    columns: str | None = None,
) -> OpenShape:
    """An entry with a new id for a shape that was just read."""
    name = Path(path).stem + (f" · {row}" if row is not None else "")
    label = loaded.shape.label if isinstance(loaded.shape, PointCloud) else None
    return OpenShape(
        id=os.urandom(4).hex(),
        name=name,
        path=path,
        shape=loaded.shape,
        dataset=dataset,
        row=row,
        columns=columns,
        up=loaded.up,
        extent=loaded.extent,
        upright=loaded.upright,
        label=label if isinstance(label, str) else None,
        as_mesh=isinstance(loaded.shape, TriangleMesh) and len(loaded.shape.faces) <= AS_MESH,
    )


def uncut(entry: OpenShape, loaded: Loaded) -> OpenShape:
    """A copy of ``entry`` with a new id and all points of its file: nothing is cut or hidden."""
    return replace(
        entry,
        id=os.urandom(4).hex(),
        shape=loaded.shape,
        extent=loaded.extent,
        upright=loaded.upright,
        kept=None,
        cuts=(),
        hidden=None,
    )


def coloured(new: Sequence[OpenShape], beside: Sequence[OpenShape]) -> list[OpenShape]:
    """The new shapes, each with the first of the `COLOURS` that is least used by the shapes ``beside`` it."""
    taken = Counter(entry.colour for entry in beside)
    done = []
    for entry in new:
        colour = min(COLOURS, key=taken.__getitem__)
        taken[colour] += 1
        done.append(replace(entry, colour=colour))
    return done


def signed(up: str) -> str:
    """A direction as text, with a true minus sign (U+2212)."""
    return up.replace("-", "\u2212")
