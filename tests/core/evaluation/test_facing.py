"""Classes that face another direction than in the training data are rotated by what the net recognises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from apsnet_core.datasets import open_dataset
from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.table.contenders import contenders
from apsnet_core.evaluation.table.facing import facing_of, turned
from apsnet_core.evaluation.table.held_out import as_trained, held_out_of, known_facing, open_held_out
from apsnet_core.evaluation.table.table import evaluate
from apsnet_core.evaluation.table.texts import summary
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import Up


@pytest.mark.parametrize("up", ["y", "z"])
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_turn_is_a_rotation_about_the_up_axis(up: Up, turn: int) -> None:
    points = np.random.default_rng(turn).normal(size=(2, 7, 3)).astype(np.float32)
    axis = np.array([0, 1, 0] if up == "y" else [0, 0, 1])
    expected = [Rotation.from_rotvec(90 * turn * axis, degrees=True).apply(cloud) for cloud in points]
    np.testing.assert_allclose(turned(points, turn, up), expected, atol=1e-6)


def test_only_classes_that_face_another_direction_are_turned() -> None:
    """The net was trained on ModelNet10: bundled chairs face the same direction, bundled sofas another."""
    net = task_net("classification")
    plain = open_held_out("furniture", net, classes=["sofa"])
    known = open_held_out("furniture", net, classes=["sofa"], facing="known")
    assert (plain.facing, known.facing) == ({}, {"sofa": 3})
    for shape in range(len(known)):
        assert np.array_equal(known.cloud(shape), turned(plain.cloud(shape)[None], 3, "z")[0])

    data = open_dataset("furniture", classes=["chair"])
    some = data.train.take(np.arange(14))
    labels = np.full(len(some), known.classes.index("chair"))
    chairs = replace(some, points=as_trained(some.points, data, net), labels=labels)
    assert facing_of(known.classes, chairs, net) == {}
    chairs = replace(chairs, points=turned(chairs.points, 2, "z"))
    assert facing_of(known.classes, chairs, net) == {"chair": 2}
    assert held_out_of(data, net, facing={"chair": 2}).facing == {"chair": 2}
    assert known_facing(open_dataset("furniture", classes=["vehicle"]), net) == {}, (
        "the net has no such class"
    )


def test_a_registration_net_turns_no_classes() -> None:
    net = task_net("registration")
    held_out = open_held_out("furniture", net, classes=["vehicle"], facing="known", part="train")
    assert held_out.facing == {} and held_out.part == "train"
    methods, _ = contenders([MethodSpec.parse("random")], "registration", (8,))
    table = evaluate(held_out, net, methods, seeds=1)
    assert summary(table)[0] == f"{len(held_out)} training pairs of furniture, 1024 points each."
