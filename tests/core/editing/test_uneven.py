"""Objects of uneven density, which no single radius separates: near ones with many points, far ones with few.

HDBSCAN and the division of its clusters are compared with the true objects and with single linkage.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.clusters import NONE
from apsnet_core.editing.hierarchy import parted
from apsnet_core.editing.objects import CLUSTERS, Segmentation, split_objects
from apsnet_core.editing.steps import Object, edited_cloud
from apsnet_core.files import write
from apsnet_core.types import Int64
from tests.core.cli.command import answer
from tests.core.editing.room import overlap, room, standing


@pytest.fixture(scope="module")
def uneven() -> tuple[PointCloud, Int64]:
    """A chair and a toilet 3 cm apart with many points, a sofa and a horse with few, on a floor."""
    rng = np.random.default_rng(0)
    chair, toilet = standing("chair", 0.9, (1, 1), 0)[:9000], standing("toilet", 0.8, (1, 1), 1)[:9000]
    toilet[:, 0] += chair[:, 0].max() + 0.03 - toilet[:, 0].min()
    sofa, horse = standing("sofa", 0.8, (4.6, 1.2), 2)[:700], standing("horse", 1.0, (3.6, 3.0), 3)[:1500]
    floor = rng.uniform(0, 1, (30_000, 3)) * (6.0, 4.2, 0)
    parts = [chair, toilet, sofa, horse, floor]
    truth = np.repeat([0, 1, 2, 3, -1], [len(part) for part in parts])
    xyz = np.concatenate(parts)
    return PointCloud.from_array(
        xyz + rng.normal(0, 0.002, xyz.shape), attributes={"row": np.arange(len(xyz))}
    ), truth


def worst(cloud: PointCloud, truth: Int64, how: Segmentation) -> float:
    """The smallest over all true objects of the best overlap with a found object."""
    found = split_objects(cloud, "z", how)
    objects = range(int(truth.max()) + 1)
    own = [[overlap(np.flatnonzero(truth == k), found.rows(j)) for j in range(found.count)] for k in objects]
    return min(max(each, default=0.0) for each in own)


def test_hdbscan_finds_objects_that_no_radius_separates(uneven: tuple[PointCloud, Int64]) -> None:
    for reach in (0.03, 0.08, 0.12, 0.2):
        assert worst(*uneven, Segmentation(reach)) < 0.7
    assert worst(*uneven, Segmentation(clusters="hdbscan")) > 0.95


def test_hdbscan_separates_the_objects_of_an_ordinary_room() -> None:
    """In the thinned copy that HDBSCAN gets, chair, table and sofa are as close as neighbouring points."""
    scan = room()
    assert worst(scan.cloud, scan.truth, Segmentation(clusters="hdbscan")) > 0.85


def test_clusters_of_dense_pieces_are_divided_and_sparse_ones_are_not() -> None:
    """Single linkage of the points divides two dense blocks, but would break a sparse one into crumbs."""
    rng = np.random.default_rng(0)
    dense = [rng.uniform(-0.1, 0.1, (400, 3)) + np.array([x, 0, 0]) for x in (0, 0.5)]
    sparse = rng.uniform(-1, 1, (300, 3)) + np.array([5, 0, 0])
    xyz = np.concatenate([*dense, sparse]).astype(np.float32)
    own, tree = np.repeat([0, 1], [800, 300]), cKDTree(xyz)
    _, pieces = connected_components(tree.sparse_distance_matrix(tree, 0.1), directed=False)
    assert len(set(pieces[:800])) == 2 and len(set(pieces[800:])) > 50
    found = parted(xyz, own, 0.1)
    np.testing.assert_array_equal(found[:800] == found[0], pieces[:800] == pieces[0])
    assert set(found[800:]) == {1} and len(set(found[:800])) == 2 and not {0, 1, NONE} & set(found[:800])


def test_hdbscan_is_available_as_a_step_and_on_the_command_line(
    uneven: tuple[PointCloud, Int64], tmp_path: Path
) -> None:
    cloud, truth = uneven
    sofa = np.flatnonzero(truth == 2)
    x, y, z = cloud.absolute[sofa[cloud.xyz[sofa, 2].argmax()]].tolist()
    left = edited_cloud(cloud, [Object(at=(x, y, z), clusters="hdbscan")], "z")
    assert overlap(sofa, left.attributes["row"].astype(np.int64)) > 0.95
    write(cloud, tmp_path / "room.ply")
    answer(
        "convert",
        tmp_path / "room.ply",
        tmp_path / "sofa.ply",
        "--segment",
        f"{x},{y},{z}@hdbscan",
        "--up",
        "z",
    )
    answer("segment", tmp_path / "room.ply", "-o", tmp_path / "out", "--clusters", "hdbscan", "--up", "z")
    sizes = [each["points"] for each in json.loads((tmp_path / "out/objects.json").read_text())["objects"]]
    assert len(sizes) == 4 and abs(sizes[3] - len(left)) < 5


def test_without_scikit_learn_the_error_names_the_extra(
    uneven: tuple[PointCloud, Int64], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CLUSTERS == ("dbscan", "hdbscan")
    monkeypatch.setattr("apsnet_core.extras.find_spec", lambda name: None)
    with pytest.raises(
        ValueError, match=r"HDBSCAN needs scikit-learn: pip install 'apsnet-studio\[segment\]'"
    ):
        split_objects(uneven[0], "z", Segmentation(clusters="hdbscan"))
