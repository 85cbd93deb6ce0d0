"""Weights with everything needed to use them: safetensors, the metadata inside.

The names below are found on first use: a list of what there is does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apsnet_core.weights.importing import import_published as import_published
    from apsnet_core.weights.listing import Entry as Entry
    from apsnet_core.weights.listing import catalogue as catalogue
    from apsnet_core.weights.listing import find as find
    from apsnet_core.weights.listing import find_task_net as find_task_net
    from apsnet_core.weights.listing import user_weights as user_weights
    from apsnet_core.weights.metadata import Architecture as Architecture
    from apsnet_core.weights.metadata import Metadata as Metadata
    from apsnet_core.weights.metadata import TaskName as TaskName
    from apsnet_core.weights.metadata import WeightsError as WeightsError
    from apsnet_core.weights.metadata import load_metadata as load_metadata
    from apsnet_core.weights.published import load_published as load_published
    from apsnet_core.weights.storage import build as build
    from apsnet_core.weights.storage import fill as fill
    from apsnet_core.weights.storage import load as load
    from apsnet_core.weights.storage import load_familiar as load_familiar
    from apsnet_core.weights.storage import retell as retell
    from apsnet_core.weights.storage import save as save

_HOME = {
    "Entry": "listing",
    "catalogue": "listing",
    "find": "listing",
    "find_task_net": "listing",
    "user_weights": "listing",
    "Architecture": "metadata",
    "Metadata": "metadata",
    "TaskName": "metadata",
    "WeightsError": "metadata",
    "load_metadata": "metadata",
    "import_published": "importing",
    "load_published": "published",
    "build": "storage",
    "fill": "storage",
    "load": "storage",
    "load_familiar": "storage",
    "retell": "storage",
    "save": "storage",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
