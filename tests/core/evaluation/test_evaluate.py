"""Tables of an evaluation against a plain loop over single clouds, sizes and runs."""

from __future__ import annotations

import csv
import json
import re
import shlex
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from apsnet_core.cli.app import run
from apsnet_core.evaluation.answers import TaskNet, task_net
from apsnet_core.evaluation.table.contenders import contenders, untrained
from apsnet_core.evaluation.table.held_out import HeldOut, open_held_out
from apsnet_core.evaluation.table.scoring import Scores, Source, score
from apsnet_core.evaluation.table.table import Table, evaluate
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.voxel import voxel_sample_exactly
from apsnet_core.training.config import SamplerLoss
from apsnet_core.training.recipes import configured
from apsnet_core.weights import load
from tests.core.cli.command import answer
from tests.core.evaluation.conftest import POINTS, held_out_shapes
from tests.core.weights.files import write
from tests.naive.distances import chamfer_distance
from tests.naive.farthest_point import farthest_point_sample
from tests.naive.matching import match


def test_the_table_of_a_classification_equals_a_plain_loop(
    release: Path, nets: dict[str, Path], tmp_path: Path
) -> None:
    sampler = nets["classification-apsnet"]
    methods = f"random,farthest_point,apsnet@{sampler},apsnet:m@{sampler}"
    said = answer(
        "evaluate", "--data", release, "--up", "z", "--net", nets["classification"], "-m", methods,
        "-n", "8,3", "--paired", f"apsnet@{sampler},farthest_point", "-o", tmp_path / "out",
    )  # fmt: skip

    # The oracle evaluates the six shapes of classes that the net knows, one by one.
    clouds = held_out_shapes()[:6]
    names = ["chair", "lamp", "table", "chair", "lamp", "table"]
    net, told = load(nets["classification"])
    apsnet, _ = load(sampler)

    def right(samples: list[Tensor]) -> list[float]:
        with torch.no_grad():
            answers = [told.classes[int(net(sample[None]).argmax())] for sample in samples]
        return [float(found == name) for found, name in zip(answers, names, strict=True)]

    seen = [torch.from_numpy(cloud[:POINTS]) for cloud in clouds]
    expected: dict[tuple[str, str | None, int], list[list[float]]] = {}
    for m in (8, 3):
        with torch.no_grad():
            generated = [apsnet(cloud[None], m).points for cloud in seen]
        matched = [cloud[match(g, cloud[None])[0]] for g, cloud in zip(generated, seen, strict=True)]
        expected["apsnet", "g", m] = [right([points[0] for points in generated])]
        expected["apsnet", "m", m] = [right(matched)]
        starts = [int(np.random.default_rng(s).integers(POINTS)) for s in range(3)]
        expected["farthest_point", None, m] = [
            right([cloud[farthest_point_sample(cloud, m, start)] for cloud in seen]) for start in starts
        ]
        drawn = [np.random.default_rng(s).choice(POINTS, m, replace=False) for s in range(3)]
        expected["random", None, m] = [right([cloud[rows] for cloud in seen]) for rows in drawn]

    rows = {(row["method"], row["variant"], row["m"]): row for row in said["rows"]}
    assert rows.keys() == expected.keys()
    for key, runs in expected.items():
        row, means = rows[key], [np.mean(run) for run in runs]
        assert row["metric"] == "accuracy"
        assert row["value"] == pytest.approx(np.mean(means))
        assert row["spread"] == (pytest.approx(np.std(means, ddof=1)) if len(runs) > 1 else None)
        assert row["without_twins"] == pytest.approx(np.mean([run[1:] for run in runs]))
        chairs = np.mean([[run[0], run[3]] for run in runs])
        assert row["per_class"]["chair"] == pytest.approx(chairs)
        assert row["low"] <= row["value"] <= row["high"]
    full = right(seen)
    assert (said["full"], said["shapes"], said["twins"]) == (pytest.approx(np.mean(full)), 6, 1)
    assert len({row["value"] for row in said["rows"]}) > 2, (
        "the methods must differ for this to prove anything"
    )
    for pair in said["paired"]:
        own, rival = expected["apsnet", "g", pair["m"]][0], expected["farthest_point", None, pair["m"]][0]
        assert pair["first_better"] == sum(a > b for a, b in zip(own, rival, strict=True))
    assert any("unheard_of" in note for note in said["notes"])
    _check_report(tmp_path / "out", said["rows"])


def test_a_paired_difference_is_printed_on_the_terminal(
    release: Path, nets: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["--data", release, "--up", "z", "--net", nets["classification"], "-m", "voxel,random", "-n", "8"]
    twice = ["--paired", "voxel,random", "--paired", "random,voxel"]
    assert run([*map(str, ["evaluate", *told, *twice, "-o", tmp_path / "out"])]) == 0
    [found] = json.loads((tmp_path / "out" / "table.json").read_text())["paired"]
    assert found["holm"] == found["difference"]["p"], "the same pair given twice is one test"
    by = f"{100 * found['difference']['value']:+.1f}"
    assert f"Voxel against Random at 8 points: better by {by} (" in capsys.readouterr().out


def _check_report(folder: Path, rows: list[dict[str, object]]) -> None:
    files = {path.name for path in folder.iterdir()}
    tables = {f"table.{suffix}" for suffix in ("md", "csv", "json", "tex", "xlsx")}
    tables |= {"shapes.csv", "leaderboard.json"}
    assert files == {"index.html", "plot.png", "plot.svg", "plot.pdf", *tables}
    page = (folder / "index.html").read_text()
    links = re.findall(r'\s(?:src|href|xlink:href)="([^"]+)', page)
    assert links and all(link.startswith(("data:image/webp;base64,", "#")) for link in links)
    with (folder / "table.csv").open() as file:
        written = list(csv.DictReader(file))
    assert [float(line["value [share]"]) for line in written] == [row["value"] for row in rows]
    assert json.loads((folder / "table.json").read_text())["rows"] == rows
    with (folder / "shapes.csv").open() as file:
        shapes = list(csv.DictReader(file))
    assert [line["class"] for line in shapes] == ["chair", "lamp", "table", "chair", "lamp", "table"]
    assert [line["twin"] for line in shapes] == ["1", "0", "0", "0", "0", "0"]


def measured(
    release: Path, nets: dict[str, Path], task: str, texts: list[str]
) -> tuple[HeldOut, TaskNet, Table]:
    net = task_net(task, str(nets[task]))
    held_out = open_held_out(release, net, up="z")
    files = [nets[f"{task}-{text.partition(':')[0]}"] for text in texts]
    specs = [MethodSpec.parse(f"{text}@{file}") for text, file in zip(texts, files, strict=True)]
    methods, _ = contenders(specs, task, (8, 4) if "apsnet" in texts else (8,))
    return held_out, net, evaluate(held_out, net, methods)


def test_the_value_of_a_reconstruction_is_the_mean_of_eq_11(release: Path, nets: dict[str, Path]) -> None:
    _, net, table = measured(release, nets, "reconstruction", ["apsnet"])
    apsnet, _ = load(nets["reconstruction-apsnet"])
    clouds = [torch.from_numpy(cloud[:POINTS]) for cloud in held_out_shapes()]
    with torch.no_grad():
        full = [chamfer_distance(cloud[None].double(), net.network(cloud[None]).double()) for cloud in clouds]
        for row in table.rows:
            rebuilt = [net.network(apsnet(cloud[None], row.m).points).double() for cloud in clouds]
            parts = [chamfer_distance(c[None].double(), r) for c, r in zip(clouds, rebuilt, strict=True)]
            ratios = [float(part / whole) for part, whole in zip(parts, full, strict=True)]
            assert row.value == pytest.approx(np.mean(ratios), rel=1e-4)
    assert table.full == pytest.approx(np.mean([float(value) for value in full]), rel=1e-4)


def test_the_value_of_a_registration_is_the_mean_angle_between_rotations(
    release: Path, nets: dict[str, Path]
) -> None:
    held_out, net, table = measured(release, nets, "registration", ["samplenet:g", "samplenet:m"])
    samplenet, _ = load(nets["registration-samplenet"])
    (batch,) = held_out.batches
    assert batch.source is not None and batch.rotation is not None
    # The true rotation maps the source to the template.
    assert torch.allclose(batch.source @ batch.rotation.transpose(1, 2), batch.clouds, atol=1e-6)
    angles: dict[str, list[float]] = {"g": [], "m": []}
    for template, source, true in zip(batch.clouds, batch.source, batch.rotation, strict=True):
        samples: dict[str, list[Tensor]] = {"g": [], "m": []}
        for cloud in (template[None], source[None]):
            with torch.no_grad():
                generated = samplenet(cloud)[0]
            samples["g"].append(generated)
            samples["m"].append(cloud[:, match(generated, cloud)[0]])
        for variant, (a, b) in samples.items():
            with torch.no_grad():
                found = net.network(a, b).rotation[0].double().numpy()
            cosine = (np.trace(found @ true.double().numpy().T) - 1) / 2
            angles[variant].append(float(np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))))
    for row in table.rows:
        assert row.value == pytest.approx(np.mean(angles[row.variant or ""]), abs=0.01)
        assert row.doubled == pytest.approx(2 * row.value)


def test_the_clouds_of_a_pair_are_sampled_with_different_seeds(release: Path, nets: dict[str, Path]) -> None:
    """With the same seed, a rotated copy would be sampled at the same points as its template."""
    net = task_net("registration", str(nets["registration"]))
    held_out, apart = open_held_out(release, net, up="z"), 2**62
    (batch,) = held_out.batches
    rotation, templates, sources = batch.pose

    def sampled(name: str, cloud: Tensor, m: int, seed: int) -> Tensor:
        rng = np.random.default_rng(seed)
        if name == "random":
            return cloud[rng.choice(len(cloud), m, replace=False)]
        return cloud[farthest_point_sample(cloud, m, int(rng.integers(len(cloud))))]

    methods, _ = contenders([MethodSpec("random"), MethodSpec("farthest_point")], "registration", (8, 4))
    for row in evaluate(held_out, net, methods, seeds=2).rows:
        errors = []
        for seed in (0, 1):
            for template, source, true in zip(templates, sources, rotation, strict=True):
                pair = [
                    sampled(row.method, template, row.m, seed)[None],
                    sampled(row.method, source, row.m, seed ^ apart)[None],
                ]
                with torch.no_grad():
                    found = net.network(*pair).rotation[0].double().numpy()
                cosine = (np.trace(found @ true.double().numpy().T) - 1) / 2
                errors.append(float(np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))))
        assert row.value == pytest.approx(np.mean(errors), abs=0.02)


def test_an_interrupted_evaluation_continues_from_its_stored_scores(
    release: Path, nets: dict[str, Path], tmp_path: Path
) -> None:
    net = task_net("reconstruction", str(nets["reconstruction"]))
    held_out = open_held_out(release, net, up="z")
    sources = [Source("random", None, seed, ((None, 4), (None, 8))) for seed in range(3)]
    whole = score(held_out, net, sources)

    def stop(done: int, total: int) -> None:
        if done == 4:  # after the full clouds, the first source and half of the second
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(held_out, net, sources, memory=tmp_path / "kept", progress=stop)
    steps: list[tuple[int, int]] = []
    resumed = score(
        held_out, net, sources, memory=tmp_path / "kept", progress=lambda *step: steps.append(step)
    )
    assert steps[-1] == (5, 5)
    assert_equal(resumed, whole)
    steps.clear()
    again = score(held_out, net, sources, memory=tmp_path / "kept", progress=lambda *step: steps.append(step))
    assert not steps
    assert_equal(again, whole)
    assert all(
        path.suffix == ".npy" and not path.name.startswith(".") for path in (tmp_path / "kept").iterdir()
    )


def test_the_classes_of_the_answers_are_stored_with_their_scores(
    release: Path, nets: dict[str, Path], tmp_path: Path
) -> None:
    net = task_net("classification", str(nets["classification"]))
    held_out = open_held_out(release, net, up="z")
    source = Source("voxel", None, 0, ((None, 8),))
    for _ in range(2):  # the second time, the scores are read from the folder
        scores = score(held_out, net, [source], memory=tmp_path)
        answers = scores.answers[source, (None, 8)]
        for cloud, label, told, right in zip(
            (cloud for batch in held_out.batches for cloud in batch.clouds),
            held_out.labels,
            answers,
            scores.samples[source, (None, 8)],
            strict=True,
        ):
            with torch.no_grad():
                logits = net.network(cloud[voxel_sample_exactly(cloud.numpy(), 8)][None])
            assert told == int(logits.argmax()) and right == (told == label)
    assert len({*answers}) > 1, "the answers must differ for this to prove anything"


def assert_equal(found: Scores, expected: Scores) -> None:
    assert np.array_equal(found.full, expected.full)
    assert found.samples.keys() == expected.samples.keys()
    assert all(np.array_equal(found.samples[key], values) for key, values in expected.samples.items())


def test_separate_and_ablated_weights_are_found_or_named_in_notes(shelves: Path) -> None:
    folder = shelves / "shipped"
    write(folder / "joint.safetensors", "apsnet", task="reconstruction", sizes=[8, 16])
    write(folder / "own-8.safetensors", "apsnet", task="reconstruction", sizes=[8])
    write(folder / "reconstruction-apsnet-beta0.safetensors", "apsnet", task="reconstruction", sizes=[8])
    for m in 8, 16:
        write(
            folder / f"plus-{m}.safetensors", "apsnet_plus", method="apsnet_plus",
            task="reconstruction", sizes=[m],
        )  # fmt: skip
    specs = [MethodSpec.parse("apsnet"), MethodSpec.parse("apsnet_plus")]
    methods, notes = contenders(specs, "reconstruction", (8, 16), separate=True, ablation=True)
    used = {method.label: {m: entry.name for m, (entry,) in method.weights.items()} for method in methods}
    assert used == {
        "APSNet-G": {8: "joint", 16: "joint"},
        "APSNet+-G": {8: "plus-8", 16: "plus-16"},
        "APSNet-G, separate": {8: "own-8"},
        "APSNet+-G, separate": {8: "plus-8", 16: "plus-16"},
        "APSNet-G, beta = 0": dict.fromkeys((8, 16), "reconstruction-apsnet-beta0"),
    }
    assert ["no separate APSNet for 16 points" in note for note in notes] == [True, False]


def test_methods_without_weights_are_named_with_the_recipe_that_trains_them(shelves: Path) -> None:
    write(shelves / "shipped" / "some.safetensors", "mops", method="mops", sizes=[8])
    found = untrained("classification")
    assert {"APES (adapted)", "S-NET progressive", "SampleNet progressive"} <= found.keys()
    assert "MOPS-Net" not in found, "a method with weights must not be listed"
    for label, said in found.items():
        sampler = configured(said[said.index("apsnet train ") :].split()[2]).sampler
        assert sampler is not None and sampler.label == label


@pytest.mark.parametrize("task", ["classification", "reconstruction", "registration"])
def test_the_commands_of_a_table_train_what_its_rows_claim(shelves: Path, task: str) -> None:
    write(shelves / "shipped" / "joint.safetensors", "apsnet", task=task, sizes=[8, 16])
    specs = [MethodSpec.parse("apsnet")]
    _, notes = contenders(specs, task, (8, 16), separate=True, ablation=True)
    commands = [note[note.index("apsnet train ") :] for note in notes]
    plain = configured(f"protocol/{task}-apsnet")
    trained = {}
    for command in commands:
        _, _, recipe, *rest = shlex.split(command)
        changes = [value for key, value in pairwise(rest) if key == "--set"]
        folder = Path(rest[rest.index("-o") + 1])
        trained[folder.name] = configured(recipe, changes, folder)

    def covered(loss: SamplerLoss) -> float:
        """The weight of the coverage term in Eq. 7 for the largest size."""
        return loss.gamma + loss.delta * max(plain.sizes)

    alone, beta0, gamma0 = (trained[f"{task}-apsnet-{ending}"] for ending in ("8", "beta0", "gamma0"))
    assert alone.sizes == [8] and alone.loss == plain.loss
    assert beta0.loss.beta == 0 < plain.loss.beta and covered(beta0.loss) == covered(plain.loss)
    assert covered(gamma0.loss) == 0 < covered(plain.loss) and gamma0.loss.beta == plain.loss.beta
    for config in (beta0, gamma0):
        same = {"loss": plain.loss, "name": plain.name}
        assert config.model_copy(update=same) == plain, "only the loss may differ"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["-n", "65"], "has 64 points per shape, fewer than 65"),
        (["--pairs", "resampled"], "only pairs can be resampled"),
        (["--fold", "1/900"], "has no shape in that part: choose another part, or all"),
        (["--classes", "unheard_of"], "no test shape of a class that pointnet knows"),
        (["--paired", "random,random"], "a paired test is of two different methods"),
        (["--paired", "random,voxel"], "voxel is to be tested but is not one of the methods"),
    ],
)
def test_an_impossible_evaluation_is_refused_in_one_sentence(
    release: Path,
    nets: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    why: str,
) -> None:
    base = [
        "evaluate",
        "--data",
        release,
        "--net",
        nets["classification"],
        "-m",
        "random",
        "-o",
        tmp_path / "o",
    ]
    assert run([*map(str, base), *more]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert why in said.err
    assert not (tmp_path / "o" / "index.html").exists()


def test_a_single_shape_has_a_table_without_an_interval(
    release: Path, nets: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["evaluate", "--data", release, "--task", "reconstruction", "--net", nets["reconstruction"]]
    more = ["-m", "random,voxel", "-n", "4", "--seeds", "1", "--shapes", "1", "--paired", "all"]
    assert run([str(word) for word in (*base, *more, "-o", tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "paper" not in told, "the paper has no numbers for 4 points"
    assert "inf" not in told and "1 test shape of release" in told
    written = (tmp_path / "out/table.md").read_text()
    assert "| Random | – |" in written and "inf" not in written and "**" not in written
    entry = json.loads((tmp_path / "out/leaderboard.json").read_text())["entries"][0]
    assert entry["shapes"] == 1 and entry["low"] is None


def test_a_net_that_answers_with_nan_is_refused(release: Path, nets: dict[str, Path]) -> None:
    class Broken(nn.Module):
        def forward(self, points: Tensor) -> Tensor:
            return torch.full((len(points), 2048, 3), torch.nan)

    net = task_net("reconstruction", str(nets["reconstruction"]))
    held_out = open_held_out(release, net, up="z", most=3)
    with pytest.raises(ValueError, match="pcae gives NaN or infinity for 3 shapes"):
        evaluate(held_out, replace(net, network=Broken()), [])
