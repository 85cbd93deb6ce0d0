"""Buffer views packed by meshoptimizer, unpacked by the package meshopt, which is an extra."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.extras import install
from apsnet_core.files.errors import ReadError, short
from apsnet_core.types import Values

NAMES = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MODES = ("ATTRIBUTES", "TRIANGLES", "INDICES")


def packed_in(view: Values) -> tuple[str, Values] | None:
    """By which extension a buffer view is packed, and what its JSON says of that; None where it is plain."""
    extensions = view.get("extensions", {})
    return next(((name, extensions[name]) for name in NAMES if name in extensions), None)


def unpacked(data: bytes, count: int, step: int, how: Values, extension: str, path: Path) -> bytes:
    """``count`` elements of ``step`` bytes; ReadError that names the extra where meshopt is not there."""
    try:
        import meshopt
    except ImportError:
        raise ReadError(
            path,
            f"it is compressed by {extension}, which takes one package more: {install('meshopt')}",
        ) from None
    mode, undo = how.get("mode"), how.get("filter", "NONE")
    if mode not in _MODES:
        raise ReadError(path, f"its {extension} has the mode {str(mode)[:40]!r}; possible are {_MODES}")
    try:
        return bytes(meshopt.decode_gltf_buffer(data, count, step, mode, undo).tobytes())
    except ValueError as error:
        raise ReadError(path, f"its {extension} cannot be unpacked ({short(error)})") from error
