"""Detection of torch's hooks on a network: they run only if the network's modules are really called."""

from __future__ import annotations

from torch import nn
from torch.nn.modules.module import _has_any_global_hook


def has_hooks(net: nn.Module) -> bool:
    """Whether a hook is registered on ``net``, on one of its submodules, or globally on all modules."""
    return _has_any_global_hook() or any(
        hooks
        for own in net.modules()
        for hooks in (
            own._forward_hooks,
            own._forward_pre_hooks,
            own._backward_hooks,
            own._backward_pre_hooks,
        )
    )
