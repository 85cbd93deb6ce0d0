"""Conversion of shapes of other libraries to plain arrays and back.

An object is recognised by the name of its class, so this module never imports a library to read its objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from apsnet_core.arrays import np, npt
from apsnet_core.types import Array, DType, Foreign, Unchecked


class Parts(NamedTuple):
    """A shape as plain arrays: absolute ``xyz`` (n, 3), ``faces`` (k, 3) of a mesh, and further fields."""

    xyz: Array
    faces: npt.NDArray[np.int64] | None = None
    rgb: npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None = None
    normals: npt.NDArray[np.float32] | None = None
    attributes: Mapping[str, Array] = MappingProxyType({})


def parts_of(shape: Unchecked) -> Parts | None:
    """The arrays of an Open3D, trimesh or pandas object, a tensor on any device, or nested lists.

    Any object that numpy converts to an array is accepted too, such as an xarray or an h5py dataset; an array
    with named fields is read as a table. None for any other object. ValueError if the object holds no points.
    """
    library = type(shape).__module__.partition(".")[0]
    if library == "open3d" and not _is_array(shape):
        return _of_open3d(shape)
    if library == "trimesh":
        return _of_trimesh(shape)
    if hasattr(shape, "columns") and hasattr(shape, "to_numpy"):
        table: Foreign = shape
        return _of_columns({str(name): table[name].to_numpy for name in table.columns})
    if not _is_array(shape):
        return None
    array = plain_array(shape)
    if isinstance(array, np.ndarray) and array.dtype.names:
        named: Array = array
        return _of_columns({name: partial(named.__getitem__, name) for name in array.dtype.names})
    return Parts(points_array(array))


def plain_array(values: Unchecked) -> Unchecked:
    """Convert a tensor to a numpy array, and masked values to NaN; return anything else unchanged.

    ValueError for a tensor without values.
    """
    if isinstance(values, np.ma.MaskedArray):
        return values if values.dtype.names else np.ma.filled(values.astype(np.float64), np.nan)
    library = type(values).__module__.partition(".")[0]
    if library == "open3d" and hasattr(values, "cpu"):
        return values.cpu().numpy()
    if library != "torch":
        return values
    tensor: Foreign = values  # torch has types, but is not imported for them
    if tensor.is_meta:
        raise ValueError("a tensor on the device meta has no values: points are needed")
    tensor = tensor.detach().to_dense().cpu()
    try:
        return tensor.numpy()
    except TypeError:  # bfloat16 and smaller, which numpy does not have
        return tensor.float().numpy()


def made_array(values: Array, dtype: DType | None, copy: bool | None) -> Array:
    """The result of ``__array__`` for computed ``values``; ValueError if the caller forbids a copy."""
    if copy is False:
        raise ValueError("the absolute positions are computed, so they cannot be returned without a copy")
    return np.asarray(values, dtype=dtype)


def _is_array(shape: Unchecked) -> bool:
    """Whether numpy converts it to an array of values, not to an array with one object."""
    lists = isinstance(shape, list | tuple) or type(shape).__name__ == "Vector3dVector"
    return lists or hasattr(shape, "__array__") or hasattr(shape, "__dlpack__")


def points_array(values: Unchecked) -> Array:
    """Positions as an array of numbers, (n, 3) or (B, n, 3); ValueError names the shape found instead.

    >>> points_array([[1, 2, 3]]).shape
    (1, 3)
    """
    try:
        array = np.asarray([plain_array(each) for each in values] if isinstance(values, list) else values)
    except (ValueError, TypeError, RuntimeError):
        array = np.asarray(None)
    if array.dtype.kind not in "iuf":
        raise ValueError("points must be numbers, in rows of x, y and z that all have the same length")
    if array.ndim not in (2, 3) or array.shape[-1] != 3:
        hint = "; its transpose would do" if array.ndim > 1 and array.shape[-2] == 3 else ""
        raise ValueError(f"points must be (n, 3), or (B, n, 3) for many clouds, not {array.shape}{hint}")
    return array


def bytes_of(colours: Array) -> npt.NDArray[np.uint8]:
    """Colours (n, 3 or more) as bytes (n, 3); floats are assumed to be in 0..1."""
    rgb = colours[:, :3]
    if rgb.dtype.kind == "f":
        rgb = np.rint(np.clip(rgb, 0.0, 1.0) * 255.0)
    return rgb.astype(np.uint8)


def colours(values: Array) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None:
    """Colours (n, 3) as uint8 or uint16; floats in 0..1 are scaled; None if the values cannot be colours."""
    if values.dtype in (np.uint8, np.uint16):
        return values
    if values.dtype.kind not in "iuf" or not values.size:
        return None
    if not np.isfinite(values).all() or values.min() < 0:
        return None
    if values.dtype.kind == "f" and values.max() <= 1:
        return np.round(values * 255).astype(np.uint8)
    if values.max() > 65535:
        return None
    whole = np.round(values)
    return np.minimum(whole, 255).astype(np.uint8) if values.max() < 256 else whole.astype(np.uint16)


def colours_array(values: Unchecked) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    """`colours` of any array, tensor or nested lists; ValueError if the values cannot be colours."""
    found = colours(np.asarray(plain_array(values)))
    if found is None:
        raise ValueError("rgb must be numbers from 0 to 1, 255 or 65535")
    return found


def as_bytes(rgb: Array) -> npt.NDArray[np.uint8]:
    """Convert colours (n, 3) of 8 or 16 bits to 8 bits."""
    return (rgb >> 8 if rgb.dtype == np.uint16 else rgb).astype(np.uint8)


def _of_open3d(shape: Foreign) -> Parts:
    if hasattr(shape, "to_legacy"):
        shape = shape.to_legacy()
    is_mesh = hasattr(shape, "triangles")
    if not is_mesh and not (hasattr(shape, "points") and hasattr(shape, "normals")):
        raise ValueError(f"a {type(shape).__name__} of Open3D is neither a point cloud nor a triangle mesh")
    colours, normals = (
        (shape.vertex_colors, shape.vertex_normals) if is_mesh else (shape.colors, shape.normals)
    )
    return Parts(
        np.asarray(shape.vertices if is_mesh else shape.points),
        np.asarray(shape.triangles).astype(np.int64) if is_mesh else None,
        bytes_of(np.asarray(colours)) if len(colours) else None,
        np.asarray(normals).astype(np.float32) if len(normals) else None,
    )


def _of_trimesh(shape: Foreign) -> Parts:
    if hasattr(shape, "to_mesh"):  # a scene of several meshes, or of one cloud
        mesh = shape.to_mesh()
        shape = mesh if len(mesh.vertices) else shape.to_geometry()
    if not hasattr(shape, "vertices"):
        raise ValueError(f"a {type(shape).__name__} of trimesh has no vertices")
    faces = getattr(shape, "faces", None)
    coloured = getattr(getattr(shape, "visual", None), "kind", None) == "vertex"
    colours = shape.visual.vertex_colors if coloured else getattr(shape, "colors", None)
    rgb = None if colours is None or not len(colours) else bytes_of(np.asarray(colours))
    return Parts(
        np.asarray(shape.vertices), None if faces is None else np.asarray(faces, dtype=np.int64), rgb
    )


def _of_columns(columns: Mapping[str, Callable[[], Unchecked]]) -> Parts:
    """Read the columns x, y, z, and red, green, blue as colours, in any case; the others are attributes."""
    by_name = {name.lower(): name for name in columns}
    if missing := [name for name in "xyz" if name not in by_name]:
        raise ValueError(f"the table has no column {missing[0]}; there are {', '.join(columns)}")

    def column(name: str) -> Array:
        return np.asarray(columns[by_name[name]]())

    try:
        xyz = np.column_stack([column(name).astype(np.float64) for name in "xyz"])
    except (ValueError, TypeError) as error:
        raise ValueError(f"the columns x, y and z must be numbers: {error}") from None
    used, rgb = {*"xyz"}, None
    for names in (("red", "green", "blue"), ("r", "g", "b")):
        if rgb is None and all(name in by_name for name in names):
            rgb = colours(np.column_stack([column(name) for name in names]))
            used |= {*names} if rgb is not None else {*()}
    others = {by_name[name]: column(name) for name in by_name if name not in used}
    return Parts(xyz, rgb=rgb, attributes={k: v for k, v in others.items() if v.dtype.kind in "biuf"})


def to_open3d(parts: Parts) -> Foreign:
    """An Open3D point cloud, or a triangle mesh if there are faces, in absolute coordinates."""
    import open3d

    vector, colours = open3d.utility.Vector3dVector, None if parts.rgb is None else parts.rgb[:, :3] / 255.0
    if parts.faces is None:
        cloud = open3d.geometry.PointCloud(vector(parts.xyz))
        if colours is not None:
            cloud.colors = vector(colours)
        if parts.normals is not None:
            cloud.normals = vector(parts.normals.astype(np.float64))
        return cloud
    mesh = open3d.geometry.TriangleMesh(vector(parts.xyz), open3d.utility.Vector3iVector(parts.faces))
    if colours is not None:
        mesh.vertex_colors = vector(colours)
    if parts.normals is not None:
        mesh.vertex_normals = vector(parts.normals.astype(np.float64))
    return mesh


def to_trimesh(parts: Parts) -> Foreign:
    """A trimesh point cloud, or a mesh if there are faces, in absolute coordinates."""
    import trimesh

    if parts.faces is None:
        return trimesh.PointCloud(parts.xyz, colors=parts.rgb)
    return trimesh.Trimesh(
        parts.xyz, parts.faces, vertex_normals=parts.normals, vertex_colors=parts.rgb, process=False
    )


def to_dataframe(parts: Parts) -> Foreign:
    """A pandas table with a row for each point: x, y, z, red, green, blue, nx, ny, nz and the attributes."""
    import pandas

    columns: dict[str, Array] = dict(zip("xyz", parts.xyz.T, strict=True))
    for names, values in ((("red", "green", "blue"), parts.rgb), (("nx", "ny", "nz"), parts.normals)):
        if values is not None:
            columns |= dict(zip(names, values.T, strict=True))
    for name, values in parts.attributes.items():
        columns |= {name: values} if values.ndim == 1 else {f"{name}_{i}": v for i, v in enumerate(values.T)}
    return pandas.DataFrame(columns)
