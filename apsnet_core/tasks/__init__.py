"""The tasks: their losses and their measures, and the task nets by name.

The names below are imported at first use.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.networks.pcae import PCAE as PCAE
    from apsnet_core.networks.pcrnet import PCRNet as PCRNet
    from apsnet_core.networks.pcrnet import Pose as Pose
    from apsnet_core.networks.pointnet import PointNet as PointNet

_HOME = {
    "PointNet": "apsnet_core.networks.pointnet",
    "PCAE": "apsnet_core.networks.pcae",
    "PCRNet": "apsnet_core.networks.pcrnet",
    "Pose": "apsnet_core.networks.pcrnet",
}

__all__ = list(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
