"""The actions of the Cloud menu as rows: select points, remove them, and separate objects."""

from __future__ import annotations

from apsnet_core.extras import install
from apsnet_gui.window.action import (
    Action,
    Condition,
    has_cloud,
    has_hdbscan,
    has_hidden,
    has_selection,
    is_cut,
)


def _selects(tool: str) -> Condition:
    return lambda session: session.selected.tool == tool


def _tells(by: str) -> Condition:
    return lambda session: session.selected.objects_by == by


# fmt: off
SELECT = (
    Action("select-box", "&Box", "&Cloud/&Select", "selecting.draw", "box", shortcut="R", enabled=has_cloud,
           checked=_selects("box"), also="rectangle marquee select crop"),
    Action("select-lasso", "&Lasso", "&Cloud/&Select", "selecting.draw", "lasso", shortcut="L",
           enabled=has_cloud, checked=_selects("lasso"), also="freehand select crop"),
    Action("select-polygon", "&Polygon", "&Cloud/&Select", "selecting.draw", "polygon", shortcut="O",
           enabled=has_cloud, checked=_selects("polygon"), also="outline select crop"),
    Action("select-brush", "B&rush", "&Cloud/&Select", "selecting.draw", "brush", shortcut="B",
           enabled=has_cloud, checked=_selects("brush"), also="paint select"),
    Action("select-piece", "Connected component, by a clic&k", "&Cloud/&Select", "selecting.draw", "piece",
           shortcut="K", enabled=has_cloud, checked=_selects("piece"),
           also="connected component cluster region flood magic wand point select"),
    Action("select-field", "By a &field…", "&Cloud/&Select", "selecting.by_field", enabled=has_cloud,
           also="classification intensity class range attribute height select"),
    Action("select-all", "&All", "&Cloud/&Select", "selecting.all", shortcut="Ctrl+A", enabled=has_cloud,
           divider=True, also="select every point"),
    Action("select-none", "&None", "&Cloud/&Select", "selecting.none", shortcut="Ctrl+Shift+A",
           enabled=has_selection, also="deselect clear selection"),
    Action("select-invert", "&Invert", "&Cloud/&Select", "selecting.invert", shortcut="Ctrl+Shift+I",
           enabled=has_cloud, also="reverse selection"),
    Action("select-grow", "&Grow", "&Cloud/&Select", "selecting.spread", "grow", shortcut="G",
           enabled=has_selection, divider=True, also="expand dilate selection"),
    Action("select-shrink", "&Shrink", "&Cloud/&Select", "selecting.spread", "shrink", shortcut="S",
           enabled=has_selection, also="erode selection"),
    Action("select-connected", "W&hole connected component", "&Cloud/&Select", "selecting.spread",
           "connected", shortcut="C", enabled=has_selection,
           also="connected component cluster region flood selection"),
    Action("selection-delete", "&Delete", "&Cloud/&Select", "selecting.delete", shortcut="Shift+Del",
           enabled=has_selection, divider=True, also="remove leave out selection cut"),
    Action("selection-keep", "&Keep only", "&Cloud/&Select", "selecting.keep", enabled=has_selection,
           also="crop selection isolate"),
    Action("selection-extract", "E&xtract as a cloud", "&Cloud/&Select", "selecting.extract",
           enabled=has_selection, also="new shape split segment selection copy"),
    Action("selection-hide", "Hi&de", "&Cloud/&Select", "hiding.hide", shortcut="H", enabled=has_selection,
           divider=True, tip="The views leave the selected points out. They are still sampled and exported.",
           also="invisible unseen selection"),
    Action("show-hidden", "Sho&w hidden points", "&Cloud/&Select", "hiding.show", shortcut="Shift+H",
           enabled=has_hidden, also="unhide visible all"),
)

CLOUD = (
    Action("crop", "Crop bo&x", "&Cloud", "cutting.crop", shortcut="X", enabled=has_cloud,
           checked=_selects("crop"), divider=True, also="cut clip section bounding box handles"),
    Action("clean", "&Clean with a preview…", "&Cloud", "cutting.clean", enabled=has_cloud,
           checked=_selects("clean"), also="preview outliers noise duplicates floor walls"),
    Action("outliers", "Remove &outliers", "&Cloud", "cutting.leave_out", "outliers", enabled=has_cloud,
           also="clean noise filter statistical"),
    Action("duplicates", "Remove &duplicates", "&Cloud", "cutting.leave_out", "duplicates",
           enabled=has_cloud, also="clean double same"),
    Action("planes", "Remove &floor and walls", "&Cloud", "cutting.leave_out", "planes", enabled=has_cloud,
           also="clean ground plane ransac ceiling"),
    Action("pick-object", "&Pick an object by a click", "&Cloud", "cutting.pick_object", enabled=has_cloud,
           divider=True, also="segment select extract crop cluster"),
    Action("split", "&Split into objects…", "&Cloud", "cutting.split", enabled=has_cloud,
           also="list segment clusters dbscan divide thumbnails choose instances"),
    Action("objects-gaps", "By &gaps between them", "&Cloud/&Tell objects apart", "cutting.tell_objects",
           "dbscan", enabled=has_cloud, checked=_tells("dbscan"),
           tip="DBSCAN: points without a gap between them are one object.",
           also="dbscan distance clusters segment"),
    Action("objects-density", "By &density (HDBSCAN)", "&Cloud/&Tell objects apart", "cutting.tell_objects",
           "hdbscan", enabled=has_hdbscan, checked=_tells("hdbscan"), tip="For scans of uneven density: "
           f"dense objects nearby, sparse ones far away. Needs scikit-learn: {install('segment')}",
           also="hdbscan hierarchy uneven clusters segment"),
    Action("whole", "&Bring back all points of the file", "&Cloud", "files.bring_back", enabled=is_cut,
           divider=True, tip="Reads the file again, without the cuts. This can be undone.",
           also="restore whole original undo cuts uncut reset crop"),
)
# fmt: on
