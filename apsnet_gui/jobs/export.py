"""Samplings and clouds on their way to a file."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.files import write
from apsnet_gui.state.document import Shape
from apsnet_gui.state.session import Result


def write_result(result: Result, path: Path) -> None:
    """The samples in order, with index, order, method, seed, and for APSNet the attention each point got.

    The dialog has asked before an existing file is replaced. Raises WriteError.
    """
    from apsnet_core.methods.attention import attention_of

    attention = attention_of(result.sampling, result.cloud) if result.has_attention else None
    write(result.cloud, path, force=True, sampling=result.sampling, attention=attention)


def write_cloud(shape: Shape, path: Path) -> None:
    """A cloud or mesh as it was read. Raises WriteError."""
    write(shape, path, force=True)
