"""The device of the window's networks is chosen, remembered and shown; a missing GPU is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from pytestqt.qtbot import QtBot

from apsnet_core.networks.device import choose_device, chosen_device
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.settings import Settings
from apsnet_gui.window import network_device
from apsnet_gui.window.network_device import NetworkDevice


@pytest.fixture
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.close()
    choose_device("cpu")


def test_a_gpu_is_used_once_it_is_chosen(
    qtbot: QtBot, tmp_path: Path, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "of a test")
    place = NetworkDevice(Settings(tmp_path), background)
    choices = (("auto", "cuda", "GPU of a test"), ("cpu", "cpu", "CPU "), ("cuda", "cuda", "GPU "))
    for name, device, said in choices:
        with qtbot.waitSignal(place.used) as used:
            place.choose(name)
        assert used.args is not None and used.args[0].startswith(said)
        assert chosen_device() == device
        assert Settings(tmp_path).text("device", "") == name


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_cuda_is_refused_and_the_cpu_is_used(
    qtbot: QtBot, tmp_path: Path, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = NetworkDevice(Settings(tmp_path), background)
    with qtbot.waitSignal(background.unheard) as said:
        place.choose("cuda")
    assert said.args is not None and "there is no CUDA GPU" in said.args[0]
    assert Settings(tmp_path).text("device", "") == ""

    monkeypatch.setattr(network_device, "load_torch", lambda _: None)
    Settings(tmp_path).put("device", "cuda")  # remembered from a time with a GPU
    with qtbot.waitSignal(place.used) as used:
        place.load()
    assert used.args is not None and used.args[0].startswith("CPU ")
