"""The point cloud class of the program; `TriangleMesh` can be imported from here too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from apsnet_core import conversions
from apsnet_core.arrays import np, npt
from apsnet_core.lazy import LazyModule
from apsnet_core.length_unit import unit_of_crs
from apsnet_core.placing import corners, finite_normals, left_out, no_offset, place
from apsnet_core.triangle_mesh import TriangleMesh as TriangleMesh
from apsnet_core.types import Array, Foreign, Unchecked
from apsnet_core.types import Float32 as Float32
from apsnet_core.types import Float64 as Float64
from apsnet_core.types import Int64 as Int64

if TYPE_CHECKING:
    from apsnet_core import notebook
else:
    notebook = LazyModule("apsnet_core.notebook")


@dataclass(frozen=True)
class ColumnRole:
    """The meaning of a column of a table, and its origin.

    ``number`` counts from 1; ``name`` is the one in the file, or empty. ``role`` is x, y, z, nx, ny, nz,
    red, green, blue, the name of another field, or "-" for a column left out. ``known`` is "told" by the
    user, in the "header", prescribed by the "format", or a "guess" from the values.
    """

    number: int
    name: str
    role: str
    known: Literal["told", "header", "format", "guess"]


@dataclass(frozen=True, eq=False, repr=False)
class PointCloud:
    """A point cloud with its fields; absolute position = ``xyz + offset``.

    - ``xyz`` (n, 3) float32 is relative to ``offset`` (3,) float64, so coordinates in the hundred thousands
      keep their centimetres.
    - ``rgb`` (n, 3) is uint8, or uint16 if the file has 16 bits; ``normals`` is (n, 3).
    - ``attributes``: further fields of each point, (n,) or (n, k), in the file's type.
    - ``label``: the class of the shape.
    - ``dropped``: the number of points left out because they were not finite. ``rows`` (n,): the rows of the
      remaining points in the source; None if these are all rows in order.
    - ``notes``: sentences on data that the file announced or contained and the cloud lacks.
    - ``source``: the file; ``crs``: its coordinate system as written there (WKT for LAS).
    - ``grid``: (scale, offset), (3,) each, of a file that stores whole numbers (LAS), which are then written
      back unchanged.
    - ``roles``: the meaning of each column of a table without fixed meanings.
    - ``standard_time``: the attribute gps_time is GPS standard time less 10^9 (LAS), not seconds of a week.
    - ``length_unit``: the unit of the coordinates if file or format give it apart from ``crs`` (E57: "m").
    """

    xyz: Float32
    offset: Float64 = field(default_factory=no_offset)
    rgb: npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None = None
    normals: Float32 | None = None
    attributes: Mapping[str, Array] = field(default_factory=dict)
    label: str | int | None = None
    dropped: int = 0
    source: str | None = None
    crs: str | None = None
    grid: tuple[Float64, Float64] | None = None
    notes: tuple[str, ...] = ()
    rows: Int64 | None = None
    roles: tuple[ColumnRole, ...] = ()
    standard_time: bool = False
    length_unit: str = ""

    def __post_init__(self) -> None:
        if self.xyz.ndim != 2 or self.xyz.shape[1] != 3 or self.xyz.dtype != np.float32:
            raise ValueError(f"xyz must be (n, 3) float32, not {self.xyz.shape} {self.xyz.dtype}")
        if not np.isfinite(self.xyz).all():
            raise ValueError("a coordinate is not finite; PointCloud.from_array leaves such points out")
        if self.rows is not None and self.rows.shape != (len(self.xyz),):
            raise ValueError(f"rows must be ({len(self.xyz)},), not {self.rows.shape}")
        for name, values in [("rgb", self.rgb), ("normals", self.normals)]:
            if values is not None and values.shape != self.xyz.shape:
                raise ValueError(f"{name} must be {self.xyz.shape}, not {values.shape}")
        for name, values in self.attributes.items():
            if len(values) != len(self.xyz):
                raise ValueError(f"attribute {name!r} has {len(values)} values for {len(self.xyz)} points")

    @cached_property
    def unit(self) -> str:
        """The unit of the coordinates, "m" or "ft", if the file gives it; otherwise empty."""
        return self.length_unit or unit_of_crs(self.crs)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on data of the file that the cloud lacks: the ``dropped`` points, and the ``notes``."""
        return left_out(self.dropped) + self.notes

    @cached_property
    def longest_side(self) -> float:
        """The longest side of the bounding box, computed once."""
        low, high = corners(self.xyz)
        return float((high - low).max())

    @classmethod
    def from_array(
        cls,
        xyz: Array,
        *,
        rgb: Unchecked = None,
        normals: Unchecked = None,
        attributes: Mapping[str, Unchecked] | None = None,
        label: str | int | None = None,
        source: str | None = None,
        crs: str | None = None,
        notes: tuple[str, ...] = (),
        roles: tuple[ColumnRole, ...] = (),
    ) -> PointCloud:
        """A cloud of absolute positions (n, 3) of any numeric type, with further values for each point.

        Colours ``rgb`` (n, 3) are fractions from 0 to 1, or numbers up to 255 or 65535. Points that are not
        finite are left out and counted; the others keep their row numbers. Normals that are not finite become
        zero, with a note. Raises ValueError if no point is left, the lengths differ or colours are invalid.

        >>> cloud = PointCloud.from_array(np.array([[0.0, 0, 0], [np.nan, 0, 0], [1, 0, 0]]))
        >>> len(cloud), cloud.dropped, cloud.source_rows(np.array([1])).tolist()
        (2, 1, [2])
        """
        xyz = np.asarray(conversions.plain_array(xyz))
        if xyz.ndim != 2 or xyz.shape[1] != 3:
            raise ValueError(f"positions must be (n, 3), not {xyz.shape}")
        fields = {name: np.asarray(conversions.plain_array(of)) for name, of in (attributes or {}).items()}
        colours = None if rgb is None else conversions.colours_array(rgb)
        directions = None if normals is None else np.asarray(conversions.plain_array(normals))
        for name, of in fields.items():
            if of.dtype.kind not in "biuf":
                raise ValueError(f"attribute {name!r} is of type {of.dtype}; numbers are needed")
        each: dict[str, Array | None] = {"rgb": colours, "normals": directions, **fields}
        for name, values in each.items():
            if values is not None and np.atleast_1d(values).shape[0] != len(xyz):
                raise ValueError(f"{name} has {len(np.atleast_1d(values))} values for {len(xyz)} points")
        relative, offset, keep = place(xyz)
        kept = slice(None) if keep is None else keep
        if directions is not None:
            directions, remarks = finite_normals(directions[kept])
            notes += remarks
        return cls(
            xyz=relative,
            offset=offset,
            rgb=None if colours is None else colours[kept],
            normals=directions,
            attributes={name: values[kept] for name, values in fields.items()},
            label=label,
            dropped=len(xyz) - len(relative),
            source=source,
            crs=crs,
            notes=notes,
            rows=None if keep is None else np.flatnonzero(keep),
            roles=roles,
        )

    @classmethod
    def from_open3d(cls, cloud: Foreign) -> PointCloud:
        """An Open3D point cloud, legacy or tensor, with its colours and normals."""
        return cls._from(cloud)

    @classmethod
    def from_trimesh(cls, cloud: Foreign) -> PointCloud:
        """A trimesh point cloud with its colours."""
        return cls._from(cloud)

    @classmethod
    def from_dataframe(cls, table: Foreign) -> PointCloud:
        """A pandas table with columns x, y and z; red, green, blue are colours, other numbers attributes."""
        return cls._from(table)

    @classmethod
    def _from(cls, shape: Foreign) -> PointCloud:
        parts = conversions.parts_of(shape)
        if parts is None or parts.faces is not None or parts.xyz.ndim != 2:
            raise ValueError(f"a {type(shape).__name__} is not one cloud of points")
        return cls.from_array(parts.xyz, rgb=parts.rgb, normals=parts.normals, attributes=parts.attributes)

    @property
    def _parts(self) -> conversions.Parts:
        rgb = None if self.rgb is None else conversions.as_bytes(self.rgb)
        return conversions.Parts(self.absolute, None, rgb, self.normals, dict(self.attributes))

    def to_open3d(self) -> Foreign:
        """The cloud as Open3D's ``geometry.PointCloud``, in absolute coordinates."""
        return conversions.to_open3d(self._parts)

    def to_trimesh(self) -> Foreign:
        """The cloud as trimesh's ``PointCloud``, in absolute coordinates."""
        return conversions.to_trimesh(self._parts)

    def to_dataframe(self) -> Foreign:
        """The cloud as a pandas table: x, y, z, colours, normals and attributes, a row for each point."""
        return conversions.to_dataframe(self._parts)

    def plot(self, axes: Foreign = None) -> Foreign:
        """Draw the cloud with matplotlib, on 3D ``axes`` if they are given; returns the axes."""
        return notebook.plot(self.absolute, self.rgb, axes=axes, source=self.source)

    def show(self) -> None:
        """Open the cloud in the window of APSNet Studio."""
        notebook.show(self.absolute, self.rgb)

    def __repr__(self) -> str:
        known = [name for name in ("rgb", "normals", "label") if getattr(self, name) is not None]
        size = " x ".join(f"{side:.4g}" for side in np.ptp(self.xyz, axis=0)) if len(self) else "empty"
        details = [f"{len(self)} points", size, *known, *self.attributes]
        details += [f"{self.dropped} dropped"] * bool(self.dropped) + [self.source or "an array"]
        return f"PointCloud({', '.join(details)})"

    def _repr_html_(self) -> str:
        turn = notebook.upright(self.xyz, self.source) if len(self) else None
        return notebook.html(repr(self), notebook.picture(self.xyz, self.rgb, turn=turn))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """The absolute positions (n, 3), for ``numpy.asarray``."""
        return conversions.made_array(self.absolute, dtype, copy)

    def __getitem__(self, rows: Any) -> PointCloud:
        """The points at ``rows``: numbers, a slice, or a mask (n,) of booleans."""
        return self.take(np.atleast_1d(np.arange(len(self))[rows]))

    def __len__(self) -> int:
        return len(self.xyz)

    @property
    def absolute(self) -> Float64:
        """The positions (n, 3) as float64, in the file's own coordinates.

        >>> cloud = PointCloud.from_array(np.array([[636000.25, 851000.5, 118.0], [636001, 851000, 118]]))
        >>> cloud.absolute[0].tolist(), bool(cloud.offset.any())
        ([636000.25, 851000.5, 118.0], True)
        """
        return self.xyz.astype(np.float64) + self.offset

    def source_rows(self, indices: Int64) -> Int64:
        """The rows in the source, counted from 0, of the points at ``indices`` (k,)."""
        return indices if self.rows is None else self.rows[indices]

    def take(self, indices: Int64) -> PointCloud:
        """The points at ``indices`` (k,), in that order, with all their fields.

        >>> cloud = PointCloud.from_array(np.arange(12.0).reshape(4, 3), attributes={"time": np.arange(4)})
        >>> cloud.take(np.array([2, 0])).attributes["time"].tolist(), cloud[:2].xyz.tolist()
        ([2, 0], [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
        """
        return PointCloud(
            xyz=self.xyz[indices],
            offset=self.offset,
            rgb=None if self.rgb is None else self.rgb[indices],
            normals=None if self.normals is None else self.normals[indices],
            attributes={name: values[indices] for name, values in self.attributes.items()},
            label=self.label,
            dropped=self.dropped,
            source=self.source,
            crs=self.crs,
            grid=self.grid,
            notes=self.notes,
            rows=self.source_rows(indices),
            roles=self.roles,
            standard_time=self.standard_time,
            length_unit=self.length_unit,
        )
