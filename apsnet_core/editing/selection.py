"""Some points of a cloud, as a text that a project can hold."""

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
    """Which of ``count`` points are meant: ``packed`` is a bit for each, compressed, in base 85.

    >>> chosen = Selection.of(np.array([True, False, True]))
    >>> chosen.count, chosen.mask(3).tolist()
    (3, [True, False, True])
    """

    count: int
    packed: str

    @classmethod
    def of(cls, mask: Mask) -> Selection:
        """The points at which ``mask`` (n,) is true."""
        return cls(len(mask), base64.b85encode(zlib.compress(np.packbits(mask).tobytes(), 6)).decode())

    def mask(self, n: int) -> Mask:
        """(n,), of a cloud of ``n`` points; ValueError if it was made for another number of them."""
        if n != self.count:
            raise ValueError(f"the selection is of {self.count:,} points, and the cloud has {n:,}")
        found: Mask = np.unpackbits(np.frombuffer(self._bits(), np.uint8), count=n).astype(np.bool_)
        return found

    @cached_property
    def chosen(self) -> int:
        """How many points are meant; ValueError where the selection is damaged."""
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
    """The steps that leave these points of a cloud, as a file of steps holds them.

    As `apsnet_core.editing.steps.steps_json`, without loading what checks them.
    """
    step = {"kind": "choose", "selection": {"count": kept.count, "packed": kept.packed}, "keep": True}
    return json.dumps([step])
