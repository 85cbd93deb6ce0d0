"""Options that say on how many processes and machines a batch is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import typer

from apsnet_core.batch.run import Where
from apsnet_core.batch.shard import Shard
from apsnet_core.cli.typed import typed


@dataclass(frozen=True)
class Sharing:
    """How many machines share the work, as typed."""

    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Process only the I-th of N shares, for a job array; all jobs write into the same folder.",
        ),
    ] = None
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Use the Dask cluster with this scheduler: tcp://HOST:8786."),
    ] = None

    @property
    def place(self) -> Where:
        """Where the batch is done; a usage error for what is no share."""
        return Where(None, None if self.shard is None else Shard.parse(self.shard), self.dask)


@dataclass(frozen=True)
class SharingFiles(Sharing):
    """The same for files, which the processes of one machine can share too."""

    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="The number of processes for several files; by default one for each processor."
        ),
    ] = None

    @property
    def place(self) -> Where:
        """Where the batch is done; a usage error for what cannot be meant."""
        if self.dask is not None and self.workers is not None:
            raise typer.BadParameter("--workers are of this machine, --dask has its own: leave one out")
        return replace(super().place, workers=self.workers)

    def alone(self, context: typer.Context) -> None:
        """A usage error where one file would be shared out, or --format typed for what is no folder."""
        if self.place.shard or self.place.dask or typed("workers", context):
            raise typer.BadParameter(
                "--shard, --dask and --workers are for many files into a folder, as OUT/"
            )
        if typed("format", context):
            raise typer.BadParameter(
                "--format is for a folder, as OUT/: the ending of a file says what it is, or --to"
            )

    def many(self, to: str | None) -> Where:
        """Where many files are done; a usage error for --to, which is for one."""
        if to is not None:
            raise typer.BadParameter("--to is for one file: --format says what is written into a folder")
        return self.place
