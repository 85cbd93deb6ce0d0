"""What is done with a sample: the task nets, their losses and their measures.

The names below are found on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apsnet_core.tasks.classification import PointNet as PointNet
    from apsnet_core.tasks.reconstruction import PCAE as PCAE
    from apsnet_core.tasks.registration import PCRNet as PCRNet
    from apsnet_core.tasks.registration import Pose as Pose

_HOME = {
    "PointNet": "classification",
    "PCAE": "reconstruction",
    "PCRNet": "registration",
    "Pose": "registration",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
