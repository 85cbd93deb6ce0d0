"""Draws the views in the renderer: drafts while a camera moves, full pictures in passes, and files."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.canvas import CanvasPool, Image
from apsnet_gui.viewport.canvases import LIGHT, Canvases
from apsnet_gui.viewport.discs import discs_of
from apsnet_gui.viewport.drawing import Drawing, Passes
from apsnet_gui.viewport.exposure import Exposure
from apsnet_gui.viewport.eye_dome import with_depth
from apsnet_gui.viewport.geometry import Piece
from apsnet_gui.viewport.pace import PASS, PATIENCE, SMOOTH, Pace
from apsnet_gui.viewport.picture_files import PictureFiles, described, write
from apsnet_gui.viewport.protocol import Array, Header
from apsnet_gui.viewport.scene import Rgb

_FINER = 4096  # pixels on the longer side up to which snapshots are drawn at twice their size
_REHEARSALS = 8
# Round points may take longer than square ones by this many seconds, or by this share of the picture's cost.
_DISCS, _DISCS_SHARE = 0.02, 0.3
_FILE = 5.0  # seconds that round points may take in a picture for a file


class Painter:
    """Draws the views one after another and learns how fast the machine is."""

    def __init__(self, pool: CanvasPool, folder: Path, reads_depth: bool) -> None:
        self._canvases, self._files = Canvases(pool), PictureFiles(folder)
        self._reads_depth = reads_depth
        self._pace = Pace()
        self._moved: float | None = None  # the time when the last picture ended, if its camera moved
        self._drawings: list[Drawing] = []

    def begin(self, view: int) -> Drawing:
        """Make the drawing of a new view."""
        self._drawings.append(drawing := Drawing(view))
        return drawing

    def set_scene(self, drawing: Drawing, header: Header, arrays: list[Array]) -> None:
        """Replace the scene of a drawing."""
        if changed := drawing.set_scene(header, arrays):
            self._canvases.refresh(drawing, changed)

    def forget(self, drawing: Drawing) -> None:
        """Drop a view's drawing."""
        self._drawings.remove(drawing)
        self._canvases.forget(drawing)
        if drawing.output is not None:
            drawing.output.close()

    def draw(self, drawing: Drawing, order: Header) -> Header:
        """Draw the picture for a camera: a draft while it moves, else the full picture or its first pass.

        Full pictures of the same size and weight are either all antialiased or all not, so that linked views
        look alike. ``unlike`` in the answer lists the views that must be drawn again for this.
        """
        if order["moving"] and self._moved is not None:
            self._pace.wait(time.perf_counter() - self._moved)
        image, final = self._picture(drawing, order)
        output = self._files.store(drawing, image)
        self._moved = time.perf_counter() if order["moving"] else None
        unlike = [other.view for other in self._drawings if final and _unlike(other, drawing)]
        told = described(output, image)
        return {**told, "full": order["size"], "final": final, "unlike": unlike}

    def rehearse(self, drawing: Drawing, order: Header) -> None:
        """Draw drafts that nobody sees, until the draft for the next camera move no longer changes.

        This opens windows, uploads points and measures the pace before a user waits for them.
        """
        if drawing.weight <= LIGHT or drawing.rehearsed == order["size"]:
            return
        drawing.rehearsed = order["size"]
        moving = {**order, "moving": True}
        draft, steady = self._draft(drawing, moving), 0
        for _ in range(_REHEARSALS):
            self._picture(drawing, moving)
            before, draft = draft, self._draft(drawing, moving)
            steady = steady + 1 if draft == before else 0
            if steady == 2:
                return

    def _draft(self, drawing: Drawing, order: Header) -> tuple[int, float]:
        """(halvings of the points, scale of the picture) while the camera moves."""
        pixels = order["size"][0] * order["size"][1]
        return self._pace.draft(drawing.weight, pixels, self._pace.moving(order["movers"]))

    def _picture(self, drawing: Drawing, order: Header) -> tuple[Image, bool]:
        """Return the picture for a camera, and whether it is the full one."""
        size = order["size"][0], order["size"][1]
        smooth = any(other.smooth for other in self._drawings if other.kind == (size, drawing.weight))
        halvings, scale = self._fineness(drawing, order, smooth)
        whole = not order["moving"] or (halvings == 0 and scale >= 1 and (scale == 2 or not smooth))
        drawing.passes = None
        taken = self._exposure(drawing, order, halvings, scale, whole)
        canvas, start = taken.canvas, time.perf_counter()
        taken.look(drawing.sizes[0])
        reads = self._reads_depth and canvas.has_depth  # `look` has set has_depth for this camera
        rounds: list[list[Piece]] = []
        if whole:
            drawing.kind, drawing.smooth = (size, drawing.weight), scale == 2
            patience = self._patience(drawing, taken)
            discs = discs_of(drawing, taken.camera, canvas.size, taken.larger, patience) if reads else None
            if discs is not None:
                return taken.round(discs, self._pace), True
            rounds = self._rounds(drawing, size[0] * size[1]) if canvas is drawing.own else [drawing.parts]
            shown = [make() for make, _ in rounds[0]]
        else:
            shown = [piece for shape in drawing.visible for piece in shape.draft(halvings)]
        if len(drawing.sizes) > 1 and reads:
            return taken.in_sizes(halvings), whole
        if len(rounds) > 1 and not canvas.has_depth:
            rounds, shown = [], drawing.pieces
        canvas.show(shown)
        telling = taken.is_telling
        image = self._first(taken, rounds[1:]) if len(rounds) > 1 else taken.shown(reads)
        if telling:
            taken.tell(self._pace, shown, start)
        return image, whole and len(rounds) <= 1

    def _fineness(self, drawing: Drawing, order: Header, smooth: bool) -> tuple[int, float]:
        """(halvings of the points, scale of the picture); ``smooth``: pictures like it are antialiased."""
        pixels = order["size"][0] * order["size"][1]
        halvings, scale, limit = 0, 1.0, SMOOTH
        if order["moving"]:
            limit = self._pace.moving(order["movers"])
            halvings, scale = self._draft(drawing, order)
        elif smooth:
            limit = 2 * SMOOTH  # so that small changes of the pace do not end the antialiasing
        if drawing.weight <= LIGHT and self._pace.cost(drawing.weight, 4 * pixels) <= limit:
            scale = 2.0
        return halvings, scale

    def _exposure(
        self, drawing: Drawing, order: Header, halvings: int, scale: float, whole: bool
    ) -> Exposure:
        """Return the exposure for a picture: its canvas, camera, background and scale."""
        camera, (width, height) = Camera(**order["camera"]), order["size"]
        canvas = self._canvases.of(drawing, (max(int(width * scale), 1), max(int(height * scale), 1)), whole)
        fuller = 2 ** (min(halvings, 4) / 4)  # fewer points are drawn larger, so that surfaces stay closed
        drawing.aim(camera, height / order["ratio"])
        larger = order["ratio"] * scale * fuller
        return Exposure(drawing, canvas, camera, drawing.background, 2 if scale == 2 else 1, larger)

    def _first(self, taken: Exposure, todo: list[list[Piece]]) -> Image:
        """Draw the first of several passes and return its picture."""
        drawing, canvas = taken.drawing, taken.canvas
        plain, depth = canvas.picture_and_depth()
        drawing.passes = Passes(todo, plain, depth, taken.camera)
        return with_depth(plain, depth, drawing.depth, taken.camera, drawing.background, canvas.front)

    def refine(self, drawing: Drawing) -> Header:
        """Draw the next pass of a picture in progress; its nearer pixels replace those already drawn."""
        passes, canvas, output = drawing.passes, drawing.own, drawing.output
        if passes is None or canvas is None or output is None:
            return {"file": None, "final": True}
        canvas.show([make() for make, _ in passes.todo.pop(0)])
        image, depth = canvas.picture_and_depth()
        nearer = depth < passes.depth
        np.copyto(passes.image, image, where=nearer[:, :, None])
        np.copyto(passes.depth, depth, where=nearer)
        shown = with_depth(
            passes.image, passes.depth, drawing.depth, passes.camera, drawing.background, canvas.front
        )
        write(output, shown)
        return {**described(output, shown), "full": canvas.size, "final": not passes.todo}

    def _patience(self, drawing: Drawing, taken: Exposure) -> float:
        """The seconds that round points may take: the cost of Open3D's square points and a little more."""
        width, height = taken.canvas.size
        instead = self._pace.per_point * sum(cloud.weight for cloud, _, _ in drawing.clouds)
        more = _DISCS_SHARE * self._pace.cost(drawing.weight, width * height)
        return min(instead + max(more, _DISCS), PASS)  # because no camera move can interrupt them

    def snapshot(self, drawing: Drawing, order: Header) -> Header:
        """Draw an RGBA picture of any size; opacity is found by drawing on black and on white."""
        camera, size = Camera(**order["camera"]), (order["size"][0], order["size"][1])
        finer = 2 if max(size) <= _FINER else 1
        canvas = self._canvases.pool.take((finer * size[0], finer * size[1]))
        try:
            larger = finer * order["ratio"]
            drawing.aim(camera, size[1] / order["ratio"])
            discs = discs_of(drawing, camera, canvas.size, larger, _FILE)
            grounds: list[Rgb] = (
                [(0, 0, 0), (255, 255, 255)] if order["transparent"] else [drawing.background]
            )
            pictures = []
            for ground in grounds:
                taken = Exposure(drawing, canvas, camera, ground, finer, larger)
                taken.look(drawing.sizes[0])
                reads = self._reads_depth and canvas.has_depth
                if discs is not None and reads:
                    pictures.append(taken.round(discs, self._pace))
                    continue
                canvas.show(drawing.pieces)
                several = len(drawing.sizes) > 1 and reads
                pictures.append(taken.in_sizes(0) if several else taken.shown(reads))
        finally:
            self._canvases.pool.give_back(canvas)
        alpha = 1 - (pictures[-1] - pictures[0]).max(axis=2, keepdims=True) * (len(pictures) - 1)
        rgba = np.concatenate([pictures[0] / np.maximum(alpha, 1e-3), alpha], axis=2).clip(0, 1)
        return {**self._files.once(drawing, rgba), "full": size, "final": True}

    def _rounds(self, drawing: Drawing, pixels: int) -> list[list[Piece]]:
        """Divide the geometry into rounds of limited duration, in order of weight, the lightest first.

        Every round of a large picture has a high fixed cost, so its rounds are longer and fewer.
        """
        if not self._reads_depth or self._pace.cost(drawing.weight, pixels) <= PATIENCE:
            return [drawing.parts]
        longest = max(PASS, 2 * self._pace.cost(0, pixels))
        rounds: list[list[Piece]] = [[]]
        load = 0.0
        for part in sorted(drawing.parts, key=lambda part: part[1]):
            cost = part[1] * self._pace.per_point
            if rounds[-1] and load + cost > longest:
                rounds.append([])
                load = 0.0
            rounds[-1].append(part)
            load += cost
        return rounds


def _unlike(drawing: Drawing, other: Drawing) -> bool:
    return drawing.kind == other.kind and drawing.smooth != other.smooth
