"""All tables that accept rows of plug-ins."""

from __future__ import annotations

from apsnet_core import plugins
from apsnet_core.datasets.registry import named_datasets
from apsnet_core.files.formats import formats
from apsnet_core.methods.registry import methods
from apsnet_core.tasks.registry import tasks


def ask_all() -> list[str]:
    """Load the rows of plug-ins into every table; returns a sentence for each row that was left out."""
    for rows in (formats, methods, tasks, named_datasets):
        rows()
    return plugins.troubles()
