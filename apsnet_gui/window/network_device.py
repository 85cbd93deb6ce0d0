"""The device that the networks run on: chosen in a menu, remembered, and shown in the status bar."""

from __future__ import annotations

from functools import partial
from typing import Literal, cast

from PySide6.QtCore import QObject, Signal

from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.jobs.preload import device, load_torch
from apsnet_gui.state.settings import Settings

Choice = Literal["auto", "cpu", "cuda"]  # the same as `Device`, whose module would import torch
KEY = "device"


class NetworkDevice(QObject):
    """Emits ``used`` with the device's name, once torch is loaded and whenever another one is chosen."""

    used = Signal(object)  # the name as a text

    def __init__(self, settings: Settings, background: Background) -> None:
        super().__init__()
        self._settings, self._background = settings, background

    def load(self) -> Job:
        """Import torch and use the device in the settings, or the processor if there is no GPU."""
        chosen = self._settings.text(KEY, "cpu")
        wanted: Choice = "auto" if chosen in ("auto", "cuda") else "cpu"

        def work(progress: JobProgress) -> str:
            load_torch(progress)
            return _choose(wanted, progress)

        job = self._background.start("Loading the libraries", work, lane="warm-up", at_once=True, needed=True)
        job.done.connect(self.used)
        return job

    def choose(self, name: str) -> None:
        """Run networks on this device from now on; report an error if there is no such device."""
        job = self._background.start("Choosing the device", partial(_choose, cast(Choice, name)), lane=KEY)
        job.done.connect(partial(self._remember, name))

    def _remember(self, name: str, used: str) -> None:
        self._settings.put(KEY, name)
        self.used.emit(used)


def _choose(name: Choice, _: JobProgress) -> str:
    from apsnet_core.networks.device import choose_device

    choose_device(name)
    return device()
