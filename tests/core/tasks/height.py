"""A task as a plugin might define it: a small net finds the height of a shape."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from apsnet_core.tasks import Answer, Batch, Metric, Question, Task, Verdict
from apsnet_core.tasks.answer import Figure

OFF = Metric("height_error", "Error of the height", "Height error", unit_name="units", digits=".3f")


class HeightNet(nn.Module):
    """Maps points (B, N, 3) to the height (B,) of each cloud."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(0.5))

    def features(self, points: Tensor) -> Tensor:
        """The extent along each axis, (B, 3)."""
        return points.amax(1) - points.amin(1)

    def forward(self, points: Tensor) -> Tensor:
        return self.scale * self.features(points)[:, 1]


@dataclass(frozen=True, eq=False)
class Height(Answer):
    """The ``height`` of a shape that the net found."""

    height: float

    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        assert isinstance(whole, Height)
        return Verdict(OFF, abs(self.height - whole.height))

    def figures(self) -> tuple[Figure, ...]:
        return (Figure("Height", f"{self.height:.3f}"),)

    def of_all_points(self) -> str:
        return f"The shape is {self.height:.3f} high."

    def caption(self, m: int) -> str:
        return f"{self.height:.3f} high\nby {m} points"


def true(batch: Batch) -> Tensor:
    """The heights of the clouds, (B,)."""
    return batch.clouds[..., 1].amax(1) - batch.clouds[..., 1].amin(1)


def say(question: Question) -> Height:
    return Height(question.answer.item())


HEIGHT = Task(
    name="height",
    label="Height",
    architecture="heightnet",
    build=lambda classes: HeightNet(),
    metric=OFF,
    loss=lambda heights, batch: (heights - true(batch)).square().mean(),
    distil=lambda heights, teacher: (heights - teacher).square().mean(),
    measure=lambda heights, on_clouds, batch: (heights - true(batch)).abs(),
    say=say,
    judged="the height",
    feature_width=3,
)
