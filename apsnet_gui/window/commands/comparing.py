"""The commands of the comparison."""

from __future__ import annotations

from pathlib import Path

from apsnet_gui.comparison import report
from apsnet_gui.comparison.compute import ComparisonInputs
from apsnet_gui.comparison.live import LiveComparison
from apsnet_gui.comparison.plot_panel import FORMATS, CurvesPanel
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.session import Session
from apsnet_gui.window.commands.file_names import FileNames
from apsnet_gui.window.docks import Docks


class ComparisonCommands:
    """Starts and ends a comparison, and writes its report and its plot."""

    def __init__(
        self,
        session: Session,
        background: Background,
        comparing: LiveComparison,
        results: ComparisonResults,
        curves: CurvesPanel,
        docks: Docks,
        names: FileNames,
    ) -> None:
        self._session, self._background, self._names = session, background, names
        self._comparing, self._results, self._curves, self._docks = comparing, results, curves, docks

    def toggle_comparison(self) -> None:
        """Compare methods, or show the selected one alone."""
        lineup = self._session.document.lineup
        text = "Leave the comparison" if lineup.shown else "Compare methods"
        self._session.line_up(text, shown=not lineup.shown)

    def show_what_if(self) -> None:
        """Bring the What if panel to the front."""
        self._docks.show("What if")

    def save_report(self) -> None:
        """Ask for a folder and write the report to it."""
        folder = self._names.ask_folder("Folder for the report")
        question = self._comparing.question()
        if folder is not None and question is not None:
            self.write_report(question, folder)

    def write_report(self, question: ComparisonInputs, folder: Path) -> None:
        """Write a report of all methods; it says which gave no samples, and why."""
        parts = self._results.parts
        if all(place not in parts or parts[place].result is None for place in question.places):
            self._session.notice.emit("warning", "No method gave samples: there is nothing to report.")
            return
        job = self._background.start(
            "Writing the report", lambda progress: report.write(question, folder, progress)
        )
        results = [part.result for part in parts.values()]
        edited = any(result.edit for result in results if result)
        own = " It is of the methods' own samples: what was edited by hand is not in it." if edited else ""
        job.done.connect(lambda page: self._session.tell("info", f"Wrote {page}.{own}", page))
        job.failed.connect(
            lambda why: self._session.tell("error", f"The report was not written: {why}", folder)
        )

    def export_curves(self) -> None:
        """Ask for a file and write the plot to it."""
        path = self._names.ask_target("Export the plot", "plot.png", FORMATS)
        if path is None:
            return
        try:
            self._curves.save(path)
        except OSError as why:
            self._session.tell("error", f"{path.name} was not written: {why.strerror}", path)
        else:
            self._session.tell("info", f"Wrote {path}", path)
