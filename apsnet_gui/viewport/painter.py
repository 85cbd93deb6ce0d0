"""How the renderer draws a view: a draft of a moving view, a full picture in passes, a file."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.canvas import Canvas, CanvasPool, Image, Size
from apsnet_gui.viewport.discs import Discs, discs_of
from apsnet_gui.viewport.drawing import Drawing, Passes
from apsnet_gui.viewport.eye_dome import with_depth
from apsnet_gui.viewport.geometry import Geometry, Piece
from apsnet_gui.viewport.pace import PASS, PATIENCE, SMOOTH, TRIANGLE, Pace
from apsnet_gui.viewport.protocol import Array, Header, MappedPicture
from apsnet_gui.viewport.scene import Rgb

_FINER = 4096  # pixels: larger pictures are not drawn at twice their size
_LIGHT = 50_000  # points up to which views share a window, and may be drawn at twice their size
_REHEARSALS = 8
_DISCS, _DISCS_SHARE = 0.02, 0.3  # seconds that round points may always take, or of the picture's without
_FILE = 5.0  # seconds that round points may take in a file
_SHARED = 6  # sizes of shared windows


class Painter:
    """Draws the views one after another and learns how fast the machine is."""

    def __init__(self, canvases: CanvasPool, folder: Path, reads_depth: bool) -> None:
        self._canvases = canvases
        self._folder = folder
        self._reads_depth = reads_depth
        self._pace = Pace()
        self._files = 0
        self._moved: float | None = None  # when the last picture was done, if of a moving view
        self._shared: dict[Size, Canvas] = {}
        self._drawings: list[Drawing] = []

    def begin(self, view: int) -> Drawing:
        """Make the drawing of a new view."""
        self._drawings.append(drawing := Drawing(view))
        return drawing

    def set_scene(self, drawing: Drawing, header: Header, arrays: list[Array]) -> None:
        """Replace the scene of a drawing."""
        changed = drawing.set_scene(header, arrays)
        for canvas in [drawing.own, *self._shared.values()]:
            if changed and canvas is not None:
                canvas.refresh(changed)
                canvas.fresh = True

    def forget(self, drawing: Drawing) -> None:
        """Drop a view's drawing."""
        self._drawings.remove(drawing)
        if drawing.own is not None:
            self._canvases.give_back(drawing.own)
        for canvas in self._shared.values():
            canvas.clear()
        if drawing.output is not None:
            drawing.output.close()

    def draw(self, drawing: Drawing, order: Header) -> Header:
        """Draw for a camera: a draft while it moves, else the full picture or its first pass.

        Full pictures of the same size and weight are all antialiased or none is, so that linked views look
        alike. ``unlike`` in the answer are the views that must be drawn again for that.
        """
        if order["moving"] and self._moved is not None:
            self._pace.wait(time.perf_counter() - self._moved)
        image, final = self._picture(drawing, order)
        output = self._store(drawing, image)
        self._moved = time.perf_counter() if order["moving"] else None
        unlike = [other.view for other in self._drawings if final and _unlike(other, drawing)]
        return {
            **_described(output, image), "full": order["size"], "final": final, "unlike": unlike
        }  # fmt: skip

    def rehearse(self, drawing: Drawing, order: Header) -> None:
        """Draw, unseen, what the next camera move needs, until that is fast.

        It opens windows, uploads points and learns the pace before a user waits for them.
        """
        if drawing.weight <= _LIGHT or drawing.rehearsed == order["size"]:
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
        """The picture for a camera, and whether it is the full one."""
        camera, size = Camera(**order["camera"]), (order["size"][0], order["size"][1])
        pixels = size[0] * size[1]
        kind = size, drawing.weight
        smooth = any(other.smooth for other in self._drawings if other.kind == kind)
        drawing.passes = None
        halvings, scale, limit = 0, 1.0, SMOOTH
        if order["moving"]:
            limit = self._pace.moving(order["movers"])
            halvings, scale = self._draft(drawing, order)
        elif smooth:
            limit = 2 * SMOOTH  # keep antialiasing while the pace varies a little
        if drawing.weight <= _LIGHT and self._pace.cost(drawing.weight, 4 * pixels) <= limit:
            scale = 2.0
        whole = not order["moving"] or (halvings == 0 and scale >= 1 and (scale == 2 or not smooth))
        canvas = self._canvas(drawing, (max(int(size[0] * scale), 1), max(int(size[1] * scale), 1)), whole)
        fuller = 2 ** (min(halvings, 4) / 4)  # fewer points, larger ones: surfaces stay closed
        larger = order["ratio"] * scale * fuller
        drawing.aim(camera, size[1] / order["ratio"])
        start = time.perf_counter()
        finer, sizes = 2 if scale == 2 else 1, drawing.sizes
        drawing.look(canvas, camera, drawing.background, max(sizes[0] * larger, 1.0))
        if whole:
            drawing.kind, drawing.smooth = kind, scale == 2
            if self._reads_depth and canvas.has_depth:
                patience = self._patience(drawing, canvas)
                discs = discs_of(drawing, camera, canvas.size, larger, patience)
                if discs is not None:
                    return self._round(drawing, canvas, camera, finer, drawing.background, discs), True
            rounds = self._rounds(drawing, pixels) if canvas is drawing.own else [drawing.parts]
            shown = [make() for make, _ in rounds[0]]
        else:
            rounds = []
            shown = [piece for shape in drawing.visible for piece in shape.draft(halvings)]
        if len(sizes) > 1 and self._reads_depth and canvas.has_depth:
            return self._in_sizes(drawing, canvas, camera, finer, drawing.background, halvings, larger), whole
        if len(rounds) > 1 and not canvas.has_depth:
            rounds, shown = [], drawing.pieces
        canvas.show(shown)
        telling = not (canvas.fresh if canvas is drawing.own else canvas.new)  # the time tells of the pace
        if len(rounds) > 1:
            plain, depth = canvas.picture_and_depth()
            drawing.passes = Passes(rounds[1:], plain, depth, camera)
            image = with_depth(plain, depth, drawing.depth, camera, drawing.background, canvas.front)
        else:
            image = self._shown(drawing, canvas, camera, finer, drawing.background)
        if telling:
            weight = sum(_weight(piece) for piece in shown)
            self._pace.learn(weight, canvas.size[0] * canvas.size[1], time.perf_counter() - start)
        return image, whole and len(rounds) <= 1

    def refine(self, drawing: Drawing) -> Header:
        """Draw the next pass of a picture in progress: nearer pixels replace others."""
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
        _pixels(output, image)[:] = _bytes(shown)
        return {**_described(output, image), "full": canvas.size, "final": not passes.todo}

    def _patience(self, drawing: Drawing, canvas: Canvas) -> float:
        """The seconds that round points may take: those that Open3D's would, and little more."""
        instead = self._pace.per_point * sum(cloud.weight for cloud, _, _ in drawing.clouds)
        more = _DISCS_SHARE * self._pace.cost(drawing.weight, canvas.size[0] * canvas.size[1])
        return min(instead + max(more, _DISCS), PASS)  # no camera move can interrupt them

    def _round(
        self, drawing: Drawing, canvas: Canvas, camera: Camera, finer: int, ground: Rgb, discs: Discs
    ) -> Image:
        """The picture of a canvas that looks already: Open3D draws all but the clouds, which are discs."""
        start, solids = time.perf_counter(), drawing.solids
        canvas.show(solids)
        telling = not (canvas.fresh if canvas is drawing.own else canvas.new)
        image, depth = canvas.picture_and_depth()
        if telling:
            weight = sum(_weight(piece) for piece in solids)
            self._pace.learn(weight, canvas.size[0] * canvas.size[1], time.perf_counter() - start)
        return _finished(*discs.put(image, depth, canvas.back), drawing, canvas, camera, finer, ground)

    def _shown(self, drawing: Drawing, canvas: Canvas, camera: Camera, finer: int, ground: Rgb) -> Image:
        """The picture of a canvas that is ``finer`` times as large, with the depth that the drawing wants."""
        if not (drawing.depth and self._reads_depth and canvas.has_depth):
            image = canvas.picture()
            return _halved(image) if finer == 2 else image
        return _finished(*canvas.picture_and_depth(), drawing, canvas, camera, finer, ground)

    def _in_sizes(
        self,
        drawing: Drawing,
        canvas: Canvas,
        camera: Camera,
        finer: int,
        ground: Rgb,
        halvings: int,
        larger: float,
    ) -> Image:
        """The picture of clouds whose point sizes differ: Open3D knows one, so that each is a pass.

        Of each pixel the nearest of all passes is seen.
        """
        image, depth = None, None
        for size in drawing.sizes:
            canvas.show(drawing.of_size(size, halvings))
            drawing.look(canvas, camera, ground, max(size * larger, 1.0))
            drawn, away = canvas.picture_and_depth()
            if image is None or depth is None:
                image, depth = drawn.copy(), away
                continue
            nearer = away < depth
            np.copyto(image, drawn, where=nearer[:, :, None])
            depth = np.minimum(depth, away)
        if image is None or depth is None:
            raise ValueError("there is no size to draw")
        return _finished(image, depth, drawing, canvas, camera, finer, ground)

    def snapshot(self, drawing: Drawing, order: Header) -> Header:
        """Draw a picture of any size with opacity, found by drawing on black and on white."""
        camera, size = Camera(**order["camera"]), (order["size"][0], order["size"][1])
        finer = 2 if max(size) <= _FINER else 1
        canvas = self._canvases.take((finer * size[0], finer * size[1]))
        try:
            larger = finer * order["ratio"]
            drawing.aim(camera, size[1] / order["ratio"])
            sizes, discs = drawing.sizes, discs_of(drawing, camera, canvas.size, larger, _FILE)
            grounds: list[Rgb] = (
                [(0, 0, 0), (255, 255, 255)] if order["transparent"] else [drawing.background]
            )
            pictures = []
            for ground in grounds:
                drawing.look(canvas, camera, ground, larger * sizes[0])
                reads = self._reads_depth and canvas.has_depth
                if discs is None or not reads:
                    canvas.show(drawing.pieces)
                if discs is not None and reads:
                    picture = self._round(drawing, canvas, camera, finer, ground, discs)
                elif len(sizes) > 1 and reads:
                    picture = self._in_sizes(drawing, canvas, camera, finer, ground, 0, larger)
                else:
                    picture = self._shown(drawing, canvas, camera, finer, ground)
                pictures.append(picture)
        finally:
            self._canvases.give_back(canvas)
        alpha = 1 - (pictures[-1] - pictures[0]).max(axis=2, keepdims=True) * (len(pictures) - 1)
        rgba = np.concatenate([pictures[0] / np.maximum(alpha, 1e-3), alpha], axis=2).clip(0, 1)
        output = self._file(drawing, rgba.size)
        _pixels(output, rgba)[:] = _bytes(rgba)
        output.close()
        return {**_described(output, rgba), "full": size, "final": True, "once": True}

    def _canvas(self, drawing: Drawing, size: Size, whole: bool) -> Canvas:
        """A heavy scene has a canvas of its own for full pictures; all others share one for each size.

        A window takes longer to draw its first picture than light geometry takes to move from one view's to
        the next.
        """
        own = whole and drawing.weight > _LIGHT
        if drawing.own is not None and (drawing.own.size != size if own else drawing.weight <= _LIGHT):
            self._canvases.give_back(drawing.own)
            drawing.own = None
        if own:
            drawing.own = drawing.own or self._canvases.take(size)
            return drawing.own
        canvas = self._shared.pop(size, None) or self._canvases.take(size)
        self._shared[size] = canvas  # the last used is the last in order
        while len(self._shared) > _SHARED:
            self._canvases.give_back(self._shared.pop(next(iter(self._shared))))
        return canvas

    def _rounds(self, drawing: Drawing, pixels: int) -> list[list[Piece]]:
        """Divide the geometry into rounds that are short enough; the first has everything that is no cloud.

        A large picture costs much in every round, so its rounds are longer and fewer.
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

    def _store(self, drawing: Drawing, image: Image) -> MappedPicture:
        if drawing.output is None or len(drawing.output.pixels) < image.size:
            if drawing.output is not None:
                drawing.output.close()
            drawing.output = self._file(drawing, image.size)
        _pixels(drawing.output, image)[:] = _bytes(image)
        return drawing.output

    def _file(self, drawing: Drawing, size: int) -> MappedPicture:
        self._files += 1
        return MappedPicture(self._folder / f"{drawing.view}-{self._files}", size)


def _finished(
    image: Image, depth: Image, drawing: Drawing, canvas: Canvas, camera: Camera, finer: int, ground: Rgb
) -> Image:
    """The picture at its own size, with the depth that the drawing wants."""
    if finer == 2:
        image, depth = _halved(image), _nearest(depth)
    return with_depth(image, depth, drawing.depth, camera, ground, canvas.front)


def _halved(image: Image) -> Image:
    """The picture at half its size: each pixel is the mean of four, which antialiases it."""
    rows = image[::2] + image[1::2]
    return np.asarray((rows[:, ::2] + rows[:, 1::2]) * np.float32(0.25))


def _nearest(depth: Image) -> Image:
    """The depth at half its size: each pixel is the nearest of four."""
    rows = np.minimum(depth[::2], depth[1::2])
    return np.minimum(rows[:, ::2], rows[:, 1::2])


def _bytes(image: Image) -> Array:
    return (image * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def _pixels(output: MappedPicture, image: Image) -> Array:
    return np.frombuffer(output.pixels, np.uint8, image.size).reshape(image.shape)


def _described(output: MappedPicture, image: Image) -> Header:
    height, width, channels = image.shape
    return {"file": output.path.name, "size": [width, height], "channels": channels}


def _unlike(drawing: Drawing, other: Drawing) -> bool:
    return drawing.kind == other.kind and drawing.smooth != other.smooth


def _weight(piece: Geometry) -> float:
    return TRIANGLE * len(piece.triangles) if hasattr(piece, "triangles") else float(len(piece.points))
