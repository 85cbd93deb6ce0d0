"""A task with a network of its own: how far a shape spans."""

from dataclasses import dataclass

from apsnet_core.tasks import Answer, Metric, Question, Task, Verdict
from apsnet_core.tasks.answer import Figure

ERROR = Metric("span_error", "Error of the span", "Span error", unit_name="units", digits=".3f")


def build(classes: int):
    """The untrained network; it takes points (B, N, 3) and gives a span for each cloud, (B,)."""
    import torch
    from torch import nn

    class SpanNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor(0.5))

        def forward(self, points):
            return self.scale * (points.amax(1) - points.amin(1)).amax(1)

    return SpanNet()


def span(batch):
    """The true spans of the clouds, (B,)."""
    return (batch.clouds.amax(1) - batch.clouds.amin(1)).amax(1)


@dataclass(frozen=True, eq=False)
class Span(Answer):
    """How far a shape spans, as its net sees it."""

    span: float

    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        assert isinstance(whole, Span)
        return Verdict(ERROR, abs(self.span - whole.span))

    def figures(self) -> tuple[Figure, ...]:
        return (Figure("Span", f"{self.span:.3f}"),)

    def of_all_points(self) -> str:
        return f"The shape spans {self.span:.3f}."

    def caption(self, m: int) -> str:
        return f"spans {self.span:.3f}\nby {m} points"


def say(question: Question) -> Span:
    """What the net found, in words and figures."""
    return Span(question.answer.item())


SPAN = Task(
    name="span",
    label="Span",
    architecture="spannet",
    build=build,
    metric=ERROR,
    loss=lambda found, batch: (found - span(batch)).square().mean(),
    distil=lambda found, teacher: (found - teacher).square().mean(),
    measure=lambda found, on_clouds, batch: (found - span(batch)).abs(),
    say=say,
    judged="the span",
)
