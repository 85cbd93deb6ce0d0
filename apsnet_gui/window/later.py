"""Imports the modules that the window opens without, on a worker thread: panels, dialogs and plots."""

from __future__ import annotations

from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.importing import import_alone

LATER = (
    "rapidfuzz.fuzz",
    "apsnet_core.evaluation.comparison.columns",
    "apsnet_core.evaluation.comparison.reference",
    "apsnet_core.evaluation.moved",
    "apsnet_core.evaluation.table.leaders",
    "apsnet_core.evaluation.table.texts",
    "apsnet_core.files.formats",
    "apsnet_core.training.recipes",
    "apsnet_gui.comparison.grid",
    "apsnet_gui.comparison.plot_panel",
    "apsnet_gui.comparison.table_panel",
    "apsnet_gui.comparison.toolbar",
    "apsnet_gui.dataset.collection",
    "apsnet_gui.dataset.dataset_process",
    "apsnet_gui.dataset.evaluation_panel",
    "apsnet_gui.dataset.left_out",
    "apsnet_gui.dataset.panel",
    "apsnet_gui.dataset.splat",
    "apsnet_gui.jobs.answering",
    "apsnet_gui.jobs.autosave",
    "apsnet_gui.jobs.estimated_colours",
    "apsnet_gui.jobs.freed_memory",
    "apsnet_gui.panels.colour_scale",
    "apsnet_gui.panels.messages",
    "apsnet_gui.panels.shape_facts",
    "apsnet_gui.panels.what_if",
    "apsnet_gui.training.curves",
    "apsnet_gui.training.estimate",
    "apsnet_gui.training.form",
    "apsnet_gui.training.panel",
    "apsnet_gui.training.plan_dialog",
    "apsnet_gui.views.session_view",
    "apsnet_gui.widgets.axis",
    "apsnet_gui.window.clean_bar",
    "apsnet_gui.window.command_palette",
    "apsnet_gui.window.commands.commands",
    "apsnet_gui.window.crop_bar",
    "apsnet_gui.window.network_device",
    "apsnet_gui.window.pick_text",
    "apsnet_gui.window.restoring",
    "apsnet_gui.window.select_bar",
    "apsnet_gui.window.thumbnails",
)


def import_later(progress: JobProgress) -> None:
    """Import the modules in `LATER`, so that the first panel or dialog opens without a pause.

    pyqtgraph, for example, takes 0.1 s.
    """
    for name in LATER:
        progress.report(None, name)
        import_alone(name)
    # Imported here because the loop above has already loaded it.
    from apsnet_core.training.recipes import recipes

    recipes()  # read them now, because the first training form would have to wait for it
