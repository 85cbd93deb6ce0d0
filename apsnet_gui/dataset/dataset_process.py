"""A child process that reads one dataset, so that neither its parsers nor its size hold up the window.

It speaks the core's own `wire`: how far it is, in the end the shapes. Cancelling kills it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path
from typing import Any, BinaryIO, cast

from apsnet_core.datasets import Dataset, DatasetError, Split
from apsnet_core.datasets.dataset import Place
from apsnet_core.files import messages as wire
from apsnet_gui.jobs.background import Progress

PARTS = ("train", "validation", "test")
NO_DATASET = "no dataset"


class Unopened(Exception):
    """A dataset could not be opened; the message is one sentence for the user."""


class NoDataset(Unopened):
    """A folder that holds no dataset in any known layout."""


def read(source: str, progress: Progress) -> tuple[Dataset, list[Place]]:
    """The dataset, and where each of its shapes lies, by `Split.rows`.

    Blocks: call it on a worker thread. Raises `Unopened`, `NoDataset`, and what ``progress`` raises.
    """
    script = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve(sys.argv[1])"
    child = subprocess.Popen([sys.executable, "-c", script, source], stdout=subprocess.PIPE)
    receiver = ThreadPoolExecutor(1, thread_name_prefix="dataset")
    try:
        outcome: str = "tell"
        values: list[Any] = [None, ""]
        while outcome == "tell":
            progress.report(*values)
            answer = receiver.submit(wire.receive, cast(BinaryIO, child.stdout))
            outcome, *values = _awaited(answer, progress, *values)
    except EOFError:
        raise Unopened("reading it ended the reading process; it is damaged or needs more memory") from None
    finally:
        child.kill()
        child.wait()
        receiver.shutdown()
        cast(BinaryIO, child.stdout).close()
    if outcome == "ok":
        return _opened(*values)
    raise (NoDataset if outcome == NO_DATASET else Unopened)(values[0])


def _awaited(answer: Any, progress: Progress, fraction: float | None, text: str) -> Any:
    while True:
        try:
            return answer.result(timeout=0.1)
        except TimeoutError:
            progress.report(fraction, text)


def _opened(facts: dict[str, Any], places: list[Any]) -> tuple[Dataset, list[Place]]:
    data = Dataset(**facts | {part: Split(**facts[part]) for part in PARTS})
    return data, [Place(Path(path), dataset, row) for path, dataset, row in places]


def serve(source: str) -> None:
    """The child: read one dataset, say how far it is, then hand it over."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from apsnet_core.datasets import open_dataset, places
    from apsnet_core.datasets.layouts import layout_of
    from apsnet_core.datasets.open import folder_of

    def tell(fraction: float | None, text: str) -> None:
        wire.send(answers, ["tell", fraction, text])

    try:
        folder = folder_of(source)
        if folder is not None:
            try:
                layout_of(folder)
            except DatasetError as error:
                wire.send(answers, [NO_DATASET, error.why])
                return
        data = open_dataset(source, tell=tell)
        found = [[str(place.path), place.dataset, place.row] for place in places(source)]
        facts = vars(data) | {part: vars(getattr(data, part)) for part in PARTS}
        wire.send(answers, ["ok", facts, found])
    except DatasetError as error:
        more = f" ({len(error.more)} more of its files are broken)" if error.more else ""
        wire.send(answers, ["error", f"{Path(error.path).name} {error.why}{more}"])
    except MemoryError:
        wire.send(answers, ["error", "opening it takes more memory than there is"])
    except Exception as error:  # a reader that breaks its promise is said, not shown as a traceback
        wire.send(answers, ["error", f"it could not be read ({type(error).__name__}: {error})"])
