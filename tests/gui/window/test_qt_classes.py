"""Qt classes are created before threads use them, because PySide can crash if a thread creates one."""

from __future__ import annotations

import os
import subprocess
import sys

BESIDE = """
import sys, threading
from PySide6 import QtCore, QtGui, QtWidgets
from apsnet_gui.jobs.qt_classes import make_classes

sys.setswitchinterval(1e-5)
app = QtWidgets.QApplication([])

def ask():
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)

def begin():
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    ask()
    for thread in threads:
        thread.join()
    print("whole")
    app.quit()

for step in make_classes():
    app.processEvents()
QtCore.QTimer.singleShot(0, begin)
app.exec()
"""


def test_qt_classes_are_created_before_threads_use_them() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", BESIDE], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr
