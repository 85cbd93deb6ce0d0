"""Conversion of a published ``.pth`` to a weights file of this program."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from apsnet_core.networks.pointnet import PointNet
from apsnet_core.networks.samplenet import SampleNet
from apsnet_core.ops.normalise import Normalisation
from apsnet_core.ops.orientation import Up
from apsnet_core.tasks.metric import Paper
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.tasks.registry import task_of_network
from apsnet_core.tasks.task import Task
from apsnet_core.weights.checkpoint import read_checkpoint
from apsnet_core.weights.metadata import Metadata, TaskName, WeightsError
from apsnet_core.weights.published import Part, convert, samples
from apsnet_core.weights.storage import save

# The class names of the public releases, in the order of their labels.
_MODELNET10 = [
    "bathtub",
    "bed",
    "chair",
    "desk",
    "dresser",
    "monitor",
    "night_stand",
    "sofa",
    "table",
    "toilet",
]
_MODELNET40 = [
    "airplane", "bathtub", "bed", "bench", "bookshelf", "bottle", "bowl", "car", "chair", "cone", "cup",
    "curtain", "desk", "door", "dresser", "flower_pot", "glass_box", "guitar", "keyboard", "lamp", "laptop",
    "mantel",
    "monitor", "night_stand", "person", "piano", "plant", "radio", "range_hood", "sink", "sofa", "stairs",
    "stool", "table", "tent", "toilet", "tv_stand", "vase", "wardrobe", "xbox",
]  # fmt: skip


def import_published(
    source: Path,
    target: Path,
    *,
    part: Part | None = None,
    task: TaskName | None = None,
    sizes: list[int] | None = None,
    classes: list[str] | None = None,
    neighbours: int = 8,
    points: int | None = None,
    normalisation: Normalisation | None = None,
    up: Up = "y",
    data: str = "",
    licence: str = "",
) -> Metadata:
    """Convert the published checkpoint ``source`` to the weights file ``target``. Raises `WeightsError`.

    The arguments give the facts that are not in the checkpoint; by default they are the settings with which
    the published code trains. A sampler needs ``task``.
    """
    network, architecture = _converted(source, part)
    row = _task(source, architecture, task)
    sampler = samples(architecture)
    if isinstance(network, SampleNet):
        own_size = network.generator.m
        if sizes not in (None, [], [own_size]):
            raise WeightsError(source, f"samples {own_size} points, not {sizes}")
        sizes = [own_size]
    if isinstance(network, PointNet):
        classes = _class_names(network.classes, classes, source)
    paper = row.paper or Paper(0, (), {})
    metadata = Metadata(
        architecture=architecture,
        method=architecture if sampler else None,
        task=row.name,
        sizes=sizes or [],
        classes=classes or [] if not sampler and row.knows_classes else [],
        neighbours=neighbours if architecture == "samplenet" else None,
        points=points or paper.points,
        normalisation=normalisation or (paper.samplers_normalisation if sampler else paper.normalisation),
        up=up,
        data=data or "not named in the checkpoint",
        licence=licence,
        note=f"imported from {source.name}",
    )
    save(target, network.state_dict(), metadata)
    return metadata


def _converted(source: Path, part: Part | None) -> tuple[nn.Module, str]:
    """Return the network in a checkpoint, and the architecture recognised."""
    try:
        return convert(read_checkpoint(source), part)
    except RecursionError:
        why = "contains itself: save only `model.state_dict()` and import that"
        raise WeightsError(source, why) from None
    except WeightsError:
        raise
    except ValueError as error:
        raise WeightsError(source, str(error)) from error


def _task(source: Path, architecture: str, wanted: TaskName | None) -> Task:
    """The task of a task net, or for a sampler the ``wanted`` task."""
    own = task_of_network(architecture)
    if own is not None:
        if wanted not in (None, own.name):
            raise WeightsError(source, f"holds the network for {own.name}, not for {wanted}")
        return own
    if wanted is None:
        raise WeightsError(source, "holds a sampler without its task: name the task with --task")
    return task_named(wanted)


def _class_names(count: int, names: list[str] | None, source: Path) -> list[str]:
    if names:
        if len(names) != count:
            raise WeightsError(source, f"has {count} classes, but {len(names)} names were given")
        return names
    return {40: _MODELNET40, 10: _MODELNET10}.get(count) or [f"class {i}" for i in range(count)]
