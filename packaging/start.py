"""The entry point of the packed program: `apsnet` starts the shell, any other name the window."""

import os
import sys
from pathlib import Path

# The libraries of this folder are already loaded. A browser or file manager that the program starts needs the
# libraries of the system.
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
