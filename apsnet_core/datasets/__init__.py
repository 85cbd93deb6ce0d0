"""Labelled shapes for training and evaluation, read from the layouts in which they are published."""

from apsnet_core.datasets.dataset import Dataset, DatasetError, Split
from apsnet_core.datasets.near_identical import twins
from apsnet_core.datasets.open import open_dataset, places

__all__ = ["Dataset", "DatasetError", "Split", "open_dataset", "places", "twins"]
