"""The table of colourings: each row's colours and legend; a new row appears in every part of the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.cloud import PointCloud
from apsnet_gui.colourings.colouring import Attention, Colouring, Colours, Subject
from apsnet_gui.colourings.registry import (
    colourings,
    colourings_for,
    compared,
    named,
    register,
    unregister,
)
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.open_shape import Loaded
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.colormap import ColorBar

from .conftest import CHAIR, OpenWindow, settle

GREY = (10, 20, 30)
XYZ = np.array([[0, 1, 5], [2, 3, 4]], np.float32)


def radius(subject: Subject) -> Colours:
    distance = np.linalg.norm(subject.points, axis=1)
    grey = np.repeat((255 * distance / distance.max()).astype(np.uint8)[:, None], 3, 1)
    return Colours(grey, ColorBar("Radius", 0.0, float(distance.max()), colormap.table(subject.dark)))


@pytest.fixture
def row() -> Iterator[Colouring]:
    row = Colouring("radius", "&Radius", "How far from the origin", radius)
    register(row)
    yield row
    unregister("radius")


def test_each_colouring_paints_a_shape_and_reports_missing_attributes() -> None:
    bare = Subject(PointCloud(XYZ), GREY, "y", True)
    assert {r.name for r in colourings() if r.missing(bare.shape)} == {"file", "normal"}
    for name in ("auto", "file", "normal", "plain", "attention"):
        assert named(name).paint(bare).rgb.tolist() == [list(GREY)] * 2
    full = PointCloud(
        XYZ, rgb=np.array([[1, 2, 3], [4, 5, 6]], np.uint8), normals=np.eye(3, dtype=np.float32)[:2]
    )
    assert [r.name for r in colourings() if r.missing(full)] == []
    for name in ("auto", "file", "attention"):
        assert named(name).paint(Subject(full, GREY, "y", True)).rgb.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert named("normal").paint(Subject(full, GREY, "y", True)).rgb.tolist() == [
        [255, 127, 127],
        [127, 255, 127],
    ]


@pytest.mark.parametrize(("up", "first"), [("y", 0), ("z", -1)])
def test_height_is_along_the_up_axis_and_its_legend_absolute(up: str, first: int) -> None:
    cloud = PointCloud(XYZ, offset=np.array([100.0, 200.0, 300.0]))
    coloured = named("height").paint(Subject(cloud, GREY, up, True))
    np.testing.assert_array_equal(coloured.rgb[0], colormap.table(True)[first])
    axis = "xyz".index(up)
    assert coloured.legend is not None
    assert (coloured.legend.low, coloured.legend.high) == (
        (100.0 * (axis + 1) + XYZ[:, axis].min()),
        (100.0 * (axis + 1) + XYZ[:, axis].max()),
    )


def test_attention_is_coloured_by_its_legend_and_auto_hides_it_in_a_comparison() -> None:
    bar = ColorBar("Attention", 0.0, 2.0, colormap.table(True))
    subject = Subject(PointCloud(XYZ), GREY, "y", True, Attention(np.array([0, 2], np.float32), bar))
    for name in ("auto", "attention"):
        coloured = named(name).paint(subject)
        assert coloured.legend is bar
        np.testing.assert_array_equal(coloured.rgb, colormap.table(True)[[0, -1]])
    assert compared("auto") is named("file") and compared("attention") is named("attention")


def test_fields_are_coloured_by_their_values() -> None:
    fields = {
        "classification": np.array([6, 2], np.uint8),
        "intensity": np.array([7, 3], np.uint8),
        "time": np.array([2.0**60, np.nan]),
        "pair": np.zeros((2, 2)),
        "nothing": np.full(2, np.nan),
    }
    cloud = PointCloud(XYZ, attributes=fields)
    names = [row.name for row in colourings_for(cloud)][len(colourings()) :]
    own = ["classification", "intensity", "time", "pair[0]", "pair[1]", "nothing"]
    assert names == [f"field:{name}" for name in own]
    painted = named("field:intensity").paint(Subject(cloud, GREY, "y", True))
    np.testing.assert_array_equal(painted.rgb, colormap.table(True)[[-1, 0]])
    assert painted.legend is not None and painted.legend.title == "intensity"
    assert (painted.legend.low, painted.legend.high) == pytest.approx((3.04, 6.96))
    classes = named("field:classification").paint(Subject(cloud, GREY, "y", True))
    assert classes.legend is not None
    told = {each.name: each.rgb for each in classes.legend.classes}
    assert told == {"Ground": tuple(classes.rgb[1].tolist()), "Building": tuple(classes.rgb[0].tolist())}
    times = named("field:time").paint(Subject(cloud, GREY, "y", True))
    assert times.rgb.tolist()[1] == list(colormap.UNKNOWN)
    gone, empty = (
        named(f"field:{each}").paint(Subject(cloud, GREY, "y", True)) for each in ("gone", "nothing")
    )
    assert gone.rgb.tolist() == [list(GREY)] * 2 and gone.legend is None
    assert empty.rgb.tolist() == [list(colormap.UNKNOWN)] * 2
    assert empty.legend is not None and (len(empty.legend.table), empty.legend.missing) == (0, 2)
    assert named("field:gone").missing(cloud) == "The file has no field gone"


def test_a_file_s_fields_are_offered_to_colour_by(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    head = "VERSION .7\nFIELDS x y z intensity label\nSIZE 4 4 4 1 4\nTYPE F F F U I\nCOUNT 1 1 1 1 1\n"
    rows = "\n".join(f"{k} {k % 7} {k % 5} {k} {k % 3}" for k in range(60))
    path = tmp_path / "a.pcd"
    path.write_text(f"{head}WIDTH 60\nHEIGHT 1\nPOINTS 60\nDATA ascii\n{rows}\n")
    window = open_window(str(path))
    box = window.clouds.facts.colouring
    box.setCurrentIndex(box.findText("label"))
    box.activated.emit(box.currentIndex())
    settle(qtbot, window)
    assert box.findText("intensity") >= 0 and box.currentData() == "field:label"
    lacking = window.actions_by_id["colour-normal"]
    assert not lacking.isEnabled() and lacking.toolTip().endswith("The file has no normals")
    bar = window.view.caption.bar
    assert bar is not None and (bar.title, bar.low, bar.high) == ("label", 0, 2)
    document = window.session.document
    assert document.active is not None
    shapes = {document.active.id: Loaded.measured(document.active.shape)}
    again = from_json(to_json(document), shapes).active
    assert again is not None and again.colouring == "field:label"


def test_a_name_is_registered_only_once_and_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="a colouring named 'height' already"):
        register(Colouring("height", "&Height", "", radius))
    with pytest.raises(ValueError, match="possible are auto, file, height"):
        named("colour")


def test_a_new_row_is_in_the_menu_the_panel_the_picture_and_the_project(
    qtbot: QtBot, open_window: OpenWindow, row: Colouring
) -> None:
    window = open_window(CHAIR)
    assert window.clouds.facts.colouring.findText("Radius") >= 0
    window.actions_by_id["colour-radius"].trigger()
    settle(qtbot, window)
    assert window.actions_by_id["colour-radius"].isChecked()
    assert window.clouds.facts.colouring.currentData() == "radius"
    bar = window.view.caption.bar
    assert bar is not None and bar.title == "Radius"
    document = window.session.document
    assert document.active is not None
    shapes = {document.active.id: Loaded.measured(document.active.shape)}
    again = from_json(to_json(document), shapes).active
    assert again is not None and again.colouring == "radius"
