"""Every action of the program as a row; the menus, toolbar and command palette are made from these rows."""

from __future__ import annotations

from apsnet_core.ops.orientation import DIRECTIONS
from apsnet_core.percent import SIGN
from apsnet_gui.colourings.registry import colourings
from apsnet_gui.state.open_shape import signed
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.navigation import VIEW_KEYS
from apsnet_gui.window.action import (
    Action,
    CanBePainted,
    Condition,
    has_attention,
    has_columns,
    has_dataset,
    has_mesh,
    has_result,
    has_shape,
    is_compared,
)
from apsnet_gui.window.cloud_actions import CLOUD, SELECT


def _colouring(which: str) -> Condition:
    def test(session: Session) -> bool:
        entry = session.document.active
        return entry is not None and entry.colouring == which

    return test


def _background(which: str) -> Condition:
    return lambda session: session.document.look.background == which


def _stands(up: str) -> Condition:
    return lambda session: session.document.active is not None and session.document.active.up == up


def _layout(which: str) -> Condition:
    return lambda session: is_compared(session) and session.document.lineup.layout == which


# fmt: off
FILE = (
    Action("open", "&Open…", "&File", "files.open_files", icon="folder-open", shortcut="Ctrl+O",
           toolbar="Open", also="load import read file"),
    Action("open-project", "Open &project…", "&File", "files.open_project", shortcut="Ctrl+Shift+O"),
    Action("open-dataset", "Open &dataset…", "&File", "files.open_dataset", icon="database"),
    Action("furniture", "Browse the bundled &furniture", "&File", "files.open_furniture"),
    Action("new", "&New project", "&File", "files.new_project", shortcut="Ctrl+N", divider=True,
           also="clear close everything"),
    Action("save", "&Save project", "&File", "files.save_project", icon="floppy-disk", shortcut="Ctrl+S"),
    Action("save-as", "Save project &as…", "&File", "files.save_project_as", shortcut="Ctrl+Shift+S"),
    Action("export", "&Export sampling…", "&File", "exports.export_sampling", icon="export",
           shortcut="Ctrl+E", enabled=has_result, toolbar="Export", divider=True,
           also="save write samples result"),
    Action("export-cloud", "Export &cloud…", "&File", "exports.export_cloud", enabled=has_shape),
    Action("screenshot", "Save p&icture of the view…", "&File", "exports.save_picture", icon="camera",
           shortcut="Ctrl+P", enabled=has_shape, toolbar="Picture", also="screenshot photo image capture"),
    Action("window-picture", "Save picture of the &window…", "&File", "exports.save_window_picture",
           also="screenshot image capture"),
    Action("compare-report", "Save a &report of the comparison…", "&File", "comparing.save_report",
           icon="file-text", shortcut="Ctrl+R", enabled=is_compared, also="html export table"),
    Action("export-plot", "Export the pl&ot…", "&File", "comparing.export_curves", enabled=is_compared,
           also="figure pdf svg png save paper latex"),
    Action("export-table", "Export the &table…", "&File", "comparing.export_table", enabled=is_compared,
           also="excel xlsx latex markdown csv json save"),
    Action("columns", "Co&lumns of the file…", "&File", "files.choose_columns", enabled=has_columns,
           divider=True, also="import text csv header guess"),
    Action("close", "&Close shape", "&File", "files.close_shape", shortcut="Ctrl+W", enabled=has_shape,
           also="remove delete shape cloud"),
    Action("quit", "&Quit", "&File", "files.quit", shortcut="Ctrl+Q", divider=True, also="exit"),
)

EDIT = (
    Action("undo", "&Undo", "&Edit", "editing.undo", icon="arrow-counter-clockwise", shortcut="Ctrl+Z",
           toolbar="Undo", enabled=lambda session: session.undo_text is not None),
    Action("redo", "&Redo", "&Edit", "editing.redo", icon="arrow-clockwise", shortcut="Ctrl+Shift+Z",
           toolbar="Redo", enabled=lambda session: session.redo_text is not None, second="Ctrl+Y"),
    Action("rename", "Re&name shape", "&Edit", "editing.rename_shape", shortcut="F2", enabled=has_shape),
    Action("copy", "&Copy the picture or the table", "&Edit", "editing.copy", shortcut="Ctrl+C",
           enabled=has_shape, divider=True, also="clipboard image"),
    Action("copy-samples", "Copy the sa&mples as text", "&Edit", "editing.copy_samples", enabled=has_result,
           also="clipboard coordinates points"),
    Action("copy-command", "Copy the equivalent &command", "&Edit", "editing.copy_command",
           shortcut="Ctrl+Alt+C", enabled=has_shape, also="shell script terminal"),
    Action("copy-camera", "Copy c&amera", "&Edit", "editing.copy_camera", shortcut="Ctrl+Shift+C",
           enabled=has_shape),
    Action("paste-camera", "&Paste camera", "&Edit", "editing.paste_camera", shortcut="Ctrl+Shift+V",
           enabled=has_shape),
)

SCENE = (
    *(
        Action(key.id, key.text, "&View/&Camera", "view.move_camera", key.id, shortcut=key.key,
               enabled=has_shape, also="orthographic" if key.id == "view.projection" else "rotate")
        for key in VIEW_KEYS
        if len(key.key) == 1 and key.key not in "+-"
    ),
    Action("camera-back", "Camera &before", "&View/&Camera", "view.undo_camera", shortcut="Alt+Left",
           enabled=has_shape),
    Action("camera-on", "Camera &after", "&View/&Camera", "view.redo_camera", shortcut="Alt+Right",
           enabled=has_shape),
    Action("fit", "&Fit to view", "&View", "view.fit_view", icon="corners-out", shortcut="F",
           enabled=has_shape, toolbar="Fit", also="center centre zoom reset all"),
    Action("turn", "&Turn the up axis", "&View", "view.turn_up", icon="arrow-line-up", shortcut="Ctrl+U",
           enabled=has_shape, also="rotate stand upright lies"),
    *(
        Action(f"up-{up}", f"{signed(up)} is up", "&View/&Up", "view.stand", up, enabled=has_shape,
               checked=_stands(up), also="rotate stand upright lies axis direction")
        for up in DIRECTIONS
    ),
    Action("floor", "Set a &face as the floor by a click", "&View/&Up", "view.pick_floor", enabled=has_shape,
           divider=True, also="down ground bottom plane rotate stand lies up"),
    Action("measure", "Measure a &distance", "&View/Meas&ure", "view.measure", icon="ruler",
           shortcut="Ctrl+Shift+M", enabled=has_shape, also="length ruler two points"),
    Action("copy-measure", "&Copy the measure", "&View/Meas&ure", "view.copy_measure", enabled=has_shape,
           also="distance clipboard"),
    Action("clear-measure", "C&lear the measure", "&View/Meas&ure", "view.clear_measure", enabled=has_shape,
           also="distance remove delete"),
    Action("mesh", "Show as &mesh", "&View", "view.toggle_mesh", shortcut="Ctrl+M", enabled=has_mesh,
           divider=True,
           checked=lambda session: bool(session.document.active and session.document.active.as_mesh),
           also="surface triangles"),
    Action("ghost", "Fade the cloud behind the &samples", "&View", "view.toggle_look", "ghost",
           shortcut="Ctrl+G", checked=lambda session: session.document.look.ghost,
           also="transparent fade dim"),
    Action("samples", "Show the sa&mples", "&View", "view.toggle_look", "samples",
           checked=lambda session: session.document.look.samples, also="hide points"),
    Action("order", "&Number the samples", "&View", "view.toggle_look", "order", shortcut="Ctrl+L",
           checked=lambda session: session.document.look.order, also="labels index numbers"),
    Action("axes", "Show a&xes and scale", "&View", "view.toggle_look", "axes", divider=True,
           checked=lambda session: session.document.look.axes, also="grid ruler scale bar"),
)

APPEARANCE = (
    *(
        Action(f"background-{which}", text, "&View/&Background", "view.set_background", which,
               checked=_background(which))
        for which, text in (("auto", "&As the theme"), ("dark", "&Dark"), ("light", "&Light"))
    ),
    Action("points-larger", "&Larger points", "&View", "view.points_larger", shortcut="Ctrl++",
           enabled=has_shape, also="size bigger"),
    Action("points-smaller", "&Smaller points", "&View", "view.points_smaller", shortcut="Ctrl+-",
           enabled=has_shape, also="size"),
)

COMPARE = (
    Action("compare", "&Compare methods", "&View", "comparing.toggle_comparison", icon="squares-four",
           shortcut="Ctrl+K", enabled=has_shape, toolbar="Compare", divider=True,
           checked=lambda session: session.document.lineup.shown, also="side by side methods grid"),
    *(
        Action(f"layout-{which}", text, "&View/Compare &two", "comparing.lay_out", which,
               shortcut=f"Ctrl+Alt+{at}", enabled=is_compared, checked=_layout(which), also=also)
        for at, (which, text, also) in enumerate((
            ("grid", "&All methods side by side", "grid"),
            ("slider", "A &slider between two methods", "divider wipe curtain before after"),
            ("moved", "Samples that &moved between two", "difference lost gained changed"),
            ("attention", "Difference of &attention of two", "map weights heat"),
        ), 1)
    ),
    Action("divider-left", "Divider to the &left", "&View/Compare &two", "comparing.move_divider", "-10",
           shortcut="Ctrl+Shift+Left", enabled=_layout("slider"), divider=True, also="slider wipe"),
    Action("divider-right", "Divider to the ri&ght", "&View/Compare &two", "comparing.move_divider", "10",
           shortcut="Ctrl+Shift+Right", enabled=_layout("slider"), also="slider wipe"),
    Action("swap-two", "S&wap the two", "&View/Compare &two", "comparing.swap", enabled=is_compared,
           also="reference exchange"),
    Action("pin", "Pin the selected method as the &reference", "&View/Compare &two", "comparing.pin",
           shortcut="Ctrl+Shift+K", enabled=is_compared,
           checked=lambda session: session.document.lineup.pinned == session.document.lineup.place,
           also="baseline difference table row"),
    Action("what-if", "&What if…", "&View", "comparing.show_what_if", shortcut="Ctrl+I",
           also="noise drop rotate perturb"),
    Action("messages", "Messa&ges", "&View", "program.show_messages", also="errors warnings log notices"),
)

SAMPLE = (
    Action("sample", "Sample &again", "&Sample", "sampling.sample_again", icon="arrows-clockwise",
           shortcut="Ctrl+Return", enabled=has_shape, also="run recompute refresh"),
    Action("seed", "Next &seed", "&Sample", "sampling.next_seed", icon="dice-five", shortcut="Ctrl+D",
           enabled=has_shape, toolbar="Next seed", also="random dice"),
    Action("fewer", "&Half as many points", "&Sample", "sampling.halve", shortcut="Ctrl+[",
           enabled=has_shape),
    Action("more", "&Twice as many points", "&Sample", "sampling.double", shortcut="Ctrl+]",
           enabled=has_shape),
)

ATTENTION = (
    Action("play", "&Play or pause the steps", "&Attention", "sampling.play", icon="play",
           shortcut="Ctrl+Space", enabled=has_result),
    Action("step-back", "Step &back", "&Attention", "sampling.step_by", "-1", shortcut=",",
           enabled=has_result),
    Action("step-on", "Step &forward", "&Attention", "sampling.step_by", "1", shortcut=".",
           enabled=has_result),
    Action("attention-sum", "&Sum over the steps", "&Attention", "sampling.toggle_sum", enabled=has_attention,
           checked=lambda session: session.document.look.attention_mode == "sum"),
    Action("attention-log", "&Logarithmic scale", "&Attention", "view.toggle_look", "logarithmic",
           enabled=has_attention, checked=lambda session: session.document.look.logarithmic),
    Action("attention-save", "Save the steps as &pictures or GIF…", "&Attention", "exports.save_steps",
           icon="film-strip", enabled=has_result, also="animation video film gif"),
)

DATASET = (
    Action("shape-on", "&Next shape", "&Dataset", "dataset.step_shape", "1", shortcut="Ctrl+PgDown",
           enabled=has_dataset),
    Action("shape-back", "&Previous shape", "&Dataset", "dataset.step_shape", "-1", shortcut="Ctrl+PgUp",
           enabled=has_dataset),
    Action("shape-keep", "&Keep this shape open", "&Dataset", "dataset.keep_shape",
           enabled=lambda session: session.document.browsed is not None),
    Action("evaluate", "&Evaluate the compared methods…", "&Dataset", "dataset.show_evaluation",
           icon="chart-line-up", enabled=has_dataset),
    Action("close-dataset", "&Close the dataset", "&Dataset", "dataset.close_dataset", enabled=has_dataset),
)

TRAINING = (
    Action("train", "&New training…", "&Training", "program.new_training", icon="graduation-cap",
           shortcut="Ctrl+T", toolbar="Train", also="learn fit network"),
    Action("train-plan", "Train a &plan…", "&Training", "program.new_plan", also="queue grid table seeds"),
    Action("trainings", "&Show the trainings", "&Training", "program.show_training", shortcut="Ctrl+Shift+T",
           also="runs"),
)

WINDOW = (
    *(
        Action(f"theme-{mode}", text, "&Window/&Theme", "program.set_theme", mode, chooses="theme",
               also="colours appearance bright night")
        for mode, text in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark"))
    ),
    *(
        Action(f"text-{scale}", f"{scale}{SIGN}", "&Window/Te&xt size", "program.set_text_size", str(scale),
               chooses="text size", also="font larger bigger smaller zoom scale")
        for scale in (90, 100, 110, 125, 150)
    ),
    *(
        Action(f"device-{name}", text, "&Window/&Networks run on", "program.set_device", name,
               chooses="device", also="device gpu cuda processor")
        for name, text in (
            ("cpu", "The &processor"), ("auto", "The &GPU where there is one"), ("cuda", "The GPU &always"),
        )
    ),
    Action("plugins", "&Plug-ins…", "&Window", "program.show_plugins", also="extensions settings python"),
    Action("reset-layout", "&Reset the layout", "&Window", "program.reset_layout"),
    Action("full-screen", "&Full screen", "&Window", "program.full_screen", shortcut="F11",
           also="fullscreen maximise"),
)

HELP = (
    Action("palette", "&Search actions…", "&Help", "program.show_palette", icon="magnifying-glass",
           shortcut="Ctrl+Shift+P", also="command search find"),
    Action("shortcuts", "&Keyboard shortcuts", "&Help", "program.show_shortcuts", shortcut="F1", second="?",
           also="shortcut keys hotkeys"),
    Action("guide", "&Guide", "&Help", "program.show_guide", also="manual documentation help tutorial walk"),
    Action("news", "What's &new", "&Help", "program.show_news", also="changelog changes version"),
    Action("report-problem", "&Report a problem…", "&Help", "program.report_problem",
           also="bug issue feedback versions", divider=True),
    Action("cite", "&Cite…", "&Help", "program.cite", also="bibtex reference paper"),
    Action("log", "Open the &log folder", "&Help", "program.open_log", also="error crash"),
    Action("about", "&About APSNet Studio", "&Help", "program.about"),
)


def colour_actions() -> tuple[Action, ...]:
    """One action for each registered colouring, including those of plug-ins."""
    return tuple(
        Action(f"colour-{row.name}", row.label, "&View/&Colour by", "view.colour_by", row.name,
               enabled=CanBePainted(row), checked=_colouring(row.name), tip=row.about)
        for row in colourings()
    )
# fmt: on


def all_actions() -> tuple[Action, ...]:
    """The actions of all menus, in the order of the menus."""
    return (
        *FILE, *EDIT, *SELECT, *CLOUD, *SCENE, *colour_actions(), *APPEARANCE, *COMPARE,
        *SAMPLE, *ATTENTION, *DATASET, *TRAINING, *WINDOW, *HELP,
    )  # fmt: skip
