from apsnet_gui.start.plain_imports import restore_imports

restore_imports()  # before the modules of the window, three hundred
