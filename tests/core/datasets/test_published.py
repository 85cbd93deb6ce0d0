"""Downloads from a local server are complete and checked, or nothing is kept and the reason is given."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from apsnet_core.datasets import DatasetError, open_dataset
from apsnet_core.datasets.published import PUBLISHED, Published, download


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def offered(hdf5_release: Path, tmp_path: Path) -> Iterator[Published]:
    """The tiny release as a zip archive on a local server, with the checksums of its files."""
    public = tmp_path / "public"
    public.mkdir()
    with zipfile.ZipFile(public / "tiny.zip", "w") as archive:
        for path in sorted(hdf5_release.iterdir()):
            archive.write(path, f"release/{path.name}")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(public)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    md5 = {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in hdf5_release.glob("*.h5")}
    yield Published("tiny", f"http://127.0.0.1:{server.server_port}/tiny.zip", "release", 1, md5)
    server.shutdown()
    server.server_close()


def test_a_downloaded_dataset_equals_the_original(
    offered: Published, hdf5_release: Path, tmp_path: Path
) -> None:
    folder = download(offered, tmp_path / "here")
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["release"]
    assert open_dataset(folder).test.names == open_dataset(hdf5_release).test.names


def test_a_dataset_that_exists_is_not_downloaded_again(offered: Published, tmp_path: Path) -> None:
    folder = download(offered, tmp_path / "here")
    nowhere = Published("tiny", "http://127.0.0.1:9/tiny.zip", "release", 1)
    assert download(nowhere, tmp_path / "here") == folder


def test_a_file_that_is_not_the_published_one_is_not_kept(offered: Published, tmp_path: Path) -> None:
    changed = Published("tiny", offered.url, "release", 1, {"ply_data_test0.h5": "0" * 32})
    with pytest.raises(DatasetError, match=r"ply_data_test0.h5: .* is not the published file"):
        download(changed, tmp_path / "here")
    assert list((tmp_path / "here").iterdir()) == []


def test_an_archive_cut_short_is_not_kept(offered: Published, tmp_path: Path) -> None:
    archive = tmp_path / "public" / "tiny.zip"
    archive.write_bytes(archive.read_bytes()[:2000])
    with pytest.raises(DatasetError, match="gave no whole zip archive"):
        download(offered, tmp_path / "here")
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:9/tiny.zip", "the host does not answer"), (None, "404")],
)
def test_the_error_of_a_failed_download_names_the_import_command(
    offered: Published, tmp_path: Path, url: str | None, reason: str
) -> None:
    absent = Published("tiny", url or offered.url.replace("tiny.zip", "gone.zip"), "release", 1)
    with pytest.raises(DatasetError, match=reason) as raised:
        download(absent, tmp_path / "here")
    assert "apsnet data import FOLDER --name tiny" in raised.value.why
    assert list((tmp_path / "here").iterdir()) == []


def test_every_published_file_has_a_checksum() -> None:
    for published in PUBLISHED.values():
        assert published.url.startswith("https://")
        assert all(len(known) == 32 for known in published.md5.values())
        assert len(published.md5) == 7
