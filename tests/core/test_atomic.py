"""Files are written whole or not at all, however the writing process ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from apsnet_core import atomic
from apsnet_core.atomic import atomic_path, write_all, write_text

_WRITING = """
import sys
from pathlib import Path
from apsnet_core.atomic import atomic_path
import apsnet_core.cli, apsnet_core.cli.app as app
def run(arguments):
    with atomic_path(Path(sys.argv[1])) as beside:
        beside.write_text("half")
        print("ready", flush=True)
        sys.stdin.read()
app.run = run
try:
    apsnet_core.cli.main([])
except KeyboardInterrupt:
    sys.exit(130)
"""


def _writer(target: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITING, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    return child


@pytest.mark.parametrize("interrupt", [signal.default_int_handler, signal.SIG_IGN])
def test_a_terminated_process_leaves_no_temporary_file(tmp_path: Path, interrupt: signal.Handlers) -> None:
    # A shell ignores SIGINT for commands started with "&", and the process inherits that.
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        child = _writer(tmp_path / "a.csv")
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(list(tmp_path.iterdir())) == 1
    child.send_signal(signal.SIGTERM)
    assert child.wait(60) == 130
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has neither without more rights")
def test_a_symbolic_link_is_kept_and_a_pipe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "a.txt")
    for text in ("there is none yet", "there is one"):
        write_text(tmp_path / "link", text)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "elsewhere" / "a.txt").read_text() == text
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a device or a pipe"):
        write_text(tmp_path / "pipe", "a")
    assert (tmp_path / "pipe").is_fifo()
    assert {path.name for path in tmp_path.rglob("*")} == {"elsewhere", "a.txt", "link", "pipe"}


def test_temporary_files_of_killed_processes_are_removed(tmp_path: Path) -> None:
    child = _writer(tmp_path / "a.csv")
    child.kill()
    child.wait(60)
    assert len(list(tmp_path.iterdir())) == 1
    write_text(tmp_path / "b.txt", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]


def test_temporary_files_of_running_processes_are_kept(tmp_path: Path) -> None:
    child = _writer(tmp_path / "a.csv")
    write_text(tmp_path / "b.txt", "whole")
    assert child.communicate("")[0] == "" and child.returncode == 0
    assert (tmp_path / "a.csv").read_text() == "half"


@pytest.mark.parametrize("name", ["x" * 240 + ".csv", "ü" * 120 + ".csv", "a." + "y" * 240])
def test_files_with_long_names_are_written(tmp_path: Path, name: str) -> None:
    write_text(tmp_path / name, "whole")
    assert (tmp_path / name).read_text() == "whole"


def test_a_full_disk_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_text(tmp_path / "a.txt", "whole")
    assert caught.value.filename == str(tmp_path / "a.txt")
    from apsnet_core.batch.manifest import Manifest

    with pytest.raises(OSError, match="No space left") as caught:
        Manifest(tmp_path, {}).resume()
    assert caught.value.filename == str(tmp_path / "manifest.jsonl")


def test_several_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "c.txt").mkdir()
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(OSError):
        write_all(tmp_path, {"a.txt": b"new", "b/" * 3000: b"too long"})
    assert (tmp_path / "a.txt").read_text() == "old"
    assert write_all(tmp_path, {"a.txt": b"new", "b.txt": b"new"}) == [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt", "c.txt"]


def test_threads_that_write_at_once_get_the_right_umask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the umask sets another one for a moment, which a second thread must not see."""
    mask, found, others = os.umask, list[int](), list[threading.Thread]()
    before = mask(0o027)

    def asked_meanwhile(new: int) -> int:
        old = mask(new)
        if not others:
            others.append(threading.Thread(target=lambda: found.append(atomic._umask())))
            others[0].start()
            others[0].join(0.2)  # the thread must still be waiting after this time
        return old

    monkeypatch.setattr(os, "umask", asked_meanwhile)
    found.append(atomic._umask())
    others[0].join()
    assert (found, mask(before)) == ([0o027, 0o027], 0o027)


def test_names_of_temporary_files_contain_the_process_id(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "a.csv") as beside:
        assert beside.name.startswith(".apsnet-") and f"-{os.getpid()}-" in beside.name
        assert beside.suffix == ".csv" and atomic.__doc__
