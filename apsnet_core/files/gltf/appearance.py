"""The colours of a glTF primitive: vertex colours times the material's colour times the texture's colours.

The numbers are not converted: most programs write sRGB values even where glTF defines linear ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64
from apsnet_core.files.gltf.document import Document
from apsnet_core.files.textures import texels
from apsnet_core.types import Values


def colours_of(
    document: Document, primitive: Values, attributes: dict[str, Float64]
) -> npt.NDArray[np.uint8] | None:
    """The colours (v, 3) of the vertices, or None if the primitive has no colours."""
    count = len(attributes["POSITION"])
    parts: list[Float64] = []
    own = attributes.get("COLOR_0")
    if own is not None and own.shape[1] >= 3 and np.isfinite(own).all():
        parts.append(own[:, :3])
    elif own is not None:
        document.note("colours left out: they are not three finite numbers each")
    if "material" in primitive:
        material = document.part("materials", primitive["material"])
        surface = material.get("pbrMetallicRoughness", {})
        factor = document.reals(surface, "baseColorFactor", 4)
        if factor is not None:
            parts.append(factor[None, :3])
        if "baseColorTexture" in surface:
            texture = _texture(document, surface["baseColorTexture"], attributes)
            parts += [] if texture is None else [texture]
    if not parts:
        return None
    product = np.ones((count, 3))
    for part in parts:
        product *= part
    return np.rint(np.clip(product, 0, 1) * 255).astype(np.uint8)


def _texture(document: Document, info: Values, attributes: dict[str, Float64]) -> Float64 | None:
    change = info.get("extensions", {}).get("KHR_texture_transform", {})
    uv = attributes.get(f"TEXCOORD_{change.get('texCoord', info.get('texCoord', 0))}")
    texture = document.part("textures", info.get("index"))
    source = texture.get("source", texture.get("extensions", {}).get("EXT_texture_webp", {}).get("source"))
    if source is None or uv is None or uv.shape[1] != 2:
        document.note("a texture is left out: it has no picture that can be read, or no place on the mesh")
        return None
    if change:
        uv = _changed(document, change, uv)
    image = document.part("images", source)
    try:
        picture = (
            bytes(document.view(image["bufferView"])[0])
            if "bufferView" in image
            else document.resource(str(image.get("uri")))
        )
        return texels(picture, uv) / 255.0
    except ValueError as error:
        document.note(f"a texture is left out: {str(error)[:80]}")
        return None


def _changed(document: Document, change: Values, uv: Float64) -> Float64:
    """The texture coordinates after KHR_texture_transform: scaled, then rotated, then shifted."""
    offset, scale = document.reals(change, "offset", 2), document.reals(change, "scale", 2)
    angle = float(change.get("rotation", 0.0))
    uv = uv * (1 if scale is None else scale)
    turned = np.column_stack(
        [
            np.cos(angle) * uv[:, 0] + np.sin(angle) * uv[:, 1],
            np.cos(angle) * uv[:, 1] - np.sin(angle) * uv[:, 0],
        ]
    )
    return turned + (0 if offset is None else offset)
