"""A sample of a cloud: the result of every method."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apsnet_core.arrays import np
from apsnet_core.checked_parts import CheckedParts
from apsnet_core.cloud import Float32, Float64, Int64, PointCloud
from apsnet_core.conversions import made_array
from apsnet_core.lazy import LazyModule
from apsnet_core.placing import no_offset
from apsnet_core.rollout import Rollout
from apsnet_core.types import Array, Foreign

if TYPE_CHECKING:
    from apsnet_core import notebook
else:
    notebook = LazyModule("apsnet_core.notebook")

LARGEST_SEED = 2**63 - 1
"""The largest seed that numpy's and torch's random generators both accept."""


@dataclass(frozen=True, eq=False, repr=False)
class Sampling:
    """A sample of a cloud, in sampling order.

    - ``points`` (m, 3) float32, relative to the cloud's offset: absolute = ``points + offset``.
    - ``indices`` (m,) int64: their rows in the cloud; None for generated points.
    - ``method``, ``m``, ``seed``, ``weights``: how the sample was made; ``seconds``: the sampler's time.
    - ``cloud``: the sampled cloud.
    - ``rollout``: APSNet's steps, from which `attention` is computed. ``steps`` (k,) are the steps behind the
      samples, counted from 0; None if the samples follow the rollout's order (see `by_sample`).
    - ``parts`` (n,): for a cloud sampled part by part, the part of each point, or -1 for a point in no part.
      ``checked`` says which parts resemble the training of a learned method; None without a check.
    - ``notes``: sentences to read before you trust the sample.
    """

    points: Float32
    indices: Int64 | None
    method: str
    m: int
    seed: int
    seconds: float
    offset: Float64 = field(default_factory=no_offset)
    rollout: Rollout | None = None
    weights: str | None = None
    cloud: PointCloud | None = None
    notes: tuple[str, ...] = ()
    parts: Int64 | None = None
    checked: CheckedParts | None = None
    steps: Int64 | None = None

    @property
    def absolute(self) -> Float64:
        """The positions (m, 3) as float64, in the file's own coordinates."""
        return self.points.astype(np.float64) + self.offset

    @property
    def rows(self) -> Int64 | None:
        """The rows (m,) of the samples in the cloud's source file or array; None for generated points."""
        if self.indices is None or self.cloud is None:
            return self.indices
        return self.cloud.source_rows(self.indices)

    @property
    def by_sample(self) -> Rollout | None:
        """The rollout with its steps in the order of the samples; None without a rollout.

        Matching drops duplicate points, and farthest point sampling fills the gaps (Sec. 3). The samples that
        fill a gap are last, and receive the steps of the dropped points. Points that complete a sample of
        "fps-after-128" have no step.
        """
        if self.rollout is None or self.steps is None:
            return self.rollout
        return self.rollout.steps(self.steps)

    def attention(self) -> Float32:
        """APSNet's attention for each sample (Eq. 2): (m, n) over the cloud; each row sums to 1.

        The rows are the steps of `by_sample`. Raises ValueError if the method has no attention.

        >>> from apsnet_core.library import sample
        >>> attention = sample(np.random.default_rng(0).random((200, 3)), 8, "apsnet").attention()
        >>> attention.shape, attention.sum(axis=1).round(3).min()
        ((8, 200), np.float32(1.0))
        """
        rollout = self.by_sample
        if rollout is None or rollout.attended is None or self.cloud is None:
            raise ValueError(f"{self.method} has no attention to show: only APSNet has")
        return rollout.attention_over(self.cloud.xyz)

    def to_xarray(self) -> Foreign:
        """The attention as an ``xarray.DataArray`` (step, point), with the coordinates of both.

        ``step`` counts from 1. ``x``, ``y``, ``z`` (point,) are absolute positions of the cloud, and
        ``sample_x``, ``sample_y``, ``sample_z`` (step,) those of the samples. Raises as `attention` does.
        """
        import xarray

        attention = self.attention()
        cloud = self.cloud.absolute if self.cloud is not None else self.absolute
        places = {name: ("point", column) for name, column in zip("xyz", cloud.T, strict=True)}
        samples = self.absolute[: len(attention)].T
        places |= {f"sample_{name}": ("step", column) for name, column in zip("xyz", samples, strict=True)}
        return xarray.DataArray(
            attention,
            dims=("step", "point"),
            coords={"step": np.arange(1, len(attention) + 1), **places},
            name="attention",
            attrs={"method": self.method, "weights": self.weights or "", "seed": self.seed},
        )

    def save_attention(self, path: str | PathLike[str]) -> None:
        """Write an npz with ``attention`` (m, n), and absolute ``points`` (m, 3) and ``cloud`` (n, 3).

        Raises as `attention` does, and FileExistsError if the file exists.
        """
        from apsnet_core.atomic import atomic_path

        arrays: dict[str, Any] = {"attention": self.attention(), "points": self.absolute}
        if self.cloud is not None:
            arrays["cloud"] = self.cloud.absolute
        if self.rows is not None:
            arrays["rows"] = self.rows
        if Path(path).exists():
            raise FileExistsError(f"{path} exists already")
        with atomic_path(Path(path)) as beside, beside.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)

    def plot(self, axes: Foreign = None) -> Foreign:
        """Draw the sample and its cloud with matplotlib, on 3D ``axes`` if given; returns the axes."""
        if self.cloud is None:
            return notebook.plot(self.absolute, None, self.absolute, axes)
        return notebook.plot(self.cloud.absolute, self.cloud.rgb, self.absolute, axes, self.cloud.source)

    def show(self) -> None:
        """Open the cloud in the window of APSNet Studio, sampled by the same method and size."""
        cloud = self.cloud
        how = () if cloud is None else ("-m", self.method, "-n", str(self.m))
        rgb = None if cloud is None else cloud.rgb
        notebook.show(self.absolute if cloud is None else cloud.absolute, rgb, *how)

    def __len__(self) -> int:
        return len(self.points)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """The absolute positions (m, 3), for ``numpy.asarray``."""
        return made_array(self.absolute, dtype, copy)

    def __getitem__(self, rows: Any) -> Sampling:
        """The samples at ``rows``, in that order: numbers, a slice, or a mask (m,) of booleans."""
        chosen, rollout = np.atleast_1d(np.arange(len(self))[rows]), self.by_sample
        return replace(
            self,
            points=self.points[chosen],
            indices=None if self.indices is None else self.indices[chosen],
            m=len(chosen),
            rollout=None if rollout is None else rollout.steps(chosen[chosen < rollout.m]),
            steps=None,
        )

    def __repr__(self) -> str:
        weights = f", weights {self.weights}" if self.weights else ""
        kind = "generated" if self.indices is None else "rows of the cloud"
        return f"Sampling({self.m} points by {self.method}, {kind}, seed {self.seed}{weights})"

    def _repr_html_(self) -> str:
        cloud = self.points if self.cloud is None else self.cloud.xyz
        colours = None if self.cloud is None else self.cloud.rgb
        rollout = self.by_sample
        attention = rollout.attention_over if rollout is not None and rollout.attended is not None else None
        source = None if self.cloud is None else self.cloud.source
        return notebook.widget(repr(self), cloud, colours, self.points, attention, source)
