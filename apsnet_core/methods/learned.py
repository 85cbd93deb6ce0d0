"""The learned samplers, with the interface of the classical ones, for clouds of any size and position."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn

from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.methods.attention import most_attended
from apsnet_core.methods.find_weights import find_weights
from apsnet_core.methods.interface import check_generated, check_seed, check_size
from apsnet_core.methods.matching import completed, matched
from apsnet_core.methods.method import Completion
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.methods.working_rows import working_rows
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.apsnet_loop_compiled import KERNELS
from apsnet_core.networks.device import chosen_device, placed
from apsnet_core.networks.registry import SamplerNetwork
from apsnet_core.networks.view import View, view_of
from apsnet_core.ops.threads import one_thread
from apsnet_core.rollout import Attended, NetworkView, Rollout
from apsnet_core.sampling import Sampling
from apsnet_core.weights import Entry, Metadata, load

_FPS_AFTER = 128
_AT_ONCE = 32  # clouds in a batch
_LOOKS = 32  # steps whose attention is summed, for any m, so that smaller samples are prefixes of larger ones


class _Samples(NamedTuple):
    """Points (m, 3) in the cloud's coordinates, their ``rows`` in the cloud unless they are generated, and
    `Sampling.steps`."""

    points: Float32
    rows: Int64 | None = None
    steps: Int64 | None = None


@dataclass(frozen=True)
class LearnedSampler:
    """A learned method with weights for a task. It generates points, or matches them to the cloud's points.

    ``up`` is the clouds' up axis, or None to guess it. Of a cloud with more than ``working`` points (by
    default the number in training), the network sees only that many, but matching uses all. ``completion``
    "fps-after-128" adds points beyond 128 by farthest point sampling, as the published APSNet does; "lstm"
    generates all points.
    """

    spec: MethodSpec
    task: str
    up: str | None = None
    working: int | None = None
    completion: Completion = "lstm"

    def entry(self, m: int | None = None) -> Entry:
        """The weights used for ``m`` points. Raises `WeightsError` if there are none."""
        best = self._best
        return best if m is None or best.gives(m) else find_weights(self.spec, self.task, m)

    @cached_property
    def _best(self) -> Entry:
        """The best weights regardless of size, looked up once. They are used for every size they support."""
        return find_weights(self.spec, self.task)

    @property
    def _how(self) -> SamplerNetwork:
        network = self.spec.row.network
        if network is None:
            raise ValueError(f"{self.spec.name} has no network")
        return network

    def rollout(self, cloud: PointCloud, m: int, seed: int = 0) -> Rollout:
        """APSNet's rollout of ``m`` steps. Its prefixes can be used for every smaller size, see `sample`."""
        check_size(m, len(cloud))
        network, metadata = open_network(self.entry(m).path)
        if not self._how.rolls:
            raise ValueError(f"{self.spec.name} has no rollout: only APSNet samples step by step")
        return self._roll(network, metadata, cloud, m, self.spec.seeded(seed))

    def sample(self, cloud: PointCloud, m: int, seed: int = 0, *, rollout: Rollout | None = None) -> Sampling:
        """See `Sampler.sample`. A ``rollout`` of the same cloud, with at least m steps, is used if given.

        Raises ValueError if ``m`` is not in 1..n, and `WeightsError` if there are no weights for it.
        """
        check_size(m, len(cloud))
        seed = self.spec.seeded(seed)
        check_seed(seed)
        entry = self.entry(m)
        network, metadata = open_network(entry.path)
        began = time.perf_counter()
        if self._how.rolls:
            rollout = (rollout or self._roll(network, metadata, cloud, m, seed)).prefix(self._steps(m))
            if rollout.attended is None:
                raise ValueError("the rollout does not tell which points it attended to")
            view, generated = rollout.attended.view, rollout.points
        else:
            view, seen = self._seen(cloud, metadata, seed)
            generated = self._generate(network, seen, m)
        samples = self._finish(cloud, view, generated, m, rollout)
        seconds = time.perf_counter() - began
        return self._sampling(cloud, samples, m, seed, seconds, rollout, entry, metadata)

    def sample_all(self, clouds: Sequence[PointCloud], m: int, seed: int = 0) -> list[Sampling]:
        """Sample each cloud like `sample`. Clouds with equal numbers of working points form batches."""
        for cloud in clouds:
            check_size(m, len(cloud))
        seed = self.spec.seeded(seed)
        check_seed(seed)
        entry = self.entry(m)
        network, metadata = open_network(entry.path)
        parts = [clouds[first : first + _AT_ONCE] for first in range(0, len(clouds), _AT_ONCE)]
        return [one for part in parts for one in self._together(part, m, seed, entry, network, metadata)]

    def _together(
        self, clouds: Sequence[PointCloud], m: int, seed: int, entry: Entry, network: nn.Module,
        metadata: Metadata,
    ) -> list[Sampling]:  # fmt: skip
        began = time.perf_counter()
        seen = [self._seen(cloud, metadata, seed) for cloud in clouds]
        of_size: dict[int, list[int]] = {}
        for k, (_, inputs) in enumerate(seen):
            of_size.setdefault(inputs.shape[1], []).append(k)
        made: dict[int, tuple[_Samples, Rollout | None]] = {}
        for group in of_size.values():
            batch = torch.cat([seen[k][1] for k in group])
            rolled = self._rolled(network, batch, m) if self._how.rolls else None
            generated = self._generate(network, batch, m) if rolled is None else rolled.points
            for j, k in enumerate(group):
                view = seen[k][0]
                rollout = None if rolled is None else self._attending(network, rolled.of(j), view)
                made[k] = self._finish(clouds[k], view, generated[j : j + 1], m, rollout), rollout
        seconds = (time.perf_counter() - began) / len(clouds)
        samplings = []
        for k, cloud in enumerate(clouds):
            samples, rollout = made[k]
            samplings.append(self._sampling(cloud, samples, m, seed, seconds, rollout, entry, metadata))
        return samplings

    def _sampling(
        self, cloud: PointCloud, samples: _Samples, m: int, seed: int, seconds: float,
        rollout: Rollout | None, entry: Entry, metadata: Metadata,
    ) -> Sampling:  # fmt: skip
        return Sampling(
            points=samples.points,
            indices=samples.rows,
            method=str(self.spec),
            m=m,
            seed=seed,
            seconds=seconds,
            offset=cloud.offset,
            rollout=None if self.spec.row.by_attention else rollout,
            steps=samples.steps,
            weights=entry.name,
            cloud=cloud,
            notes=self._notes(m, metadata),
        )

    def _generate(self, network: nn.Module, seen: Tensor, m: int) -> Tensor:
        with torch.no_grad(), one_thread() if len(seen) == 1 else nullcontext():
            generated = self._how.generate(network, seen, m)
        check_generated(generated, len(seen), m)
        return generated

    def _notes(self, m: int, metadata: Metadata) -> tuple[str, ...]:
        """A note if ``m`` exceeds APSNet's training sizes, where many generated points are close together."""
        if self.spec.variant != "g" or not (told := metadata.beyond(self._steps(m))):
            return ()
        other = ", or --completion fps-after-128," if m > _FPS_AFTER else ""
        return (f"{self.spec.label} {told}. {self.spec.name}:m{other} spreads them.",)

    def _steps(self, m: int) -> int:
        if self.spec.row.by_attention:
            return _LOOKS
        return m if self.completion == "lstm" else min(m, _FPS_AFTER)

    def _roll(self, network: nn.Module, metadata: Metadata, cloud: PointCloud, m: int, seed: int) -> Rollout:
        view, seen = self._seen(cloud, metadata, seed)
        return self._attending(network, self._rolled(network, seen, m), view)

    def _rolled(self, network: nn.Module, seen: Tensor, m: int) -> Rollout:
        with torch.no_grad():
            rollout: Rollout = network(seen, self._steps(m))
        return rollout

    def _attending(self, network: nn.Module, rollout: Rollout, view: View) -> Rollout:
        attended = Attended(cast(Callable[[Tensor], Tensor], network.features), view)
        return replace(rollout, attended=attended)

    def _seen(self, cloud: PointCloud, metadata: Metadata, seed: int) -> tuple[View, Tensor]:
        """Return the view of the cloud, and its working points (1, k, 3) as the network sees them."""
        view = view_of(cloud, metadata.normalisation, self.up, metadata.up)
        rows = working_rows(cloud.xyz, self.working or metadata.points, seed)
        seen = view.apply(cloud.xyz if rows is None else cloud.xyz[rows])
        return view, torch.from_numpy(np.ascontiguousarray(seen))[None]

    def _finish(
        self, cloud: PointCloud, view: NetworkView, generated: Tensor, m: int, rollout: Rollout | None
    ) -> _Samples:
        if self.spec.row.by_attention and rollout is not None:
            looked_at = most_attended(rollout, cloud, m)
            return _Samples(cloud.xyz[looked_at], looked_at)
        if self.spec.variant == "g" and generated.shape[1] == m:
            return _Samples(view.restore(generated[0].numpy()))
        whole = torch.from_numpy(view.apply(cloud.xyz, order="F"))[None]
        if self.spec.variant == "g":
            return _Samples(view.restore(completed(generated, whole, m)[0].numpy()))
        rows, origins = (found[0].numpy() for found in matched(generated, whole, m))
        return _Samples(cloud.xyz[rows], rows, origins)


def open_network(path: Path) -> tuple[nn.Module, Metadata]:
    """Return the network of a weights file, in eval mode and cached, and its metadata."""
    return _loaded(path, path.stat().st_mtime_ns, chosen_device())


@lru_cache(maxsize=32)
def _loaded(path: Path, written: int, device: str) -> tuple[nn.Module, Metadata]:
    """Load a network. ``written`` renews the cache when the file changes, for instance during training."""
    network, metadata = load(path)
    if isinstance(network, APSNet) and device == "cpu":
        KERNELS.load()  # loaded here, so that the first sample does not wait for them
    return placed(network, device), metadata
