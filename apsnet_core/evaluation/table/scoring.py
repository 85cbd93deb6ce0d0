"""The task net's answer on every sample of every held-out shape, one number per shape."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from apsnet_core.atomic import atomic_path
from apsnet_core.cloud import Float64
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.methods.batched import Want as Want
from apsnet_core.methods.batched import generate_for_clouds, sample_clouds
from apsnet_core.methods.learned import open_network
from apsnet_core.methods.registry import method
from apsnet_core.networks.digest import network_digest
from apsnet_core.placing import counted
from apsnet_core.tasks.answer import NetAnswer
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.registry import task as task_named

_VERSION = "3"
"""A part of the name of every stored answer: raise it when the same networks get other scores."""


@dataclass(frozen=True)
class Source:
    """A source of samples: the method ``name`` with a ``seed``, or the network at ``weights``.

    One source gives all its ``wants`` at once, since a sample of a nested method begins with the smaller one.
    """

    name: str
    weights: Path | None
    seed: int
    wants: tuple[Want, ...]


@dataclass(frozen=True, eq=False)
class Scores:
    """The task's metric, one number (S,) per shape: on all points (``full``), and for every wanted sample.

    ``full`` uses `Task.of_all_points`: for a reconstruction the Chamfer distance, as the NRE would be 1.
    ``answers`` (S,) are the class numbers that a classifier gave the samples; empty for other nets.
    """

    full: Float64
    samples: dict[tuple[Source, Want], Float64]
    answers: dict[tuple[Source, Want], Float64]


def score(
    held_out: HeldOut,
    net: TaskNet,
    sources: Sequence[Source],
    *,
    memory: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Scores:
    """Sample every shape in every wanted way, and measure the answer of ``net`` for each sample.

    ``memory`` is a folder where the answers of each finished source are stored, under a hash of everything
    that determines them, so that an interrupted evaluation can continue. ``progress`` gets the number of
    finished batches and of all batches.
    """
    given, names = names_of(held_out, net, sources)
    told = {
        (source, want): kept
        for source, wants in names.items()
        for want, name in wants.items()
        if (kept := recall(memory, name)) is not None
    }
    left = [source for source in sources if any((source, want) not in told for want in source.wants)]
    full = recall(memory, given)
    if full is not None and not left:
        return _scores(held_out, net, full, told)

    done, total = 0, len(held_out.batches) * (1 + sum(len(source.wants) for source in left))

    def advance() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    answers, values = [], []
    for batch in held_out.batches:
        answers.append(_ask(net, batch.to_sample))
        values.append(_told_of_all(net, answers[-1], batch))
        advance()
    full = _joined(values)
    keep(memory, given, full)
    for source in left:
        for want, found in told_of_samples(held_out.batches, net, source, answers, advance).items():
            told[source, want] = found
            keep(memory, names[source][want], found)
    return _scores(held_out, net, full, told)


def told_of_all(net: TaskNet, batch: Batch) -> Float64:
    """The stored values (B,) for the whole clouds of a batch."""
    return _joined([_told_of_all(net, _ask(net, batch.to_sample), batch)])


def told_of_samples(
    batches: Sequence[Batch],
    net: TaskNet,
    source: Source,
    answers: Sequence[NetAnswer] | None = None,
    advance: Callable[[], None] = lambda: None,
) -> dict[Want, Float64]:
    """The stored values (S,) for every sample of one source.

    ``answers`` are those for the whole clouds, by default computed here; ``advance`` is called after each
    batch of samples.
    """
    parts: dict[Want, list[Tensor]] = {want: [] for want in source.wants}
    for batch, on_clouds in zip(
        batches, answers or (_ask(net, batch.to_sample) for batch in batches), strict=True
    ):
        for want, points in _samples(source, net, batch.to_sample):
            parts[want].append(_told(net, _ask(net, points), on_clouds, batch))
            advance()
    return {want: _joined(found) for want, found in parts.items()}


def _scores(
    held_out: HeldOut, net: TaskNet, full: Float64, told: dict[tuple[Source, Want], Float64]
) -> Scores:
    if not task_named(net.metadata.task).knows_classes:

        def of_shapes(values: Float64) -> Float64:
            of_turns: Float64 = values.reshape(-1, held_out.turns)
            return np.asarray(of_turns.mean(axis=1))

        return Scores(of_shapes(full), {key: of_shapes(values) for key, values in told.items()}, {})

    def right(classes: Float64) -> Float64:
        return np.equal(classes, held_out.labels).astype(np.float64)

    return Scores(right(full), {key: right(classes) for key, classes in told.items()}, told)


def _joined(parts: Sequence[Tensor]) -> Float64:
    return torch.cat(list(parts)).double().numpy()


@torch.no_grad()
def _ask(net: TaskNet, points: Tensor) -> NetAnswer:
    return task_named(net.metadata.task).ask(net.network, points)


def _told(net: TaskNet, answer: NetAnswer, on_clouds: NetAnswer, batch: Batch) -> Tensor:
    """The stored value of an answer, (B,): the class number, or the metric if the net knows no classes."""
    task = task_named(net.metadata.task)
    if task.knows_classes:
        classes: Tensor = _numbers(net, answer).argmax(-1)
        return classes
    return _numbers(net, task.measure(answer, on_clouds, batch))


def _told_of_all(net: TaskNet, answer: NetAnswer, batch: Batch) -> Tensor:
    task = task_named(net.metadata.task)
    if task.knows_classes:
        return _told(net, answer, answer, batch)
    return _numbers(net, task.measure_all(answer, batch))


def _numbers(net: TaskNet, told: Tensor) -> Tensor:
    """The output of a net, (B, ...); ValueError if it has NaN or infinity, which no mean can include."""
    wrong = int((~told.isfinite()).reshape(len(told), -1).any(-1).sum())
    if wrong:
        raise ValueError(f"{net.name} gives NaN or infinity for {counted(wrong, 'shape')}")
    return told


def _samples(source: Source, net: TaskNet, clouds: Tensor) -> Iterator[tuple[Want, Tensor]]:
    """Every wanted sample (B, m, 3) of ``clouds`` (B, N, 3), which have the up axis and scale of ``net``."""
    about = net.metadata
    if source.weights is None or method(source.name).by_attention:
        return sample_clouds(
            source.name, clouds, source.wants, task=about.task, up=about.up, seed=source.seed,
            weights=None if source.weights is None else str(source.weights), pairs=net.task.pairs,
        )  # fmt: skip
    return generate_for_clouds(source.weights, clouds, source.wants, known_as=about, seed=source.seed)


def recall(memory: Path | None, name: str) -> Float64 | None:
    """The values stored under that name; None if there are none."""
    path = memory / f"{name}.npy" if memory else None
    return np.load(path, allow_pickle=False) if path and path.is_file() else None


def keep(memory: Path | None, name: str, values: Float64) -> None:
    """Store ``values`` under a name in the folder ``memory``, if there is one."""
    if memory:
        with atomic_path(memory / f"{name}.npy") as beside:
            np.save(beside, values, allow_pickle=False)


def _data_digest(held_out: HeldOut, net: TaskNet) -> str:
    digest = hashlib.sha256(f"{_VERSION} {net.metadata.task}".encode() + network_digest(net.network))
    for batch in held_out.batches:
        for tensor in batch:
            digest.update(b"" if tensor is None else tensor.numpy().tobytes())
    return digest.hexdigest()[:32]


def names_of(
    held_out: HeldOut, net: TaskNet, sources: Sequence[Source]
) -> tuple[str, dict[Source, dict[Want, str]]]:
    """The names under which answers are stored: one for the whole clouds, and one for each sample."""
    given = _data_digest(held_out, net)
    return given, {source: _names(source, given, net.task.pairs) for source in sources}


def _names(source: Source, given: str, pairs: bool) -> dict[Want, str]:
    """A name for each score, a hash of everything that determines it."""
    # Earlier versions sampled both clouds of a pair with one seed; the word keeps their scores apart.
    drawn = " apart" if pairs and source.weights is None else ""
    network = network_digest(open_network(source.weights)[0]) if source.weights else source.name.encode()
    names = {}
    for want in source.wants:
        facts = f"{given} {source.seed}{drawn} {want}".encode()
        names[want] = hashlib.sha256(facts + network).hexdigest()[:32]
    return names
