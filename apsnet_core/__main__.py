"""`python -m apsnet_core` is the `apsnet` command."""

from apsnet_core.cli import main

main()
