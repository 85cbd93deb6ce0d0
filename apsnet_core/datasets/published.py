"""Datasets that can be downloaded; each file is checked before the dataset is used."""

from __future__ import annotations

import logging
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from apsnet_core.datasets.dataset import DatasetError
from apsnet_core.units import with_unit


@dataclass(frozen=True)
class Published:
    """A zip archive with one dataset ``folder``; ``md5`` are the checksums of the files in this folder."""

    name: str
    url: str
    folder: str
    megabytes: int
    md5: Mapping[str, str] = field(default_factory=dict)


PUBLISHED = {
    "modelnet40": Published(
        name="modelnet40",
        url="https://shapenet.cs.stanford.edu/media/modelnet40_ply_hdf5_2048.zip",
        folder="modelnet40_ply_hdf5_2048",
        megabytes=435,
        md5={
            "ply_data_train0.h5": "3176385ffc31a7b6b5af22191fd920d1",
            "ply_data_train1.h5": "e3f613fb500559403b34925112754dc4",
            "ply_data_train2.h5": "0c56e233a090ff87c3049d4ce08e7d8b",
            "ply_data_train3.h5": "9d2af465adfa33a3285c369f3ca66c45",
            "ply_data_train4.h5": "dff38de489b2c41bfaeded86c2208984",
            "ply_data_test0.h5": "e9732e6d83b09e79e9a7617df058adee",
            "ply_data_test1.h5": "aba4b12a67c34391cc3c015a6f08ed4b",
        },
    ),
}


def download(published: Published, into: Path, timeout: float = 30) -> Path:
    """Download, unpack and check a dataset, and return its folder in ``into``, which is complete or missing.

    ``timeout`` is the longest wait for the host in seconds. DatasetError says what to do instead.
    """
    target = into / published.folder
    if target.is_dir():
        return target
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".download-") as beside:
        archive = _fetch(published, Path(beside), timeout)
        try:
            with zipfile.ZipFile(archive) as file:
                file.extractall(beside)
        except (zipfile.BadZipFile, OSError) as error:
            raise DatasetError(archive.name, f"{published.url} gave no whole zip archive: {error}") from error
        unpacked = Path(beside) / published.folder
        _check(unpacked, published)
        unpacked.replace(target)
    return target


def _fetch(published: Published, into: Path, timeout: float) -> Path:
    import pooch
    import requests

    if shutil.disk_usage(into).free < 3e6 * published.megabytes:
        needed = with_unit(str(3 * published.megabytes), "MB")
        raise DatasetError(into.parent, f"{published.name} needs {needed} of free space")
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        fetch = pooch.HTTPDownloader(timeout=timeout)
        # There is no published checksum of the archive, so its files are checked instead.
        return Path(pooch.retrieve(published.url, None, f"{published.name}.zip", into, downloader=fetch))
    except (requests.RequestException, OSError) as error:
        silent = isinstance(error, requests.ConnectionError | requests.Timeout)
        reason = "the host does not answer" if silent else str(error)
        raise DatasetError(
            published.url,
            f"could not be downloaded ({reason}); try again later, or take the archive from somewhere else, "
            f"unpack it and name its folder: apsnet data import FOLDER --name {published.name}",
        ) from error


def _check(folder: Path, published: Published) -> None:
    import pooch

    for name, known in published.md5.items():
        if not (folder / name).is_file():
            raise DatasetError(name, f"is missing in the archive from {published.url}")
        found = pooch.file_hash(str(folder / name), alg="md5")
        if found != known:
            raise DatasetError(
                name,
                f"from {published.url} is not the published file (MD5 {found}, published {known}); "
                "nothing was kept, download it again",
            )
