"""Sampling methods behind one interface, and the networks of the learned ones.

The names below are found on first use: to read a method's name does not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apsnet_core.samplers.apsnet import APSNet as APSNet
    from apsnet_core.samplers.apsnet import Rollout as Rollout
    from apsnet_core.samplers.interface import Sampler as Sampler
    from apsnet_core.samplers.learned import LearnedSampler as LearnedSampler
    from apsnet_core.samplers.method import MethodSpec as MethodSpec
    from apsnet_core.samplers.registry import create as create
    from apsnet_core.samplers.samplenet import SampleNet as SampleNet
    from apsnet_core.samplers.samplenet import SNet as SNet

_HOME = {
    "APSNet": "apsnet",
    "Rollout": "apsnet",
    "Sampler": "interface",
    "LearnedSampler": "learned",
    "MethodSpec": "method",
    "create": "registry",
    "SNet": "samplenet",
    "SampleNet": "samplenet",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
