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
    return find(spec.row.trained_as, task, m, spec.weights, architecture=network.name)


def known_sizes(spec: MethodSpec, task: str) -> list[int]:
    """The numbers of points that its weights were trained for, of one file or, of one size each, of several.

    ValueError for a method that is not trained: it knows no size; `WeightsError` without weights.
    """
    from apsnet_core.weights.listing import catalogue

    entry = find_weights(spec, task)
    sizes = set(entry.metadata.sizes)
    if spec.weights is None and not spec.row.many_sizes:
        of_method = [e.metadata for e in catalogue().entries if e.metadata.method == spec.row.trained_as]
        sizes |= {size for metadata in of_method if metadata.task == task for size in metadata.sizes}
    return sorted(sizes)
