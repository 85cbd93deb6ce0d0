"""A sampler trained with a user's task net: a module, safetensors, a checkpoint, an exported program."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from apsnet_core.networks.exported import ExportedNet
from apsnet_core.training.config import ConfigError, make_config
from apsnet_core.training.failures import TrainingFailed
from apsnet_core.training.run_training import start
from apsnet_core.weights import WeightsError, load, load_metadata
from apsnet_core.weights.listing import find_task_net, named
from tests.core.cli.command import answer, sentence
from tests.core.training.small import config, losses

MINE = """
import torch
from torch import nn

class Tiny(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.points, self.head = nn.Linear(3, 8), nn.Linear(8, classes)

    def forward(self, points):
        return self.head(self.points(points).relu().amax(1))

def make():
    torch.manual_seed(0)
    return Tiny(2)

def five():
    return Tiny(5)

def blind():
    class Blind(Tiny):
        def forward(self, points):
            return super().forward(points.detach())
    return Blind(2)

def rebuilds():
    return nn.Linear(3, 3)

def number():
    return 3
"""


class Tiny(nn.Module):
    """The network of ``mine.py``, for comparison."""

    def __init__(self) -> None:
        super().__init__()
        self.points, self.head = nn.Linear(3, 8), nn.Linear(8, 2)

    def forward(self, points: Tensor) -> Tensor:
        return self.head(self.points(points).relu().amax(1))  # type: ignore[no-any-return]


@pytest.fixture
def mine(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with ``mine.py`` in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APSNET_RUNS", str(tmp_path / "runs"))
    (tmp_path / "mine.py").write_text(MINE)
    yield tmp_path


def short(home: Path, **changes: Any) -> Any:
    given: dict[str, Any] = {"task_weights": None, "optimisation__epochs": 1, "snapshots": 0}
    return config(home, **given | changes)


def export(net: nn.Module, path: Path, **how: Any) -> Path:
    batch, points = torch.export.Dim("batch"), torch.export.Dim("points")
    how = how or {"dynamic_shapes": ({0: batch, 1: points},)}
    torch.export.save(torch.export.export(net.eval(), (torch.rand(4, 32, 3),), **how), path)
    return path


@pytest.mark.parametrize("model", ["apsnet", "apsnet_kd"])
def test_a_sampler_is_trained_and_evaluated_with_a_users_module(home: Path, mine: Path, model: str) -> None:
    torch.manual_seed(7)
    theirs = Tiny()
    save_file(theirs.state_dict(), mine / "w.safetensors")
    how = short(home, model=model, task_net="mine:make", task_weights="w.safetensors")
    start(how, mine / "runs/own")
    sampler = load_metadata(mine / "runs/own/best.safetensors")
    assert sampler.task_net == str(mine / "mine.py:make")
    assert sampler.task_weights == str(mine / "w.safetensors") and sampler.method == model
    net, told = load(find_task_net("classification", "own/task_net").path)
    assert (told.architecture, told.note) == (sampler.task_net, "mine.py:make with w.safetensors")
    points = torch.rand(3, 9, 3)
    assert torch.equal(net(points), theirs(points))  # the task net is frozen and keeps its weights
    table = answer(
        "evaluate", "--data", home / "release", "--net", mine / "runs/own/task_net.safetensors", "-m",
        f"random,{model}@own", "-n", "4", "--seeds", "1", "-o", mine / "table",
    )  # fmt: skip
    assert table["task_net"] == "task_net" and len(table["rows"]) == 2


def test_an_exported_program_gives_the_training_of_its_module(home: Path, mine: Path) -> None:
    torch.manual_seed(7)
    theirs = Tiny()
    save_file(theirs.state_dict(), mine / "w.safetensors")
    export(theirs, mine / "program.pt2")
    start(short(home, task_net="mine:make", task_weights="w.safetensors"), mine / "runs/module")
    start(short(home, task_net="program.pt2"), mine / "runs/program")
    ours, same = losses(mine / "runs/program")[0], losses(mine / "runs/module")[0]
    assert ours == pytest.approx(same, rel=1e-4)
    net, told = load(mine / "runs/program/task_net.safetensors")
    points = torch.rand(2, 5, 3)
    torch.testing.assert_close(net(points), theirs(points))
    assert (told.architecture, told.note) == ("exported program", "program.pt2")
    assert load_metadata(mine / "runs/program/best.safetensors").task_net == str(mine / "program.pt2")
    # The copy of the task net in the run can be named as task weights.
    start(short(home, task_weights="program/task_net"), mine / "runs/again")
    assert losses(mine / "runs/again")[0] == pytest.approx(ours, rel=1e-4)


def test_the_error_for_a_checkpoint_names_the_command_that_imports_it(home: Path, mine: Path) -> None:
    torch.manual_seed(7)
    theirs = Tiny()
    torch.save({"epoch": 3, "state_dict": theirs.state_dict()}, mine / "w.pth")
    with pytest.raises(TrainingFailed) as why:
        start(short(home, task_net="mine.py:make", task_weights="w.pth"), mine / "runs/a")
    _, _, command = str(why.value).partition("import it first: apsnet ")
    assert command.startswith("weights import") and "--net" in command
    said = answer(*command.split())
    assert said["classes"] == ["class 0", "class 1"]
    net, _ = load(mine / "w.safetensors")
    points = torch.rand(2, 5, 3)
    assert torch.equal(net(points), theirs(points))
    with pytest.raises(WeightsError, match=r"apsnet weights import .*w\.pth -o .*w\.safetensors$"):
        named(str(mine / "w.pth"))


@pytest.mark.parametrize(
    ("spec", "changes", "why"),
    [
        ("mine:nothing", {}, "has no factory 'nothing'"),
        ("not_there:make", {}, "not_there cannot be imported"),
        ("os:abort", {}, "part of Python"),
        ("mine:number", {}, "makes a int, not a torch.nn.Module"),
        ("mine:five", {}, "has 5 classes, but release has 2"),
        ("mine:blind", {"model": "apsnet_kd"}, "no gradient"),
        ("mine:rebuilds", {}, "not a logit for each class"),
        ("mine:make", {"task": "registration"}, "does not take points"),
        ("absent.pt2", {}, "cannot be read"),
        ("mine:make", {"task_weights": "absent.safetensors"}, "does not exist"),
    ],
)
def test_a_network_that_cannot_be_a_task_net_is_refused_in_a_sentence(
    home: Path, mine: Path, spec: str, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(TrainingFailed, match=why) as refusal:
        start(short(home, task_net=spec, **changes), mine / "runs/refused")
    assert "\n" not in str(refusal.value)


def test_distillation_works_with_a_task_net_of_other_classes(home: Path, mine: Path) -> None:
    start(short(home, model="apsnet_kd", task_net="mine:five"), mine / "runs/distilled")
    assert load_metadata(mine / "runs/distilled/task_net.safetensors").classes == [
        f"class {i}" for i in range(5)
    ]


def test_an_exported_program_of_fixed_size_is_refused_with_the_remedy(home: Path, mine: Path) -> None:
    export(Tiny(), mine / "fixed.pt2", strict=False)
    with pytest.raises(TrainingFailed, match="an exported program needs `dynamic_shapes`"):
        start(short(home, task_net="fixed.pt2"), mine / "runs/fixed")


def test_invalid_settings_of_task_net_are_refused(home: Path) -> None:
    with pytest.raises(ConfigError, match="leave it empty"):
        config(home, model="task", sizes=[], task_weights=None, task_net="mine:make")
    with pytest.raises(ConfigError, match=r"module:factory, file.py:factory or program.pt2, not 'mine'"):
        short(home, task_net="mine")
    with pytest.raises(ConfigError, match=r"import it first: apsnet weights import net\.pth .* --net"):
        short(home, task_net="net.pth")
    with pytest.raises(ConfigError, match="needs the task net"):
        make_config({"model": "apsnet", "task": "classification", "sizes": [4]})


class Trap:
    """An object that writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_loading_an_exported_program_never_runs_its_code(tmp_path: Path) -> None:
    plain, evil = export(Tiny(), tmp_path / "plain.pt2"), tmp_path / "evil.pt2"
    changes = {
        "data/sample_inputs/model.pt": pickle.dumps(Trap(tmp_path / "sprung")),
        "data/constants/opaque_obj_0": pickle.dumps(Trap(tmp_path / "sprung")),
        "data/aotinductor/model/x.so": b"",
    }
    for name, content in changes.items():
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(evil, "w") as target:
            root = source.namelist()[0].partition("/")[0]
            for each in source.namelist():
                if each != f"{root}/{name}":
                    target.writestr(each, source.read(each))
            target.writestr(f"{root}/{name}", content)
        with pytest.raises(ValueError, match=r"may run code|it is damaged"):
            ExportedNet.of(evil.read_bytes())
    replaced = evil.read_bytes()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(evil, "w") as target:
        for each in source.namelist():
            content = source.read(each).replace(b"torch.ops.aten.relu.default", b"torch.hub.load")
            target.writestr(each, content)
    assert evil.read_bytes() != replaced
    with pytest.raises(ValueError, match=r"calls torch\.hub\.load"):
        ExportedNet.of(evil.read_bytes())
    assert not (tmp_path / "sprung").exists()


def test_the_shell_imports_a_program(tmp_path: Path) -> None:
    program = export(Tiny(), tmp_path / "program.pt2")
    assert "--task" in sentence("weights", "import", program, "-o", tmp_path / "x.safetensors")
    said = answer("weights", "import", program, "-o", tmp_path / "x.safetensors", "--task", "classification")
    assert said["architecture"] == "exported program"
    shown = answer("weights", "show", tmp_path / "x.safetensors")
    assert shown["note"] == "imported from program.pt2"
