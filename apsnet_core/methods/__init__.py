"""The sampling methods behind one interface.

The names below are imported at first use: reading a method's name does not wait for torch.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.methods.interface import Sampler as Sampler
    from apsnet_core.methods.learned import LearnedSampler as LearnedSampler
    from apsnet_core.methods.registry import create as create
    from apsnet_core.methods.spec import MethodSpec as MethodSpec

_HOME = {
    "Sampler": "apsnet_core.methods.interface",
    "LearnedSampler": "apsnet_core.methods.learned",
    "MethodSpec": "apsnet_core.methods.spec",
    "create": "apsnet_core.methods.registry",
}

__all__ = list(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
