"""The weight of each sample in an answer, against the answers of the task net without that sample."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.evaluation.leave_one_out import leave_one_out
from apsnet_core.library import sample
from apsnet_core.tasks.classification import Classification
from tests.core.clouds import some_cloud
from tests.core.weights.files import write
from tests.narrow import of_kind


def test_leave_one_out_equals_the_answers_without_each_point(shelves: Path) -> None:
    write(shelves / "shipped" / "pointnet.safetensors", "pointnet")
    write(shelves / "shipped" / "pcae.safetensors", "pcae")
    cloud, net = some_cloud(), task_net("classification")
    sampling = sample(cloud, 6, "farthest_point")
    whole = of_kind(Classification, answer(net, cloud, sampling, "z")).probabilities
    expected = []
    for left_out in range(6):
        fewer = replace(sampling, points=np.delete(sampling.points, left_out, axis=0), m=5)
        said = of_kind(Classification, answer(net, cloud, fewer, "z")).probabilities
        expected.append(whole.max() - said[whole.argmax()])
    found = leave_one_out(net, cloud, sampling, "z")
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert np.ptp(found) > 1e-6
    with pytest.raises(ValueError, match="at least 2 of them"):
        leave_one_out(net, cloud, replace(sampling, points=sampling.points[:1], m=1), "z")
    with pytest.raises(ValueError, match="is not a classifier"):
        leave_one_out(task_net("reconstruction"), cloud, sampling, "z")
