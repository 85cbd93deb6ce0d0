"""The question before a window with active trainings closes: let them continue, or stop them."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from apsnet_gui.state.settings import Settings
from apsnet_gui.training.watch import TrainingWatch

GO_ON = "trainings go on"


def may_close(window: QWidget, training: TrainingWatch, settings: Settings) -> bool:
    """Return whether the ``window`` may close.

    If trainings or queues are active, a dialog says that they continue without the window. The user can let
    them continue, stop them after a checkpoint, or cancel. The dialog is not shown again after the user has
    let them continue with "do not ask again" ticked.
    """
    queues = [queue for queue in training.queues.values() if queue.active]
    alone = [run for run in training.active if not any(each.folder in run.folder.parents for each in queues)]
    if not (queues or alone) or settings.text(GO_ON, "") == "yes":
        return True
    box = QMessageBox(window)
    box.setWindowTitle("Trainings go on")
    names = ", ".join([*(queue.name for queue in queues), *(run.name for run in alone)])
    box.setText(f"{names}: still training.")
    box.setInformativeText("It continues without the window, and is listed again at the next start.")
    keep = box.addButton("Let it train", QMessageBox.ButtonRole.AcceptRole)
    stop = box.addButton("Stop after a checkpoint", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep)
    remember = QCheckBox("Let trainings continue and do not ask again")
    box.setCheckBox(remember)
    box.exec()
    if box.clickedButton() is stop:
        for queue in queues:
            training.stop_queue(queue)
        for run in alone:
            training.stop(run)
        return True
    if remember.isChecked() and box.clickedButton() is keep:
        settings.put(GO_ON, "yes")
    return box.clickedButton() is keep
