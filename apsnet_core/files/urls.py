"""URLs among the paths: which are, and what they were before a `Path` lost their slashes."""

from __future__ import annotations

import re
from os import PathLike, fspath
from pathlib import Path, PurePath

# A path loses one of a URL's slashes, also within "zip://a.ply::https://host/b.zip".
_URL = re.compile(r"(^|::)([a-z][a-z0-9+.-]+):/{1,3}(?=[^/])", re.IGNORECASE)
_DISK = ("file", "local")  # of this machine


def url_of(path: str | PathLike[str]) -> str | None:
    """The URL that a path is, slashes restored; None for a plain path.

    >>> url_of(Path("s3://bucket/scan.laz")), url_of("scan.laz")
    ('s3://bucket/scan.laz', None)
    """
    text = fspath(path)
    if ":" not in text:  # asked for each file of a folder
        return None
    text = text.replace("\\", "/")
    if not _URL.match(text) or Path(text).exists():
        return None
    return _URL.sub(lambda match: f"{match[1]}{match[2]}://" + "/" * (match[2].lower() in _DISK), text)


def plain(text: str) -> str:
    """What a URL means that names a file of this machine as a plain path; anything else as it is.

    >>> plain("file:///data/out/"), plain("s3://bucket/out/"), plain("out/")
    ('/data/out/', 's3://bucket/out/', 'out/')
    """
    from urllib.request import url2pathname  # with all of HTTP, which plain paths do without

    url = url_of(text)
    if url is None or "::" in url or url.partition(":")[0].lower() not in _DISK:
        return text
    return url2pathname(url.partition("://")[2])


def name_of(path: str | PathLike[str]) -> str:
    """The file's own name, without folders, archive and query.

    >>> name_of("zip://inner/a.ply::https://host/b.zip"), name_of("https://host/c.laz?token=x")
    ('a.ply', 'c.laz')
    """
    url = url_of(path)
    if url is None:
        return path.name if isinstance(path, PurePath) else Path(path).name
    return re.split(r"::|\?", url)[0].rpartition("/")[2]
