"""A selection of points stored as text, so that a project file can contain it."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from functools import cached_property

from apsnet_core.arrays import np
from apsnet_core.types import Mask

_MOST = 1 << 40  # points of a cloud


@dataclass(frozen=True)
class Selection:
    """A selection among ``count`` points; ``packed`` has one bit per point, compressed, in base 85.

    >>> chosen = Selection.of(np.array([True, False, True]))
    >>> chosen.count, chosen.mask(3).tolist()
    (3, [True, False, True])
    """

    count: int
    packed: str

    @classmethod
    def of(cls, mask: Mask) -> Selection:
        """The selection of the points where ``mask`` (n,) is true."""
        return cls(len(mask), base64.b85encode(zlib.compress(np.packbits(mask).tobytes(), 6)).decode())

    def mask(self, n: int) -> Mask:
        """The mask (n,) for a cloud of ``n`` points. Raises ValueError if ``count`` differs from ``n``."""
        if n != self.count:
            raise ValueError(f"the selection is for {self.count:,} points, and the cloud has {n:,}")
        found: Mask = np.unpackbits(np.frombuffer(self._bits(), np.uint8), count=n).astype(np.bool_)
        return found

    @cached_property
    def chosen(self) -> int:
        """The number of selected points. Raises ValueError if the selection is damaged."""
        return int.from_bytes(self._bits(), "big").bit_count()

    def _bits(self) -> bytes:
        if not 0 <= self.count < _MOST:
            raise ValueError("the selection of points is damaged (no cloud has so many)")
        length = (self.count + 7) // 8
        try:
            reader = zlib.decompressobj()
            data = reader.decompress(base64.b85decode(self.packed), length + 1)
        except (ValueError, binascii.Error, zlib.error) as error:
            raise ValueError(f"the selection of points is damaged ({error})") from None
        if len(data) != length:
            raise ValueError("the selection of points is damaged (it has another length)")
        return data


def kept_as_steps(kept: Selection) -> str:
    """A list of editing steps, as JSON, that keeps only these points of a cloud.

    The result is as from `apsnet_core.editing.steps.steps_json`, but pydantic is not loaded.
    """
    step = {"kind": "choose", "selection": {"count": kept.count, "packed": kept.packed}, "keep": True}
    return json.dumps([step])
