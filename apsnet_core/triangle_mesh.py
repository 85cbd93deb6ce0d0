"""The triangle mesh class of the program: vertices, faces, and their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apsnet_core import conversions
from apsnet_core.arrays import np, npt
from apsnet_core.lazy import LazyModule
from apsnet_core.placing import left_out, no_offset, place
from apsnet_core.types import Float32, Float64, Foreign, Int64, Unchecked

if TYPE_CHECKING:
    from apsnet_core import notebook
else:
    notebook = LazyModule("apsnet_core.notebook")


@dataclass(frozen=True, eq=False, repr=False)
class TriangleMesh:
    """Triangles: ``vertices`` (v, 3) float32 relative to ``offset`` (3,) float64, ``faces`` (k, 3) int64.

    ``rgb`` (v, 3), uint8 or uint16, and ``normals`` (v, 3) float32 belong to the vertices, and are
    interpolated linearly over a triangle. ``dropped``, ``notes`` and ``source`` are as in `PointCloud`.
    """

    vertices: Float32
    faces: Int64
    offset: Float64 = field(default_factory=no_offset)
    source: str | None = None
    dropped: int = 0
    rgb: npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None = None
    normals: Float32 | None = None
    notes: tuple[str, ...] = ()

    unit = ""  # units are not read from mesh files

    def __post_init__(self) -> None:
        if self.vertices.ndim != 2 or self.vertices.shape[1] != 3 or self.vertices.dtype != np.float32:
            found = f"{self.vertices.shape} {self.vertices.dtype}"
            raise ValueError(f"vertices must be (v, 3) float32, not {found}")
        for name, values in [("rgb", self.rgb), ("normals", self.normals)]:
            if values is not None and values.shape != self.vertices.shape:
                raise ValueError(f"{name} must be {self.vertices.shape}, not {values.shape}")
        if self.faces.ndim != 2 or self.faces.shape[1] != 3:
            raise ValueError(f"faces must be (k, 3), not {self.faces.shape}")
        if len(self.faces) and not 0 <= self.faces.min() <= self.faces.max() < len(self.vertices):
            raise ValueError("a face names a vertex that does not exist")

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on data of the file that the mesh lacks, as in `PointCloud.remarks`."""
        return left_out(self.dropped) + self.notes

    @classmethod
    def from_array(
        cls,
        vertices: Unchecked,
        faces: Unchecked,
        *,
        rgb: Unchecked = None,
        normals: Unchecked = None,
    ) -> TriangleMesh:
        """A mesh of absolute vertex positions (v, 3), any finite numbers, and triangles (k, 3) of their rows.

        Colours ``rgb`` (v, 3) are fractions from 0 to 1, or numbers up to 255 or 65535.

        >>> TriangleMesh.from_array(np.eye(3), np.array([[0, 1, 2]]))
        TriangleMesh(3 vertices, 1 triangles, an array)
        """
        relative, offset, keep = place(conversions.points_array(conversions.plain_array(vertices)))
        if keep is not None:
            raise ValueError("a vertex is not finite")
        corners = np.asarray(conversions.plain_array(faces))
        if corners.dtype.kind not in "iuf" or not np.array_equal(corners, np.floor(corners)):
            raise ValueError("faces must be whole numbers, the rows of their corners")
        colours = None if rgb is None else conversions.colours_array(rgb)
        if normals is not None:
            normals = np.asarray(conversions.plain_array(normals), dtype=np.float32)
        return cls(relative, corners.astype(np.int64), offset, rgb=colours, normals=normals)

    @classmethod
    def from_open3d(cls, mesh: Foreign) -> TriangleMesh:
        """An Open3D triangle mesh, legacy or tensor, with its vertices' colours and normals."""
        return cls._from(mesh)

    @classmethod
    def from_trimesh(cls, mesh: Foreign) -> TriangleMesh:
        """A trimesh mesh, or a scene of them, with its vertices' colours."""
        return cls._from(mesh)

    @classmethod
    def _from(cls, shape: Foreign) -> TriangleMesh:
        parts = conversions.parts_of(shape)
        if parts is None or parts.faces is None:
            raise ValueError(f"a {type(shape).__name__} is not a triangle mesh")
        return cls.from_array(parts.xyz, parts.faces, rgb=parts.rgb, normals=parts.normals)

    @property
    def absolute(self) -> Float64:
        """The vertices (v, 3) float64, in the file's own coordinates."""
        return self.vertices.astype(np.float64) + self.offset

    @property
    def _parts(self) -> conversions.Parts:
        rgb = None if self.rgb is None else conversions.as_bytes(self.rgb)
        return conversions.Parts(self.absolute, self.faces, rgb, self.normals)

    def to_open3d(self) -> Foreign:
        """The mesh as Open3D's ``geometry.TriangleMesh``, in absolute coordinates."""
        return conversions.to_open3d(self._parts)

    def to_trimesh(self) -> Foreign:
        """The mesh as trimesh's ``Trimesh``, in absolute coordinates."""
        return conversions.to_trimesh(self._parts)

    def plot(self, axes: Foreign = None) -> Foreign:
        """Draw points of the surface with matplotlib, on 3D ``axes`` if they are given; returns the axes."""
        return notebook.plot(notebook.on_faces(self.absolute, self.faces), axes=axes, source=self.source)

    def show(self) -> None:
        """Open points of the surface in the window of APSNet Studio."""
        notebook.show(notebook.on_faces(self.absolute, self.faces, 20000))

    def _repr_html_(self) -> str:
        points = notebook.on_faces(self.vertices, self.faces)
        turn = notebook.upright(points, self.source) if len(points) else None
        return notebook.html(repr(self), notebook.picture(points, turn=turn))

    def __repr__(self) -> str:
        known = [name for name in ("rgb", "normals") if getattr(self, name) is not None]
        details = [f"{len(self.vertices)} vertices", f"{len(self.faces)} triangles", *known]
        return f"TriangleMesh({', '.join([*details, self.source or 'an array'])})"
