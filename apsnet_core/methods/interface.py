"""The interface of all samplers, and samplers that wrap a single function."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.sampling import LARGEST_SEED, Sampling
from apsnet_core.types import Unchecked

if TYPE_CHECKING:
    from torch import Tensor


_drawing = threading.Lock()


class Sampler(Protocol):
    """A method of sampling, ready to be used on any cloud."""

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        """Sample ``m`` points of ``cloud``, in its own coordinates. The same seed gives the same points.

        Raises ValueError with one sentence if the method cannot give ``m`` points for this cloud.
        """
        ...


@runtime_checkable
class BatchSampler(Sampler, Protocol):
    """A sampler that is faster for many clouds at once."""

    def sample_all(self, clouds: Sequence[PointCloud], m: int, seed: int = 0) -> list[Sampling]:
        """Apply `Sampler.sample` to each cloud, in their order."""
        ...


@runtime_checkable
class WholeAware(Sampler, Protocol):
    """A sampler that needs the whole cloud before its parts are sampled."""

    def prepared(self, cloud: PointCloud) -> tuple[PointCloud, tuple[str, ...]]:
        """Return the cloud from which the parts are taken, in the order of ``cloud``, and notes about it.

        Each note is a sentence. Raises ValueError with one sentence if the method cannot sample the cloud.
        """
        ...


def check_size(m: int, n: int) -> None:
    """Raise ValueError unless ``m`` of ``n`` points can be sampled."""
    if n == 0:
        raise ValueError("the cloud is empty: there is nothing to sample")
    if m < 1:
        raise ValueError(f"cannot sample {m} points: at least 1 is needed")
    if m > n:
        raise ValueError(f"cannot sample {m} of {n} points: at most all {n} can be taken")


def check_seed(seed: int) -> None:
    """Raise ValueError unless ``seed`` is valid for every random generator."""
    if not isinstance(seed, int | np.integer) or not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"a seed is a whole number from 0 to {LARGEST_SEED}, not {seed!r}")


def check_rows(rows: Int64, m: int, n: int) -> None:
    """Raise ValueError unless ``rows`` are ``m`` distinct indices below ``n``."""
    if rows.shape != (m,) or rows.dtype.kind != "i":
        raise ValueError(f"the method chose rows of shape {rows.shape} and type {rows.dtype}, not {m} rows")
    if rows.min() < 0 or rows.max() >= n:
        raise ValueError(f"the method chose row {rows.max() if rows.max() >= n else rows.min()} of {n}")
    distinct = len(np.unique(rows))
    if distinct < m:
        raise ValueError(f"the method chose {distinct} different points, not {m}")


@dataclass(frozen=True)
class RowSampler:
    """A sampler that selects points: ``choose(points (n, 3), m, seed)`` returns m distinct indices."""

    method: str
    choose: Callable[[Float32, int, int], Int64]

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        """See `Sampler.sample`. Raises ValueError if ``m`` is not in 1..n."""
        check_size(m, len(cloud))
        check_seed(seed)
        began = time.perf_counter()
        rows = self.choose(cloud.xyz, m, seed)
        seconds = time.perf_counter() - began
        check_rows(rows, m, len(cloud))
        return Sampling(
            points=cloud.xyz[rows],
            indices=rows,
            method=self.method,
            m=m,
            seed=seed,
            seconds=seconds,
            offset=cloud.offset,
            cloud=cloud,
        )


@dataclass(frozen=True)
class GeneratingSampler:
    """A sampler that generates points: ``generate(points (B, n, 3), m)`` returns a tensor (B, m, 3).

    ``matched`` replaces each by the nearest point of the cloud (Sec. 3). The seed is set for torch's random
    numbers.
    """

    method: str
    generate: Callable[[Tensor, int], Tensor]
    matched: bool = False

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        """See `Sampler.sample`. Raises ValueError if ``m`` is not in 1..n."""
        import torch

        from apsnet_core.methods.matching import matched_rows

        check_size(m, len(cloud))
        check_seed(seed)
        began = time.perf_counter()
        points = torch.tensor(cloud.xyz)[None]
        # torch has one generator for all threads; without a lock, a second thread would reseed it meanwhile.
        with _drawing, torch.no_grad(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            generated = self.generate(points, m)
        check_generated(generated, 1, m)
        rows: Int64 | None = matched_rows(generated, points, m)[0].numpy() if self.matched else None
        made = generated[0].to(torch.float32).cpu().numpy() if rows is None else cloud.xyz[rows]
        seconds = time.perf_counter() - began
        return Sampling(made, rows, self.method, m, seed, seconds, cloud.offset, cloud=cloud)


def check_generated(generated: Unchecked, batch: int, m: int) -> None:
    """Raise ValueError unless ``generated`` is a tensor of finite points (batch, m, 3)."""
    import torch

    if not isinstance(generated, torch.Tensor):
        raise ValueError(f"the method gave a {type(generated).__name__}, not a tensor")
    if generated.shape != (batch, m, 3):
        raise ValueError(f"the method gave points of shape {tuple(generated.shape)}, not ({batch}, {m}, 3)")
    if not bool(generated.isfinite().all()):
        raise ValueError("the method gave points that are not finite")
