"""Where the installed program begins: `apsnet` is the shell, anything else the window."""

import os
import sys
from pathlib import Path

# The libraries of this folder are loaded by now; a browser or a file manager wants those of the system.
before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
os.environ.pop("LD_LIBRARY_PATH", None)
if before is not None:
    os.environ["LD_LIBRARY_PATH"] = before

if Path(sys.executable).stem == "apsnet":
    from apsnet_core.cli import main
else:
    from apsnet_gui.app import main

if __name__ == "__main__":
    sys.exit(main())
