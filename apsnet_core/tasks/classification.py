"""Classification with PointNet, the task of Table 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64
from apsnet_core.percent import SIGN, percent
from apsnet_core.tasks.answer import Answer, Figure, Question, Verdict, in_words
from apsnet_core.tasks.metric import Metric, Paper
from apsnet_core.tasks.task import Task

if TYPE_CHECKING:
    from torch import Tensor, nn

    from apsnet_core.networks.pointnet import Transforms
    from apsnet_core.tasks.batch import Batch

TOP = 5

ACCURACY = Metric(
    "accuracy", "Accuracy", "Accuracy", SIGN, "%", factor=100.0, digits=".1f", higher=True, right=True
)
PROBABILITY = Metric(
    "probability", "Probability", "As {whole}", SIGN, "%", factor=100.0, digits=".1f", higher=True
)

MOPS_G = (None, 0.847, 0.861, 0.871, 0.872, 0.874, 0.883)
MOPS_M = (None, 0.512, 0.776, 0.810, 0.850, 0.867, 0.883)


@dataclass(frozen=True, eq=False)
class Classification(Answer):
    """The ``classes`` and their ``probabilities`` (classes,) float64, which sum to 1.

    The verdict is the probability of the class predicted for the whole cloud, so that methods can be
    compared.
    """

    classes: tuple[str, ...]
    probabilities: Float64

    def top(self, k: int = TOP) -> list[tuple[str, float]]:
        """The ``k`` most likely classes with their probabilities, in descending order."""
        order = np.argsort(-self.probabilities, kind="stable")[:k]
        return [(self.classes[i], float(self.probabilities[i])) for i in order]

    @property
    def known(self) -> str:
        """A sentence with the classes, of which every shape gets one."""
        names = ", ".join(in_words(name) for name in self.classes)
        return f"The net knows {len(self.classes)} classes and always answers with one of them: {names}."

    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        """The probability of the most likely class of the ``whole`` cloud.

        Raises ValueError if ``whole`` is not a classification.
        """
        if not isinstance(whole, Classification):
            raise ValueError("a classification can only be compared with a classification of the whole cloud")
        goal = int(whole.probabilities.argmax())
        known = label if isinstance(label, str) else None  # a number has no meaning without its dataset
        probability = float(self.probabilities[goal])
        return Verdict(PROBABILITY, probability, self.top(1)[0][0], whole.classes[goal], known)

    def figures(self) -> tuple[Figure, ...]:
        """The most likely classes with their probabilities."""
        return tuple(Figure(name, percent(part, 1), part) for name, part in self.top())

    def of_all_points(self) -> str:
        """The most likely class and its probability."""
        name, probability = self.top(1)[0]
        return f"From all points the task net says: {in_words(name)}, {percent(probability, 1)}."

    def caption(self, m: int) -> str:
        """The most likely class; the second line is empty."""
        name, probability = self.top(1)[0]
        return f"{in_words(name)}, {percent(probability)}\n"


def classification_loss(
    logits: Tensor, labels: Tensor, transforms: Transforms | None = None, smoothing: float = 0.0
) -> Tensor:
    """The cross-entropy of logits (B, classes) and labels (B,) plus 0.001 times the transform regulariser."""
    from torch.nn.functional import cross_entropy

    loss = cross_entropy(logits, labels, label_smoothing=smoothing)
    if transforms is None:
        return loss
    from apsnet_core.networks.pointnet import transform_regulariser

    return loss + 0.001 * transform_regulariser(transforms.features)


def _build(classes: int) -> nn.Module:
    from apsnet_core.networks.pointnet import PointNet

    return PointNet(classes)


def _learn(net: nn.Module, batch: Batch, smoothing: float) -> Tensor:
    from apsnet_core.networks.pointnet import PointNet

    if not isinstance(net, PointNet):
        return classification_loss(net(batch.clouds), batch.labels, smoothing=smoothing)
    feature, transforms = net.features(batch.clouds)
    return classification_loss(net.head(feature), batch.labels, transforms, smoothing)


def _distil(logits: Tensor, teacher: Tensor) -> Tensor:
    from apsnet_core.losses import classification_distillation

    return classification_distillation(logits, teacher)


def _measure(logits: Tensor, _: Tensor, batch: Batch) -> Tensor:
    return (logits.argmax(-1) == batch.labels).float()


def _say(question: Question) -> Classification:
    return Classification(question.classes, question.answer[0].double().softmax(-1).numpy())


CLASSIFICATION = Task(
    name="classification",
    label="Classification",
    architecture="pointnet",
    build=_build,
    metric=ACCURACY,
    loss=lambda logits, batch: classification_loss(logits, batch.labels),
    distil=_distil,
    measure=_measure,
    say=_say,
    judged="the class",
    knows_classes=True,
    feature_width=1024,
    learn=_learn,
    bundled={"chair": 6, "sofa": 6, "table": 6},
    paper=Paper(
        1,
        (8, 16, 32, 64, 128, 256, 512),
        {
            "random": (0.0826, 0.2511, 0.5519, 0.7826, 0.8595, 0.8880, 0.8966),
            "farthest_point": (0.2329, 0.5419, 0.7732, 0.8722, 0.8876, 0.8930, 0.8987),
            "samplenet:g": (0.7836, 0.8060, 0.8032, 0.7936, 0.8552, 0.8743, 0.8801),
            "samplenet:m": (0.7331, 0.7968, 0.8297, 0.8401, 0.8717, 0.8958, 0.9018),
            "apsnet:g": (0.8142, 0.8389, 0.8815, 0.8838, 0.8922, 0.8954, 0.8978),
            "apsnet:m": (0.7412, 0.8225, 0.8697, 0.8758, 0.8938, 0.8986, 0.9018),
            "apsnet_kd:g": (0.8022, 0.8382, 0.8876, 0.8866, 0.8783, 0.8802, 0.8869),
            "apsnet_kd:m": (0.7381, 0.8202, 0.8495, 0.8754, 0.8801, 0.8821, 0.8856),
            "mops:g": MOPS_G,
            "mops:m": MOPS_M,
        },
        {
            "SampleNet-M, its official code": (0.287, 0.555, 0.744, 0.790, 0.797, 0.834, 0.882),
            "MOPS-Net-G": MOPS_G,
            "MOPS-Net-M": MOPS_M,
            "DaNet": (None, None, 0.851, 0.868, 0.868, 0.872, None),
        },
        {
            "DaNet": "DaNet's numbers are quoted from the paper: no published description is complete "
            "enough to implement it."
        },
        normalisation="unit_sphere",
    ),
)
