"""Recognise URLs among paths, and restore the slashes that they lose in a `Path`."""

from __future__ import annotations

import re
from os import PathLike, fspath
from pathlib import Path, PurePath

# A Path drops a slash of each "://" in a URL, also inside "zip://a.ply::https://host/b.zip".
_URL = re.compile(r"(^|::)([a-z][a-z0-9+.-]+):/{1,3}(?=[^/])", re.IGNORECASE)
_DISK = ("file", "local")  # protocols for files on this computer


def url_of(path: str | PathLike[str]) -> str | None:
    """The URL in a path, with its slashes restored; None for a plain path.

    >>> url_of(Path("s3://bucket/scan.laz")), url_of("scan.laz")
    ('s3://bucket/scan.laz', None)
    """
    text = fspath(path)
    if ":" not in text:  # this function is called for each file of a folder, so it returns early
        return None
    text = text.replace("\\", "/")
    if not _URL.match(text) or Path(text).exists():
        return None
    return _URL.sub(lambda match: f"{match[1]}{match[2]}://" + "/" * (match[2].lower() in _DISK), text)


def plain(text: str) -> str:
    """Convert a URL of a file on this computer to a plain path; other texts are returned unchanged.

    >>> plain("file:///data/out/"), plain("s3://bucket/out/"), plain("out/")
    ('/data/out/', 's3://bucket/out/', 'out/')
    """
    from urllib.request import url2pathname  # loads all of HTTP, which plain paths do not need

    url = url_of(text)
    if url is None or "::" in url or url.partition(":")[0].lower() not in _DISK:
        return text
    return url2pathname(url.partition("://")[2])


def name_of(path: str | PathLike[str]) -> str:
    """The name of a file, without folders, archive and query.

    >>> name_of("zip://inner/a.ply::https://host/b.zip"), name_of("https://host/c.laz?token=x")
    ('a.ply', 'c.laz')
    """
    url = url_of(path)
    if url is None:
        return path.name if isinstance(path, PurePath) else Path(path).name
    return re.split(r"::|\?", url)[0].rpartition("/")[2]
