"""Trainings that differ only in their seed form one row; pairs are evaluated with several fixed rotations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.table.contenders import contenders
from apsnet_core.evaluation.table.examples import examples
from apsnet_core.evaluation.table.held_out import open_held_out
from apsnet_core.evaluation.table.table import Table, evaluate
from apsnet_core.evaluation.table.texts import summary
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.weights import WeightsError, load
from tests.core.evaluation.conftest import held_out_shapes
from tests.core.weights.files import write
from tests.naive.matching import match


@pytest.fixture
def trainings(tmp_path: Path) -> Path:
    """Three finished seeds of APSNet for 8 points, an unfinished one, one for several sizes, a SampleNet."""
    folder = tmp_path / "trainings"
    for name, architecture, seed, sizes in (
        ("apsnet-0", "apsnet", 0, [8]),
        ("apsnet-1", "apsnet", 1, [8]),
        ("apsnet-2", "apsnet", 2, [8]),
        ("begun", "apsnet", 3, [8]),
        ("joint", "apsnet", 4, [4, 8]),
        ("samplenet", "samplenet", 5, [8]),
    ):
        (folder / name).mkdir(parents=True)
        write(folder / name / "best.safetensors", architecture, seed, task="reconstruction", sizes=sizes)
    (folder / "begun" / "latest.safetensors").touch()
    return folder


def table_of(texts: list[str], sizes: tuple[int, ...], release: Path, nets: dict[str, Path]) -> Table:
    net = task_net("reconstruction", str(nets["reconstruction"]))
    methods, notes = contenders([MethodSpec.parse(text) for text in texts], "reconstruction", sizes)
    return evaluate(open_held_out(release, net, up="z"), net, methods, notes=notes)


def test_a_folder_of_trainings_is_one_row_with_their_spread(
    release: Path, nets: dict[str, Path], trainings: Path
) -> None:
    table = table_of([f"apsnet@{trainings}"], (4, 8, 16), release, nets)
    alone = [
        table_of([f"apsnet@{trainings}/{name}"], (8,), release, nets).rows[0]
        for name in ("apsnet-0", "apsnet-1", "apsnet-2")
    ]
    four, eight = table.rows
    assert (four.m, four.seeds, four.weights, four.spread) == (4, 1, "joint", None)
    assert (eight.m, eight.seeds, eight.weights) == (8, 3, "apsnet-0, apsnet-1, apsnet-2")
    values = [row.value for row in alone]
    assert len({*values}) > 1, "the trainings must differ for this to prove anything"
    assert eight.value == pytest.approx(np.mean(values))
    assert eight.spread == pytest.approx(np.std(values, ddof=1))
    assert eight.weights_hash not in (None, *(row.weights_hash for row in alone))
    said = " ".join(table.notes)
    assert "no finished run of apsnet for reconstruction at 16 points" in said
    assert "not finished: begun" in said


def test_a_folder_without_runs_of_the_method_is_refused(trainings: Path) -> None:
    with pytest.raises(WeightsError, match="no finished run of snet for reconstruction at 8 points"):
        contenders([MethodSpec.parse(f"snet@{trainings}")], "reconstruction", (8,))


def test_the_error_of_a_shape_is_the_mean_over_its_turns(release: Path, nets: dict[str, Path]) -> None:
    net = task_net("registration", str(nets["registration"]))
    methods, _ = contenders(
        [MethodSpec.parse(f"samplenet:m@{nets['registration-samplenet']}")], "registration", (8,)
    )
    held_out = open_held_out(release, net, up="z", turns=3)
    table = evaluate(held_out, net, methods)
    assert "Each shape has 3 fixed rotations; its number is their mean." in summary(table)
    apart = replace(table, held_out=replace(held_out, pairs="resampled"))
    assert "The two clouds of a pair are different points of the shape." in {*summary(apart)} - {
        *summary(table)
    }
    (batch,) = held_out.batches
    rotation, templates, sources = batch.pose
    assert len(templates) == 3 * len(held_out) == 3 * len(held_out_shapes())
    assert len({tuple(np.round(turn.flatten().tolist(), 4)) for turn in rotation}) == len(rotation)
    samplenet, _ = load(nets["registration-samplenet"])
    errors = []
    with torch.no_grad():
        for template, source, true in zip(templates, sources, rotation, strict=True):
            samples = [
                cloud[None, match(samplenet(cloud[None])[0], cloud[None])[0]] for cloud in (template, source)
            ]
            found = net.network(*samples).rotation[0].double().numpy()
            cosine = (np.trace(found @ true.double().numpy().T) - 1) / 2
            errors.append(float(np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))))
    (told,) = table.runs.values()
    assert told[0] == pytest.approx(np.reshape(errors, (-1, 3)).mean(axis=1), abs=0.02)


def test_turns_and_resampling_are_refused_for_single_clouds(release: Path, nets: dict[str, Path]) -> None:
    net = task_net("classification", str(nets["classification"]))
    with pytest.raises(ValueError, match="only pairs can be turned"):
        open_held_out(release, net, up="z", turns=2)
    with pytest.raises(ValueError, match="only pairs can be resampled"):
        open_held_out(release, net, up="z", pairs="resampled")


def test_views_of_a_table_use_the_weights_of_the_first_seed(
    release: Path, nets: dict[str, Path], trainings: Path
) -> None:
    table = table_of([f"apsnet@{trainings}"], (8,), release, nets)
    (spec,) = table.methods.values()
    assert spec.weights == str(trainings / "apsnet-0" / "best.safetensors")
    clouds, views = examples(table)
    assert len(clouds) == len(views) == 3
