"""The field for the user's own task net, with a button that chooses its file."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from apsnet_gui.training.form_fields import Field


class OwnNetRow(QWidget):
    """The row of the field ``network``, a program or a factory; chosen safetensors go into ``weights``."""

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
