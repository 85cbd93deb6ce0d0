"""The time of views drawn by the renderer process against Open3D's Visualizer in this process."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import open3d as o3d
import psutil
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from apsnet_gui.viewport.camera import Camera, fit, orbit
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.projection import extrinsic, intrinsic
from apsnet_gui.viewport.render_view import RenderedFrame, RenderView
from apsnet_gui.viewport.scene import DepthCue, PointLayer, Scene, bounds
from tests.bench.ratio import Ratio, medians

SIZE = (480, 360)
MOVED = (800, 500)  # the view of a window of 1280 x 800


def _cloud(n: int, seed: int) -> PointLayer:
    rng = np.random.default_rng(seed)
    return PointLayer(
        "p", rng.normal(size=(n, 3)).astype(np.float32), rng.integers(0, 256, (n, 3), dtype=np.uint8)
    )


class Peer:
    """Open3D used as in its tutorial, with one Visualizer for one cloud."""

    def __init__(self, layer: PointLayer) -> None:
        o3d.utility.set_verbosity_level(o3d.utility.VerbosityLevel.Error)
        self.cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(layer.xyz.astype(np.float64)))
        self.cloud.colors = o3d.utility.Vector3dVector(layer.colors / 255.0)
        self.window = o3d.visualization.Visualizer()
        if not self.window.create_window(width=SIZE[0], height=SIZE[1], visible=False):
            raise RuntimeError("OpenGL is not available, so there is nothing to compare with")
        self.window.get_render_option().point_size = 3
        self.window.add_geometry(self.cloud)

    def draw(self, camera: Camera) -> None:
        parameters = o3d.camera.PinholeCameraParameters()
        parameters.extrinsic = extrinsic(camera)
        matrix = intrinsic(camera, SIZE)
        parameters.intrinsic = o3d.camera.PinholeCameraIntrinsic(
            SIZE[0], SIZE[1], matrix[0, 0], matrix[1, 1], matrix[0, 2], matrix[1, 2]
        )
        self.window.get_view_control().convert_from_pinhole_camera_parameters(parameters, True)
        np.asarray(self.window.capture_screen_float_buffer(True))

    def recolor(self, colors: np.ndarray, camera: Camera) -> None:
        self.cloud.colors = o3d.utility.Vector3dVector(colors / 255.0)
        self.window.update_geometry(self.cloud)
        self.draw(camera)


class Views:
    """Views without widgets; `draw` waits for the final pictures of all of them."""

    def __init__(self, client: RenderClient, layers: list[PointLayer]) -> None:
        self.views: list[RenderView] = [client.open_view() for _ in layers]
        self._open: set[int] = set()
        for view, layer in zip(self.views, layers, strict=True):
            view.set_scene(Scene((layer,)))
            view.frame.connect(lambda frame, number=view.number: self._came(number, frame))

    def _came(self, number: int, frame: RenderedFrame) -> None:
        if frame.final:
            self._open.discard(number)

    def draw(self, camera: Camera, size: tuple[int, int] = SIZE) -> None:
        self._open = {view.number for view in self.views}
        for view in self.views:
            view.draw(camera, size)
        while self._open:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def move(self, camera: Camera) -> None:
        """Move the camera of the first view and wait for the next picture, which may be a preview."""
        came: list[RenderedFrame] = []
        connection = self.views[0].frame.connect(came.append)
        self.views[0].draw(camera, MOVED, moving=True)
        while not came:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.views[0].frame.disconnect(connection)

    def close(self) -> None:
        for view in self.views:
            view.close()


def _turning(draw: Callable[[Camera], None], camera: Camera) -> Callable[[], None]:
    def turn() -> None:
        nonlocal camera
        camera = orbit(camera, 0.1, 0, "z")
        draw(camera)

    return turn


def measure() -> Iterator[Ratio]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    client = RenderClient(application)

    layers = [_cloud(100_000, seed) for seed in range(4)]
    camera = fit(Camera(), bounds(Scene((layers[0],))), SIZE)
    views, peers = Views(client, layers), [Peer(layer) for layer in layers]

    def all_peers(at: Camera) -> None:
        for peer in peers:
            peer.draw(at)

    ours, theirs = medians(_turning(views.draw, camera), _turning(all_peers, camera), 11, 2)
    yield Ratio(
        "four views of 100,000 points", ours, theirs, 1.5, "at most", note="against four Visualizers in turn"
    )

    assert client.process_id is not None
    renderer = psutil.Process(client.process_id)
    turn = _turning(views.draw, camera)
    before = renderer.memory_info().rss
    small = Views(client, [_cloud(2000, 9)])
    turn = _turning(small.draw, camera)
    for _ in range(50):
        turn()
    before = renderer.memory_info().rss
    for _ in range(500):
        turn()
    after = renderer.memory_info().rss
    yield Ratio("memory after 500 moves", after / 2**20, before / 2**20, 1.05, "at most", unit="MiB",
                note="the renderer, against before")  # fmt: skip
    small.close()
    views.close()

    town = _cloud(300_000, 3)
    lit, plain = Views(client, [town]), Views(client, [town])
    lit.views[0].set_scene(Scene((town,), depth=DepthCue(edges=0.6)))
    ours, theirs = medians(
        _turning(lambda at: lit.draw(at, MOVED), camera),
        _turning(lambda at: plain.draw(at, MOVED), camera), 15, 2,
    )  # fmt: skip
    yield Ratio("eye-dome lighting, 300,000 points", ours, theirs, 1.3, "at most", note="against none")
    lit.close()
    plain.close()

    million = _cloud(1_000_000, 4)
    one, peer = Views(client, [million]), Peer(million)
    palettes = [
        np.random.default_rng(seed).integers(0, 256, (1_000_000, 3), dtype=np.uint8) for seed in (7, 8)
    ]
    one.draw(camera)
    peer.draw(camera)

    def recolor() -> None:
        palettes.reverse()
        one.views[0].set_scene(Scene((replace(million, colors=palettes[0]),)))
        one.draw(camera)

    def peer_recolor() -> None:
        palettes.reverse()
        peer.recolor(palettes[0], camera)

    ours, theirs = medians(recolor, peer_recolor, 7)
    yield Ratio(
        "new colours for 1,000,000 points", ours, theirs, 1.5, "at most", note="to the next whole picture"
    )
    one.close()

    many = Views(client, [_cloud(2_100_000, 5)])
    many.draw(camera, MOVED)
    many.draw(camera, MOVED)  # the answer follows after the renderer has prepared the moving preview
    pictures = []
    for _ in range(40):
        camera = orbit(camera, 0.05, 0, "z")
        began = time.perf_counter()
        many.move(camera)
        pictures.append(time.perf_counter() - began)
    fluid = "against a fifteenth of a second"
    yield Ratio("turning 2,100,000 points", statistics.median(pictures), 1 / 15, 1.0, "at most", note=fluid)
    yield Ratio("its first picture", pictures[0], 1 / 15, 2.0, "at most", note=fluid)
    client.shutdown()
