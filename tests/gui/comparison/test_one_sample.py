"""Shell, comparison, evaluation and window give the same sample for the same method and seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import TaskNet, task_net
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.table.contenders import contenders
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.table import evaluate
from apsnet_core.methods.method import Method
from apsnet_core.methods.registry import methods, register, unregister
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.normalise import frame_of
from apsnet_core.tasks.batch import Batch
from apsnet_core.weights import catalogue
from apsnet_gui.comparison.compute import ComparisonInputs
from apsnet_gui.comparison.compute import sample as sample_beside_others
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.sampling import SamplingRequest
from apsnet_gui.jobs.sampling import sample as sample_alone
from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.what_if import WhatIf
from tests.core.cli.command import answer

M, SEED, POINTS = 32, 2, 1024


@pytest.fixture
def thirds() -> Iterator[None]:
    """A registered method of a plug-in, which generates points."""
    register(Method("thirds", "Thirds", generate=lambda points, m: points[:, :m] / 3))
    yield
    unregister("thirds")


def every_way() -> list[str]:
    """All methods and variants; of the learned methods, only those with weights."""
    trained = {e.metadata.method for e in catalogue().entries if e.metadata.task == "classification"}
    there = [row for row in methods() if not row.learned or row.name in trained]
    return [str(MethodSpec(row.name, v)) for row in there for v in row.variants or (None,)]


class Spy(nn.Module):
    """A classifier that records its inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Tensor] = []

    def forward(self, points: Tensor) -> Tensor:
        self.asked.append(points)
        return torch.eye(10)[torch.zeros(len(points), dtype=torch.long)]


def chamfer(a: np.ndarray, b: np.ndarray) -> float:
    squared = np.square(a[:, None].astype(np.float64) - b[None]).sum(-1)
    return float(squared.min(0).mean() + squared.min(1).mean())


@pytest.mark.usefixtures("thirds")
def test_shell_comparison_evaluation_and_window_give_the_same_sample(tmp_path: Path) -> None:
    net = task_net("classification")
    rng = np.random.default_rng(0)
    points = rng.normal(size=(POINTS, 3)).astype(np.float32) * np.array([1.0, 0.5, 2.0], np.float32)
    cloud = PointCloud(np.ascontiguousarray(frame_of(points, net.metadata.normalisation).apply(points)))
    file = tmp_path / "cloud.npy"
    np.save(file, cloud.xyz)
    up = net.metadata.up
    entry = OpenShape("a", "cloud", str(file), cloud, up=up)
    labels = np.zeros(1, np.int64)
    held_out = HeldOut(
        "one", tuple(net.metadata.classes), ("cloud",), labels, np.zeros(1, np.bool_),
        [Batch(torch.from_numpy(cloud.xyz)[None], torch.from_numpy(labels))],
    )  # fmt: skip

    for text in every_way():
        spec = MethodSpec.parse(text)
        compared = compare(cloud, [spec], [M], seed=SEED, task=None, up=up).samplings[0]

        choice = Choice(spec, m=M, seed=SEED)
        alone = sample_alone(SamplingRequest(entry, choice, WhatIf()), cloud, JobProgress(lambda *_: None))
        question = ComparisonInputs(entry, choice, (spec,), (M,), WhatIf(), None)
        beside = sample_beside_others(question, choice, cloud, {})

        spy = Spy()
        chosen, _ = contenders([spec], "classification", [M])
        evaluate(held_out, TaskNet("spy", spy, net.metadata), chosen, seeds=SEED + 1)
        evaluated = spy.asked[-1][0].numpy()  # of the last seed

        for found in (alone.points, beside.points, evaluated):
            np.testing.assert_allclose(found, compared.points, atol=1e-5, err_msg=text)
        told = answer("sample", file, "-m", text, "-n", M, "--seed", SEED, "--up", up)
        assert told["chamfer"] == pytest.approx(chamfer(cloud.xyz, compared.points), rel=1e-4)
        for rows in (told["index"], alone.indices, beside.indices):
            assert (rows is None) == (compared.indices is None)
            if compared.indices is not None:
                np.testing.assert_array_equal(rows, compared.indices, err_msg=text)
