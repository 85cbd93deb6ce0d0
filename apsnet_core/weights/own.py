"""The user's own networks: conversion of a factory, program or checkpoint to a weights file."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from apsnet_core.networks.exported import ExportedNet
from apsnet_core.networks.own import EXPORTED, full_name, make_net
from apsnet_core.ops.normalise import Normalisation
from apsnet_core.ops.orientation import Up
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.weights.checkpoint import read_checkpoint
from apsnet_core.weights.metadata import CHECKPOINTS, Metadata, WeightsError, checkpoint_error
from apsnet_core.weights.storage import fill, read_tensors, save


def open_own(spec: str, weights: str | None, task: str) -> nn.Module:
    """Open the network ``module:factory`` or ``program.pt2`` in eval mode, with safetensors ``weights``.

    Raises ValueError or `WeightsError` with a sentence, which for a checkpoint has the import command.
    """
    for given in filter(None, (spec, weights)):
        if Path(given).suffix in CHECKPOINTS:
            raise checkpoint_error(Path(given), None if given == spec else spec, task)
    if Path(spec).suffix == ".pt2":
        if weights is not None:
            raise ValueError(f"{spec} holds its weights: leave `task_weights` empty")
        return _program(Path(spec))
    net = make_net(spec)
    if weights is not None:
        path = Path(weights).expanduser()
        if not path.is_file():
            raise WeightsError(path, "does not exist")
        fill(net, read_tensors(path), path)
    return net.eval()


def import_own(
    source: Path,
    target: Path,
    *,
    net: str | None,
    task: str,
    classes: list[str] | None = None,
    points: int | None = None,
    normalisation: Normalisation | None = None,
    up: Up = "y",
    data: str = "",
) -> Metadata:
    """Convert a checkpoint of the network ``net``, or a program ``.pt2``, to the weights file ``target``.

    Missing settings are taken from the published training; classes without names are numbered.
    Raises `WeightsError`.
    """
    row, exported = task_named(task), source.suffix == ".pt2"
    try:
        if exported:
            network: nn.Module = _program(source)
        elif net is None:
            raise ValueError("the network of a checkpoint must be named: --net module:factory")
        else:
            network = make_net(net)
            fill(network, _state(source), source)
        count = _count_classes(network.eval()) if row.knows_classes else 0
    except ValueError as why:
        raise (
            why if isinstance(why, WeightsError) else WeightsError(source, f"cannot be used: {why}")
        ) from why
    if classes and len(classes) != count:
        raise WeightsError(source, f"has {count} classes, but {len(classes)} names were given")
    metadata = Metadata(
        architecture=EXPORTED if exported else full_name(net or ""),
        task=task,
        classes=classes or [f"class {i}" for i in range(count)],
        points=points or (row.paper.points if row.paper else 1024),
        normalisation=normalisation or "unit_sphere",
        up=up,
        data=data or "not known",
        note=f"imported from {source.name}",
    )
    save(target, network.state_dict(), metadata)
    return metadata


def _program(path: Path) -> ExportedNet:
    try:
        return ExportedNet.of(path.expanduser().read_bytes())
    except OSError as why:
        raise WeightsError(path, f"cannot be read ({why.strerror or why})") from why
    except ValueError as why:
        raise WeightsError(path, f"cannot be used: {why}") from why


def _state(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint or of a plain safetensors file."""
    if path.suffix == ".safetensors":
        return read_tensors(path)
    contents = read_checkpoint(path)
    inner = contents.get("state_dict", contents)
    tensors = inner if isinstance(inner, dict) else contents
    return {str(name): value for name, value in tensors.items() if isinstance(value, torch.Tensor)}


@torch.no_grad()
def _count_classes(net: nn.Module) -> int:
    """The number of logits of a classifier."""
    try:
        logits = net(torch.rand(2, 64, 3) - 0.5)
    except Exception as why:
        raise ValueError(f"it does not take points (2, 64, 3) ({' '.join(str(why).split())[:200]})") from why
    if not isinstance(logits, torch.Tensor) or logits.ndim != 2 or len(logits) != 2:
        raise ValueError("it does not give one logit for each class")
    return logits.shape[1]
