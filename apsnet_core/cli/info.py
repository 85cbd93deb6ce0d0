"""`apsnet info`: what is in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apsnet_core.cli.answer import Answer, JsonOption


def info(
    file: Annotated[Path, typer.Argument(help="A mesh or point cloud of any format that can be read.")],
    json: JsonOption = False,
) -> Answer:
    """Say what is in a file."""
    from apsnet_core.files import read

    shape = read(file)
    return Answer({"file": str(file), "kind": type(shape).__name__}, lambda: print(shape))
