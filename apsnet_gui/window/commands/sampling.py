"""The commands of the Sample and the Attention menu."""

from __future__ import annotations

from apsnet_gui.comparison.live import LiveComparison
from apsnet_gui.jobs.sampling import LiveSampling
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.attention import AttentionPanel
from apsnet_gui.panels.sampling import SamplingPanel
from apsnet_gui.state.session import Session
from apsnet_gui.window.commands.file_names import FileNames


class SamplingCommands:
    """Commands that sample again and move through the steps of a sampling."""

    def __init__(
        self,
        session: Session,
        job: LiveSampling,
        comparing: LiveComparison,
        sampling: SamplingPanel,
        attention: AttentionPanel,
        weights_list: WeightsList,
        names: FileNames,
    ) -> None:
        self._session, self._job, self._comparing, self._names = session, job, comparing, names
        self._sampling, self._attention, self._weights_list = sampling, attention, weights_list

    def sample_again(self) -> None:
        """Repeat the same sampling, to measure its time again."""
        self._job.restart()
        self._comparing.restart()

    def next_seed(self) -> None:
        """Sample with the next seed."""
        self._sampling.next_seed()

    def halve(self) -> None:
        """Sample half as many points."""
        self._sampling.choose(m=max(self._session.document.choice.m // 2, 1))

    def double(self) -> None:
        """Sample twice as many points."""
        result = self._session.result
        limit = len(result.cloud) if result else 2048
        self._sampling.choose(m=min(self._session.document.choice.m * 2, limit))

    def play(self) -> None:
        """Play the steps, or pause."""
        self._attention.toggle_play()

    def step_by(self, by: str) -> None:
        """Go ``by`` steps forward, or backward if ``by`` is negative."""
        self._session.set_step(self._session.step + int(by))

    def toggle_sum(self) -> None:
        """Switch between the attention of one step and the sum over all steps."""
        mode = "step" if self._session.document.look.attention_mode == "sum" else "sum"
        self._session.look(attention_mode=mode)

    def import_weights(self) -> None:
        """Ask for a file of weights and import it."""
        path = self._names.ask_file("Import weights", "Weights (*.safetensors *.pth)")
        if path is not None:
            self._weights_list.import_file(path, self._session.document.choice.task)
