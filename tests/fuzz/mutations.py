"""Random damages of a file, like those of transfers, editors and attackers."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_WORDS = [b"0", b"-1", b"1", b"2", b"255", b"256", b"65536", b"2147483647", b"4294967296", b"1e9", b"9" * 20]
_WORDS += [b"nan", b"-inf", b"1e300", b"0.5", b"1,5", b"", b"x", b"0x10", b"1_0", b"\xff", b"-nan(ind)"]
_VALUES = [0, 1, 127, 128, 255, 2**15 - 1, 2**16 - 1, 2**31 - 1, 2**32 - 1, 2**63]


def mutated(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Damage ``data`` once or twice; ``other`` is a file of the same format, parts of which may be used."""
    for _ in range(rng.integers(1, 3)):
        damage = _DAMAGES[rng.integers(len(_DAMAGES))]
        data = damage(data, other, rng) or b"\n"
    return data


def _place(data: bytes, rng: np.random.Generator) -> int:
    """A random position, in half of the cases within the first 400 bytes, where headers are."""
    end = min(len(data), 400) if rng.random() < 0.5 else len(data)
    return int(rng.integers(end)) if end else 0


def _flip(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.integers(1, 9)):
        if changed:
            changed[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _overwrite(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    at, size = _place(data, rng), int(rng.choice([1, 2, 4, 8]))
    value = _VALUES[rng.integers(len(_VALUES))] % 256**size
    changed: bytes = value.to_bytes(size, "little" if rng.random() < 0.7 else "big")
    return data[:at] + changed + data[at + size :]


def _cut(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    return data[: _place(data, rng)]


def _remove(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    return data[:at] + data[at + int(rng.integers(1, 40)) :]


def _repeat(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    piece = data[at : at + int(rng.integers(1, 60))]
    return data[:at] + piece * int(rng.integers(2, 5)) + data[at:]


def _splice(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    return data[: _place(data, rng)] + other[_place(other, rng) :]


def _number(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    numbers = list(_NUMBER.finditer(data[:20_000]))
    if not numbers:
        return data
    found = numbers[rng.integers(len(numbers))]
    return data[: found.start()] + _WORDS[rng.integers(len(_WORDS))] + data[found.end() :]


def _line(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Remove, duplicate or move a line, or join it with the next one."""
    lines = data.split(b"\n")
    at = int(rng.integers(len(lines)))
    match rng.integers(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(int(rng.integers(len(lines))), lines.pop(at))
        case _:
            lines[at : at + 2] = [b" ".join(lines[at : at + 2])]
    return b"\n".join(lines)


def _line_ends(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    return data.replace(b"\n", [b"\r\n", b"\r", b"\n\n"][rng.integers(3)])


_DAMAGES: list[Callable[[bytes, bytes, np.random.Generator], bytes]] = [
    *(_flip, _overwrite, _cut, _remove, _repeat, _splice, _number, _number, _number, _line, _line_ends)
]
