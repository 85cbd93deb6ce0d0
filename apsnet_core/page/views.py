"""Rotatable views of sampled clouds in a page, with data small enough to send the page to others."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

import numpy as np

from apsnet_core.page.change import Change, change_data
from apsnet_core.page.page import part
from apsnet_core.types import Array, Float32, Float64, UInt8, Values

MOST_POINTS = 20_000
ATTENTION_BYTES = 4 << 20
"""The limit for all views together; steps beyond it are left out evenly, but never the last step."""

Attention = Callable[[Float32], Float32]
"""The attention (m, k) of all steps over points (k, 3) of the cloud."""


@dataclass(frozen=True, eq=False)
class Bar:
    """A bar for a ``share`` from 0 to 1, with its name and its value as text."""

    word: str
    text: str
    share: float


@dataclass(frozen=True, eq=False)
class View:
    """A sample of a cloud: ``samples`` (m, 3) in order, in ``colour`` (#rrggbb).

    ``label``, ``detail`` and ``bars`` are shown below it. ``picture`` is a WebP or a PNG, shown where
    rotating the view is not possible. ``influence`` (m,) is the influence of each sample on an answer: above
    0 it supports the answer, below 0 it opposes it. ``change`` is the difference from a reference. ``cloud``
    is the number of the cloud in its scene.
    """

    samples: Float32
    label: str
    detail: str
    colour: str
    picture: bytes
    attention: Attention | None = None
    bars: tuple[Bar, ...] = ()
    influence: Float64 | None = None
    cloud: int = 0
    change: Change | None = None


Rows = TypeVar("Rows", Float32, UInt8)


def thinned(points: Rows, most: int = MOST_POINTS) -> Rows:
    """At most ``most`` of ``points`` (n, 3), or of their colours; the choice is the same every time."""
    if len(points) <= most:
        return points
    rows = np.random.default_rng(0).choice(len(points), most, replace=False)
    return points[np.sort(rows)]


def scene_of(
    clouds: Sequence[Float32],
    views: Sequence[View],
    turn: Float64 | None = None,
    colours: UInt8 | None = None,
) -> Values:
    """The data of a page with ``views`` of ``clouds``, each (n, 3).

    ``turn`` (3, 3) rotates the points so that z is up, ``colours`` (n, 3) are those of the first cloud.
    Coordinates have 16 bits per axis, relative to the box of a cloud and its samples. Attention has 8 bits:
    the square root of its ratio to the maximum of the step.
    """
    turn = np.eye(3) if turn is None else turn
    shown = [thinned(cloud) for cloud in clouds]
    boxes = []
    for number, cloud in enumerate(shown):
        here = [view for view in views if view.cloud == number]
        own = [view.samples for view in here] + [view.change.lost for view in here if view.change]
        boxes.append(_Box.around(cloud, np.concatenate([cloud, *own]), turn))
    attending = sum(len(shown[view.cloud]) for view in views if view.attention)
    most = max(ATTENTION_BYTES // attending - 1, 1) if attending else 0
    told: list[Values] = [
        {"low": box.low.tolist(), "span": box.span.tolist(), "points": box.packed(cloud)}
        for box, cloud in zip(boxes, shown, strict=True)
    ]
    if colours is not None:
        told[0]["colours"] = _text(thinned(colours).tobytes())
    return {
        "clouds": told,
        "views": [
            {
                "cloud": view.cloud,
                "colour": view.colour,
                "samples": boxes[view.cloud].packed(view.samples),
                **_influence(view),
                **_attention(view, shown[view.cloud], most),
                **change_data(view.change, shown[view.cloud], boxes[view.cloud].packed),
            }
            for view in views
        ],
    }


def views_html(views: Sequence[View]) -> str:
    """The HTML of the views: still pictures, which the page's script replaces by the views."""
    return part("views.html", views="\n".join(_figure(view) for view in views)) if views else ""


def _figure(view: View) -> str:
    bars = "".join(
        f'<div><span>{escape(bar.word)}</span><meter value="{bar.share:.4f}"></meter>'
        f"<span>{escape(bar.text)}</span></div>"
        for bar in view.bars
    )
    return part(
        "view.html",
        alt=escape(f"{view.label}: samples in order"),
        picture=f"data:image/{'png' if view.picture[1:4] == b'PNG' else 'webp'};base64,{_text(view.picture)}",
        colour=view.colour,
        label=escape(view.label),
        detail=escape(view.detail),
        bars=f'<div class="bars">{bars}</div>' if bars else "",
    )


def _influence(view: View) -> Values:
    """The influence of the samples from -1 to 1, relative to the largest absolute value in the view."""
    if view.influence is None:
        return {}
    most = max(float(np.abs(view.influence).max()), 1e-12)
    return {"influence": [round(each / most, 3) for each in view.influence.tolist()]}


def _attention(view: View, cloud: Float32, most: int) -> Values:
    """The attention of some steps, followed by the total of all steps."""
    if view.attention is None:
        return {}
    every = view.attention(cloud)
    steps = np.unique(np.linspace(0, len(every) - 1, min(most, len(every))).round().astype(int))
    shown = np.concatenate([every[steps], every.sum(axis=0, keepdims=True)])
    highest = np.maximum(shown.max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    shades = (255 * np.sqrt(shown / highest)).round().astype(np.uint8)
    return {"steps": (steps + 1).tolist(), "attention": _text(shades.tobytes())}


@dataclass(frozen=True, eq=False)
class _Box:
    """The coordinate frame of a scene: z is up, the cloud's centre is 0, half of its box's diagonal is 1."""

    turn: Float64
    centre: Float64
    radius: float
    low: Float64
    span: Float64

    @classmethod
    def around(cls, cloud: Float32, everything: Float32, turn: Float64) -> _Box:
        low, high = _ends(cloud.astype(np.float64) @ turn.T)
        centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-30)
        first, last = _ends((everything.astype(np.float64) @ turn.T - centre) / radius)
        return cls(turn, centre, radius, first, last - first)

    def packed(self, points: Array) -> str:
        inside = (points.astype(np.float64) @ self.turn.T - self.centre) / self.radius
        share = (inside - self.low) / np.where(self.span > 0, self.span, 1.0)
        return _text((65535 * share).round().clip(0, 65535).astype("<u2").tobytes())


def _ends(points: Float64) -> tuple[Float64, Float64]:
    return points.min(axis=0), points.max(axis=0)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
