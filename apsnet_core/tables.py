"""Every table that takes rows of plug-ins."""

from __future__ import annotations

from apsnet_core import plugins
from apsnet_core.datasets.registry import named_datasets
from apsnet_core.files.formats import formats
from apsnet_core.methods.registry import methods
from apsnet_core.tasks.registry import tasks


def ask_all() -> list[str]:
    """Let every table take what plug-ins offer now; what was left out and why, a sentence each."""
    for rows in (formats, methods, tasks, named_datasets):
        rows()
    return plugins.troubles()
