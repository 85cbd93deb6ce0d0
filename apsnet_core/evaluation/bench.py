"""The time of sampling on this machine: the rows of Table 4."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.samplenet import SNet
from apsnet_core.ops import match

POINTS = 2048
SIZES = (32, 128, 256, 512)
BATCHES = (1, 32)
WARM_UP = 2


@dataclass(frozen=True)
class Timing:
    """Median ``seconds`` for a ``batch`` of clouds of `POINTS` points, and ``published`` ones of Table 4."""

    method: str
    m: int
    batch: int
    seconds: float
    published: float


# Table 4: milliseconds on the authors' GPU, by size.
_PUBLISHED = {
    "samplenet:g": (7.63, 7.54, 7.79, 7.94),
    "samplenet:m": (44.33, 135.23, 261.47, 515.30),
    "apsnet:g": (9.21, 12.84, 17.68, 27.48),
    "apsnet:m": (45.91, 139.83, 269.40, 525.38),
}


def time_inference(device: torch.device, rounds: int = 7) -> Iterator[Timing]:
    """Measure and yield every row of Table 4. The networks are untrained, which does not change the time."""
    apsnet = APSNet().eval().to(device)
    for m, *published in zip(SIZES, *_PUBLISHED.values(), strict=True):
        # SampleNet generates points like S-NET; its projection is a part of the training only.
        samplenet = SNet(m).eval().to(device)
        for batch in BATCHES:
            points = torch.rand(batch, POINTS, 3, device=device) - 0.5
            for method, theirs in zip(_PUBLISHED, published, strict=True):
                way = partial(_sample, method, apsnet, samplenet, points, m)
                yield Timing(method, m, batch, _median(way, device, rounds), theirs / 1000)


def _sample(method: str, apsnet: APSNet, samplenet: SNet, points: Tensor, m: int) -> Tensor:
    name, _, variant = method.partition(":")
    generated: Tensor = apsnet(points, m).points if name == "apsnet" else samplenet(points)
    return generated if variant == "g" else match(generated, points)


def _median(way: Callable[[], Tensor], device: torch.device, rounds: int) -> float:
    times = []
    with torch.no_grad():
        for _ in range(WARM_UP + rounds):
            _finish(device)
            began = time.perf_counter()
            way()
            _finish(device)
            times.append(time.perf_counter() - began)
    return statistics.median(times[WARM_UP:])


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
