"""Sampling weighted by a field: the larger a point's number, the more likely it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.methods.interface import RowSampler, Sampler
from apsnet_core.methods.method import Context, Method
from apsnet_core.ops.weighted_rows import weighted_rows
from apsnet_core.sampling import Sampling

_EQUAL = "The cloud has no field to weight by: all points weighed the same. weighted@z weighs by height."
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
        weights = np.ones(len(cloud)) if name is None else weights_by(cloud, name)
        method = "weighted" if name is None else f"weighted@{name}"
        sampler = RowSampler(method, lambda _, m, seed: weighted_rows(weights, m, seed))
        found = sampler.sample(cloud, m, seed)
        return found if name is not None else replace(found, notes=(_EQUAL,))


def weights_by(cloud: PointCloud, field: str) -> Float64:
    """The chance of each point (n,) by its number in ``field``, above 0; ValueError where no number is."""
    from apsnet_core.colours.fields import values_of

    values = values_of(cloud, field).astype(np.float64)
    values = np.where(np.isfinite(values), values, 0).clip(0)
    most = float(values.max(initial=0))
    if not most:
        raise ValueError(f"no point has a number above 0 in the field {field!r}, and so none has a weight")
    return values / most + _NEVER


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
