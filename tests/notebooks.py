"""Execute the notebooks in docs/notebooks, and store their output in them: python -m tests.notebooks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

from apsnet_core.atomic import write_text

FOLDER = Path(__file__).parents[1] / "docs/notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PATIENCE = 300  # seconds for a cell, or for the kernel to start, on a busy machine


def executed(notebook: Path, folder: Path) -> nbformat.NotebookNode:
    """Execute a notebook in ``folder`` and return it with its output.

    Raises CellExecutionError if a cell fails.
    """
    read: nbformat.NotebookNode = nbformat.read(notebook, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    patient = NotebookClient(
        read, resources=resources, record_timing=False, timeout=PATIENCE, startup_timeout=PATIENCE
    )
    patient.execute()
    del read.metadata["language_info"]  # it contains the version of Python
    return read


def main() -> None:
    for notebook in NOTEBOOKS:
        with TemporaryDirectory() as folder:
            write_text(notebook, nbformat.writes(executed(notebook, Path(folder))) + "\n")


if __name__ == "__main__":
    main()
