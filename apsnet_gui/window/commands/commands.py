"""The commands behind the actions: one object for each feature, one method for each action."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_gui.window.commands.comparing import ComparisonCommands
from apsnet_gui.window.commands.cutting import CutCommands
from apsnet_gui.window.commands.dataset import DatasetCommands
from apsnet_gui.window.commands.editing import EditCommands
from apsnet_gui.window.commands.exports import ExportCommands
from apsnet_gui.window.commands.files import FileCommands
from apsnet_gui.window.commands.hiding import HideCommands
from apsnet_gui.window.commands.program import ProgramCommands
from apsnet_gui.window.commands.sampling import SamplingCommands
from apsnet_gui.window.commands.selecting import SelectCommands
from apsnet_gui.window.commands.view import ViewCommands


@dataclass(frozen=True)
class Commands:
    """The features; an action's ``run`` names a feature and one of its methods: "files.open_files"."""

    files: FileCommands
    exports: ExportCommands
    editing: EditCommands
    cutting: CutCommands
    selecting: SelectCommands
    hiding: HideCommands
    view: ViewCommands
    comparing: ComparisonCommands
    sampling: SamplingCommands
    dataset: DatasetCommands
    program: ProgramCommands
