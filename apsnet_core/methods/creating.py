"""Creation of the sampler of a method, and checks of its samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.methods.interface import (
    BatchSampler,
    GeneratingSampler,
    RowSampler,
    Sampler,
    check_rows,
    check_size,
)
from apsnet_core.methods.method import Completion, Context, Method
from apsnet_core.methods.registry import method, source
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.sampling import Sampling

if TYPE_CHECKING:
    from apsnet_core.rollout import Rollout


def create(
    spec: MethodSpec,
    task: str | None = None,
    up: str | None = None,
    *,
    m: int | None = None,
    working: int | None = None,
    completion: Completion = "lstm",
) -> CheckedSampler:
    """Create the sampler of a method, for any cloud. A learned method gets weights for ``task``.

    ``task`` defaults to the task of the named weights, otherwise to the first task. ``up`` is the axis of the
    clouds that points up, or None to guess it. ``m`` is the sample size that the weights must support, None
    if unknown. For ``working`` and ``completion`` see `LearnedSampler`. Raises ValueError if there are no
    such weights.

    >>> sampler = create(MethodSpec.parse("random"))
    >>> cloud = PointCloud.from_array(np.random.default_rng(0).random((100, 3)))
    >>> sampler.sample(cloud, 5, seed=3)
    Sampling(5 points by random, rows of the cloud, seed 3)
    """
    row = method(spec.name)
    if not row.learned and (working is not None or completion != "lstm"):
        raise ValueError(f"{row.name} has no network, so it takes no working size and no completion")
    return CheckedSampler(row, spec.seed, _sampler(row, spec, task, up, m, working, completion))


@dataclass(frozen=True)
class CheckedSampler:
    """A sampler that checks its samples: finite points, distinct indices. ``own_seed`` overrides the seed."""

    row: Method
    own_seed: int | None
    inner: Sampler

    def sample(self, cloud: PointCloud, m: int, seed: int = 0, *, rollout: Rollout | None = None) -> Sampling:
        """See `Sampler.sample`. A ``rollout`` of the same cloud is for stepwise `LearnedSampler` methods."""
        check_size(m, len(cloud))
        given = {} if rollout is None else {"rollout": rollout}
        with self._explained():
            sampling = self.inner.sample(cloud, m, self._seed(seed), **given)
            check_sampling(sampling, m, len(cloud))
        return sampling

    def sample_all(self, clouds: Sequence[PointCloud], m: int, seed: int = 0) -> list[Sampling]:
        """Sample each cloud like `sample`, as a batch if the method supports it."""
        if not isinstance(self.inner, BatchSampler):
            return [self.sample(cloud, m, seed) for cloud in clouds]
        with self._explained():
            samplings = self.inner.sample_all(clouds, m, self._seed(seed))
            for cloud, sampling in zip(clouds, samplings, strict=True):
                check_sampling(sampling, m, len(cloud))
        return samplings

    def _seed(self, seed: int) -> int:
        return seed if self.own_seed is None else self.own_seed

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of a plug-in's method into a ValueError that names the plug-in."""
        try:
            yield
        except Exception as why:
            outside = source(self.row.name)
            if outside is None:
                raise
            said = str(why) if isinstance(why, ValueError) else f"{type(why).__name__}: {why}"
            raise ValueError(f"{self.row.label}, of {outside}, failed: {' '.join(said.split())}") from why


def check_sampling(sampling: Sampling, m: int, n: int) -> None:
    """Raise ValueError unless ``sampling`` has ``m`` finite points and, if it has indices, ``m`` distinct
    ones of a cloud of ``n`` points."""
    if not isinstance(sampling, Sampling):
        raise ValueError(f"the method gave a {type(sampling).__name__}, not a Sampling")
    points = sampling.points
    if points.shape != (m, 3):
        raise ValueError(f"the method gave points of shape {points.shape}, not ({m}, 3)")
    if not np.isfinite(points).all():
        raise ValueError("the method gave points that are not finite")
    if sampling.indices is not None:
        check_rows(sampling.indices, m, n)


def _sampler(
    row: Method,
    spec: MethodSpec,
    task: str | None,
    up: str | None,
    m: int | None,
    working: int | None,
    completion: Completion,
) -> Sampler:
    if row.choose is not None:
        return RowSampler(row.name, row.choose)
    if row.generate is not None:
        return GeneratingSampler(str(replace(spec, seed=None)), row.generate, spec.variant == "m")
    if row.create is not None:
        return row.create(Context(spec.variant, spec.weights, task, up))
    from apsnet_core.methods.learned import LearnedSampler
    from apsnet_core.tasks.registry import DEFAULT
    from apsnet_core.weights.listing import named

    own_task = named(spec.weights).metadata.task if spec.weights else DEFAULT
    sampler = LearnedSampler(spec, task or own_task, up, working, completion)
    sampler.entry(m)  # missing weights raise here, not at the first cloud
    return sampler
