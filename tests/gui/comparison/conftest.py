"""The window's own fixtures, and one that opens it on a comparison."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from torch import Tensor

from apsnet_core.assets import asset
from apsnet_core.methods import warm_time
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.rollout import Rollout
from apsnet_gui.window.window import Window
from tests.gui.methods import specs
from tests.gui.window.conftest import OpenWindow, home, open_window, settle, thumbnails

__all__ = ["compare", "home", "open_window", "thumbnails"]

Compare = Callable[..., Window]


@pytest.fixture
def compare(qtbot: QtBot, open_window: OpenWindow) -> Compare:
    """``compare(shape, methods, m, task, sizes)``: a window that compares these methods, all drawn."""

    def make(
        shape: str,
        methods: str,
        m: int = 32,
        task: str = "classification",
        sizes: tuple[int, ...] = (),
    ) -> Window:
        window = open_window()
        document = window.session.document.with_choice(m=m, task=task)
        document = document.with_lineup(methods=specs(*methods.split(",")), sizes=sizes, shown=True)
        window.session.replace_all(document, None, None)
        window.opening.open_paths([str(asset("shapes", shape + ".obj"))])
        settle(qtbot, window)
        return window

    return make


def noted_rollouts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that gets the m of each later APSNet rollout; none is repeated only to measure its time."""
    monkeypatch.setattr(warm_time, "CHEAP_SECONDS", 0.0)
    monkeypatch.setattr(warm_time, "LARGE", 0)
    rolled: list[int] = []
    forward = APSNet.forward

    def note(network: APSNet, points: Tensor, m: int) -> Rollout:
        rolled.append(m)
        return forward(network, points, m)

    monkeypatch.setattr(APSNet, "forward", note)
    return rolled
