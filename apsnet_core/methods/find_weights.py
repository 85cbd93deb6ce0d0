"""The weights that a learned method uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apsnet_core.methods.spec import MethodSpec
    from apsnet_core.weights.listing import Entry, RunEntry


def find_weights(spec: MethodSpec, task: str, m: int | None = None) -> Entry:
    """The weights that ``spec`` names, otherwise the best ones for ``task`` and ``m`` points.

    Raises `WeightsError` if there are none.
    """
    from apsnet_core.weights.listing import find

    network = spec.row.network
    if network is None:
        raise ValueError(f"{spec.name} has no network, and so no weights")
    return find(spec.row.trained_as, task, m, spec.weights, architecture=network.name)


def runs_of(spec: MethodSpec, task: str) -> list[RunEntry] | None:
    """The runs of the method and ``task`` if ``spec`` names a folder of runs, otherwise None."""
    from apsnet_core.weights.listing import entries_of_runs

    if not (spec.row.learned and spec.weights):
        return None
    runs = entries_of_runs(Path(spec.weights).expanduser())
    wanted = spec.row.trained_as, task
    own = [run for run in runs if (run.entry.metadata.method, run.entry.metadata.task) == wanted]
    return own if runs else None


def known_sizes(spec: MethodSpec, task: str) -> list[int]:
    """The sample sizes for which the method's weights were trained, in ascending order.

    They come from one file, or from several files of one size each. Raises ValueError for a method that is
    not trained, and `WeightsError` if there are no weights.
    """
    from apsnet_core.weights.listing import catalogue

    if runs := runs_of(spec, task):
        return sorted({size for run in runs if run.finished for size in run.entry.metadata.sizes})
    entry = find_weights(spec, task)
    sizes = set(entry.metadata.sizes)
    if spec.weights is None and not spec.row.many_sizes:
        of_method = [e.metadata for e in catalogue().entries if e.metadata.method == spec.row.trained_as]
        sizes |= {size for metadata in of_method if metadata.task == task for size in metadata.sizes}
    return sorted(sizes)
