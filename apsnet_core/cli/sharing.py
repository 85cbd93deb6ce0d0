"""The options for the processes and machines that share the work of a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import typer

from apsnet_core.batch.run import Where
from apsnet_core.batch.shard import Shard
from apsnet_core.cli.typed import typed


@dataclass(frozen=True)
class Sharing:
    """The options for sharing work between machines, as typed."""

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
        """Where the batch runs; raises `SettingsError` for an invalid share."""
        return Where(None, None if self.shard is None else Shard.parse(self.shard), self.dask)


@dataclass(frozen=True)
class SharingFiles(Sharing):
    """The same options for files, which several processes of one machine can share too."""

    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="The number of processes for several files; by default one for each processor."
        ),
    ] = None

    @property
    def place(self) -> Where:
        """Where the batch runs; raises a usage error if the options exclude each other."""
        if self.dask is not None and self.workers is not None:
            raise typer.BadParameter("--workers is for this machine, --dask has its own: leave one out")
        return replace(super().place, workers=self.workers)

    def alone(self, context: typer.Context) -> None:
        """Raise a usage error for options that only many files in a folder can use: sharing and --format."""
        if self.place.shard or self.place.dask or typed("workers", context):
            raise typer.BadParameter(
                "--shard, --dask and --workers are for many files, written into a folder such as OUT/"
            )
        if typed("format", context):
            raise typer.BadParameter(
                "--format is for a folder, such as OUT/; the extension of a file, or --to, sets its format"
            )

    def many(self, to: str | None) -> Where:
        """Where the batch of many files runs; raises a usage error for --to, which is for one file."""
        if to is not None:
            raise typer.BadParameter("--to is for one file; --format sets the format in a folder")
        return self.place
