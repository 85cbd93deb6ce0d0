"""The neural networks: samplers and task nets.

The names below are imported on first use.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.networks.apsnet import APSNet as APSNet
    from apsnet_core.networks.apsnet import APSNetPlus as APSNetPlus
    from apsnet_core.networks.pcae import PCAE as PCAE
    from apsnet_core.networks.pcrnet import PCRNet as PCRNet
    from apsnet_core.networks.pcrnet import Pose as Pose
    from apsnet_core.networks.pointnet import PointNet as PointNet
    from apsnet_core.networks.samplenet import SampleNet as SampleNet
    from apsnet_core.networks.samplenet import SNet as SNet
    from apsnet_core.rollout import Rollout as Rollout

_HOME = {
    "APSNet": "apsnet_core.networks.apsnet",
    "APSNetPlus": "apsnet_core.networks.apsnet",
    "Rollout": "apsnet_core.rollout",
    "SampleNet": "apsnet_core.networks.samplenet",
    "SNet": "apsnet_core.networks.samplenet",
    "PointNet": "apsnet_core.networks.pointnet",
    "PCAE": "apsnet_core.networks.pcae",
    "PCRNet": "apsnet_core.networks.pcrnet",
    "Pose": "apsnet_core.networks.pcrnet",
}

__all__ = list(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
