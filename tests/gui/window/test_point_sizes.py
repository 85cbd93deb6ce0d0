"""The point size of one cloud: chosen in the Clouds panel, drawn everywhere, undone, kept in the project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.registration import Registration
from apsnet_gui.comparison.answer_scenes import cloud_scene, overlay
from apsnet_gui.comparison.method_scene import MethodScene
from apsnet_gui.comparison.pair_scenes import Named, PairScene
from apsnet_gui.comparison.results import MethodResult
from apsnet_gui.state.document import Document, Look
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.open_shape import Loaded, new_entry
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.result import Result
from apsnet_gui.viewport.scene import DARK, Layer, PointLayer
from apsnet_gui.views.document_scene import build
from apsnet_gui.views.own_size import usual_size
from tests.narrow import of_kind, present

from .conftest import OpenWindow, settle


def test_a_cloud_has_a_point_size_of_its_own(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    for name in ("a", "b"):
        xyz = np.random.default_rng(len(name)).random((60, 3))
        files.write(PointCloud.from_array(xyz), tmp_path / f"{name}.ply")
    window = open_window(str(tmp_path / "a.ply"), str(tmp_path / "b.ply"))
    session, own = window.session, window.clouds.facts.own_size
    session.show([each.id for each in session.document.entries], True)
    first, second = session.document.entries

    def sizes(field: str = "point_size") -> list[float | None]:
        settle(qtbot, window)
        found = {layer.key: layer for layer in window.view.scene.layers}
        return [getattr(of_kind(PointLayer, found[each.id]), field) for each in (first, second)]

    assert sizes() == [None, None]
    session.select(second.id)
    own.pixels.setValue(9)
    assert sizes() == [None, 9.0]
    session.select(first.id)
    assert own.pixels.value() == 0, "the slider shows the current cloud's size"
    kept = to_json(session.document, tmp_path)
    assert [entry["point_size"] for entry in kept["entries"]] == [0, 9]

    session.select(second.id)
    assert own.pixels.isVisible() and not own.length.isVisible()
    assert [own.unit.itemText(at) for at in (0, 1)] == ["px", "units"]
    own.unit.setCurrentIndex(1)
    own.unit.activated.emit(1)
    even = np.sqrt(2 * np.sum(np.prod(np.array(second.extent)[[[0, 1], [1, 2], [2, 0]]], axis=1)) / 60)
    assert sizes("world_size") == [None, pytest.approx(even, rel=0.06)], "points nearly touch"
    assert own.length.isVisible() and not own.pixels.isVisible()
    own.length.setFocus()
    for typed, then in (("0.25", 0.25), ("-1", 0.25), ("0", 0.25)):
        own.length.selectAll()
        qtbot.keyClicks(own.length, typed)
        own.length.editingFinished.emit()
        assert sizes("world_size") == [None, then], typed
        assert float(own.length.text()) == then
    own.unit.setCurrentIndex(0)
    own.unit.activated.emit(0)
    assert (sizes("world_size"), sizes()) == ([None, None], [None, 9.0])
    while session.undo_text in ("Change the point size", f"Select {first.name}", f"Select {second.name}"):
        session.undo()
    assert sizes() == [None, None] and present(session.document.entry(second.id)).point_size == 0


def test_a_project_keeps_a_size_in_units_and_one_without_it_opens() -> None:
    loaded = Loaded.measured(PointCloud(np.eye(3, dtype=np.float32)))
    entry = new_entry(loaded, "/a.ply")
    document = Document((entry,), entry.id).with_entry(entry.id, world_size=0.125)
    values = to_json(document)
    again = from_json(values, {entry.id: loaded})
    assert present(again.active).world_size == 0.125
    del values["entries"][0]["world_size"]
    assert present(from_json(values, {entry.id: loaded}).active).world_size is None
    values["entries"][0]["world_size"] = 0
    with pytest.raises(ProjectError, match=r"entries\.0\.world_size is 0: it should be greater than 0"):
        from_json(values, {entry.id: loaded})


POINTS = (np.random.default_rng(0).integers(0, 99, (200, 3)) / 16).astype(np.float32)
DRAWN: dict[str, Callable[[Document, Result], tuple[Layer, ...]]] = {
    "method": lambda document, result: MethodScene(
        document, present(document.active), MethodResult(document.lineup.place), result, None, (), True, True
    ).at(0).scene.layers,
    "pair": lambda document, result: PairScene(document, Named(result, "a"), Named(result, "b"), True)
    .make().scene.layers,
    "answer": lambda document, result: cloud_scene(document, result.cloud, True).scene.layers,
    "registration": lambda document, result: overlay(
        Registration(np.eye(3), np.zeros(3), result.cloud.xyz + 1, 3.0), result.cloud, result.cloud, None,
        False, document, DARK,
    ),
}  # fmt: skip


@pytest.mark.parametrize("drawn", DRAWN)
def test_pictures_of_a_comparison_have_the_clouds_own_size(drawn: str) -> None:
    cloud = PointCloud(POINTS)
    entry = new_entry(Loaded.measured(cloud), "/a.ply")
    document = Document((entry,), entry.id)
    rows = np.arange(8)
    sampling = Sampling(POINTS[rows], rows, "random", 8, 0, 0.0)
    result = Result(entry.id, document.choice, cloud, sampling, sampling, "key")

    def sizes(**own: float) -> set[tuple[float | None, float | None]]:
        layers = DRAWN[drawn](document.with_entry(entry.id, **own), result)
        clouds = [each for each in layers if isinstance(each, PointLayer)]
        return {(each.point_size, each.world_size) for each in clouds}

    assert sizes() == {(None, None)}
    assert sizes(point_size=7) == {(7.0, None)}
    assert sizes(point_size=7, world_size=0.5) == {(None, 0.5)}


@pytest.mark.parametrize(
    ("counts", "times"), [((1,), 2.5), ((10,), 2.5), ((16, 0), 2.5), ((200, 425), 1.125), ((10_000,), 1)]
)
def test_few_points_are_drawn_larger(counts: tuple[int, ...], times: float) -> None:
    layers = [
        PointLayer(str(i), np.zeros((n, 3), np.float32), np.zeros((n, 3), np.uint8))
        for i, n in enumerate(counts)
    ]
    unseen = replace(layers[0], key="unseen", visible=False)
    assert usual_size(Look(point_size=4), [*layers, unseen]) == pytest.approx(4 * times, rel=1e-3)
    xyz = np.random.default_rng(0).random((625, 3), np.float32)
    entry = new_entry(Loaded.measured(PointCloud(xyz)), "/a.ply")
    assert build(Document((entry,), entry.id), None, 0, True).scene.point_size == pytest.approx(
        3.374, rel=1e-3
    )
