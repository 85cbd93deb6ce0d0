"""The dialog for a new training: its fields come from the core's config, which checks every key press."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.methods.registry import method
from apsnet_core.training.config import TASK_NET
from apsnet_core.training.recipes import Recipe
from apsnet_gui.training.form_advanced import AdvancedFields
from apsnet_gui.training.form_fields import choice, to_toml
from apsnet_gui.training.form_grid import GridFields
from apsnet_gui.training.form_judgement import judge
from apsnet_gui.training.form_own_net import OwnNetRow
from apsnet_gui.training.form_recipes import fitting
from apsnet_gui.training.form_texts import RecipeTexts
from apsnet_gui.training.form_values import ConfigFields
from apsnet_gui.widgets.fold import Fold
from apsnet_gui.widgets.form_rows import GRID, faint, form, panel

if TYPE_CHECKING:
    from apsnet_core.weights.listing import Entry

MAIN = ("model", "task", "data", "task_weights", "task_net", "sizes", "optimisation.epochs", "device", "name")
TASK_NET_HINT = "The network that judges samples; it sees whole clouds."


class TrainingForm(QDialog):
    """A dialog that describes a training and asks its caller to start it.

    ``wanted(name, toml, after)`` asks to start one training; ``after`` holds the folders of the trainings
    it waits for, either all of ``active`` or none, as the user chooses. ``grid_wanted(name, toml, order)``
    asks to start several as a queue of ``order``, with ``toml`` as the text of its NAME.toml.
    ``estimate_wanted(toml)`` asks for an estimate of the time.

    The dialog stays open until its caller has started the training and calls ``accept``.
    """

    wanted = Signal(str, str, object)
    grid_wanted = Signal(str, str, object)
    estimate_wanted = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        recipes: Mapping[str, Recipe],
        nets: Sequence[Entry],
        runs: Path,
        active: Sequence[Path] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New training")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._nets, self._runs, self._active = nets, runs, active
        self._recipe_name, self._choosing_recipe = "", False
        self._named_for: tuple[str | None, str | None] = None, None
        self.config = ConfigFields(nets, self._changed)
        self.fields, self.labels = self.config.by_key, self.config.labels
        self._recipes = recipes
        offered = [(row.title, row.name) for row in recipes.values()]
        self.recipe = choice("recipe", offered, self._take_recipe)
        names = ", ".join(folder.name for folder in active)
        when = [(f"After {names}", list(active)), (f"Now, beside {names}", [])] if active else [("Now", [])]
        self.when = choice("begin", when, self._changed)
        for field in (self.recipe, self.when):
            field.widget.setAccessibleName(field.label)

        self._make_words()
        self._lay_out()
        self.resize(940, 660)
        if recipes:
            self._take_recipe()
        else:
            self._changed()

    def _lay_out(self) -> None:
        area = self._make_main()
        middle = QHBoxLayout()
        middle.setSpacing(GRID * 2)
        middle.addWidget(area, 5)
        middle.addWidget(self.texts, 6)

        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.estimate.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.estimate)
        foot.addWidget(self.cost, 1)
        foot.addWidget(cancel)
        foot.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addLayout(middle, 1)
        column.addWidget(self.trouble)
        column.addLayout(foot)

    def _make_main(self) -> QWidget:
        """Lay out the fields that most trainings set."""
        browse = QPushButton("Folder…")
        browse.setToolTip(
            "A folder of shapes: one folder for each class, or ModelNet and ShapeNet as published"
        )
        browse.clicked.connect(self._browse)
        data = QHBoxLayout()
        data.addWidget(self.fields["data"].widget, 1)
        data.addWidget(browse)
        rows = {key: self.fields[key].widget for key in MAIN}
        rows["task_net"] = self._own_row = OwnNetRow(self.fields["task_net"], self.fields["task_weights"])
        area, _, column = panel("What to train")
        self._main = form(
            ("Recipe", self.recipe.widget),
            *((self.labels[key], data if key == "data" else rows[key]) for key in MAIN),
            ("Begin", self.when.widget),
        )
        self._main.setRowVisible(self.when.widget, len(self._active) > 0)
        column.addLayout(self._main)
        column.addWidget(self.about)
        others = [field for key, field in self.fields.items() if key not in MAIN]
        rest = AdvancedFields(others, self.labels)
        self.advanced = Fold("Advanced", rest)
        column.addWidget(self.advanced)
        column.addWidget(rest)
        column.addWidget(self.several)
        column.addStretch(1)
        return area

    def _make_words(self) -> None:
        """Create the two buttons and the labels for the network, the faults, the time and the recipe."""
        self.about = faint()
        self.several = GridFields(self._changed)
        self.texts = RecipeTexts()
        self.toml, self.command = self.texts.toml, self.texts.command
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.setProperty("role", "trouble")
        self.trouble.setAccessibleName("What is wrong")
        self.cost = faint()
        self.estimate = QPushButton("Estimate the time")
        self.estimate.setToolTip("Trains for a few seconds and discards the result")
        self.estimate.clicked.connect(self._ask_estimate)
        self.start = QPushButton("Start training")
        self.start.setProperty("primary", True)
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)

    # --- what the form says ---

    def put(self, values: Mapping[str, Any]) -> None:
        """Show a config; settings that ``values`` does not name get their default."""
        self._named_for = values.get("model"), values.get("task")
        self.config.put(values)
        self._changed()

    def show_failure(self, why: str) -> None:
        """Say why the training could not be started; the fields stay as they are."""
        self._say(why)

    def show_cost(self, text: str) -> None:
        """Show the estimated time."""
        self.cost.setText(text)
        self.estimate.setEnabled(self.start.isEnabled())

    def _take_recipe(self) -> None:
        name = self.recipe.get()
        if name is not None and not self._choosing_recipe:
            self._recipe_name = self._recipes[name].path.stem
            self.put(self._recipes[name].values)

    def _take_fitting(self, model: str, task: str) -> None:
        """Fill in the recipe that fits this network and task, for the chosen data."""
        name, values = fitting(self._recipes, model, task, self.fields["data"].get())
        self._recipe_name = ""
        if name is not None:
            self._choosing_recipe = True
            self.recipe.put(name)
            self._choosing_recipe = False
            if values == self._recipes[name].values:
                self._recipe_name = self._recipes[name].path.stem
        self.put(values)

    def _changed(self) -> None:
        model, task = self.config.model, self.config.task
        if (model, task) != self._named_for:
            self._take_fitting(model, task)
            return
        sampler = None if model == TASK_NET else method(model)
        with self.config.quietly():
            if sampler is not None:
                self.config.fit_sizes(sampler)
            self.config.offer_nets(self.fields["task_weights"].get())
        for widget in (self.fields["sizes"].widget, self.fields["task_weights"].widget, self._own_row):
            self._main.setRowVisible(widget, sampler is not None)
        self.several.suit(sampler is not None)
        self.about.setText(TASK_NET_HINT if sampler is None else sampler.about)
        self.fields["name"].widget.setProperty("placeholderText", self._own_name())
        self._check()

    def _check(self) -> None:
        """Let the core check the values, and mark the fields that are wrong."""
        values = self.config.values()
        found = judge(values, self.labels, [net.name for net in self._nets])
        several = self.several.trouble(values) if found.config is not None else ""
        complaints = {**found.wrong, **found.missing}
        for key, field in self.fields.items():
            field.complain(complaints.get(key, ""))
        named = {key: f"{label}: " for key, label in self.labels.items()}
        said = [*(named.get(key, "") + why for key, why in complaints.items()), *filter(None, [several])]
        self._say("\n".join(text[:1].upper() + text[1:] for text in said))
        if found.config is None or several:
            self.texts.withhold(self.trouble.text())
        else:
            # Take the values from the config: it has converted texts to numbers.
            self._show_texts(found.config.model_dump(mode="json", exclude_unset=True))
        count = self.several.count if self.several.values else 0
        self.start.setText(f"Start {count} trainings" if count > 1 else "Start training")
        self._main.setRowVisible(self.when.widget, len(self._active) > 0 and not count)
        self.start.setEnabled(found.may_start and not several)
        self.estimate.setEnabled(found.may_start)
        self.cost.clear()

    def _show_texts(self, values: dict[str, Any]) -> None:
        """Show the recipe and the command of a training, or of a queue of several."""
        folder = self._runs / self.name()
        if self.several.values:
            values.pop("name", None)  # each training of the queue has its own name
            file = f"{folder.name}.toml"
            self.texts.put(to_toml(values), self.several.order(file).command(folder), file)
            return
        waits = [word for other in self.when.get() for word in ("--after", str(other))]
        words = ["apsnet", "train", "recipe.toml", "--output", str(folder), *waits]
        self.texts.put(to_toml(values), shlex.join(words))

    def _say(self, trouble: str) -> None:
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))

    def name(self) -> str:
        """The name of the run's folder; a number is appended if the name is taken."""
        wanted = (self.fields["name"].get() or self._own_name()).strip().replace("/", "-")
        name, n = wanted, 2
        while os.path.lexists(self._runs / name):
            name, n = f"{wanted}-{n}", n + 1
        return name

    def _own_name(self) -> str:
        own = f"{self.config.task}-{self.config.model}".replace("_", "-")
        return self._recipe_name or own

    # --- what a user does ---

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder of shapes")
        if folder:
            self.fields["data"].put(folder)

    def _ask_estimate(self) -> None:
        self.estimate.setEnabled(False)
        self.cost.setText("Timing a few steps…")
        self.estimate_wanted.emit(self.toml.toPlainText())

    def _start(self) -> None:
        self._check()  # since the last check, a folder may have been deleted or a name taken
        if not self.start.isEnabled():
            return
        name, toml = self.name(), self.toml.toPlainText()
        if self.several.values:
            self.grid_wanted.emit(name, toml, self.several.order(f"{name}.toml"))
        else:
            self.wanted.emit(name, toml, self.when.get())
