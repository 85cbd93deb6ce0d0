"""Registration with PCRNet, the task of Table 5."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apsnet_core.cloud import Float32, Float64
from apsnet_core.placing import counted
from apsnet_core.tasks.answer import Answer, Figure, Verdict
from apsnet_core.tasks.metric import Metric, Paper
from apsnet_core.tasks.task import SAMPLES, Page, Task
from apsnet_core.units import with_unit

if TYPE_CHECKING:
    from torch import Tensor, nn

    from apsnet_core.networks.pcrnet import Pose

ROTATION_ERROR = Metric("rotation_error", "Rotation error", "Rotation error", "°", "degrees")
# For one pair instead of hundreds, with one digit less.
OF_ONE = replace(ROTATION_ERROR, digits=".1f", words="{} off")
MISFIT = Metric("misfit", "Misfit", "Misfit", unit_name="units²", digits=".4g", words="misfit {}")


@dataclass(frozen=True, eq=False)
class Registration(Answer):
    """``aligned`` = source ``rotation``^T + ``translation``, in the template's coordinates.

    ``error`` is the angle in degrees between the estimated and the true rotation. If the true one is unknown,
    ``error`` is None and ``misfit`` is the Chamfer distance of the aligned clouds, in squared units.
    """

    rotation: Float64
    translation: Float64
    aligned: Float32
    error: float | None
    misfit: float | None = None

    @property
    def drawn(self) -> Float32:
        """The aligned source."""
        return self.aligned

    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        """The rotation error, or the misfit if the true rotation is unknown."""
        if self.error is not None:
            return Verdict(OF_ONE, self.error)
        if self.misfit is None:
            raise ValueError("this registration has neither a true rotation nor a misfit to judge it by")
        return Verdict(MISFIT, self.misfit)

    def figures(self) -> tuple[Figure, ...]:
        """The rotation error or the misfit."""
        if self.error is None:
            return (Figure("Misfit", with_unit(f"{self.misfit:.4g}", "sq. units")),)
        return (Figure("Rotation error", f"{self.error:.1f}°"),)

    def of_all_points(self) -> str:
        """A sentence with the net's error from all points of both clouds."""
        return f"From all points of both clouds: {self._sentence()}."

    def caption(self, m: int) -> str:
        """The net's error, and the number of points."""
        return f"{self._sentence()}\nby {counted(m, 'point')} of each cloud"

    def _sentence(self) -> str:
        verdict = self.verdict(self)
        return verdict.metric.sentence(verdict.value)


def registration_loss(pose: Pose, rotation: Tensor, template: Tensor, source: Tensor) -> Tensor:
    """The Chamfer distance of aligned source and template, plus ||R_hat R^T - I||_F^2, as a batch mean.

    ``rotation`` (B, 3, 3) is the one that aligns ``source`` (B, N, 3) with ``template`` (B, N, 3).
    """
    from apsnet_core.losses import rotation_loss
    from apsnet_core.ops import chamfer_distance

    return chamfer_distance(pose.apply(source), template).mean() + rotation_loss(pose.rotation, rotation)


def rotation_error(pose: Pose, rotation: Tensor) -> Tensor:
    """The geodesic angle (B,) between the estimated and the true rotation, in degrees."""
    from apsnet_core.ops.rotation import geodesic_angle

    return geodesic_angle(pose.rotation, rotation).rad2deg()


def _build(classes: int) -> nn.Module:
    from apsnet_core.networks.pcrnet import PCRNet

    return PCRNet()


def _distil(pose: Pose, teacher: Pose) -> Tensor:
    from apsnet_core.losses import registration_distillation

    return registration_distillation(pose.rotation, pose.translation, teacher.rotation, teacher.translation)


REGISTRATION = Task(
    name="registration",
    label="Registration",
    architecture="pcrnet",
    build=_build,
    metric=ROTATION_ERROR,
    loss=lambda pose, batch: registration_loss(pose, *batch.pose),
    distil=_distil,
    measure=lambda pose, _, batch: rotation_error(pose, batch.pose[0]),
    judged="the rotation",
    pairs=True,
    feature_width=1024,
    pages=(
        SAMPLES,
        Page("before", "Before", "The shape and its turned copy"),
        Page("answer", "After", "The copy after the network aligned it, from the samples of both clouds"),
    ),
    bundled={"vehicle": 16},
    paper=Paper(
        5,
        (8, 16, 32, 64),
        {
            "random": (63.37, 43.89, 27.06, 16.88),
            "farthest_point": (31.44, 20.34, 12.97, 7.89),
            "samplenet:g": (9.72, 12.14, 10.81, 10.93),
            "samplenet:m": (8.27, 7.45, 6.13, 5.38),
            "apsnet:g": (5.47, 4.50, 4.37, 4.42),
            "apsnet:m": (9.40, 7.18, 5.82, 6.34),
            "apsnet_kd:g": (5.93, 5.01, 4.56, 4.49),
            "apsnet_kd:m": (10.51, 7.07, 6.07, 4.97),
        },
        {"SampleNet-M, its official code": (10.51, 8.21, 5.94, 5.31)},
        doubled=True,
        note="The paper's error is twice the angle; twice our angle is beside it.",
    ),
)
