"""Parts of a cloud that are unlike the training shapes, against the warning for each part as a cloud."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.evaluation.strange_parts import checked_parts, with_warning
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.local import sample_parts
from apsnet_core.methods.spec import MethodSpec
from tests.core.editing.room import room


def test_parts_are_unlike_training_if_the_net_warns_of_each_as_a_cloud() -> None:
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
    checked = checked_parts(cloud, parts, "classification", "y")
    assert checked is not None and checked.words.startswith(f"{strange} of 5 parts are unlike all")
    assert checked.unlike.tolist() == [k for k, warning in enumerate(alone) if warning is not None]
    for part, warning in enumerate(alone):
        assert checked.of_part(part).startswith("unlike" if warning is not None else "like the training")
    known = np.where(np.array([w is None for w in alone])[parts], parts, -1)
    there = checked_parts(cloud, known, "classification", "y")
    assert there is not None and not there.words
    assert there.of_part(4 if there.farther[-1] < 0 else len(there.farther)).startswith("not compared")


def test_only_some_of_many_parts_are_checked_and_the_check_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud, told = room().cloud, list[float]()
    parts = np.arange(len(cloud)) // 40
    monkeypatch.setattr("apsnet_core.evaluation.strange_parts._ASKED", 20)
    checked = checked_parts(cloud, parts, "registration", "z", told.append)
    assert checked is not None and len(checked.looked_at) == 20 and told == [0.8, 1.0]
    assert len(checked.farther) == parts.max() + 1 and set(checked.unlike) <= set(checked.looked_at)

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        checked_parts(cloud, parts, "registration", "z", stop)


def test_only_samplings_of_learned_methods_get_a_warning() -> None:
    cloud = room().cloud
    for method in ("random", "apsnet:m"):
        spec = MethodSpec.parse(method)
        sampling = sample_parts(cloud, 200, spec, by="tiles", up="z").sampling
        assert sampling.parts is not None and len(sampling.parts) == len(cloud)
        notes = with_warning(sampling, cloud, spec, None, "z").notes
        assert any("unlike all" in note for note in notes) == spec.row.learned
