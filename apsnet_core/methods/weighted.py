"""Sampling weighted by a field: the larger a point's value, the more likely it is selected."""

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
_NEVER = 1e-9  # of the largest weight: points with a value that is missing or not above 0 come last


@dataclass(frozen=True)
class WeightedSampler:
    """A sampler that draws points weighted by a ``field``; None is the first field of the cloud's file.

    If there is no field, all points have the same weight, and the sampling has a note.
    """

    field: str | None

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        """See `Sampler.sample`. Raises ValueError if the field is missing or has no value above 0."""
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
        """See `WholeAware`. Every point gets a weight above 0, so that every part can be sampled."""
        name = self.field or _first(cloud)
        if name is None:
            return cloud, _EQUAL
        weights = weights_by(cloud, name)
        notes = _without_weight(len(cloud) - int(np.count_nonzero(weights)), name, 0, len(cloud))
        return replace(cloud, attributes={name: weights + _NEVER}), notes


def _without_weight(none: int, field: str, m: int, count: int) -> tuple[str, ...]:
    """A note on the ``none`` of ``count`` points without weight, and on how many of them are among ``m``."""
    if not none:
        return ()
    note = f"{counted(none, 'point')} without a number above 0 in the field {field!r} weighed nothing"
    needed = m - (count - none)
    return (f"{note}, and {needed:,} of them had to be taken." if needed > 0 else f"{note}.",)


def weights_by(cloud: PointCloud, field: str) -> Float64:
    """The weight (n,), 0 to 1, of each point by its value in ``field``: 0 if it is missing or not above 0.

    Raises ValueError if no value is above 0.
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
