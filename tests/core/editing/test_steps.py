"""Editing steps are stored as JSON and replayed to the same rows; impossible steps raise one sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest

from apsnet_core.batch.selections import selection
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.crop import Box
from apsnet_core.editing.selection import Selection
from apsnet_core.editing.steps import (
    ByField,
    Choose,
    Crop,
    Duplicates,
    EditStep,
    Lonely,
    Object,
    Outliers,
    Planes,
    edited_cloud,
    steps_json,
    steps_of,
)
from tests.core.editing.room import FLOOR, FURNITURE, WALL, overlap, room

RNG = np.random.default_rng(0)
XYZ = RNG.normal(size=(300, 3)).astype(np.float32)
CLOUD = PointCloud(
    XYZ, attributes={"intensity": np.where(np.arange(300) % 9, RNG.random(300), np.nan), "classification":
    RNG.integers(1, 4, 300).astype(np.uint8)},
)  # fmt: skip
ALL: tuple[EditStep, ...] = (
    Crop(box=Box((0, 0, 0), (4, 4, 4), 15.0)),
    Choose(selection=Selection.of(np.arange(300) % 2 == 0), keep=True),
    ByField(field="intensity", low=0.2, high=0.9),
    Outliers(k=8, ratio=2),
    Lonely(radius=0.5, least=2),
    Duplicates(apart=0.1),
    Planes(what=("floor",)),
    Object(at=(1, 2, 3), reach=0.5),
    selection("classification=1,2 | + at 1,2,3 | - intensity=:0.5 | grow 0.2 | shrink | connected | invert"),
)


@pytest.mark.parametrize("step", ALL, ids=lambda step: step.kind)
def test_a_step_is_stored_and_read_as_json(step: EditStep) -> None:
    (again,) = steps_of(json.loads(steps_json([step])))
    assert again == step and again.words == step.words
    assert hash(again) == hash(step)


def test_steps_apply_one_after_another_and_keep_the_source_rows() -> None:
    kept = np.flatnonzero(CLOUD.attributes["classification"] == 2)
    steps = (
        ByField(field="classification", values=(2,)),
        Crop(box=Box((0, 0, 0), (2, 2, 2)), keep="outside"),
    )
    done = edited_cloud(CLOUD, steps, "z")
    expected = kept[(np.abs(XYZ[kept]) > 1).any(axis=1)]
    assert done.source_rows(np.arange(len(done))).tolist() == expected.tolist()
    np.testing.assert_array_equal(done.attributes["intensity"], CLOUD.attributes["intensity"][expected])


def test_a_field_s_range_leaves_missing_values_out() -> None:
    values = CLOUD.attributes["intensity"]
    inside = np.isfinite(values) & (values >= 0.25) & (values <= 0.5)
    for keep in (True, False):
        step = ByField(field="intensity", low=0.25, high=0.5, keep=keep)
        assert len(edited_cloud(CLOUD, [step], "z")) == (inside == keep).sum()


@pytest.mark.parametrize("n", [1, 7, 8, 9, 1000])
def test_a_stored_selection_gives_its_mask_for_the_right_number_of_points(n: int) -> None:
    mask = RNG.random(n) < 0.3
    np.testing.assert_array_equal(Selection.of(mask).mask(n), mask)
    assert Selection.of(mask).chosen == mask.sum()
    with pytest.raises(ValueError, match="and the cloud has"):
        Selection.of(mask).mask(n + 1)
    with pytest.raises(ValueError, match="damaged"):
        Selection(n, "!!").mask(n)


def test_the_step_object_keeps_the_object_at_a_position() -> None:
    cloud, truth = room().cloud, room().truth
    number = [name for name, _, _ in FURNITURE].index("toilet")
    rows = np.flatnonzero(truth == number)
    x, y, z = cloud.absolute[rows[cloud.xyz[rows, 2].argmax()]].tolist()
    told: list[float] = []
    only = edited_cloud(cloud, [Object(at=(x, y, z))], "z", lambda share, words: told.append(share))
    assert overlap(only.source_rows(np.arange(len(only))), rows) > 0.95
    assert told == sorted(told) and told[-1] == 1.0


def test_the_step_planes_removes_floor_and_walls() -> None:
    left = edited_cloud(room().cloud, [Planes()], "z")
    truth = room().truth[left.source_rows(np.arange(len(left)))]
    assert np.isin(truth, [FLOOR, WALL]).mean() < 0.02 and (truth >= 0).mean() > 0.97


def test_a_progress_callback_may_stop_the_steps_by_an_exception() -> None:
    def stop(share: float, words: str) -> None:
        raise InterruptedError(words)

    with pytest.raises(InterruptedError, match="outliers"):
        edited_cloud(CLOUD, [Outliers()], "z", stop)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([{"kind": "cut"}], "step 0"),
        ([{"kind": "lonely", "radius": -1}], "greater than 0"),
        ([{"kind": "crop", "box": {"centre": [0, 0, 0], "size": [-1, 1, 1]}}], r": (?!Value).*edges of 0"),
        ([{"kind": "duplicates", "more": 1}], "more"),
        ("steps", "step list"),
    ],
)
def test_invalid_steps_are_refused(values: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        steps_of(values)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Crop(box=Box((99, 0, 0), (1, 1, 1))), "no point is left of 300 points after this: cropped"),
        (ByField(field="height"), "the fields are intensity, classification"),
        (Choose(selection=Selection.of(np.ones(3, np.bool_))), "for 3 points, and the cloud has 300"),
    ],
)
def test_steps_that_cannot_be_applied_are_refused(step: EditStep, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        edited_cloud(CLOUD, [step], "z")


@pytest.mark.parametrize("step", [Outliers(), Lonely(radius=0.1), Duplicates(), Planes(), Object()])
def test_long_steps_report_progress_and_can_be_stopped(step: EditStep) -> None:
    cloud = room().cloud[::40]
    told: list[float] = []
    step.kept(cloud, "z", told.append)
    assert told and told == sorted(told) and 0 <= told[0] <= told[-1] <= 1

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        step.kept(cloud, "z", stop)
