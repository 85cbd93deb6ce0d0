"""Weights files: safetensors that also contain the metadata needed to use them.

The names below are imported on first use, so that listing weights does not wait for torch.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.weights.importing import import_published as import_published
    from apsnet_core.weights.listing import Entry as Entry
    from apsnet_core.weights.listing import catalogue as catalogue
    from apsnet_core.weights.listing import find as find
    from apsnet_core.weights.listing import find_task_net as find_task_net
    from apsnet_core.weights.listing import user_weights as user_weights
    from apsnet_core.weights.metadata import Metadata as Metadata
    from apsnet_core.weights.metadata import TaskName as TaskName
    from apsnet_core.weights.metadata import WeightsError as WeightsError
    from apsnet_core.weights.metadata import load_metadata as load_metadata
    from apsnet_core.weights.published import load_published as load_published
    from apsnet_core.weights.storage import build as build
    from apsnet_core.weights.storage import fill as fill
    from apsnet_core.weights.storage import load as load
    from apsnet_core.weights.storage import load_with_familiarity as load_with_familiarity
    from apsnet_core.weights.storage import rewrite_metadata as rewrite_metadata
    from apsnet_core.weights.storage import save as save

_HOME = {
    "import_published": "apsnet_core.weights.importing",
    "Entry": "apsnet_core.weights.listing",
    "catalogue": "apsnet_core.weights.listing",
    "find": "apsnet_core.weights.listing",
    "find_task_net": "apsnet_core.weights.listing",
    "user_weights": "apsnet_core.weights.listing",
    "Metadata": "apsnet_core.weights.metadata",
    "TaskName": "apsnet_core.weights.metadata",
    "WeightsError": "apsnet_core.weights.metadata",
    "load_metadata": "apsnet_core.weights.metadata",
    "load_published": "apsnet_core.weights.published",
    "build": "apsnet_core.weights.storage",
    "fill": "apsnet_core.weights.storage",
    "load": "apsnet_core.weights.storage",
    "load_with_familiarity": "apsnet_core.weights.storage",
    "rewrite_metadata": "apsnet_core.weights.storage",
    "save": "apsnet_core.weights.storage",
}

__all__ = list(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
