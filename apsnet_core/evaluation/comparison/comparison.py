"""A comparison: measured samples of one cloud by many methods and sizes, and the failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from apsnet_core import notebook
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.scan_quality import ScanQuality
from apsnet_core.evaluation.timing import Times
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import guess_up
from apsnet_core.percent import percent
from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import TaskNet
    from apsnet_core.tasks.answer import Answer, Verdict


_SHOWN = 12  # the largest number of views in a notebook


@dataclass(frozen=True)
class ComparisonRow:
    """A method ``spec`` at ``m`` points; ``chamfer`` is in squared units of the file, ``hausdorff`` in units.

    ``diagonal`` is the diagonal of the cloud's bounding box in the same units; ``length_unit`` names them if
    they are known. ``weights`` is the name of the weights that a learned method used. ``quality`` is set for
    a cloud with classes, or one that was sampled in ``parts``, of which ``unlike`` are unlike the method's
    training.
    """

    spec: MethodSpec
    weights: str | None
    m: int
    chamfer: float
    hausdorff: float
    coverage: float
    diagonal: float
    times: Times
    seed: int
    verdict: Verdict | None = None
    quality: ScanQuality | None = None
    length_unit: str = ""
    parts: int | None = None
    unlike: int | None = None

    @property
    def method(self) -> str:
        """The name of the method, without variant or weights."""
        return self.spec.name

    @property
    def label(self) -> str:
        """The displayed name of the method."""
        return self.spec.label

    @property
    def seconds(self) -> float:
        """The median time of the sampler only."""
        return self.times.seconds

    @property
    def chamfer_relative(self) -> float:
        """The chamfer distance divided by the squared diagonal, which is comparable between shapes."""
        return self.chamfer / (self.diagonal**2 or 1.0)

    @property
    def hausdorff_relative(self) -> float:
        """The Hausdorff distance divided by the diagonal."""
        return self.hausdorff / (self.diagonal or 1.0)

    @property
    def words(self) -> str:
        """The text below a picture of the row's sample."""
        return f"chamfer {self.chamfer:.3g} · coverage {percent(self.coverage)}"

    def as_dict(self) -> Values:
        """The row as plain values; with a task net, the fields of its verdict too."""
        return {
            "method": self.spec.name,
            "variant": self.spec.variant,
            "weights": self.weights,
            "m": self.m,
            "seed": self.seed,
            "chamfer": self.chamfer,
            "chamfer_relative": self.chamfer_relative,
            "hausdorff": self.hausdorff,
            "hausdorff_relative": self.hausdorff_relative,
            "coverage": self.coverage,
            "seconds": self.seconds,
            "seconds_low": self.times.low,
            "seconds_high": self.times.high,
            "runs": self.times.runs,
            "failure": None,
            **({"parts": self.parts, "parts_unlike_training": self.unlike} if self.parts else {}),
            **(self.quality.values if self.quality else {}),
            **(self.verdict.as_dict() if self.verdict else {}),
        }


@dataclass(frozen=True)
class FailedCell:
    """A method ``spec`` that gave no sample of ``m`` points, with a sentence ``why``."""

    spec: MethodSpec
    m: int
    why: str

    @property
    def label(self) -> str:
        """The displayed name of the method."""
        return self.spec.label

    def as_dict(self) -> Values:
        """The request and the reason of the failure, as plain values."""
        return {
            "method": self.spec.name,
            "variant": self.spec.variant,
            "weights": self.spec.weights,
            "m": self.m,
            "failure": self.why,
        }


Cell = ComparisonRow | FailedCell


@dataclass(frozen=True)
class Comparison:
    """``rows`` and the ``samplings`` that they measure, in the order of the request.

    ``failed`` are the cells without a sample, by their position among all cells. ``net`` is the name of the
    task net, ``judge`` the net itself, ``net_hash`` the hash of its tensors, ``answers`` its answer for each
    sampling, ``remark`` its answer for the cloud, ``warning`` a sentence if the shape is unlike its training.
    ``hardware`` names the hardware on which the times were measured.
    """

    cloud: PointCloud
    rows: list[ComparisonRow]
    samplings: list[Sampling]
    net: str | None = None
    remark: str | None = None
    warning: str | None = None
    net_hash: str | None = None
    answers: list[Answer] = field(default_factory=list)
    judge: TaskNet | None = field(default=None, compare=False)
    failed: Mapping[int, FailedCell] = field(default_factory=dict)
    hardware: str = ""

    def __repr__(self) -> str:
        sizes = list(dict.fromkeys(row.m for row in self.rows))
        return f"<Comparison of {', '.join(self.methods)} at {', '.join(map(str, sizes))} points>"

    def _repr_html_(self) -> str:
        from apsnet_core.evaluation.shown import attention_of, bars_of
        from apsnet_core.methods.registry import method_colour
        from apsnet_core.ops.orientation import up_turn
        from apsnet_core.page.views import View

        answers: Sequence[Answer | None] = self.answers or [None] * len(self.rows)
        turn = up_turn(guess_up(self.cloud), "z")
        views = [
            View(
                sampling.points,
                f"{row.label} · {row.m}",
                row.words,
                method_colour(row.method),
                notebook.picture(self.cloud.xyz, self.cloud.rgb, sampling.points, turn),
                attention_of(sampling),
                bars_of(answer),
            )
            for (row, sampling), answer in list(zip(self.pairs, answers, strict=True))[:_SHOWN]
        ]
        return notebook.framed(repr(self), [self.cloud.xyz], views, turn)

    @property
    def notes(self) -> list[str]:
        """Sentences to read before you trust the samples, each once.

        A sentence on the parts of a cloud begins with the method and the size that it is about.
        """
        said: dict[str, None] = {}
        for row, sampling in self.pairs:
            own = f"{row.label}, {counted(row.m, 'point')}, in {counted(row.parts or 0, 'part')}: "
            of_parts = sampling.checked.words if sampling.checked else ""
            said |= {own + note if note == of_parts else note: None for note in sampling.notes}
        return list(said)

    @property
    def pairs(self) -> Iterator[tuple[ComparisonRow, Sampling]]:
        """Each row with its sampling."""
        return zip(self.rows, self.samplings, strict=True)

    @property
    def methods(self) -> list[str]:
        """The methods that gave samples, in the METHOD syntax, each once, in the order of the request."""
        return list(dict.fromkeys(str(row.spec) for row in self.rows))

    @property
    def cells(self) -> list[Cell]:
        """All requested cells in order: the rows, and the failures."""
        rows = iter(self.rows)
        return [self.failed.get(place) or next(rows) for place in range(len(self.rows) + len(self.failed))]
