"""`python -m apsnet_gui` opens the window, as `apsnet-gui` does."""

import sys

from apsnet_gui.app import main

sys.exit(main())
