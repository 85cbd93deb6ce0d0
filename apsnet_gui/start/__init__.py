from apsnet_gui.start.plain_imports import restore_imports

restore_imports()  # before the imports of the window's three hundred modules
