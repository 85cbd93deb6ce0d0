"""The field of a task net of one's own, with a button that finds its file."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from apsnet_gui.training.form_fields import Field


class OwnNetRow(QWidget):
    """The ``network`` is a program or a factory; a file of tensors alone goes into ``weights``."""

    def __init__(self, network: Field, weights: Field) -> None:
        super().__init__()
        self._network, self._weights = network, weights
        network.widget.setProperty("placeholderText", "module:factory or program.pt2")
        file = QPushButton("File…")
        file.setAccessibleName("Choose the file of your own network")
        file.setToolTip("A Python file, a program of torch.export (.pt2), or safetensors for the network")
        file.setAutoDefault(False)
        file.clicked.connect(self._choose)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(network.widget, 1)
        inside.addWidget(file)

    def _choose(self) -> None:
        kinds = "Networks and weights (*.py *.pt2 *.safetensors)"
        path = QFileDialog.getOpenFileName(self, "A network of your own", "", kinds)[0]
        if path.endswith(".safetensors"):
            self._weights.put(path)
        elif path:
            self._network.put(f"{path}:" if path.endswith(".py") else path)
