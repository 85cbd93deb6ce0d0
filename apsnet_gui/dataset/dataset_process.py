"""A child process that reads one dataset, so that the window does not wait for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apsnet_core.child import Child, ChildDied, ChildError
from apsnet_core.datasets import Dataset, DatasetError
from apsnet_core.datasets.dataset import Place
from apsnet_core.files.reader_process import ENVIRONMENT, become_reader
from apsnet_core.serving import Tell, serve
from apsnet_gui.jobs.background import JobProgress


class Unopened(Exception):
    """Raised if a dataset cannot be opened; the message is one sentence for the user."""


class NoDataset(Unopened):
    """Raised if a folder holds no dataset in a known layout."""


def read(source: str, progress: JobProgress) -> tuple[Dataset, list[Place]]:
    """Return the dataset and the place of each of its shapes on disk, indexed by `Split.rows`.

    This blocks, so call it on a worker thread. Raises `Unopened`, `NoDataset`, and any exception of
    ``progress``.
    """
    child = Child(f"{__name__}:main", environment=ENVIRONMENT)
    try:
        data, places = child.call(source, tick=progress.report)
    except ChildDied:
        raise Unopened("reading it ended the reading process; it is damaged or needs more memory") from None
    except ChildError as error:
        raise (NoDataset if error.kind == NoDataset.__name__ else Unopened)(str(error)) from None
    finally:
        child.close()
    return data, [Place(Path(path), dataset, row) for path, dataset, row in places]


def main() -> None:
    """The main function of the child process, which reads a dataset, reports the progress and sends it."""
    become_reader()
    serve(_answer, _explain)


def _answer(source: str, tell: Tell) -> Any:
    from apsnet_core.datasets import open_dataset, places
    from apsnet_core.datasets.layouts import layout_of
    from apsnet_core.datasets.open import folder_of

    folder = folder_of(source)
    if folder is not None:
        try:
            flat = layout_of(folder).flat
        except DatasetError as error:
            raise NoDataset(error.why) from None
        if flat:
            raise NoDataset("its files have no classes")
    data = open_dataset(source, tell=tell)
    return data, [(str(place.path), place.dataset, place.row) for place in places(source)]


def _explain(error: BaseException) -> str:
    if isinstance(error, NoDataset):
        return str(error)
    if isinstance(error, DatasetError):
        more = f" ({len(error.more)} more of its files are broken)" if error.more else ""
        return f"{Path(error.path).name} {error.why}{more}"
    if isinstance(error, MemoryError):
        return "opening it takes more memory than there is"
    return f"it could not be read ({type(error).__name__}: {error})"
