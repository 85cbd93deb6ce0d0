"""Whether someone looks in on a network by torch's hooks, which only calls of its modules reach."""

from __future__ import annotations

from torch import nn
from torch.nn.modules.module import _has_any_global_hook


def has_hooks(net: nn.Module) -> bool:
    """Whether a hook waits for a call of ``net`` or of a module in it, or of any module at all."""
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
