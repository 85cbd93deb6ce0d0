"""What the renderer keeps of each view, and how it draws it: fast, whole, in passes, or for a picture file."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.canvas import Canvas, Image, Size, Stage
from apsnet_gui.viewport.geometry import Geometry, Mesh, Points, Spheres
from apsnet_gui.viewport.pace import MOVING_FRAME, PASS, PATIENCE, Pace
from apsnet_gui.viewport.protocol import Array, Header, Picture
from apsnet_gui.viewport.scene import Bounds, Rgb

Shape = Points | Spheres | Mesh
_MAKERS: dict[str, Any] = {"points": Points, "spheres": Spheres, "mesh": Mesh}


@dataclass
class _Passes:
    """A picture under way: the pieces still to come, and the nearest colour at each pixel so far."""

    todo: list[list[Geometry]]
    image: Image
    nearness: Image


@dataclass
class Drawing:
    """A view: its shapes by key, how they are shown, its canvases and the file its pictures go to."""

    view: int
    shapes: dict[str, Shape] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    background: Rgb = (0, 0, 0)
    point_size: float = 3.0
    ball: Bounds = field(default_factory=lambda: Bounds((0.0, 0.0, 0.0), 1.0))
    whole: Canvas | None = None
    rough: Canvas | None = None
    passes: _Passes | None = None
    output: Picture | None = None

    @property
    def visible(self) -> list[Shape]:
        return [shape for key, shape in self.shapes.items() if key not in self.hidden]

    @property
    def weight(self) -> float:
        return sum(shape.weight for shape in self.visible)

    def set_scene(self, header: Header, arrays: list[Array]) -> None:
        """Take over a scene; a layer without arrays is as it was, one with colours alone is recoloured."""
        self.passes = None
        self.background = tuple(header["background"])
        self.point_size = header["point_size"]
        center, radius = header["ball"]
        self.ball = Bounds(tuple(center), radius)
        kept: dict[str, Shape] = {}
        for layer in header["layers"]:
            key = layer["key"]
            sent = [arrays[index] for index in layer["arrays"]]
            if layer["change"] == "all":
                kept[key] = _MAKERS[layer["kind"]](*sent, *layer["extra"])
            else:
                kept[key] = self.shapes[key]
                if layer["change"] == "colors":
                    changed = kept[key].recolor(*sent)
                    for canvas in (self.whole, self.rough):
                        if canvas is not None:
                            canvas.refresh(changed)
        self.shapes = kept
        self.hidden = {layer["key"] for layer in header["layers"] if not layer["visible"]}


class Painter:
    """Draws the views one after another and learns how fast this machine is."""

    def __init__(self, stage: Stage, folder: Path, reads_depth: bool) -> None:
        self._stage = stage
        self._folder = folder
        self._reads_depth = reads_depth
        self._pace = Pace()
        self._files = 0

    def begin(self, view: int) -> Drawing:
        return Drawing(view)

    def forget(self, drawing: Drawing) -> None:
        for canvas in (drawing.whole, drawing.rough):
            if canvas is not None:
                self._stage.give_back(canvas)
        if drawing.output is not None:
            self._drop(drawing.output)

    def draw(self, drawing: Drawing, order: Header) -> Header:
        """The picture for a camera: rough while it moves, else whole, or the first pass of it."""
        camera, size = Camera(**order["camera"]), (order["size"][0], order["size"][1])
        drawing.passes = None
        halvings, scale = 0, 1.0
        if order["moving"]:
            budget = MOVING_FRAME / max(order["movers"], 1)
            halvings, scale = self._pace.draft(drawing.weight, size[0] * size[1], budget)
        if halvings or scale < 1:
            small = (max(int(size[0] * scale), 1), max(int(size[1] * scale), 1))
            canvas = drawing.rough = self._canvas(drawing.rough, small)
            pieces = [piece for shape in drawing.visible for piece in shape.draft(halvings)]
            return self._frame(drawing, canvas, camera, order["ratio"] * scale, pieces, final=False)
        canvas = drawing.whole = self._canvas(drawing.whole, size)
        rounds = self._rounds(drawing, size)
        if len(rounds) == 1:
            return self._frame(drawing, canvas, camera, order["ratio"], rounds[0], final=True)
        canvas.look(camera, drawing.ball, drawing.background, drawing.point_size * order["ratio"])
        canvas.show(rounds[0])
        image, nearness = canvas.picture_and_nearness()
        drawing.passes = _Passes(rounds[1:], image, nearness)
        return self._deliver(drawing, image, final=False)

    def refine(self, drawing: Drawing) -> Header:
        """The next pass of the picture under way: nearer pixels win."""
        passes, canvas = drawing.passes, drawing.whole
        if passes is None or canvas is None:
            return {"file": None}
        canvas.show(passes.todo.pop(0))
        image, nearness = canvas.picture_and_nearness()
        nearer = nearness > passes.nearness
        np.copyto(passes.image, image, where=nearer[..., None])
        np.copyto(passes.nearness, nearness, where=nearer)
        return self._deliver(drawing, passes.image, final=not passes.todo)

    def snapshot(self, drawing: Drawing, order: Header) -> Header:
        """A picture of any size; its last channel is the opacity, from one drawing on black and one on white."""
        camera, size = Camera(**order["camera"]), (order["size"][0], order["size"][1])
        canvas = self._stage.take(size)
        try:
            canvas.show([piece for shape in drawing.visible for piece, _ in shape.pieces()])
            grounds: list[Rgb] = [(0, 0, 0), (255, 255, 255)] if order["transparent"] else [drawing.background]
            pictures = []
            for ground in grounds:
                canvas.look(camera, drawing.ball, ground, drawing.point_size * order["ratio"])
                pictures.append(canvas.picture())
        finally:
            self._stage.give_back(canvas)
        alpha = 1 - (pictures[-1] - pictures[0]).max(axis=2, keepdims=True) * (len(pictures) - 1)
        rgba = np.concatenate([pictures[0] / np.maximum(alpha, 1e-3), alpha], axis=2)
        return self._deliver(drawing, np.clip(rgba, 0, 1), final=True)

    def _canvas(self, canvas: Canvas | None, size: Size) -> Canvas:
        if canvas is not None and canvas.size != size:
            self._stage.give_back(canvas)
            canvas = None
        return canvas or self._stage.take(size)

    def _rounds(self, drawing: Drawing, size: Size) -> list[list[Geometry]]:
        """All pieces, in as many rounds as keep each round short; the first has all that is not a cloud."""
        pieces = [piece for shape in drawing.visible for piece in shape.pieces()]
        if not self._reads_depth or self._pace.cost(drawing.weight, size[0] * size[1]) <= PATIENCE:
            return [[piece for piece, _ in pieces]]
        pieces.sort(key=lambda piece: piece[1])
        rounds: list[list[Geometry]] = [[]]
        load = 0.0
        for piece, weight in pieces:
            if rounds[-1] and load + self._pace.cost(weight, 0) > PASS:
                rounds.append([])
                load = 0.0
            rounds[-1].append(piece)
            load += self._pace.cost(weight, 0)
        return rounds

    def _frame(
        self, drawing: Drawing, canvas: Canvas, camera: Camera, ratio: float, pieces: list[Geometry], final: bool
    ) -> Header:
        canvas.look(camera, drawing.ball, drawing.background, max(drawing.point_size * ratio, 1.0))
        canvas.show(pieces)
        fresh, start = canvas.fresh, time.perf_counter()
        image = canvas.picture()
        if not fresh:
            weight = sum(_weight(piece) for piece in pieces)
            self._pace.learn(weight, math.prod(canvas.size), time.perf_counter() - start)
        return self._deliver(drawing, image, final)

    def _deliver(self, drawing: Drawing, image: Image, final: bool) -> Header:
        height, width, channels = image.shape
        needed = image.size
        output = drawing.output
        if output is None or len(output) < needed:
            if output is not None:
                self._drop(output)
            self._files += 1
            output = drawing.output = Picture(self._folder / f"{drawing.view}-{self._files}", needed)
        pixels = np.frombuffer(output.pixels, np.uint8, needed).reshape(image.shape)
        np.copyto(pixels, image * np.float32(255) + np.float32(0.5), casting="unsafe")
        return {"file": output.path.name, "size": [width, height], "channels": channels, "final": final}

    def _drop(self, picture: Picture) -> None:
        picture.close()
        picture.path.unlink(missing_ok=True)


def _weight(piece: Geometry) -> float:
    from apsnet_gui.viewport.pace import TRIANGLE

    return TRIANGLE * len(piece.triangles) if hasattr(piece, "triangles") else float(len(piece.points))
