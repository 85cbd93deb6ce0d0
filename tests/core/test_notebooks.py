"""The notebooks of the documentation run without changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks import NOTEBOOKS, executed


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    cells = [cell for cell in executed(notebook, tmp_path).cells if cell.cell_type == "code"]
    assert len(cells) >= 3
    assert not [said for cell in cells for said in cell.outputs if said.get("name") == "stderr"]
