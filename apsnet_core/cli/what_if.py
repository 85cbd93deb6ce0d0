"""Options that change a cloud before it is sampled, and its samples afterwards."""

from __future__ import annotations

from typing import Annotated

import typer

NoiseOption = Annotated[
    float, typer.Option(min=0, help="What if points were off: by so many percent of the diagonal.")
]
DropOption = Annotated[
    float, typer.Option(min=0, max=99.9, help="What if so many percent of the points were missing.")
]
RotateOption = Annotated[
    str, typer.Option(metavar="X,Y,Z", help="What if it were turned: degrees about x, y and z.")
]
MoveOption = Annotated[
    list[str] | None,
    typer.Option("--move", metavar="K:X,Y,Z", help="Afterwards put the K-th sample there; can be repeated."),
]
AddOption = Annotated[
    list[str] | None,
    typer.Option("--add", metavar="X,Y,Z", help="Afterwards add a sample there; can be repeated."),
]
RemoveOption = Annotated[
    str | None,
    typer.Option(
        "--remove", metavar="K,K,...", help="Afterwards leave the K-th samples out, counted from 1."
    ),
]
