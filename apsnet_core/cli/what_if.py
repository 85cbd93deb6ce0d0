"""Options that change a cloud before it is sampled, and its samples afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.batch.what_if import NO_TURN, WhatIf, change_of

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.perturb import Perturbation


@dataclass(frozen=True)
class ChangeOptions:
    """The options that change the cloud, as typed."""

    noise: Annotated[float, typer.Option(min=0, help="What if: add noise, in percent of the diagonal.")] = 0
    drop: Annotated[
        float, typer.Option(min=0, max=99.9, help="What if: remove this percentage of the points.")
    ] = 0
    rotate: Annotated[
        str, typer.Option(metavar="X,Y,Z", help="What if: turn the cloud by degrees about x, y and z.")
    ] = NO_TURN

    @property
    def change(self) -> Perturbation:
        """The change of the cloud; raises `SettingsError` if the options are invalid."""
        return change_of(self.noise, self.drop, self.rotate)


@dataclass(frozen=True)
class WhatIfOptions(ChangeOptions):
    """The same options, and the options that edit single samples."""

    move: Annotated[
        list[str] | None,
        typer.Option(
            "--move", metavar="K:X,Y,Z", help="Then move the K-th sample to this place; can be repeated."
        ),
    ] = None
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="X,Y,Z", help="Then add a sample at this place; can be repeated."),
    ] = None
    remove: Annotated[
        str | None,
        typer.Option("--remove", metavar="K,K,...", help="Then remove the K-th samples, counted from 1."),
    ] = None

    @property
    def what_if(self) -> WhatIf:
        """All options together; raises `SettingsError` if the change is invalid."""
        added = tuple(self.add or ())
        asked = WhatIf(self.noise, self.drop, self.rotate, tuple(self.move or ()), added, self.remove)
        asked.check()
        return asked
