"""The fixtures of the window's tests, and a folder of trainings for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.training.run_state import RunState
from apsnet_gui.training import watch
from apsnet_gui.training.closing import GO_ON
from apsnet_gui.window.window import Window
from tests.gui.window.conftest import TIMEOUT, home, open_window, thumbnails
from tests.narrow import present

__all__ = ["home", "open_window", "thumbnails"]

TINY = {
    "model": "apsnet",
    "task": "reconstruction",
    "task_weights": "reconstruction-pcae",
    "sizes": [4, 8],
    "points": 64,
    "name": "tiny",
    "optimisation": {"epochs": 2, "batch_size": 64},
}


@pytest.fixture
def runs(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the trainings; the settings say that a closing window asks about none of them."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("APSNET_RUNS", str(folder))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for name in ("WATCH_MS", "LOOK_MS"):
        monkeypatch.setattr(watch, name, 250)  # a look is cheap here, and every wait ends with one
    (home / "settings.ini").write_text(f"[General]\n{GO_ON.replace(' ', '%20')}=yes\n")
    return folder


def start(window: Window, **changes: object) -> None:
    """Fill in the form as a user would, and press its button."""
    window.actions_by_id["train"].trigger()
    form = window.training.form
    assert form is not None
    form.open()  # the program does so in one of the next rounds of its event loop
    form.put({**TINY, **changes})
    assert form.start.isEnabled(), form.trouble.text()
    form.start.click()


def run(window: Window, name: str = "tiny") -> RunState | None:
    return next((s for s in window.training.training.runs.values() if s.name == name), None)


def wait_for(
    qtbot: QtBot, window: Window, *phases: str, name: str = "tiny", timeout: int = TIMEOUT
) -> RunState:
    """Wait until the run is in one of these phases; ``timeout`` in milliseconds."""

    def there() -> bool:
        # No assertion: at each failure, pytest would write out the state with all its snapshots.
        state = run(window, name)
        return state is not None and state.phase in phases

    try:
        qtbot.waitUntil(there, timeout=timeout)
    except qtbot.TimeoutError:
        late = run(window, name)
        pytest.fail(f"{name}: {late and (late.phase, late.why, late.log)}, not {phases}")
    return present(run(window, name))
