"""The sources of a file's bytes: the disk, gzip or bzip2 compression, a URL, or standard input."""

from __future__ import annotations

import bz2
import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, BinaryIO

from apsnet_core import scratch
from apsnet_core.extras import install
from apsnet_core.files.errors import FileError, ReadError, WriteError, short
from apsnet_core.files.urls import name_of, url_of
from apsnet_core.types import Values

STANDARD = "-"
"""The name of standard input and output."""

PACKED: Values = {".gz": gzip.open, ".bz2": bz2.open}
_EXTRA = ("s3", "s3a", "http", "https")  # protocols whose packages are in the extra urls
_MOST = 200  # the largest ratio of unpacked to packed size; a larger one is a decompression bomb
_ALWAYS = 64 << 20  # bytes that may be unpacked from any file
_PIECE = 1 << 20


def packing_of(path: str | PathLike[str]) -> str:
    """ ".gz" or ".bz2" if a file's name ends with it, else an empty string."""
    name = name_of(path).lower()
    return next((ending for ending in PACKED if name.endswith(ending) and name != ending), "")


@contextmanager
def local(path: Path, suffix: str) -> Iterator[Path]:
    """A local unpacked file with the bytes of ``path``; ``suffix`` is the suffix of its format.

    ReadErrors, also those raised inside the block, name ``path`` as it was given.
    """
    url, packing = url_of(path), packing_of(path)
    if url is None and not packing and path != Path(STANDARD):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=scratch.prefix("unpacked")) as folder:
        fetched = Path(folder, f"fetched{packing or suffix}")
        if path == Path(STANDARD):
            with fetched.open("wb") as out:
                shutil.copyfileobj(sys.stdin.buffer, out, _PIECE)
        elif url is not None:
            with _opened(url, "rb", path, ReadError) as source, fetched.open("wb") as out:
                shutil.copyfileobj(source, out, _PIECE)
        else:
            fetched = path
        plain = fetched
        if packing:
            plain = Path(folder, f"plain{suffix}")
            _unpack(fetched, plain, packing, path)
        try:
            yield plain
        except ReadError as error:
            raise ReadError(path, error.why) from error.__cause__


def _unpack(packed: Path, plain: Path, packing: str, path: Path) -> None:
    left = max(_ALWAYS, _MOST * packed.stat().st_size)
    try:
        with PACKED[packing](packed, "rb") as source, plain.open("wb") as out:
            while piece := source.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise ReadError(path, f"it unpacks to over {_MOST} times its size; unpack it yourself")
                out.write(piece)
    except (OSError, EOFError) as error:
        raise ReadError(path, f"it is not a complete {packing} file ({short(error)})") from None


def send(plain: Path, path: Path) -> None:
    """Copy a finished file to ``path``, which is standard output or a URL. Raises WriteError."""
    url, standard = url_of(path), sys.__stdout__
    with plain.open("rb") as source:
        if url is None:
            if standard is None:
                raise WriteError(path, "this program has no standard output; name a file")
            shutil.copyfileobj(source, standard.buffer, _PIECE)
            standard.flush()
        else:
            with _opened(url, "wb", path, WriteError) as out:
                shutil.copyfileobj(source, out, _PIECE)


def exists(path: Path) -> bool:
    """Whether a URL exists; False if this cannot be determined."""
    import fsspec

    try:
        system, place = fsspec.url_to_fs(url_of(path))
        return bool(system.exists(place))
    except Exception:  # each file system raises its own
        return False


def names_in(folder: Path) -> set[str]:
    """The relative paths of all files under a URL, with "/" between folders; empty if it does not exist.

    Raises ReadError if the URL cannot be reached.
    """
    url = url_of(folder) or str(folder)
    try:
        import fsspec

        system, place = fsspec.url_to_fs(url)
        system.invalidate_cache()
        return {str(found).removeprefix(place.rstrip("/") + "/") for found in system.find(place)}
    except FileNotFoundError:
        return set()
    except Exception as error:  # each file system raises its own
        raise _unreachable(error, url, folder, ReadError) from error


@contextmanager
def _opened(url: str, mode: str, path: Path, kind: type[FileError]) -> Iterator[IO[bytes] | BinaryIO]:
    try:
        import fsspec

        with fsspec.open(url, mode) as stream:
            yield stream
    except FileError:
        raise
    except FileNotFoundError:
        raise kind(path, "there is nothing at this address") from None
    except Exception as error:  # each file system raises its own
        raise _unreachable(error, url, path, kind) from error


def _unreachable(error: Exception, url: str, path: Path, kind: type[FileError]) -> FileError:
    if not isinstance(error, ImportError):
        return kind(path, f"it cannot be reached ({type(error).__name__}: {short(error)})")
    protocol = url.rpartition("::")[2].partition(":")[0].lower()
    extra = f": {install('urls')}" if protocol in _EXTRA else ""
    return kind(path, f"its address needs an additional package{extra} ({short(error)})")
