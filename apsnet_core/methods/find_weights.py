"""The weights that a learned method uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apsnet_core.methods.spec import MethodSpec
    from apsnet_core.weights.listing import Entry


def find_weights(spec: MethodSpec, task: str, m: int | None = None) -> Entry:
    """Those that ``spec`` names, else the best for ``task`` and ``m`` points; `WeightsError` without any."""
    from apsnet_core.weights.listing import find

    network = spec.row.network
    if network is None:
        raise ValueError(f"{spec.name} has no network, and so no weights")
    return find(spec.name, task, m, spec.weights, architecture=network.name)
