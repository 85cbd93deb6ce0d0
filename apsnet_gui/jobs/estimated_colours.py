"""The values of colourings that files do not contain and that take long to compute, estimated on demand."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_core.types import Array
from apsnet_gui.colourings.colouring import Colouring
from apsnet_gui.jobs.background import Background, JobProgress
from apsnet_gui.jobs.estimates import Estimates
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import counted


class EstimatedColours(Estimates):
    """Estimates the values of one row of the table of colourings; the row itself stores them."""

    def __init__(self, session: Session, background: Background, row: Colouring) -> None:
        self._row, self._name = row, row.label.replace("&", "")
        self.title = f"Estimating {self._name.lower()}"
        super().__init__(session, background)

    def shows(self, document: Document, entry: OpenShape) -> bool:
        return entry.colouring == self._row.name

    def is_known(self, cloud: PointCloud) -> bool:
        return not self._row.waits(cloud)

    def estimate(self, cloud: PointCloud, progress: JobProgress) -> Array:
        assert self._row.estimate is not None
        return self._row.estimate(cloud, progress.report)

    def keep(self, cloud: PointCloud, found: Array) -> str:
        return f"{self._name}: the file has none, so that of {counted(len(cloud), 'point')} is estimated"

    def stays(self, why: str) -> str:
        end = f"could not be estimated: {why}" if why else "was not estimated: the cloud stays plain"
        return f"{self._name} {end}"
