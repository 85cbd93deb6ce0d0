"""Tell the shipped task nets which shapes they were trained on, and write down how well they know them again.

    python -m tests.scores.familiar --data DIR

As a training does at its end (`apsnet_core.training.remember_shapes`), from the same shapes; the networks'
own tensors stay as they are, bit for bit. The shares of shapes called unlike all of them, of the test
shapes and of classes that the net never saw, go into the metadata; `tests.scores.refresh` puts them on the
cards.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from apsnet_core.checked_parts import FAR
from apsnet_core.datasets import open_dataset
from apsnet_core.datasets.dataset import Dataset, Split
from apsnet_core.evaluation.answers import TaskNet, task_net
from apsnet_core.evaluation.table.held_out import as_trained
from apsnet_core.networks.familiarity import Familiarity, familiarity_of, features_of
from apsnet_core.weights import find_task_net, rewrite_metadata
from tests.scores.refresh import TABLES, Measured

# Where shapes of other classes are, and which these are.
FOREIGN = {
    "classification": ("modelnet40_subset_ply_hdf5_2048", ["airplane", "car"]),
    "reconstruction": ("modelnet10_ply_hdf5_2048", ["bathtub", "bed", "monitor", "sofa", "toilet"]),
    "registration": ("modelnet10_ply_hdf5_2048", ["bathtub", "bed", "chair", "sofa", "table", "toilet"]),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Tell the shipped task nets which shapes they know.")
    parser.add_argument("--data", type=Path, default=os.environ.get("APSNET_DATA"))
    told = parser.parse_args()
    if told.data is None:
        parser.error("--data, or APSNET_DATA, names the folder of the data sets")
    for what in TABLES:
        tell(what, told.data)


def tell(what: Measured, data: Path) -> None:
    entry, net = find_task_net(what.task), task_net(what.task)
    known = open_dataset(data / what.data, classes=what.classes)
    familiar = familiarity_of(
        net.network,
        clouds(known.train, known, net),
        torch.from_numpy(known.train.labels),
        clouds(known.validation, known, net),
    )
    folder, classes = FOREIGN[what.task]
    foreign = open_dataset(data / folder, classes=classes)
    shares = {
        "unlike test": unlike(familiar, net, clouds(known.test, known, net)),
        "unlike foreign": unlike(familiar, net, clouds(foreign.test, foreign, net)),
    }
    print(entry.name, shares, flush=True)
    metadata = entry.metadata.model_copy(update={"scores": entry.metadata.scores | shares})
    rewrite_metadata(entry.path, entry.path, metadata, familiar)


def clouds(split: Split, data: Dataset, net: TaskNet) -> Tensor:
    """Of ``split`` (S, N, 3) as ``net`` saw them in training."""
    seen = as_trained(split.points[:, : net.metadata.points], data, net)
    return torch.from_numpy(np.ascontiguousarray(seen))


def unlike(familiar: Familiarity, net: TaskNet, shapes: Tensor) -> float:
    """The share of ``shapes`` of which the net says that they are unlike all it was trained on."""
    far = familiar.farther_than(features_of(net.network, shapes)) >= FAR
    return round(far.double().mean().item(), 4)


if __name__ == "__main__":
    main()
