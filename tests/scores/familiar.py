"""Store the features of the training shapes in the shipped task nets, and how well they recognise shapes.

    python -m tests.scores.familiar --data DIR

This does the same as the end of a training (`apsnet_core.training.remember_shapes`), with the same shapes;
the tensors of the networks stay identical bit for bit. The metadata get two fractions of shapes that are
unlike all training shapes: those of the test shapes, and of classes that the net has never seen.
`tests.scores.refresh` writes them on the model cards.
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

# The folder and the names of classes that a task net has never seen.
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
        parser.error("the folder of the data sets is missing: give --data or set APSNET_DATA")
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
    """The clouds (S, N, 3) of ``split`` in the form in which ``net`` saw them in training."""
    seen = as_trained(split.points[:, : net.metadata.points], data, net)
    return torch.from_numpy(np.ascontiguousarray(seen))


def unlike(familiar: Familiarity, net: TaskNet, shapes: Tensor) -> float:
    """The fraction of ``shapes`` that the net finds unlike all its training shapes."""
    far = familiar.farther_than(features_of(net.network, shapes)) >= FAR
    return round(far.double().mean().item(), 4)


if __name__ == "__main__":
    main()
