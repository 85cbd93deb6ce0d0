"""The sampling methods, with one common interface.

The names below are imported on first use, so that reading a method's name does not wait for torch.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.methods.creating import create as create
    from apsnet_core.methods.interface import Sampler as Sampler
    from apsnet_core.methods.learned import LearnedSampler as LearnedSampler
    from apsnet_core.methods.method import Context as Context
    from apsnet_core.methods.method import Method as Method
    from apsnet_core.methods.registry import methods as methods
    from apsnet_core.methods.registry import register as register
    from apsnet_core.methods.registry import unregister as unregister
    from apsnet_core.methods.spec import MethodSpec as MethodSpec

_HOME = {
    "Sampler": "apsnet_core.methods.interface",
    "LearnedSampler": "apsnet_core.methods.learned",
    "MethodSpec": "apsnet_core.methods.spec",
    "Context": "apsnet_core.methods.method",
    "Method": "apsnet_core.methods.method",
    "create": "apsnet_core.methods.creating",
    "methods": "apsnet_core.methods.registry",
    "register": "apsnet_core.methods.registry",
    "unregister": "apsnet_core.methods.registry",
}

__all__ = list(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
