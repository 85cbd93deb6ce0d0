"""Buffer views compressed by meshoptimizer, decompressed by the package of the extra ``meshopt``."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.extras import install
from apsnet_core.files.errors import ReadError, short
from apsnet_core.types import Values

NAMES = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MODES = ("ATTRIBUTES", "TRIANGLES", "INDICES")


def packed_in(view: Values) -> tuple[str, Values] | None:
    """The extension that compresses a buffer view and its JSON, or None if the view is not compressed."""
    extensions = view.get("extensions", {})
    return next(((name, extensions[name]) for name in NAMES if name in extensions), None)


def unpacked(data: bytes, count: int, step: int, how: Values, extension: str, path: Path) -> bytes:
    """Decompress ``count`` elements of ``step`` bytes.

    Raises ReadError, which names the extra to install if meshopt is missing.
    """
    try:
        import meshopt
    except ImportError:
        raise ReadError(
            path,
            f"it is compressed by {extension}, which needs an additional package: {install('meshopt')}",
        ) from None
    mode, undo = how.get("mode"), how.get("filter", "NONE")
    if mode not in _MODES:
        raise ReadError(path, f"its {extension} has the mode {str(mode)[:40]!r}; possible are {_MODES}")
    try:
        return bytes(meshopt.decode_gltf_buffer(data, count, step, mode, undo).tobytes())
    except ValueError as error:
        raise ReadError(path, f"its {extension} cannot be unpacked ({short(error)})") from error
