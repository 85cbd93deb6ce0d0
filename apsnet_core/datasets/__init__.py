"""Labelled shapes for training and evaluation, from any of the layouts they are published in."""

from apsnet_core.datasets.dataset import Dataset, DatasetError, Split
from apsnet_core.datasets.near_identical import twins
from apsnet_core.datasets.open import open_dataset, places

__all__ = ["Dataset", "DatasetError", "Split", "open_dataset", "places", "twins"]
