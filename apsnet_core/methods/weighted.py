"""Sampling weighted by a field: the larger a point's number, the more likely it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.methods.interface import RowSampler, Sampler
from apsnet_core.methods.method import Context, Method
from apsnet_core.ops.weighted_rows import weighted_rows
from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling

_EQUAL: tuple[str, ...] = (
    "The cloud has no field to weight by: all points weighed the same. weighted@z weighs by height.",
)
_NEVER = 1e-9  # of the largest: what is 0, below it or missing comes after all else


@dataclass(frozen=True)
class WeightedSampler:
    """Draws points by the numbers of a ``field``; None is the first that the file of a cloud has.

    Without any all points weigh the same, and a note says so.
    """

    field: str | None

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        """See `Sampler.sample`. ``ValueError`` where the cloud lacks the field, or has none above 0 in it."""
        name = self.field or _first(cloud)
        weights, notes = np.ones(len(cloud)), _EQUAL
        if name is not None:
            weights = weights_by(cloud, name)
            notes = _without_weight(len(cloud) - int(np.count_nonzero(weights)), name, m, len(cloud))
            weights += _NEVER
        method = "weighted" if name is None else f"weighted@{name}"
        sampler = RowSampler(method, lambda _, m, seed: weighted_rows(weights, m, seed))
        return replace(sampler.sample(cloud, m, seed), notes=notes)

    def prepared(self, cloud: PointCloud) -> tuple[PointCloud, tuple[str, ...]]:
        """See `WholeAware`: each point has its weight, so that no part is left without any."""
        name = self.field or _first(cloud)
        if name is None:
            return cloud, _EQUAL
        weights = weights_by(cloud, name)
        notes = _without_weight(len(cloud) - int(np.count_nonzero(weights)), name, 0, len(cloud))
        return replace(cloud, attributes={name: weights + _NEVER}), notes


def _without_weight(none: int, field: str, m: int, count: int) -> tuple[str, ...]:
    """A note on ``none`` of ``count`` points, which weigh nothing; and on those among ``m`` all the same."""
    if not none:
        return ()
    note = f"{counted(none, 'point')} without a number above 0 in the field {field!r} weighed nothing"
    needed = m - (count - none)
    return (f"{note}, and {needed:,} of them had to be taken." if needed > 0 else f"{note}.",)


def weights_by(cloud: PointCloud, field: str) -> Float64:
    """The weight of each point (n,), 0 to 1, by its number in ``field``: 0 for one missing or not above 0.

    ValueError where no number is above 0.
    """
    from apsnet_core.colours.fields import values_of

    weights: Float64 = values_of(cloud, field).astype(np.float64)
    weights[~np.isfinite(weights)] = 0
    np.maximum(weights, 0, out=weights)
    most = float(weights.max(initial=0))
    if not most:
        raise ValueError(f"no point has a number above 0 in the field {field!r}, and so none has a weight")
    weights /= most
    return weights


def _first(cloud: PointCloud) -> str | None:
    from apsnet_core.colours.fields import ALWAYS, fields_of

    names = [name for name in fields_of(cloud) if name not in ALWAYS]
    return names[0] if names else None


def _create(context: Context) -> Sampler:
    return WeightedSampler(context.weights)


WEIGHTED = Method(
    name="weighted",
    label="Weighted",
    about="The larger the number of a point in a field of the file, the more likely it is.",
    colour="#b07aa1",
    create=_create,
    by_field=True,
    nested=True,
)
