"""The lines of an OBJ file by their first word; each kind of line is read as one block of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64, Int64
from apsnet_core.files.errors import ReadError
from apsnet_core.files.words import excerpt, numbers, words_per_line

_INDENTED = re.compile(rb"^[ \t]+", re.MULTILINE)
_CORNER = re.compile(rb"([^\s/]+)(?:/([^\s/]*))?(?:/([^\s/]*))?")
# The first two letters of the words that are read, and of names and groups, which do not change the shape.
_COMMON = {"v": " \tnt", "f": " \t", "l": " \t", "p": " \t", "o": " \t\n", "g": " \t\n", "s": " \t\n"}
_PASSED_OVER = {*(b"usemtl", b"mtllib", b"vp", b"mg", b"lod", b"bevel", b"c_interp", b"d_interp", b"end")}
_PASSED_OVER |= {b"usemap", b"maplib", b"shadow_obj", b"trace_obj", b"o", b"g", b"s"}
_SLASH, _BLANK = ord("/"), ord(" ")


@dataclass(frozen=True)
class Corners:
    """The corners of faces: vertex numbers ``vertices`` (c,) as written, and ``counts`` (k,) of each face.

    ``textures`` and ``normals`` (c,) are the numbers of texture points and normals, 0 for a corner without.
    """

    vertices: Int64
    counts: Int64
    textures: Int64 | None = None
    normals: Int64 | None = None


class Lines:
    """The lines of ``text``, which must end with LF and contain no comments."""

    def __init__(self, text: bytes, path: Path) -> None:
        self.path = path
        self._text = _INDENTED.sub(b"", text) if _INDENTED.search(text) else text
        self._letters = np.frombuffer(self._text + b"\n\n", np.uint8)
        ends = np.flatnonzero(self._letters[:-1] == 10)
        self._starts = np.concatenate([[0], ends[:-1] + 1])
        self._lengths = ends + 1 - self._starts
        self._first, self._second = self._letters[self._starts], self._letters[self._starts + 1]

    def of(self, word: str) -> Int64:
        """The line numbers, from 0, of the lines that begin with this word."""
        here = self._first == ord(word[0])
        if len(word) == 1:
            return np.flatnonzero(here & (self._second <= 32))
        begun = np.flatnonzero(here & (self._second == ord(word[1]))).tolist()
        return np.array([k for k in begun if self.line(k).split()[0] == word.encode()], np.int64)

    def others(self) -> list[bytes]:
        """The first words of the lines that this reader neither reads nor knows to be irrelevant."""
        common = np.zeros(len(self._starts), dtype=bool)
        for first, seconds in _COMMON.items():
            common |= (self._first == ord(first)) & np.isin(self._second, [ord(second) for second in seconds])
        words = (self.line(k).split() for k in np.flatnonzero(~common & (self._first != 10)).tolist())
        return [line[0] for line in words if line and line[0] not in _PASSED_OVER]

    def line(self, number: int) -> bytes:
        """One line of the file, counted from 0, without its end."""
        start = int(self._starts[number])
        return self._text[start : start + int(self._lengths[number])]

    def numbers(self, lines: Int64, word: str) -> tuple[Float64, Int64]:
        """The numbers after the first word of some lines, line after line, and their count per line."""
        block = self._block(lines, len(word)).tobytes()
        values = numbers(block)
        if values is None:
            raise self.wrong()
        return values, words_per_line(block)

    def corners(self, lines: Int64) -> Corners:
        """The corners of the faces in these lines."""
        block = self._block(lines, 1)
        counts = words_per_line(block.tobytes())
        slash = block == _SLASH
        if not slash.any():
            return Corners(self._whole(numbers(block.tobytes())), counts)
        gap = block <= _BLANK
        begins = np.flatnonzero(~gap & np.concatenate([[True], gap[:-1]]))
        if slash[begins].any():
            raise self.wrong()
        single = np.add.reduceat(slash, begins, dtype=np.int64)
        double = np.add.reduceat(slash & np.concatenate([[False], slash[:-1]]), begins, dtype=np.int64)
        block = np.where(slash, np.uint8(_BLANK), block)
        values = numbers(block.tobytes())
        width = 1 + int(single[0]) - int(double[0])
        alike = (single == single[0]).all() and (double == double[0]).all() and single[0] <= 2
        if not alike or values is None or len(values) != width * len(begins):
            return self._unlike(lines, counts)
        table = self._whole(values).reshape(-1, width)
        textures = None if double[0] else table[:, 1]
        return Corners(table[:, 0], counts, textures, table[:, -1] if single[0] == 2 else None)

    def _unlike(self, lines: Int64, counts: Int64) -> Corners:
        """`corners` for faces of which only some corners have texture points or normals."""
        text = self._block(lines, 1).tobytes()
        threes = numbers(_CORNER.sub(lambda c: b"%b %b %b" % (c[1], c[2] or b"0", c[3] or b"0"), text))
        if threes is None or len(threes) != 3 * int(counts.sum()):
            raise self.wrong()
        table = self._whole(threes).reshape(-1, 3)
        return Corners(table[:, 0], counts, table[:, 1], table[:, 2])

    def _whole(self, values: Float64 | None) -> Int64:
        if values is None or not np.array_equal(values, np.floor(values)) or np.abs(values).max() > 2**53:
            raise self.wrong()
        return values.astype(np.int64)

    def _block(self, lines: Int64, word: int) -> npt.NDArray[np.uint8]:
        """The text of some lines, with the first ``word`` letters of each replaced by blanks."""
        wanted = np.zeros(len(self._starts), dtype=bool)
        wanted[lines] = True
        block: npt.NDArray[np.uint8] = self._letters[:-1][np.repeat(wanted, self._lengths)]
        lengths = self._lengths[lines]
        starts = np.cumsum(lengths) - lengths
        for letter in range(word):
            block[starts + letter] = _BLANK
        return block

    def wrong(self) -> ReadError:
        """The ReadError that names the first line which is not a valid vertex or face."""
        for number, line in enumerate(self._text.split(b"\n"), 1):
            words = line.split()
            if not words or words[0] not in (b"v", b"vt", b"f"):
                continue
            ends = [word.split(b"/", 1)[0] for word in words[1:]] if words[0] == b"f" else words[1:]
            values = numbers(b" ".join(ends))
            whole = words[0] != b"f" or (values is not None and (values == np.floor(values)).all())
            few = words[0] == b"v" and len(ends) < 3
            if (
                values is None
                or len(values) != len(ends)
                or few
                or not whole
                or line.count(b"//") > len(ends)
            ):
                comma = "; decimals are written with a point, not a comma" if b"," in line else ""
                return ReadError(
                    self.path,
                    f"line {number} cannot be understood ({excerpt(line.strip())}){comma}; "
                    "a vertex is written 'v 1.0 2.0 3.0', a face 'f 1 2 3' or 'f 1/1 2/2 3/3'",
                )
        return ReadError(
            self.path, "a face in it cannot be understood; a face is written 'f 1 2 3' or 'f 1/1 2/2 3/3'"
        )
