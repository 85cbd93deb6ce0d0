"""Connect trainings with the window: the dialogs that start them, and the weights that they produce."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox

from apsnet_core.atomic import atomic_path, write_text
from apsnet_core.methods.registry import learned
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import DEFAULT, tasks
from apsnet_core.training.queue_state import QueueState
from apsnet_core.training.run_state import RunState
from apsnet_gui.jobs.background import Background, JobProgress
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.stepping import soon
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.closing import may_close
from apsnet_gui.training.name_dialog import ask_name
from apsnet_gui.training.watch import TrainingWatch
from apsnet_gui.training.words import size, span
from apsnet_gui.widgets.save_dialog import ask_target

if TYPE_CHECKING:
    from apsnet_core.training.order import Order
    from apsnet_gui.training.estimate import Cost
    from apsnet_gui.training.form import TrainingForm
    from apsnet_gui.training.panel import TrainingPanel


WEIGHTS = ".safetensors"
TASK_NET = "task"  # copied from training.config, whose import would load pydantic and delay the window


class TrainingFeature(QObject):
    """Owns the `TrainingWatch` of this user and its panel.

    ``shown`` asks to show the panel; ``renewed(name)`` is emitted when the weights of this name change.
    """

    shown = Signal()
    renewed = Signal(str)

    def __init__(
        self,
        session: Session,
        background: Background,
        weights_list: WeightsList,
        theme: Theme,
        settings: Settings,
    ) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        self._weights_list, self._settings = weights_list, settings
        self.training = TrainingWatch(self)
        self._theme = theme
        self.form: TrainingForm | None = None
        self._started: Path | None = None
        self.training.improved.connect(lambda state: self._renew(state.name))
        self.training.learned.connect(lambda state: self._renew(state.latest))
        self.training.run_gone.connect(lambda _: weights_list.refresh())
        self.training.kept.connect(lambda: weights_list.refresh())
        self.training.ended.connect(self._settle)
        self.training.run_changed.connect(self._show_started)
        self.training.queue_changed.connect(self._show_started)
        self.training.notice.connect(session.notice)

    @cached_property
    def panel(self) -> TrainingPanel:
        """The panel with the list of trainings; created on first access."""
        from apsnet_gui.training.panel import TrainingPanel
        from apsnet_gui.training.run_view import RunActions

        actions = RunActions(self.new, self.use, self.keep, self.export, self.delete)
        return TrainingPanel(self.training, self._theme, actions, self.new_plan, self.delete_queue)

    def new(self, like: RunState | None = None) -> None:
        """Open the form, filled in with the config of ``like`` if it is given."""
        if like is not None and self._lacks(like):
            return
        # These imports load pydantic; they are here so that the window starts sooner.
        from apsnet_core.training.recipes import recipes
        from apsnet_gui.training.form import TrainingForm

        active = [state.folder for state in self.training.active]
        home = self.training.folders[0]
        form = TrainingForm(self.panel.window(), recipes(), self._weights_list.task_nets(), home, active)
        if like is not None:
            form.put(like.config or like.recipe)
        form.wanted.connect(lambda name, toml, after: self._start(form, name, toml, after))
        form.grid_wanted.connect(lambda name, toml, order: self._start_grid(form, name, toml, order))
        form.estimate_wanted.connect(lambda toml: self._estimate(form, toml))
        form.finished.connect(lambda: setattr(self, "form", None))
        self.form = form
        soon(form, form.open)  # a separate step, because opening the form takes as long as creating it

    def new_plan(self) -> None:
        """Open the dialog for the trainings of a plan."""
        # This import loads pydantic; it is here so that the window starts sooner.
        from apsnet_gui.training.plan_dialog import PlanDialog

        dialog = PlanDialog(self.panel.window(), self.training.folders[0], self._start_plan)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def use(self, state: RunState) -> None:
        """Sample the current shape with the run's best weights, or with the newest ones while it trains.

        For a task net, choose its best weights to judge the samples.
        """
        if self._lacks(state):
            return
        config = state.config
        if config["model"] == TASK_NET:
            self._session.choose(task=config["task"], net=state.name)
            return
        sizes = config.get("sizes") or [self._session.document.choice.m]
        m = self._session.document.choice.m
        self._session.choose(
            spec=replace(
                MethodSpec.of(config["model"]), weights=state.latest if state.active else state.name
            ),
            task=config["task"],
            m=m if m in sizes else sizes[-1],
        )

    def _lacks(self, state: RunState) -> bool:
        """Whether the run's method or task belongs to a plug-in that is not loaded; if so, warn the user."""
        told = state.config or state.recipe
        named = (("method", told.get("model")), ("task", told.get("task", DEFAULT)))
        known = {
            "method": {TASK_NET, *(row.name for row in learned())},
            "task": {row.name for row in tasks()},
        }
        for kind, name in named:
            if name is not None and name not in known[kind]:
                said = f"{state.name} is of the {kind} {name}, which is not here: add its plug-in"
                self._session.notice.emit("warning", f"{said} (Window > Plug-ins…).")
                return True
        return False

    def keep(self, state: RunState) -> None:
        """Copy the run's best weights to the user's own weights, with a name and a note."""
        named, best = ask_name(self.panel.window(), state.name), state.best
        if named is None or best is None:
            return

        def write(_: JobProgress) -> None:
            from apsnet_core.weights import load_metadata, rewrite_metadata, user_weights

            told = load_metadata(best).model_copy(update={"note": named.note})
            rewrite_metadata(best, user_weights() / f"{named.name}.safetensors", told)

        job = self._background.start(f"Keeping {named.name}", write)
        job.done.connect(lambda _: self._session.notice.emit("info", f"Kept the weights {named.name}"))
        job.done.connect(lambda _: self._weights_list.refresh())
        job.failed.connect(
            lambda why: self._session.notice.emit("error", f"{named.name} was not written: {why}")
        )

    def export(self, state: RunState) -> None:
        """Save the run's best weights to a file, with their model card beside it."""
        best = state.best
        proposal = Path.home() / f"{state.name}{WEIGHTS}"
        filters = f"Weights (*{WEIGHTS})"
        path = ask_target(self.panel.window(), "Export weights", proposal, filters, _weights_and_card)
        if path is None or best is None:
            return
        target, card = _weights_and_card(path)

        def write(_: JobProgress) -> None:
            from apsnet_core.weights import load_metadata
            from apsnet_core.weights.card import model_card

            # The card is made first, so that nothing is written if that fails.
            told = model_card(target.stem, load_metadata(best))
            with atomic_path(target) as beside:
                shutil.copyfile(best, beside)
            write_text(card, told)

        job = self._background.start(f"Writing {target.name}", write)
        job.done.connect(lambda _: self._session.notice.emit("info", f"Wrote {target} and its model card"))
        job.failed.connect(
            lambda why: self._session.notice.emit("error", f"{target.name} was not written: {why}")
        )

    def delete(self, state: RunState) -> None:
        """Ask for confirmation, then move the run to the trash folder beside it."""
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.panel.window(),
            "Move to the trash",
            f"Move {state.name} to the trash? It can be taken back from {state.folder.parent / '.trash'}.",
            button.Yes | button.Cancel,
        )
        if answer == button.Yes:
            self.training.delete(state)

    def delete_queue(self, state: QueueState) -> None:
        """Ask for confirmation, then move a queue with all its trainings to the trash folder beside it."""
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.panel.window(),
            "Move to the trash",
            f"Move {state.name} with its {state.finished} finished trainings to the trash? It can be taken "
            f"back from {state.folder.parent / '.trash'}.",
            button.Yes | button.Cancel,
        )
        if answer == button.Yes:
            self.training.delete_queue(state)

    def may_close(self) -> bool:
        """Return whether the window may close, after a question if trainings are active."""
        return may_close(self.panel.window(), self.training, self._settings)

    def close(self) -> None:
        """Stop watching the trainings, which continue."""
        self.training.close()

    def _start(self, form: TrainingForm, name: str, toml: str, after: Sequence[Path]) -> None:
        try:
            self._started = self.training.start(name, toml, after)
        except OSError as why:
            form.show_failure(f"{name} was not started: {why.strerror or why} ({why.filename or name})")
            return
        form.accept()
        self.shown.emit()

    def _start_grid(self, form: TrainingForm, name: str, toml: str, order: Order) -> None:
        why = self._start_queue(name, order, {f"{name}.toml": toml})
        if why:
            form.show_failure(why)
            return
        form.accept()

    def _start_plan(self, name: str, order: Order) -> str:
        return self._start_queue(name, order, {})

    def _start_queue(self, name: str, order: Order, files: dict[str, str]) -> str:
        """Start a queue and show it; return an error text, or "" on success."""
        try:
            self._started = self.training.start_queue(name, order, files)
        except OSError as why:
            return f"{name} was not started: {why.strerror or why} ({why.filename or name})"
        self.shown.emit()
        return ""

    def _show_started(self, state: RunState | QueueState) -> None:
        if state.folder == self._started:
            self._started = None
            self.panel.select(state.folder)

    def _estimate(self, form: TrainingForm, toml: str) -> None:
        from apsnet_gui.training.estimate import estimate

        job = self._background.start("Timing a training", lambda p: estimate(toml, p), lane="estimate")
        job.done.connect(lambda cost: self._show_cost(form, _words(cost)))
        job.failed.connect(lambda why: self._show_cost(form, str(why)))
        form.finished.connect(job.cancel)

    def _show_cost(self, form: TrainingForm, text: str) -> None:
        if form is self.form:
            form.show_cost(text)

    def _renew(self, weights: str) -> None:
        """List the new weights of a run, and emit ``renewed`` so that samples made with them are updated."""
        self._weights_list.refresh()
        self.renewed.emit(weights)

    def _settle(self, state: RunState) -> None:
        """When a run has finished, replace its newest weights by its best ones if they are in use."""
        if state.phase == "finished" and self._session.document.choice.spec.weights == state.latest:
            self._session.choose(spec=replace(self._session.document.choice.spec, weights=state.name))


def _weights_and_card(path: Path) -> tuple[Path, Path]:
    """The paths of the weights file and of the model card; adds the suffix of weights if it is missing."""
    target = path if path.suffix == WEIGHTS else path.with_name(path.name + WEIGHTS)
    return target, target.with_suffix(".md")


def _words(cost: Cost) -> str:
    return f"about {span(cost.seconds)} here, {size(cost.memory)} of memory"
