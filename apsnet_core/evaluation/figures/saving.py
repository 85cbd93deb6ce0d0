"""Pictures and films as files, of any size, with a white or transparent background."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from itertools import chain, pairwise
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from apsnet_core.evaluation.figures.samples import DPI
from apsnet_core.units import with_unit

STILLS = (".png", ".webp", ".pdf", ".svg")
FILMS = (".gif", ".webp", ".mp4")
_DRAWN = (".pdf", ".svg")  # vector formats, which have no pixels
_LEAST_DPI = 30  # letters below one pixel cannot be drawn, so smaller pictures are drawn thus and scaled down
WIDEST_WEBP = 16383  # pixels along a side
Size = tuple[int, int]


def still(
    figure: Figure, suffix: str, size: Size | None = None, *, transparent: bool = False, dpi: float = DPI
) -> bytes:
    """The bytes of a figure's file in the format of ``suffix``; ``size`` is its width and height in pixels.

    ValueError for a ``size`` in a vector format.
    """
    stream = BytesIO()
    if suffix in _DRAWN:
        if size is not None:
            raise ValueError(
                f"a size in pixels is not possible for {suffix}: its figure is scaled where it is used"
            )
        facecolor = "none" if transparent else "white"
        figure.savefig(stream, format=suffix[1:], transparent=transparent, facecolor=facecolor)
    else:
        raster(figure, size, transparent=transparent, dpi=dpi).save(stream, suffix[1:].upper(), lossless=True)
    return stream.getvalue()


def raster(
    figure: Figure, size: Size | None = None, *, transparent: bool = False, dpi: float = DPI
) -> Image.Image:
    """A figure in pixels; with a ``size``, it is scaled to fit and centred."""
    wide, high = figure.get_size_inches()
    if size is not None:
        dpi = min(size[0] / wide, size[1] / high)
    stream = BytesIO()
    facecolor = "none" if transparent else "white"
    legible = max(dpi, _LEAST_DPI)
    figure.savefig(stream, format="png", dpi=legible, transparent=transparent, facecolor=facecolor)
    stream.seek(0)  # Image.open would refuse a large picture as a possible attack
    drawn = PngImageFile(stream).convert("RGBA" if transparent else "RGB")
    if legible > dpi:
        drawn = drawn.resize((max(1, int(wide * dpi)), max(1, int(high * dpi))))
    if size is None or drawn.size == size:
        return drawn
    whole = Image.new(drawn.mode, size, (255, 255, 255, 0) if transparent else (255, 255, 255))
    whole.paste(drawn, ((size[0] - drawn.width) // 2, (size[1] - drawn.height) // 2))
    return whole


def film(frames: Iterable[Image.Image], count: int, path: Path, suffix: str, rate: float) -> None:
    """Write ``count`` ``frames`` to ``path``, ``rate`` per second, in the format of ``suffix``.

    GIF and WebP repeat without end. ValueError if MP4 cannot be written, or if the frames of another format
    do not fit into memory.
    """
    if suffix == ".mp4":
        _mp4(iter(frames), path, rate)
        return
    held: list[Image.Image] = []
    for frame in frames:
        if not held:
            _check_room(count, frame)
        held.append(_seen_or_not(frame) if suffix == ".gif" and frame.mode == "RGBA" else frame)
    # GIF durations are hundredths of a second. The end times are rounded, since durations that are rounded
    # one by one would add up to another rate.
    ends = [round(100 * k / rate) * 10 for k in range(count + 1)]
    lasting = [end - start for start, end in pairwise(ends)]
    options = {"lossless": True} if suffix == ".webp" else {"disposal": 2, "optimize": False}
    held[0].save(
        path, suffix[1:].upper(), save_all=True, append_images=held[1:], duration=lasting, loop=0, **options
    )


def _check_room(count: int, frame: Image.Image) -> None:
    """Raise ValueError if ``count`` frames, and as much again to write them, exceed the free memory."""
    import psutil

    needed = 2 * count * frame.width * frame.height * len(frame.getbands())
    if needed > (free := psutil.virtual_memory().available):
        take, there = (with_unit(f"{amount / 1e9:.1f}", "GB") for amount in (needed, free))
        raise ValueError(
            f"{count} pictures of {frame.width} x {frame.height} pixels take {take} of memory, and {there} "
            "are free: use fewer or smaller pictures, or an .mp4"
        )


def _seen_or_not(frame: Image.Image) -> Image.Image:
    """``frame`` with pixels that are opaque or transparent, for a GIF, which would draw all others opaque."""
    frame.putalpha(frame.getchannel("A").point(lambda alpha: 255 if alpha >= 128 else 0))
    return frame


def check_film(suffix: str, transparent: bool) -> None:
    """Raise ValueError with one sentence if such a film cannot be written here."""
    if suffix == ".mp4" and transparent:
        raise ValueError("MP4 has no transparency: choose a name that ends in .webp or .gif")
    if suffix == ".mp4" and shutil.which("ffmpeg") is None:
        raise ValueError("MP4 needs ffmpeg, which is not installed; .gif and .webp work without it")


def _mp4(frames: Iterator[Image.Image], path: Path, rate: float) -> None:
    first = next(frames)
    line = [
        "ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{first.width}x{first.height}", "-r", f"{rate:g}", "-i", "-",
        "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white",
        "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4", str(path),
    ]  # fmt: skip
    with subprocess.Popen(line, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin is not None
        with suppress(BrokenPipeError):  # ffmpeg has ended, and its stderr gives the reason
            for frame in chain([first], frames):
                ffmpeg.stdin.write(frame.convert("RGB").tobytes())
        _, told = ffmpeg.communicate()
    if ffmpeg.returncode:
        said = told.decode(errors="replace").strip().splitlines()
        raise ValueError(f"ffmpeg could not write the film: {said[-1] if said else 'it gave no reason'}")
