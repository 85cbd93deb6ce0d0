"""Read a cloud or mesh from a path, with the checks that apply to every file; each failure is a ReadError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files import limits, reader_process
from apsnet_core.files.errors import ReadError, short
from apsnet_core.files.format import Format, Preview
from apsnet_core.files.formats import format_of, formats, listed, named, readable, suffix_of
from apsnet_core.files.many_clouds import POSITION_NAMES, StoredArray
from apsnet_core.files.sources import STANDARD, local
from apsnet_core.files.urls import url_of


def read_any(path: Path, name: str | None = None, **choice: object) -> PointCloud | TriangleMesh:
    """Read a file, see `apsnet_core.files.read`; ``name`` is the name of the format."""
    with _in_one_sentence(path), _opened(path, name) as (format, plain):
        given = {key: value for key, value in choice.items() if value is not None}
        for unwanted in sorted(given.keys() - set(format.choices)):
            able = tuple(s for other in formats() if unwanted in other.choices for s in other.suffixes)
            what = "its columns have names" if unwanted == "columns" else "it holds one cloud"
            raise ReadError(path, f"{what}; {unwanted} can be chosen only for {listed(able)}")
        if format.contained:
            result: Any = reader_process.call(format.name, "read", plain, given)
        else:
            with limits.within(plain):
                result = format.read(plain, **given)
    if not isinstance(result, PointCloud | TriangleMesh):
        raise TypeError(f"the reader of {format.name} returned {type(result).__name__}")
    return result if plain == path else replace(result, source=url_of(path) or str(path))


def describe_any(path: Path, name: str | None = None) -> list[StoredArray]:
    """List the arrays in a file, see `apsnet_core.files.describe`."""
    with _in_one_sentence(path), _opened(path, name) as (format, plain):
        if format.describe is None:
            return []
        if not format.contained:
            with limits.within(plain):
                return format.describe(plain)
        described: list[StoredArray] = reader_process.call(format.name, "describe", plain, {})
    return described


def clouds_of(path: Path, dataset: str | None = None) -> int | None:
    """The number of clouds in the array that `read_any` would use; None if it is not known before reading."""
    found = {one.name: one.rows for one in describe_any(path)}
    known = next((name for name in (dataset, *POSITION_NAMES) if name in found), None)
    if known is not None:
        return found[known]
    return next(iter(found.values())) if len(found) == 1 and dataset is None else None


def preview_any(path: Path) -> Preview | None:
    """Read the first lines of a text file, see `apsnet_core.files.preview`."""
    with _in_one_sentence(path), _opened(path, None) as (format, plain):
        return None if format.preview is None else format.preview(plain)


@contextmanager
def _in_one_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except ReadError:
        raise
    except OSError as error:
        reason = error.strerror or short(error)
        raise ReadError(path, f"it cannot be read ({reason}); a file that you may read is needed") from error
    except MemoryError:
        raise ReadError(
            path, "opening it takes more memory than there is; a smaller file is needed"
        ) from None
    except Exception as error:  # damage that no check detected; the traceback keeps it as the cause
        raise ReadError(path, f"it is damaged, or not what its extension says ({short(error)})") from error


@contextmanager
def _opened(path: Path, name: str | None) -> Iterator[tuple[Format, Path]]:
    """The format of a file, and a local unpacked file with its bytes.

    Raises ReadError if the file does not exist, is empty, or has no known format.
    """
    if path != Path(STANDARD) and url_of(path) is None:
        _check_there(path)
    try:
        format = format_of(path) if name is None else named(name)
    except ValueError as error:
        raise ReadError(path, str(error)) from None
    if format is None and path == Path(STANDARD):
        raise ReadError(path, f"standard input needs --from with its format: {listed(readable())}")
    if format is None:
        raise ReadError(
            path,
            f"files {path.suffix.lower() or 'without extension'} are not known; accepted are "
            f"{listed(readable())}",
        )
    with local(path, suffix_of(path) or format.suffixes[0]) as plain:
        with plain.open("rb") as stream:
            if not stream.read(1):
                raise ReadError(path, "it is empty (0 bytes)")
        yield format, plain


def _check_there(path: Path) -> None:
    if "\0" in str(path):
        raise ReadError(path, "its name has a character that no file name can have")
    if path.is_dir():
        raise ReadError(path, "it is a folder; choose one file")
    if not path.exists():
        raise ReadError(path, "there is no such file")
    if not path.is_file():
        raise ReadError(path, "it is not a regular file")
