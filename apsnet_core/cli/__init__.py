"""The `apsnet` command: one module per group of commands, each light to import."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `apsnet`; exits with 0, 1 (a sentence says what failed), 2 (usage) or 130 (Ctrl-C)."""
    from apsnet_core.cli.app import run

    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))
