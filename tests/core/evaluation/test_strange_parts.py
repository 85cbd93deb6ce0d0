"""Parts of a cloud beside the shapes of a training: counted as each by itself would be warned of."""

from __future__ import annotations

import numpy as np

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.evaluation.strange_parts import strange_parts, with_warning
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.local import sample_parts
from apsnet_core.methods.spec import MethodSpec
from tests.core.editing.room import room


def test_as_many_parts_are_strange_as_the_net_says_of_each_alone() -> None:
    shapes = [
        open_cloud(asset("shapes", f"{name}.obj"), points=1024)[0].xyz for name in ("chair", "table", "sofa")
    ]
    foreign = np.random.default_rng(0).random((2, 1024, 3)) * [1, 0.001, 0.001]
    all_parts = [*shapes, *foreign.astype(np.float32)]
    parts = np.repeat(np.arange(5), 1024)
    cloud = PointCloud(np.concatenate([part + 10 * k for k, part in enumerate(all_parts)]).astype(np.float32))
    net = task_net("classification")
    alone = [answer(net, PointCloud(cloud.xyz[parts == k]), up="y").warning for k in range(5)]
    strange = sum(warning is not None for warning in alone)
    assert 2 <= strange < 5
    said = strange_parts(cloud, parts, "classification", "y")
    assert said is not None and said.startswith(f"{strange} of 5 parts are unlike all")
    known = np.where(np.array([w is None for w in alone])[parts], parts, -1)
    assert strange_parts(cloud, known, "classification", "y") is None


def test_only_learned_methods_are_warned_of() -> None:
    cloud = room().cloud
    for method in ("random", "apsnet:m"):
        spec = MethodSpec.parse(method)
        sampling = sample_parts(cloud, 200, spec, by="tiles", up="z").sampling
        assert sampling.parts is not None and len(sampling.parts) == len(cloud)
        notes = with_warning(sampling, cloud, spec, None, "z").notes
        assert any("unlike all" in note for note in notes) == spec.row.learned
