"""Degenerate shapes: one point, points at one place, and a truncated mesh."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.methods.registry import method_colour
from apsnet_gui.views.document_scene import rgb
from tests.gui.methods import spec, specs
from tests.gui.pictures import pixels
from tests.narrow import present

from .conftest import OpenWindow, settle


@pytest.mark.parametrize(
    ("count", "said"), [(1, "It is a single point"), (50, "All its points are at one place")]
)
def test_coincident_points_are_shown_with_a_remark_and_get_no_class(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, count: int, said: str
) -> None:
    np.savetxt(tmp_path / "place.xyz", np.tile([636_000.5, 851_000.25, 3.0], (count, 1)), fmt="%.2f")
    window = open_window(str(tmp_path / "place.xyz"))
    assert said in window.clouds.facts.remarks.text()
    for method in ("farthest_point", "random"):
        window.session.choose(spec=spec(method))
        settle(qtbot, window)
        answer = present(window.session.answer)
        assert not answer.rows and "no shape" in f"{answer.whole} {answer.warning}"
        colour = np.array(rgb(method_colour(method)))
        frame = pixels(present(window.view.frame).image).astype(int)
        seen = (np.abs(frame - colour).max(axis=2) < 60).mean()
        assert 0 < seen < 0.1, "nothing is shown, or it fills the picture"


def test_coincident_points_do_not_keep_the_measures_of_the_previous_shape(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(str(asset("shapes", "table.obj")))
    window.session.line_up("Compare", methods=specs("random", "farthest_point"), shown=True)
    settle(qtbot, window)
    assert window.session.measures is not None
    np.savetxt(tmp_path / "place.xyz", np.ones((40, 3)))
    window.opening.open_paths([str(tmp_path / "place.xyz")])
    settle(qtbot, window)
    assert present(window.session.result).entry == window.session.document.current
    assert window.session.measures is None
    parts = window.results.parts.values()
    assert all(part.result and "no shape" in (part.problem or "") for part in parts) and len(parts) == 2


def test_a_truncated_mesh_gets_a_remark(open_window: OpenWindow, tmp_path: Path) -> None:
    lines = asset("shapes", "horse.obj").read_text().splitlines()
    vertices = [line for line in lines if line.startswith("v ")]
    (tmp_path / "cut.obj").write_text("\n".join(vertices[:93]) + "\n")
    window = open_window(str(tmp_path / "cut.obj"))
    assert present(window.session.document.active).count == 93
    assert "cut short" in window.clouds.facts.remarks.text()
