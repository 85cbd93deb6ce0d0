"""Preparation of a training: opening and checking the config's data, task net and metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn

from apsnet_core.datasets import Dataset, Split, open_dataset
from apsnet_core.datasets.imported import known
from apsnet_core.datasets.open import folder_of
from apsnet_core.datasets.pairs import registration_pairs
from apsnet_core.datasets.split import Fold
from apsnet_core.networks.digest import network_digest
from apsnet_core.networks.own import full_name
from apsnet_core.networks.registry import sampler_network
from apsnet_core.ops.normalise import Normalisation, frame_of
from apsnet_core.ops.orientation import Up, up_turn
from apsnet_core.tasks.registry import task
from apsnet_core.training.batches import DeviceData
from apsnet_core.training.config import ConfigError, TrainConfig
from apsnet_core.training.made_from import data_digest, settings_digest
from apsnet_core.training.own_task_net import own_task_net
from apsnet_core.training.recipes import recipes
from apsnet_core.types import Values
from apsnet_core.weights import Metadata, WeightsError, load
from apsnet_core.weights.listing import Entry, named

_MOST_NOTES = 10
_VALIDATION_PAIRS = 100
_VALIDATION_SEED = 1_000_003


@dataclass(frozen=True, eq=False)
class Prepared:
    """``data`` has "train" and "validation"; ``task_net`` is None if the task net itself is trained.

    ``own`` is the metadata of the user's own task net, otherwise None. ``notes`` list deviations from the
    data's files. ``digests`` identify the data and the networks, by the setting that names them.
    """

    data: dict[str, DeviceData]
    metadata: Metadata
    task_net: nn.Module | None
    own: Metadata | None = None
    notes: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)


def pinned(config: TrainConfig) -> TrainConfig:
    """Return ``config`` with full paths of data and weights, so that a run can be resumed from any folder.

    Names of datasets and of shipped weights are not changed. Raises `DatasetError` or `WeightsError`.
    """
    ours = ("initial_weights",) if config.task_net else ("task_weights", "initial_weights")
    changes = {
        key: str(entry.path.resolve())
        for key in ours
        if (name := getattr(config, key)) and (entry := _trained(name)).origin in ("run", "file")
    }
    folder = folder_of(config.data)
    if folder is not None and config.data not in known():
        changes["data"] = str(folder.resolve())
    if config.task_net:
        changes["task_net"] = full_name(config.task_net)
        if config.task_weights:
            changes["task_weights"] = str(Path(config.task_weights).expanduser().resolve())
    return config.model_copy(update=changes)


def _trained(name: str) -> Entry:
    """The weights called ``name``. If a recipe would train them, the `WeightsError` names the recipe."""
    try:
        return named(name)
    except WeightsError as error:
        recipe = next((row.name for row in recipes().values() if row.run_name == name), None)
        if recipe is None or error.path != Path(name):
            raise
        raise WeightsError(name, f"is not trained yet: `apsnet train {recipe}` does that") from error


def prepare(config: TrainConfig, device: torch.device) -> Prepared:
    """Open and check the data and networks of ``config``.

    Raises `ConfigError`, `WeightsError` or `DatasetError`.
    """
    asked = config.task_weights if config.sampler and not config.task_net else None
    entry = named(asked) if asked else None
    if entry is not None:
        _check_task_net(config, entry)
    classes = config.classes or (entry.metadata.classes if entry else [])
    try:
        shares = config.split
        dataset = open_dataset(
            config.data,
            classes=classes or None,
            validation=shares.validation,
            test=shares.test,
            fold=Fold.parse(shares.fold) if shares.fold else None,
            seed=shares.seed,
        )
    except ValueError as error:
        raise ConfigError(f"data: {error}") from error
    _check_points(config, dataset)
    normalisation, up = _wanted(config, dataset, entry)
    data = {
        "train": _resident(config, dataset, dataset.train, normalisation, up, device),
        "validation": _resident(config, dataset, dataset.validation, normalisation, up, device, fixed=True),
    }
    net = None if entry is None else load(entry.path)[0].to(device)
    own = None
    if config.task_net:
        net, own = own_task_net(config, dataset, data["train"], normalisation, up)
    digests = {"data": data_digest(dataset)} | ({} if net is None else {"task_weights": _digest(net)})
    metadata = _metadata(config, dataset, normalisation, up, entry, digests["data"])
    if config.initial_weights:
        beginning = named(config.initial_weights)
        _check_beginning(beginning, metadata)
        digests["initial_weights"] = _digest(load(beginning.path)[0])
    return Prepared(data, metadata, net, own, _few(dataset.notes, config.data), digests)


def _digest(net: nn.Module) -> str:
    return network_digest(net).hex()


def _few(notes: tuple[str, ...], source: str) -> tuple[str, ...]:
    more = len(notes) - _MOST_NOTES
    return (*notes[:_MOST_NOTES], *[f"and {more} more: apsnet data check {source} lists all"] * (more > 0))


def _check_task_net(config: TrainConfig, entry: Entry) -> None:
    found = entry.metadata
    if found.method is not None:
        raise ConfigError(f"task_weights: {entry.name} is the sampler {found.method}, not a task net")
    if found.task != config.task:
        raise ConfigError(f"task_weights: {entry.name} is for {found.task}, not for {config.task}")
    if task(config.task).knows_classes and config.classes and config.classes != found.classes:
        raise ConfigError(
            f"classes: {entry.name} has the classes {', '.join(found.classes)}, in this order; "
            "leave `classes` empty"
        )


def _check_points(config: TrainConfig, dataset: Dataset) -> None:
    stored = dataset.train.points.shape[1]
    if config.points > stored:
        raise ConfigError(f"points: {dataset.name} has {stored} points per shape, not {config.points}")
    if task(config.task).pairs and config.pairs == "resampled" and config.points == stored:
        raise ConfigError(
            f"pairs: {dataset.name} has {stored} points per shape; resampled pairs need more than `points`"
        )
    for split, name in ((dataset.train, "train"), (dataset.validation, "validation")):
        least = 2 if name == "train" else 1
        if len(split) < least:
            raise ConfigError(
                f"data: {dataset.name} has {len(split)} {name} shapes; {least} are needed. "
                "split = {validation = 0.2, test = 0.2, seed = 0} sets how much of each class is held out"
            )
        finite = np.isfinite(split.points).all(axis=(1, 2))
        if not finite.all():
            broken = split.names[int(np.flatnonzero(~finite)[0])]
            raise ConfigError(
                f"data: shape {broken} of {dataset.name} has coordinates that are not finite: "
                "remove it (`apsnet data check` lists broken files)"
            )


def _wanted(config: TrainConfig, dataset: Dataset, entry: Entry | None) -> tuple[Normalisation, Up]:
    """The normalisation and up axis: of the task net, otherwise of the config, otherwise of the data."""
    if entry is not None:
        known = entry.metadata.normalisation
        if config.normalisation not in (None, known):
            raise ConfigError(
                f"normalisation: {entry.name} expects clouds as {known}, not {config.normalisation}; "
                "leave it out"
            )
        return known, entry.metadata.up
    stored = dataset.normalisation
    return config.normalisation or ("unit_sphere" if stored == "none" else stored), dataset.up


def _resident(
    config: TrainConfig, dataset: Dataset, split: Split, normalisation: Normalisation, up: Up,
    device: torch.device, fixed: bool = False,
) -> DeviceData:  # fmt: skip
    points = split.points @ up_turn(dataset.up, up).T.astype(np.float32)  # entries 0 and ±1: exact
    if normalisation != dataset.normalisation:
        points = np.stack([frame_of(cloud, normalisation).apply(cloud) for cloud in points])
    fresh = not fixed and (config.augmentation.redraw or config.pairs == "resampled")
    if not fresh and not (fixed and config.pairs == "resampled"):
        points = points[:, : config.points]
    split = Split(np.ascontiguousarray(points), split.labels, split.names)
    clouds = torch.from_numpy(split.points).to(device)
    labels = torch.from_numpy(split.labels).to(device)
    if not task(config.task).pairs:
        return DeviceData(clouds, labels, config.points)
    per_shape = max(1, _VALIDATION_PAIRS // len(split)) if fixed else config.pairs_per_shape
    seed = _VALIDATION_SEED if fixed else config.seed
    mode = config.pairs if fixed else "exact"
    pairs = registration_pairs(split, per_shape, seed=seed, mode=mode, points=config.points).to(device)
    again = not fixed and config.pairs == "resampled"
    return DeviceData(clouds, labels, config.points, pairs.shape, pairs.rotation, pairs.rows, again)


def _metadata(
    config: TrainConfig, dataset: Dataset, normalisation: Normalisation, up: Up, entry: Entry | None,
    data: str,
) -> Metadata:  # fmt: skip
    """The metadata of the weights. The epoch and the scores are added when the weights are saved."""
    sampler = config.sampler is not None
    how = config.optimisation
    training: Values = {
        "recipe": config.name, "epochs": how.epochs, "batch_size": how.batch_size,
        "learning_rate": how.learning_rate, "seed": config.seed, "settings": settings_digest(config),
        "data_hash": data,
    }  # fmt: skip
    if sampler:
        training |= {"lambda": config.loss.weight, "delta": config.loss.delta}
    if config.weights_average:
        training["weights_average"] = config.weights_average
    if config.initial_weights:
        training["initial_weights"] = named(config.initial_weights).name
    # A sampler trained on fewer points than its task net, to save time, still samples clouds for that net.
    points = max(config.points, entry.metadata.points if entry else 0)
    if points != config.points:
        training["points"] = config.points
    network = config.sampler.network if config.sampler else None
    return Metadata.model_validate(
        {
            "architecture": network.name if network else task(config.task).architecture,
            "method": config.model if sampler else None,
            "task": config.task,
            "sizes": config.sizes,
            "classes": list(dataset.classes) if task(config.task).knows_classes else [],
            "neighbours": config.loss.neighbours if network and "neighbours" in network.options else None,
            "points": points,
            "normalisation": normalisation,
            "up": up,
            "data": dataset.name,
            "licence": dataset.licence,
            "task_weights": config.task_weights if entry is None else entry.name,
            "task_net": config.task_net,
            "training": training,
        }
    )


def _check_beginning(entry: Entry, wanted: Metadata) -> None:
    """Raise `ConfigError` unless the initial weights have the same network, task, classes, normalisation and
    up axis as the training."""
    found = entry.metadata
    for what in ("architecture", "task", "normalisation", "up", "classes"):
        ours, theirs = getattr(wanted, what), getattr(found, what)
        if ours != theirs and not (what == "classes" and not theirs):
            raise ConfigError(f"initial_weights: {entry.name} has {what} {theirs}, this training {ours}")
    network = sampler_network(wanted.architecture)
    if network is not None and not network.any_size and max(found.sizes) != max(wanted.sizes):
        raise ConfigError(
            f"initial_weights: {entry.name} samples {max(found.sizes)} points, not {max(wanted.sizes)}"
        )
