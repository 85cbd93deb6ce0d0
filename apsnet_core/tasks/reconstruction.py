"""Reconstruction with the point cloud autoencoder (PCAE), the task of Table 2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apsnet_core.cloud import Float32
from apsnet_core.placing import counted
from apsnet_core.tasks.answer import Answer, Figure, Question, Verdict
from apsnet_core.tasks.metric import Metric, Paper
from apsnet_core.tasks.task import SAMPLES, Page, Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from apsnet_core.tasks.batch import Batch

NRE = Metric("nre", "Normalised reconstruction error", "NRE", unit_name="ratio", words="NRE {}")
CHAMFER = Metric(
    "chamfer", "Chamfer distance", "Chamfer distance", digits=".3g", words="a Chamfer distance of {}"
)


@dataclass(frozen=True, eq=False)
class Reconstruction(Answer):
    """The reconstructed ``points`` (2048, 3), in the cloud's coordinates.

    ``chamfer`` is their Chamfer distance to the cloud, in squared units of the network. ``nre`` is Eq. 11,
    which is 1 for a reconstruction from the cloud itself.
    """

    points: Float32
    chamfer: float
    nre: float

    @property
    def drawn(self) -> Float32:
        """The reconstructed points."""
        return self.points

    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        """The NRE."""
        return Verdict(NRE, self.nre)

    def figures(self) -> tuple[Figure, ...]:
        """The NRE."""
        return (Figure("NRE", f"{self.nre:.3g}"),)

    def beside(self, whole: Answer) -> tuple[tuple[str, str], ...]:
        """The NRE, and the Chamfer distances of the reconstructions from the sample and from all points."""
        lines = (("NRE", f"{self.nre:.3g}"), ("chamfer", f"{self.chamfer:.5f}"))
        if not isinstance(whole, Reconstruction):
            return lines
        return (*lines, ("from all points", f"{whole.chamfer:.5f}"))

    def of_all_points(self) -> str:
        """A sentence with the reference value of the NRE."""
        return "NRE 1: as good as rebuilt from all its points."

    def caption(self, m: int) -> str:
        """The NRE, and the number of points."""
        return f"{NRE.sentence(self.nre)}\nrebuilt from {counted(m, 'point')}"


def reconstruction_loss(reconstruction: Tensor, points: Tensor) -> Tensor:
    """The Chamfer distance between reconstruction (B, 2048, 3) and cloud (B, N, 3), as a batch mean."""
    return _chamfer(reconstruction, points).mean()


def normalised_reconstruction_error(from_sample: Tensor, from_cloud: Tensor, points: Tensor) -> Tensor:
    """The NRE (B,) of Eq. 11: CD(P, T(Q)) / CD(P, T(P))."""
    return _chamfer(points, from_sample) / _chamfer(points, from_cloud)


def _chamfer(a: Tensor, b: Tensor) -> Tensor:
    from apsnet_core.ops import chamfer_distance

    return chamfer_distance(a, b)


def _build(classes: int) -> nn.Module:
    from apsnet_core.networks.pcae import PCAE

    return PCAE()


def _distil(answer: Tensor, teacher: Tensor) -> Tensor:
    from apsnet_core.losses import reconstruction_distillation

    return reconstruction_distillation(answer, teacher)


def _measure(answer: Tensor, on_clouds: Tensor, batch: Batch) -> Tensor:
    return normalised_reconstruction_error(answer, on_clouds, batch.clouds)


def _say(question: Question) -> Reconstruction:
    rebuilt: Tensor = question.answer
    chamfer = _chamfer(question.whole, rebuilt).item()
    nre = normalised_reconstruction_error(rebuilt, question.on_whole, question.whole).item()
    return Reconstruction(question.restore(rebuilt[0].numpy()), chamfer, nre)


RECONSTRUCTION = Task(
    name="reconstruction",
    label="Reconstruction",
    architecture="pcae",
    build=_build,
    metric=NRE,
    loss=lambda answer, batch: reconstruction_loss(answer, batch.clouds),
    distil=_distil,
    measure=_measure,
    say=_say,
    judged="the rebuilt shape",
    feature_width=128,
    full_metric=CHAMFER,
    measure_full=lambda answer, batch: _chamfer(batch.clouds, answer),
    pages=(SAMPLES, Page("answer", "Rebuilt", "The shape that the autoencoder rebuilds from the samples")),
    bundled={"chair": 4, "table": 4, "vehicle": 4},
    paper=Paper(
        2,
        (8, 16, 32, 64),
        {
            "random": (21.85, 13.47, 8.16, 4.54),
            "farthest_point": (12.79, 7.25, 3.84, 2.23),
            "samplenet:g": (5.29, 2.78, 1.68, 1.32),
            "samplenet:m": (5.48, 2.89, 1.71, 1.27),
            "apsnet:g": (4.27, 2.51, 1.54, 1.07),
            "apsnet:m": (4.59, 2.62, 1.59, 1.11),
            "apsnet_kd:g": (4.69, 2.57, 1.47, 1.12),
            "apsnet_kd:m": (4.98, 2.67, 1.52, 1.14),
            # Table 3: Eq. 7 without its second term, and without its third.
            "apsnet-beta0:g": (4.63, 3.07, 1.67, 1.13),
            "apsnet-gamma0:g": (4.54, 3.44, 1.49, 1.28),
        },
        {"SampleNet-M, its official code": (None, None, 2.32, 1.33)},
        points=2048,
        normalisation="half_sphere",
        samplers_normalisation="half_sphere",
    ),
)
