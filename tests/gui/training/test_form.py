"""The training form against the core: the same values, the same error texts, the same final config."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from apsnet_core.datasets.imported import remember
from apsnet_core.tasks import registry
from apsnet_core.training.config import ConfigError, TrainConfig, load_config, make_config
from apsnet_core.training.recipes import recipes
from apsnet_core.weights.listing import Entry, catalogue, user_weights
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.form import TrainingForm
from apsnet_gui.training.form_fields import flat
from apsnet_gui.training.name_dialog import ask_name
from tests.core.tasks.height import HEIGHT
from tests.narrow import present

NETS = [entry for entry in catalogue().entries if entry.metadata.method is None]


OpenForm = Callable[..., TrainingForm]


@pytest.fixture
def open_form(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenForm]:
    """``open_form(nets=NETS)``: a form that knows these task nets."""
    monkeypatch.setenv("APSNET_HOME", str(tmp_path / "home"))
    host = QWidget()
    qtbot.addWidget(host)
    opened: list[TrainingForm] = []

    def open_form(nets: Sequence[Entry] = NETS) -> TrainingForm:
        form = TrainingForm(host, recipes(), nets, tmp_path)
        opened.append(form)
        form.show()
        return form

    yield open_form
    for form in opened:
        form.reject()


@pytest.fixture
def form(open_form: OpenForm) -> TrainingForm:
    return open_form()


def test_there_is_a_field_for_every_value_of_the_model(form: TrainingForm) -> None:
    plain = TrainConfig.model_construct().model_dump()
    named = set(flat(plain)) | {"model", "task"}
    assert set(form.fields) == named
    assert all(field.widget.accessibleName() for field in form.fields.values())


@pytest.mark.parametrize("name", recipes())
def test_every_recipe_goes_through_the_form_unchanged(open_form: OpenForm, name: str) -> None:
    path = recipes()[name].path
    # A recipe may name a task net that is not trained yet; another one replaces it here.
    expected = load_config(path)
    nets = list(NETS)
    if expected.model != "task":
        stand_in = next(net for net in NETS if net.metadata.task == expected.task)
        nets.append(Entry(str(expected.task_weights), path, "run", stand_in.metadata))
    form = open_form(nets)
    form.recipe.put(name)
    assert make_config(tomllib.loads(form.toml.toPlainText())) == expected
    assert form.start.isEnabled() == (expected.data == "furniture"), form.trouble.text()


def test_missing_data_are_named_and_the_recipe_can_still_be_copied(
    form: TrainingForm, tmp_path: Path
) -> None:
    form.put({"model": "task", "task": "classification", "data": "modelnet40"})
    assert not form.start.isEnabled() and not form.estimate.isEnabled()
    said = "modelnet40 is not on this machine; apsnet data import modelnet40 downloads it (435\u00a0MB)"
    assert form.trouble.text() == f"Data: {said}" and form.fields["data"].widget.toolTip() == said
    assert tomllib.loads(form.toml.toPlainText())["data"] == "modelnet40"
    assert form.command.toPlainText().startswith("apsnet train recipe.toml")
    remember("modelnet40", tmp_path)
    form.fields["name"].put("again")
    assert form.start.isEnabled() and not form.trouble.isVisible()


def test_a_number_keeps_its_digits(form: TrainingForm) -> None:
    rate = {"learning_rate": 0.00123456789, "decay": 0.9}
    given = {"model": "task", "task": "classification", "optimisation": rate}
    form.put(given)
    assert make_config(tomllib.loads(form.toml.toPlainText())) == make_config(given)
    assert present(form.fields["optimisation.decay"].get()) == "0.9"


@pytest.mark.parametrize("typed, said", [("1e-3, 0.001", "0.001 is listed twice"), (".5, 1e-3, 02", "")])
def test_several_values_are_numbers_however_they_are_typed(
    form: TrainingForm, tmp_path: Path, typed: str, said: str
) -> None:
    form.put({"model": "task", "task": "classification"})
    form.several.lines["optimisation.learning_rate"].setText(typed)
    assert said in form.trouble.text() and form.start.isEnabled() == (not said)
    if not said:
        (tmp_path / "recipe.toml").write_text(form.toml.toPlainText())
        work = form.several.order(str(tmp_path / "recipe.toml")).work(tmp_path / "queue")
        assert [each.config.optimisation.learning_rate for each in work] == [0.5, 0.001, 2.0]


def test_recipe_and_command_are_both_shown_or_neither(form: TrainingForm) -> None:
    copies = [b for b in form.findChildren(QPushButton) if b.text() == "Copy"]
    form.put({"model": "task", "task": "classification"})
    assert form.toml.toPlainText() and form.command.toPlainText() and all(b.isEnabled() for b in copies)
    form.fields["optimisation.epochs"].put("0")
    why = "Epochs: '0' is not accepted; it takes a whole number of at least 1"
    assert form.trouble.text() == why
    for text in (form.toml, form.command):
        assert text.toPlainText() == f"# None yet. {why}\n"
    assert not any(b.isEnabled() for b in copies)
    form.fields["optimisation.epochs"].put("3")
    assert "epochs = 3" in form.toml.toPlainText() and all(b.isEnabled() for b in copies)


def test_no_two_fields_have_the_same_name(form: TrainingForm) -> None:
    names = [label.text() for label in form.findChildren(QLabel) if label.buddy() or label.text()]
    assert len(set(form.labels.values())) == len(form.labels) and "Points" not in names


def test_a_wrong_value_is_reported_with_the_name_of_its_field(form: TrainingForm) -> None:
    form.put({"model": "apsnet", "task": "classification", "task_net": "x:make", "name": "a/b"})
    assert form.trouble.text() == (
        "Name: 'a/b' cannot name a folder: leave out / \\ : * ? \" < > | and a leading dot"
    )
    assert form.fields["name"].widget.property("wrong")


def test_a_name_too_long_for_a_folder_is_refused_with_a_sentence(qtbot: QtBot, form: TrainingForm) -> None:
    form.put({"model": "task", "task": "classification"})
    line = form.fields["name"].widget
    form.fields["name"].put("n" * 255)
    qtbot.keyClicks(line, "n")
    assert not form.start.isEnabled() and "…' is too long for a folder: up to 200" in form.trouble.text()
    form.fields["name"].put("a\nb")
    assert not form.start.isEnabled()
    assert "'a\\nb' cannot name a folder: leave out / \\ : * ? \" < > |, line breaks" in form.trouble.text()
    form.fields["name"].put("n" * 200)
    assert form.start.isEnabled() and form.name() == "n" * 200


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("optimisation.epochs", "many"),
        ("optimisation.epochs", "0"),
        ("optimisation.label_smoothing", "1"),
        ("augmentation.scale", "0.5"),
        ("augmentation.scale", "-1, 1"),
        ("points", "2.5"),
        ("sizes", "8, x"),
    ],
)
def test_a_wrong_value_is_reported_at_once_with_the_error_text_of_the_core(
    qtbot: QtBot, form: TrainingForm, key: str, text: str
) -> None:
    form.put({"model": "apsnet", "task": "reconstruction"})
    assert form.start.isEnabled() and not form.fields[key].widget.property("wrong")
    form.advanced.setChecked(True)
    line = form.fields[key].widget
    line.setProperty("text", "")
    qtbot.keyClicks(line, text)
    with pytest.raises(ConfigError) as complaint:
        make_config(form.config.values())
    assert not form.start.isEnabled() and line.property("wrong")
    said = line.toolTip()
    assert said and said[1:] in str(complaint.value) and said[1:] in form.trouble.text()


def test_a_sampler_of_one_size_gets_one_size_and_a_task_net_gets_none(
    qtbot: QtBot, form: TrainingForm
) -> None:
    form.put({"model": "apsnet", "task": "reconstruction", "sizes": [8, 16]})
    form.fields["model"].put("samplenet")
    assert form.fields["sizes"].get() == ["32"] and form.start.isEnabled()
    form.fields["model"].put("task")
    values = tomllib.loads(form.toml.toPlainText())
    assert "sizes" not in values and "task_weights" not in values and form.start.isEnabled()


def test_another_network_takes_the_settings_of_its_recipe_on_the_same_data(form: TrainingForm) -> None:
    form.recipe.put("furniture-pointnet")
    assert form.fields["augmentation.dropout"].get() == "0.875"
    form.fields["model"].put("apsnet")
    expected = load_config(recipes()["furniture-apsnet"].path)
    assert form.recipe.get() == "furniture-apsnet"
    assert make_config(form.config.values() | {"task_weights": expected.task_weights}) == expected
    form.fields["task"].put("reconstruction")
    found, expected = make_config(form.config.values()), load_config(recipes()["reconstruction-apsnet"].path)
    assert (found.data, found.points) == ("furniture", 512)
    assert (found.loss, found.optimisation) == (expected.loss, expected.optimisation)
    assert form.start.isEnabled(), form.trouble.text()


def test_an_untrained_task_net_is_named_as_missing(form: TrainingForm) -> None:
    form.recipe.put("furniture-apsnet")
    assert not form.start.isEnabled()
    assert (
        form.trouble.text()
        == "Task net: furniture-pointnet is not there yet: train it first, with its recipe"
    )


def test_recipe_and_command_can_be_copied(qtbot: QtBot, form: TrainingForm) -> None:
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QPushButton

    for name, text in (("recipe.toml", form.toml), ("command", form.command)):
        [button] = [b for b in form.findChildren(QPushButton) if b.accessibleName() == f"Copy the {name}"]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == text.toPlainText() != ""


def test_the_user_s_own_network_replaces_the_task_net(
    form: TrainingForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.put({"model": "apsnet_kd", "task": "classification"})
    form.fields["task_net"].put("mine")
    assert "module:factory, file.py:factory or program.pt2" in form.trouble.text()
    assert not form.start.isEnabled()
    form.fields["task_net"].put("mine:make")
    assert form.start.isEnabled(), form.trouble.text()
    config = make_config(tomllib.loads(form.toml.toPlainText()))
    assert (config.task_net, config.task_weights) == ("mine:make", None)

    weights, program = tmp_path / "w.safetensors", tmp_path / "program.pt2"
    for path in (weights, program):
        path.touch()
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=path: (str(path), ""))
        press(form, "Choose the file of your own network")
        config = make_config(tomllib.loads(form.toml.toPlainText()))
        chosen = (("mine:make", str(weights)), (str(program), str(weights)))[path == program]
        assert (config.task_net, config.task_weights) == chosen

    form.fields["task_net"].put("")
    form.fields["task_weights"].put(NETS[0].name)
    assert make_config(tomllib.loads(form.toml.toPlainText())).task_net is None
    form.put({"model": "task", "task": "classification", "data": "furniture"})
    assert not form.fields["task_net"].widget.isVisible()


def press(form: TrainingForm, name: str) -> None:
    """Press a button, found by its accessible name."""
    [button] = [each for each in form.findChildren(QPushButton) if each.accessibleName() == name]
    button.click()


def test_a_task_of_a_plug_in_is_offered(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    registry.register(HEIGHT)
    try:
        host = QWidget()
        qtbot.addWidget(host)
        form = TrainingForm(host, recipes(), NETS, tmp_path)
        form.fields["task"].put("height")
        assert form.fields["task"].widget.property("currentText") == "Height"
        assert "height" in form.name()
        form.put({"model": "task", "task": "height"})
        assert form.start.isEnabled(), form.trouble.text()
        assert make_config(tomllib.loads(form.toml.toPlainText())).task == "height"
        form.reject()
    finally:
        registry.unregister("height")


def test_a_wrong_name_for_weights_is_refused_with_a_reason(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APSNET_HOME", str(tmp_path))
    user_weights().mkdir(parents=True)
    for name in ("x", "kept"):
        (user_weights() / f"{name}.safetensors").touch()
    shipped, host = "classification-apsnet", QWidget()
    qtbot.addWidget(host)

    def look() -> None:
        dialog = host.findChild(QDialog, "keepWeights")
        assert isinstance(dialog, QDialog)
        line = dialog.findChildren(QLineEdit)[0]
        assert line.text() == "x-2"
        save = present(dialog.findChild(QDialogButtonBox)).button(QDialogButtonBox.StandardButton.Save)
        said = next(label for label in dialog.findChildren(QLabel) if label.property("role") == "trouble")
        for text, why in (
            ("n" * 256, "too long"), ("a/b", "leave out / "), ("a@b", "an @"), ("kept", "of other weights"),
            (shipped, "of other weights"), ("mine", ""),
        ):  # fmt: skip
            line.setText(text)
            found.append((save.isEnabled(), why in said.text(), said.isVisible()))
        dialog.reject()

    found: list[tuple[bool, bool, bool]] = []
    QTimer.singleShot(0, host, look)
    assert ask_name(host, "x") is None
    assert found == [(False, True, True)] * 5 + [(True, True, False)]
