"""Names and colours of classes: those of the LAS standard, and a colour for each other number."""

from __future__ import annotations

import math

from apsnet_core.arrays import np
from apsnet_core.colours.fields import known_as
from apsnet_core.types import Float64, Int64, UInt8

LAS_FIELDS = ("classification", "raw_classification")
"""Fields whose numbers are the classes of the LAS standard."""

# The standard point classes of LAS 1.4 R15 (ASPRS, 2019); 8 and 12 are from earlier versions.
LAS_CLASSES: dict[int, tuple[str, tuple[int, int, int]]] = {
    0: ("Never classified", (170, 170, 170)),
    1: ("Unclassified", (200, 200, 200)),
    2: ("Ground", (161, 113, 63)),
    3: ("Low vegetation", (166, 217, 106)),
    4: ("Medium vegetation", (77, 175, 74)),
    5: ("High vegetation", (20, 120, 50)),
    6: ("Building", (213, 94, 0)),
    7: ("Low point (noise)", (220, 50, 180)),
    8: ("Model key-point", (120, 60, 160)),
    9: ("Water", (0, 114, 178)),
    10: ("Rail", (110, 80, 120)),
    11: ("Road surface", (90, 100, 115)),
    12: ("Overlap", (240, 228, 66)),
    13: ("Wire: guard", (230, 210, 120)),
    14: ("Wire: conductor", (230, 159, 0)),
    15: ("Transmission tower", (190, 150, 40)),
    16: ("Wire: connector", (150, 120, 20)),
    17: ("Bridge deck", (86, 180, 233)),
    18: ("High noise", (255, 90, 150)),
    19: ("Overhead structure", (0, 158, 115)),
    20: ("Ignored ground", (130, 100, 80)),
    21: ("Snow", (225, 240, 255)),
    22: ("Temporal exclusion", (100, 60, 60)),
}

_GOLDEN = math.radians(137.50776)  # consecutive numbers differ much in hue, and hues never repeat
_LIGHTNESS, _CHROMA = (0.72, 0.60, 0.82), 0.135


def class_name(field: str, value: int) -> str:
    """The name of a class, such as "Ground" for class 2 of a LAS file, or its number as text."""
    if known_as(field) in LAS_FIELDS and value in LAS_CLASSES:
        return LAS_CLASSES[value][0]
    return f"{value}"


def class_colours(field: str, values: Int64) -> UInt8:
    """Colours (k, 3) of classes (k,); the colour of a class does not depend on the other classes."""
    colours = _distinct(values)
    if known_as(field) in LAS_FIELDS:
        for row, value in enumerate(values.tolist()):
            if value in LAS_CLASSES:
                colours[row] = LAS_CLASSES[value][1]
    return colours


def _distinct(values: Int64) -> UInt8:
    """Colours (k, 3) whose Oklab hues advance by the golden angle, in three steps of lightness."""
    hue = (values % 100_000) * _GOLDEN + 0.7
    light = np.take(_LIGHTNESS, values % 3)
    return _from_oklab(np.stack([light, _CHROMA * np.cos(hue), _CHROMA * np.sin(hue)], axis=1))


def shades(values: Int64, hues: tuple[float, float] | None) -> UInt8:
    """Colours (k, 3) of numbers (k,) between two Oklab ``hues`` in degrees, or greys if they are None."""
    first, last = hues or (0.0, 0.0)
    hue = np.radians(first + (last - first) * (values * _GOLDEN / (2 * math.pi) % 1.0))
    light = np.take(_LIGHTNESS, values % 3)
    chroma = np.where(hues is None, 0.0, _CHROMA)
    return _from_oklab(np.stack([light, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1))


def _from_oklab(lab: Float64) -> UInt8:
    """Convert colours (k, 3) from Oklab (Ottosson, 2020) to sRGB, clipped to the displayable range."""
    to_cones = np.array(
        [
            [1, 0.3963377774, 0.2158037573],
            [1, -0.1055613458, -0.0638541728],
            [1, -0.0894841775, -1.2914855480],
        ]
    )
    to_rgb = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip((lab @ to_cones.T) ** 3 @ to_rgb.T, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    found: UInt8 = np.rint(255 * encoded).astype(np.uint8)
    return found
