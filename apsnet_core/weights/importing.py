"""From a published ``.pth`` to a weights file of ours."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from apsnet_core.ops.normalise import Normalisation
from apsnet_core.ops.orientation import Up
from apsnet_core.weights.metadata import Metadata, TaskName, WeightsError
from apsnet_core.weights.published import Part, convert, samples
from apsnet_core.weights.storage import save

_TASKS: dict[str, TaskName] = {
    "pointnet": "classification",
    "pcae": "reconstruction",
    "pcrnet": "registration",
}
# The classes of the public releases, in the order of their labels.
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
    """Convert the published checkpoint ``source`` to the weights file ``target``; raises `WeightsError`.

    What a checkpoint does not say can be given; what is not given is what the published code trains with.
    ``task`` must be given for a sampler.
    """
    contents = _read(source)
    try:
        network, architecture = convert(contents, part)
    except RecursionError:
        why = "contains itself: save `model.state_dict()` alone and import that"
        raise WeightsError(source, why) from None
    except ValueError as error:
        raise WeightsError(source, str(error)) from error
    own_task: TaskName | None = _TASKS.get(architecture)
    if own_task is None and task is None:
        raise WeightsError(source, "holds a sampler, but not for which task: name it with --task")
    if own_task is not None and task not in (None, own_task):
        raise WeightsError(source, f"holds the network for {own_task}, not for {task}")
    task = own_task or task
    assert task is not None
    if architecture == "samplenet":
        own_size = network.get_submodule("generator").m
        if sizes not in (None, [], [own_size]):
            raise WeightsError(source, f"samples {own_size} points, not {sizes}")
        sizes = [own_size]  # type: ignore[list-item]
    if architecture == "pointnet":
        classes = _class_names(int(network.classes), classes, source)  # type: ignore[arg-type]
    metadata = Metadata(
        architecture=architecture,
        method=architecture if samples(architecture) else None,
        task=task,
        sizes=sizes or [],
        classes=classes or [] if architecture == "pointnet" else [],
        neighbours=neighbours if architecture == "samplenet" else None,
        points=points or (2048 if task == "reconstruction" else 1024),
        normalisation=normalisation or _normalisation(architecture, task),
        up=up,
        data=data or "not named in the checkpoint",
        licence=licence,
        note=f"imported from {source.name}",
    )
    save(target, network.state_dict(), metadata)
    return metadata


def _normalisation(architecture: str, task: TaskName) -> Normalisation:
    if task == "reconstruction":
        return "half_sphere"
    return "unit_sphere" if architecture == "pointnet" else "unit_cube"


def _class_names(count: int, names: list[str] | None, source: Path) -> list[str]:
    if names:
        if len(names) != count:
            raise WeightsError(source, f"tells {count} classes apart, but {len(names)} names were given")
        return names
    return {40: _MODELNET40, 10: _MODELNET10}.get(count) or [f"class {i}" for i in range(count)]


def _read(path: Path) -> Mapping[str, Any]:
    """The contents of a ``.pth``, without running anything that it holds."""
    old, new = "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"
    scalar = np._core.multiarray.scalar  # type: ignore[attr-defined]
    # The public code stores its scores as numpy scalars beside the tensors.
    harmless: list[Any] = [(scalar, old), (scalar, new), np.dtype, type(np.dtype("f8")), type(np.dtype("f4"))]
    try:
        with torch.serialization.safe_globals(harmless):
            contents = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(path, f"cannot be read ({error.strerror or error})") from error
    except pickle.UnpicklingError as error:
        if "Unsupported global" in str(error) or "GLOBAL" in str(error):
            why = (
                "holds more than tensors, and could run code: save `model.state_dict()` alone and import that"
            )
            raise WeightsError(path, why) from error
        raise WeightsError(path, "is no PyTorch checkpoint, or a damaged one") from error
    except (RuntimeError, EOFError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise WeightsError(path, "is no PyTorch checkpoint, or a damaged one") from error
    if not isinstance(contents, Mapping):
        raise WeightsError(path, f"holds a {type(contents).__name__}, not a state dict")
    return contents
