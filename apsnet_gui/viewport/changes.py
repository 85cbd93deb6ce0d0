"""Finds the changes of a scene to send to the renderer, by the keys of layers and the identity of arrays."""

from __future__ import annotations

from apsnet_gui.viewport.protocol import Array, Header
from apsnet_gui.viewport.scene import Layer, PointLayer, Scene, SphereLayer, bounds


class SentScene:
    """The scene that was last sent. It keeps references to the arrays, so that their ids stay unique."""

    def __init__(self) -> None:
        self._scene: Scene | None = None

    def update(self, scene: Scene) -> tuple[Header, list[Array]] | None:
        """The message that changes the renderer's scene to ``scene``; None if both are the same."""
        if scene is self._scene:
            return None
        known = {layer.key: layer for layer in self._scene.layers} if self._scene else {}
        self._scene = scene
        arrays: list[Array] = []
        layers = []
        for layer in scene.layers:
            kind, shape, extra = _parts(layer)
            change, sent = _difference(known.get(layer.key), layer, shape)
            layers.append(
                {
                    "key": layer.key,
                    "kind": kind,
                    "visible": layer.visible,
                    "point_size": layer.point_size if isinstance(layer, PointLayer) else None,
                    "world_size": layer.world_size if isinstance(layer, PointLayer) else None,
                    "change": change,
                    "extra": extra,
                    "arrays": list(range(len(arrays), len(arrays) + len(sent))),
                }
            )
            arrays += sent
        ball = bounds(scene)
        header: Header = {
            "layers": layers,
            "background": list(scene.background_rgb),
            "point_size": scene.point_size,
            "depth": [scene.depth.edges, scene.depth.fade],
            "ball": [list(ball.center), ball.radius],
        }
        return header, arrays


def _parts(layer: Layer) -> tuple[str, list[Array], list[float]]:
    """(kind, arrays of the shape, further numbers of the shape) of a layer."""
    if isinstance(layer, PointLayer):
        return (
            ("points", [layer.xyz], [])
            if layer.normals is None
            else ("lit points", [layer.xyz, layer.normals], [])
        )
    if isinstance(layer, SphereLayer):
        return "spheres", [layer.centers], [layer.radius, layer.in_front]
    return "mesh", [layer.vertices, layer.faces], []


def _difference(known: Layer | None, layer: Layer, shape: list[Array]) -> tuple[str, list[Array]]:
    if known is None or type(known) is not type(layer):
        return "all", [*shape, layer.colors]
    kind, before, extra = _parts(known)
    if (
        kind != _parts(layer)[0]
        or any(old is not new for old, new in zip(before, shape, strict=True))
        or extra != _parts(layer)[2]
    ):
        return "all", [*shape, layer.colors]
    return ("none", []) if known.colors is layer.colors else ("colors", [layer.colors])
