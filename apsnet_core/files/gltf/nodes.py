"""The transforms of the meshes in the scene of a glTF file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.files.gltf.document import Document
from apsnet_core.types import Unchecked, Values


@dataclass(frozen=True)
class Placed:
    """The ``mesh`` number in a ``node``, with the transforms ``places`` (i, 4, 4) of its instances.

    ``joints`` (j, 4, 4) are the joint matrices of its skin, or None without a skin.
    """

    mesh: int
    node: Values
    places: Float64
    joints: Float64 | None = None


def placed_meshes(document: Document) -> list[Placed]:
    """All meshes in the scene, or in the trees of all root nodes if the file has no scene."""
    world = _worlds(document)
    found: list[Placed] = []
    for index, place in world.items():
        node = document.part("nodes", index)
        if "mesh" not in node:
            continue
        joints = _joints(document, node["skin"], world) if "skin" in node else None
        places = place[None] @ _instances(document, node)
        found.append(Placed(document.whole(node, "mesh"), node, places, joints))
    return found


def _worlds(document: Document) -> dict[int, Float64]:
    """The world transform (4, 4) of every node in the scene, by node number."""
    nodes = document.json.get("nodes", [])
    if document.json.get("scenes"):
        scene = document.part("scenes", document.json.get("scene", 0))
        waiting = [(index, np.eye(4)) for index in scene.get("nodes", [])]
    else:
        children = {child for node in nodes if isinstance(node, dict) for child in node.get("children", [])}
        waiting = [(index, np.eye(4)) for index in range(len(nodes)) if index not in children]
    world: dict[int, Float64] = {}
    waiting.reverse()
    while waiting:
        index, above = waiting.pop()
        node = document.part("nodes", index)
        if index in world:
            raise document.error(f"its node {index} has more than one place in the scene")
        world[index] = above @ _own(document, node)
        waiting += [(child, world[index]) for child in reversed(node.get("children", []))]
    return world


def _own(document: Document, node: Values) -> Float64:
    matrix = document.reals(node, "matrix", 16)
    if matrix is not None:
        return np.ascontiguousarray(matrix.reshape(4, 4).T)
    parts = [document.reals(node, name, k) for name, k in (("translation", 3), ("rotation", 4), ("scale", 3))]
    defaults = (np.zeros(3), np.array([0.0, 0, 0, 1]), np.ones(3))
    given = (default if part is None else part for part, default in zip(parts, defaults, strict=True))
    place: Float64 = _composed(*(part[None] for part in given))[0]
    return place


def _instances(document: Document, node: Values) -> Float64:
    """The transforms (i, 4, 4) of EXT_mesh_gpu_instancing, or a single identity without this extension."""
    extension = node.get("extensions", {}).get("EXT_mesh_gpu_instancing")
    if extension is None:
        return np.eye(4)[None]
    arrays = {name: document.numbers(k) for name, k in extension.get("attributes", {}).items()}
    count = max((len(values) for values in arrays.values()), default=0)
    parts = []
    for name, default in (("TRANSLATION", [0.0] * 3), ("ROTATION", [0.0, 0, 0, 1]), ("SCALE", [1.0] * 3)):
        values = arrays.get(name, np.tile(default, (count, 1)))
        if values.shape != (count, len(default)):
            raise document.error(f"its instances have {len(values)} of {name} and {count} of another")
        parts.append(values)
    return _composed(*parts)


def _composed(translation: Float64, rotation: Float64, scale: Float64) -> Float64:
    """Transforms (i, 4, 4) that scale, rotate by quaternions (i, 4), real part last, and translate."""
    length = np.linalg.norm(rotation, axis=1, keepdims=True)
    x, y, z, w = np.divide(rotation, length, out=np.zeros_like(rotation), where=length > 0).T
    matrix = np.zeros((len(translation), 4, 4))
    matrix[:, 0, :3] = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], axis=1)
    matrix[:, 1, :3] = np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], axis=1)
    matrix[:, 2, :3] = np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], axis=1)
    matrix[:, :3, :3] *= scale[:, None, :]
    matrix[:, :3, 3], matrix[:, 3, 3] = translation, 1.0
    return matrix


def _joints(document: Document, index: Unchecked, world: dict[int, Float64]) -> Float64:
    """The matrices (j, 4, 4) by which the joints of a skin transform the vertices bound to them."""
    skin = document.part("skins", index)
    joints = skin.get("joints", [])
    if not all(isinstance(joint, int) and joint in world for joint in joints):
        raise document.error(f"its skin {index} has a joint that is not in the scene")
    moved = np.stack([world[joint] for joint in joints]) if joints else np.empty((0, 4, 4))
    if "inverseBindMatrices" not in skin:
        return moved
    bind = document.numbers(skin["inverseBindMatrices"])
    if bind.shape != (len(joints), 16):
        raise document.error(f"its skin {index} has {len(bind)} matrices for {len(joints)} joints")
    return moved @ bind.reshape(-1, 4, 4).transpose(0, 2, 1)
