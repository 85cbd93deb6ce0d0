"""Plans and queues: their trainings, how an interrupted queue continues, and the median seed."""

from __future__ import annotations

import json
import re
import shlex
import statistics
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from apsnet_core.cli.app import run as apsnet
from apsnet_core.evaluation.table.contenders import contenders
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.training import queue as queue_module
from apsnet_core.training.config import ConfigError, TrainConfig
from apsnet_core.training.launch import Process
from apsnet_core.training.median_seed import median_seeds
from apsnet_core.training.order import Order
from apsnet_core.training.plans import Planned, find_plan, planned, plans
from apsnet_core.training.queue import Place, Queue, time_left
from apsnet_core.training.queue_state import QueueReader
from apsnet_core.training.run_state import RunState
from apsnet_core.training.runs import Run, RunError
from apsnet_core.weights import load_metadata
from tests.core.training.small import config, same_tensors, start_in
from tests.narrow import present
from tests.scores.ship import ship


def recipe_of(home: Path, path: Path) -> Path:
    """Write a recipe of the small training of size 2."""
    how = config(home, sizes=[2], optimisation__epochs=2, augmentation__redraw=True)
    values = how.model_dump(mode="json", exclude_none=True)
    tables = {key: values.pop(key) for key in [*values] if isinstance(values[key], dict)}
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    path.write_text("\n".join(lines))
    return path


def two_seeds(home: Path, tmp_path: Path) -> list[Planned]:
    recipe = recipe_of(home, tmp_path / "small.toml")
    return planned(find_plan(str(recipe), ["seed=[0, 1]"]), tmp_path / "queue")


@pytest.mark.parametrize("name", plans())
def test_a_shipped_plan_trains_all_methods_with_equal_settings(name: str, tmp_path: Path) -> None:
    """Rows differ in method and loss only; those that continue from shipped weights have fewer epochs."""
    work = planned(find_plan(name), tmp_path)
    assert work[0].row.endswith("-apsnet") or name in ("table-3", "choice-1")
    same = {"points", "keep", "split", "augmentation", "weights_average", "pairs", "pairs_per_shape", "data",
            "normalisation", "precision", "classes", "task_weights"}  # fmt: skip
    terms = {repr(each.config.model_dump(include=same)) for each in work}
    assert len(terms) == 1
    how = [each.config.optimisation for each in work if each.config.initial_weights is None]
    free = {"learning_rate"} if name == "choice-1" else set()
    assert len({repr(one.model_dump(exclude=free)) for one in how}) == 1
    seeds = [each.config.seed for each in work]
    assert seeds == sorted(seeds), "the first seed of every row must come before the second of any"
    assert name == "choice-1" or {*seeds} == {0, 1, 2}
    assert len({each.folder for each in work}) == len(work)


def test_the_rows_of_table_3_leave_out_the_named_loss_terms(tmp_path: Path) -> None:
    losses = {
        each.row.rpartition("-")[2]: each.config.loss for each in planned(find_plan("table-3"), tmp_path)
    }
    plain = next(iter(planned(find_plan("table-2"), tmp_path))).config.loss
    assert losses["beta0"] == plain.model_copy(update={"beta": 0.0})
    assert losses["gamma0"] == plain.model_copy(update={"gamma": 0.0, "delta": 0.0})


def test_a_grid_makes_rows_of_settings_and_runs_of_sizes_and_seeds(tmp_path: Path) -> None:
    grid = ["loss.weight=[1, 3.5]", "sizes=[8, 16]", "seed=[4, 5]"]
    work = planned(find_plan("furniture-apsnet-kd", grid), tmp_path, ["points=64"], {"": "/a b", "x": "/no"})
    assert [(each.row, each.config.loss.weight, each.config.sizes, each.config.seed) for each in work] == [
        (f"furniture-apsnet-kd-weight={weight}", float(weight), [m], seed)
        for seed in (4, 5)
        for weight in ("1", "3.5")
        for m in (8, 16)
    ]
    assert work[0].folder == tmp_path / "furniture-apsnet-kd-weight=1" / "furniture-apsnet-kd-weight=1-8-4"
    assert {(each.config.points, each.config.data) for each in work} == {(64, "/a b")}
    of_task = planned(find_plan("table-5"), tmp_path, data={"registration": "/cars", "": "/rest"})
    assert {each.config.data for each in of_task} == {"/cars"}


@pytest.mark.parametrize(
    ("text", "grid", "why"),
    [
        (None, [], "not a plan, a recipe or a file; the plans are choice-1, table-1"),
        ("rows = []", [], "rows: nothing is given"),
        ("seeds = []\n[[rows]]\nrecipe = 'furniture-apsnet'", [], "seeds: nothing is given"),
        ("[[rows]]\nrecipe = 'x'\nsize = 3", [], "there is no setting rows.size"),
        (
            "[[rows]]\nrecipe = 'furniture-apsnet'\nsizes = [0]",
            [],
            "rows.sizes: 0 is not accepted; .* at least 1",
        ),
        ("[[rows]]\nrecipe = 'x'", [], "x is neither a file nor a recipe"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'\nset = ['points=4']", [], "cannot sample"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'\n" * 2, [], "two trainings are called furniture-apsnet-0"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'", ["seed=[1]"], "is a plan, which has its own grid"),
        ("model = 'apsnet'", ["seed=1"], "'seed=1' is not a grid: write KEY="),
        ("model = 'apsnet'", ["seed"], "'seed' is not a grid: write KEY="),
        ("rows = [", [], "is not TOML"),
        ("seeds = [true]\n[[rows]]\nrecipe = 'furniture-apsnet'", [], "seeds: True is not accepted"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'\ngrid = {seed=[1, 2]}", [], "seed cannot be set for a row"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'\nset = ['seed = 5']", [], "give the plan's `seeds`"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'\nsizes = [8]\nset = ['sizes=[16]']", [], "set it once"),
        ("[[rows]]\nrecipe = 'furniture-apsnet'\nname = '../x'", [], "cannot name a folder"),
    ],
)
def test_an_invalid_plan_is_refused_in_one_sentence(
    tmp_path: Path, text: str | None, grid: list[str], why: str
) -> None:
    path = tmp_path / "plan.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError, match=why):
        planned(find_plan(str(path), grid), tmp_path)


def test_settings_for_all_rows_cannot_be_those_that_distinguish_runs(tmp_path: Path) -> None:
    plan = find_plan("furniture-apsnet-kd", ["sizes=[8, 16]", 'data=["/a/b", "c"]'])
    assert {each.row for each in planned(plan, tmp_path)} == {
        f"furniture-apsnet-kd-data={name}" for name in ("_a_b", "c")
    }
    for change in ("seed=3", "sizes=[4]"):
        with pytest.raises(ConfigError, match=change.partition("=")[0]):
            planned(plan, tmp_path, [change])
    with pytest.raises(ConfigError, match="for reconstruction, but the tasks trained are classification"):
        Order(("furniture-apsnet",), data={"reconstruction": "/x"}).work(tmp_path)


def killed(run: Run) -> None:
    """Remove the last event, as if the process had been killed."""
    lines = run.events_file.read_bytes().splitlines(keepends=True)
    run.events_file.write_bytes(b"".join(line for line in lines if b'"stopped"' not in line))


def test_a_queue_continues_after_a_kill_and_ends_with_the_same_weights(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = work = two_seeds(home, tmp_path)
    start_in(tmp_path / "whole", first.config)
    start_in(first.folder, first.config, stop_after=2)
    killed(Run(first.folder))
    start_in(second.folder, second.config)
    asked = [str(tmp_path / "small.toml"), "-o", str(tmp_path / "queue"), "--each", "seed=[0, 1]", "--json"]

    def told(*words: str) -> dict[str, Any]:
        assert apsnet(["queue", *words, *asked]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    assert [row["state"] for row in told("show")["trainings"]] == ["interrupted", "finished"]
    done = told("run")["trainings"]
    assert [row["state"] for row in done] == ["finished", "finished"]
    assert same_tensors(first.folder / "best.safetensors", tmp_path / "whole/best.safetensors")
    assert not same_tensors(second.folder / "best.safetensors", tmp_path / "whole/best.safetensors")
    assert sum(row["median"] is True for row in done) == 1

    # The command that is shown evaluates the finished trainings, with all seeds of a row in one table row.
    [line] = told("show")["evaluate"]
    _, *words = shlex.split(str(line))
    options = dict(pairwise(words))
    assert (options["--data"], options["--net"]) == (first.config.data, first.config.task_weights)
    [row], _ = contenders([MethodSpec.parse(options["-m"])], options["--task"], [int(options["-n"])])
    assert row.label == "APSNet-G (small)"
    assert [each.name for each in row.weights[2]] == ["small-0", "small-1"]

    def never(*_: object, **__: object) -> Process:
        raise AssertionError("a training was begun although all are finished")

    monkeypatch.setattr(queue_module, "launch", never)
    assert told("run")["trainings"] == done
    home_again = ["queue", "run", "-o", str(tmp_path / "queue"), "--json"]
    assert apsnet(home_again) == 0, "the folder of a queue must remember its plan"
    assert json.loads(capsys.readouterr().out)["trainings"] == done
    state = QueueReader(tmp_path / "queue").read()
    assert (state.phase, state.finished, len(state.medians)) == ("finished", 2, 1)
    (shelf := tmp_path / "shelf").mkdir()
    shipped = ship(tmp_path / "queue", shelf)
    assert "seed" in capsys.readouterr().out
    (median,) = state.medians
    assert shipped == {f"{first.config.task}-apsnet-2": median}
    assert load_metadata(next(shelf.iterdir())).training["seed"] == Run(median).config().seed
    again = shlex.split(state.command)
    assert apsnet([*again[1:], "--json"]) == 0, "the command that the window shows must continue the queue"
    assert json.loads(capsys.readouterr().out)["trainings"] == done
    other = [*asked, "--set", "loss.weight=9"]
    assert apsnet(["queue", "run", *other]) == 1
    assert "was begun with loss.weight 5.0, now it would be 9.0" in capsys.readouterr().out
    assert apsnet(["queue", "run", *asked, "--data", str(tmp_path / "gone")]) == 1
    assert "gone" in json.loads(capsys.readouterr().out)["error"], "missing data must fail the whole queue"
    assert Queue(tmp_path / "queue", work).worked_on_by is None


def test_missing_data_are_reported_once_and_not_by_every_training(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe, none, queue = recipe_of(home, tmp_path / "small.toml"), tmp_path / "none", tmp_path / "queue"
    none.mkdir()
    line = ["queue", "run", str(recipe), "-o", str(queue), "--each", "seed=[0, 1]", "--data", str(none)]
    assert apsnet(line) == 1
    assert f"{none}: holds no dataset in a layout that can be read" in capsys.readouterr().err
    assert not queue.exists()


def test_a_failed_training_does_not_stop_the_others_and_is_tried_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = work = two_seeds(home, tmp_path)
    tried: list[Path] = []

    def launch(folder: Path, *words: str, variables: object) -> Process:
        tried.append(folder)
        bad = "print('apsnet: no such data'); raise SystemExit(1)"
        if folder == second.folder:
            start_in(folder, second.config)
        with (folder / "output.txt").open("wb") as output:
            return subprocess.Popen([sys.executable, "-c", bad], stdout=output)

    monkeypatch.setattr(queue_module, "launch", launch)
    for _ in range(2):
        places = Queue(tmp_path / "queue", work).work(Order(()))
        assert [place.phase for place in places] == ["failed", "finished"]
        assert present(places[0].state).why == "no such data"
    assert tried == [first.folder, second.folder, first.folder]


def test_the_time_left_is_estimated_from_trainings_of_the_same_row(home: Path, tmp_path: Path) -> None:
    """One training took 10 s, one of its row needs 6 s more, and one has not begun; one or two at once."""
    first, second = two_seeds(home, tmp_path)
    third = Planned("other", first.recipe, first.changes, tmp_path / "queue" / "other" / "other-0")
    places = [
        Place(first, RunState(first.folder, "finished", spent=10.0)),
        Place(second, RunState(second.folder, "running", spent=4.0, eta=6.0)),
        Place(third, None),
    ]
    assert time_left(places, 1) == pytest.approx(6 + 10)
    assert time_left(places, 2) == pytest.approx((6 + 10) / 2)
    assert time_left(places[2:], 1) is None
    assert time_left(places[:1], 4) == 0.0


def test_a_folder_without_an_order_asks_for_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apsnet(["queue", "show", "-o", str(tmp_path)]) == 1
    assert "is not a queue: name a plan or a recipe" in capsys.readouterr().err


def test_a_queue_that_is_asked_to_stop_starts_no_more_trainings(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = two_seeds(home, tmp_path)
    places = Queue(tmp_path / "queue", work).work(Order(()), stop=lambda: True)
    assert [place.phase for place in places] == ["to come", "to come"]
    assert apsnet(["queue", "stop", str(tmp_path / "queue")]) == 1
    assert "no queue is running in" in capsys.readouterr().err
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        Run(tmp_path / "queue").note_process(other.pid)
        with pytest.raises(RunError, match=f"being run by process {other.pid}"):
            Queue(tmp_path / "queue", work).work(Order(()))
        assert apsnet(["queue", "stop", str(tmp_path / "queue")]) == 0
        assert (tmp_path / "queue" / "stop").exists()
        other.communicate(b"\n")


@pytest.mark.parametrize("task", ["classification", "registration"])
def test_the_median_seed_has_the_median_score(task: str) -> None:
    scores = {8: [0.7, 0.9, 0.8], 16: [0.5, 0.5, 0.1, 0.3, 0.2], 32: [0.4]}
    states = [
        RunState(
            Path(f"{m}-{seed}"), "finished", config={"task": task, "sizes": [m], "seed": seed}, score=score
        )
        for m, several in scores.items()
        for seed, score in enumerate(several)
    ]
    unfinished = RunState(Path("8-9"), "running", config=states[0].config | {"seed": 9}, score=0.0)
    found = {one.config["sizes"][0]: (one, group) for one, group in median_seeds([*states, unfinished])}
    assert found.keys() == {8, 16}, "a single seed has no median, and unfinished trainings do not count"
    for m, (one, group) in found.items():
        assert one.score == statistics.median(scores[m])
        best = max if task == "classification" else min
        assert group[0].score == best(scores[m]) and len(group) == len(scores[m])


def test_the_command_names_the_median_seed_of_a_folder_of_runs(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = tmp_path / "runs"
    for name, seed, m, score in (("a", 0, 2, 0.5), ("b", 1, 2, 0.9), ("c", 2, 2, 0.7), ("d", 0, 4, 0.1)):
        run = Run.create(runs / name, config(home, seed=seed, sizes=[m], device="cpu", snapshots=seed))
        run.record("validation", epoch=0, step=1, metrics={"score": score})
        run.record("done", step=1)
    assert apsnet(["runs", "median", "--folder", str(runs), "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)["medians"]
    assert (row["median"], row["score"]) == ("c", 0.7)
    assert [each["name"] for each in row["seeds"]] == ["b", "c", "a"]
    assert apsnet(["runs", "median", "--folder", str(runs)]) == 0
    assert "c is the median of b 0.9, c 0.7, a 0.5" in capsys.readouterr().out
    assert apsnet(["runs", "median", "--folder", str(tmp_path)]) == 0
    assert "was finished with several seeds" in capsys.readouterr().out


def test_the_worse_of_two_seeds_is_the_median() -> None:
    for task, worse in (("classification", 0.2), ("reconstruction", 0.6)):
        states = [
            RunState(Path("x"), "finished", config={"task": task, "sizes": [8], "seed": seed}, score=score)
            for seed, score in enumerate((0.2, 0.6))
        ]
        [(one, _)] = median_seeds(states)
        assert one.score == worse


def test_a_queue_continues_if_only_settings_without_influence_changed(home: Path, tmp_path: Path) -> None:
    """The device, the snapshots, the name and the path of the task net may differ."""
    first, *_ = work = two_seeds(home, tmp_path)
    free: TrainConfig = first.config.model_copy(
        update={"device": "auto", "snapshots": 0, "task_weights": "/elsewhere", "name": "other"}
    )
    Run.create(first.folder, free)
    Queue(tmp_path / "queue", work).check()
    (first.folder / "config.json").unlink()
    Run.create(first.folder, free.model_copy(update={"points": 16}))
    with pytest.raises(RunError, match="begun with points 16, now it would be 32"):
        Queue(tmp_path / "queue", work).check()


def test_the_queue_commands_in_the_protocol_page_are_valid(tmp_path: Path) -> None:
    """The plans of each queue command in docs/protocol.md are valid."""
    page = Path(__file__).parents[3] / "docs" / "protocol.md"
    lines = re.findall(r"^    apsnet queue (?:run|show) (.*)$", page.read_text(), re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        words = shlex.split(line)
        values = defaultdict(list)
        for word, following in pairwise(words):
            values[word].append(following)
        names = words[: words.index("-o")]
        assert {
            each.config.seed
            for name in names
            for each in planned(find_plan(name, values["--each"]), tmp_path)
        }
