"""The commands of the comparison."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from apsnet_gui.comparison import report
from apsnet_gui.comparison.compute import ComparisonInputs
from apsnet_gui.comparison.files import PLOTS, TABLES, plot_file, table_file
from apsnet_gui.comparison.live import LiveComparison
from apsnet_gui.comparison.pinning import lay_out, reference_of, swap, toggle_pin
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.jobs.background import Background, Work
from apsnet_gui.state.session import Session
from apsnet_gui.window.commands.file_names import FileNames
from apsnet_gui.window.docks import Docks
from apsnet_gui.window.figure_dialog import FigureDialog

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.comparison import ComparisonRow
    from apsnet_gui.comparison.plot_panel import CurvesPanel


class ComparisonCommands:
    """Starts and ends a comparison, and writes its report, its plot and its table."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        background: Background,
        comparing: LiveComparison,
        results: ComparisonResults,
        curves: Callable[[], CurvesPanel],
        docks: Docks,
        names: FileNames,
        home: Path,
    ) -> None:
        self._window, self._home = window, home
        self._session, self._background, self._names = session, background, names
        self._comparing, self._results, self._curves, self._docks = comparing, results, curves, docks

    def toggle_comparison(self) -> None:
        """Compare methods, or show only the selected one."""
        lineup = self._session.document.lineup
        text = "Leave the comparison" if lineup.shown else "Compare methods"
        self._session.line_up(text, shown=not lineup.shown)

    def pin(self) -> None:
        """Pin the selected row as the reference of the others, or unpin it."""
        toggle_pin(self._session)

    def lay_out(self, layout: str) -> None:
        """Show all methods, or two with a slider, the moved samples, or the difference of attention."""
        lay_out(self._session, layout)

    def swap(self) -> None:
        """Swap the reference and the method beside it."""
        swap(self._session)

    def move_divider(self, by: str) -> None:
        """Move the divider between two methods by ``by`` percent of the width."""
        now = self._session.document.lineup.divider
        self._session.line_up("Move the divider", divider=min(max(now + int(by), 0), 100))

    def show_what_if(self) -> None:
        """Bring the What if panel to the front."""
        self._docks.show("What if")

    def save_report(self) -> None:
        """Ask for a folder and write the report into a new folder inside it."""
        folder = self._names.ask_folder("Folder in which the report's own is made")
        question = self._comparing.question()
        if folder is not None and question is not None:
            self.write_report(question, report.new_folder(folder, Path(question.entry.path).stem))

    def write_report(self, question: ComparisonInputs, folder: Path) -> None:
        """Write a report of all methods; it also says which methods gave no samples, and why."""
        parts = self._results.parts
        if all(place not in parts or parts[place].result is None for place in question.places):
            self._session.notice.emit("warning", "No method gave samples: there is nothing to report.")
            return
        reference = reference_of(self._session, self._results)
        job = self._background.start(
            "Writing the report",
            lambda progress: report.write(question, folder, progress, reference, home=self._home),
        )
        results = [part.result for part in parts.values()]
        edited = any(result.edit for result in results if result)
        own = " It shows the methods' own samples, without your edits." if edited else ""
        job.done.connect(lambda page: self._session.tell("info", f"Wrote {page}.{own}", page))
        job.failed.connect(
            lambda why: self._session.tell("error", f"The report was not written: {why}", folder)
        )

    def export_curves(self) -> None:
        """Ask for the look of the figure and for a file, and write the plot to the file."""
        rows, column = list(self._results.curves), self._curves().column
        if not rows or column is None:
            self._session.notice.emit("info", "There is no plot yet: show the Plot panel, and wait for it.")
            return
        dialog = FigureDialog(self._window)
        if dialog.exec() != FigureDialog.DialogCode.Accepted:
            return
        path = self._names.ask_target("Export the plot", "plot.pdf", PLOTS)
        if path is not None:
            self.write_plot(rows, column.key, dialog.look, path)

    def write_plot(self, rows: list[ComparisonRow], key: str, look: dict[str, str], path: Path) -> None:
        """Write the plot of the measure ``key`` on a worker thread."""
        self._write(path, lambda _: plot_file(rows, key, look, path))

    def export_table(self) -> None:
        """Ask for a file and write the table to it."""
        document = self._session.document
        places = document.lineup.places
        cells = self._results.cells(places, document.sizes)
        if not self._results.rows(places):
            self._session.notice.emit("info", "There is no number for a table yet.")
            return
        path = self._names.ask_target("Export the table", "table.xlsx", TABLES)
        if path is not None:
            reference = reference_of(self._session, self._results)
            self._write(path, lambda _: table_file(cells, path, reference))

    def _write(self, path: Path, work: Work) -> None:
        job = self._background.start(f"Writing {path.name}", work)
        job.done.connect(lambda _: self._session.tell("info", f"Wrote {path}", path))
        job.failed.connect(
            lambda why: self._session.tell("error", f"{path.name} was not written: {why}", path)
        )
