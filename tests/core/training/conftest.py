"""Fixtures for trainings: a folder with a dataset and a task net, and settings apart from the user's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.core.training.small import write_release, write_task_net


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``release`` and ``net.safetensors``, which tests only read."""
    folder = tmp_path_factory.mktemp("training")
    write_release(folder / "release")
    write_task_net(folder / "net.safetensors")
    return folder


@pytest.fixture(autouse=True)
def own_folders(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes inherit these variables; with one thread, sums always have the same order."""
    monkeypatch.setenv("APSNET_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("APSNET_CACHE", str(home / "APSNET_CACHE"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("APSNET_RUNS", raising=False)


@pytest.fixture(autouse=True)
def single_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
