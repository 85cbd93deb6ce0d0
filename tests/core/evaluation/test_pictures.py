"""Pixels of pictures: cameras, sizes, transparency, labels, legend and scale bar, and films."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from apsnet_core.assets import asset
from apsnet_core.cli.answer import Failure
from apsnet_core.cli.app import run
from apsnet_core.cli.picture_file import PictureFile, picture_file
from apsnet_core.cloud import Float32
from apsnet_core.evaluation.figures.attention_figure import Dressing, attention_figure, standing
from apsnet_core.evaluation.figures.camera import camera_of
from apsnet_core.evaluation.figures.fig4_panels import SamplePicture
from apsnet_core.evaluation.figures.legends import rounded
from apsnet_core.evaluation.figures.saving import film, raster, still

RED = "#ff0000"
CLOUD = np.asarray(np.random.default_rng(0).uniform(-1, 1, (400, 3)) * [1.0, 0.6, 0.8] + 5, np.float32)
Pixels = np.ndarray


def some(*points: object) -> Float32:
    """Points (m, 3)."""
    return np.array(points, np.float32)


def scene(samples: Float32, attention: Float32 | None = None) -> SamplePicture:
    """One picture of red samples."""

    def at(t: int) -> Float32:
        return np.asarray(np.arange(len(CLOUD)) == t, np.float32)

    words = "Some method · points\nof it"
    return SamplePicture(samples, RED, attention, None, words, "", "", 0.0, None if attention is None else at)


def drawn(samples: Float32, dressing: Dressing, up: str = "z") -> Pixels:
    """The pixels of a picture, (h, w, 3)."""
    return np.asarray(raster(attention_figure(CLOUD, [[scene(samples)]], up=up, dressing=dressing)))


def red(picture: Pixels) -> Pixels:
    """A mask of the red pixels."""
    r, g, b = picture[..., :3].astype(int).transpose(2, 0, 1)
    return np.asarray((r > 200) & (g < 120) & (b < 120))


def spot(picture: Pixels) -> tuple[float, float]:
    """The centre of the red pixels, from 0 to 1: to the right and up."""
    y, x = np.nonzero(red(picture))
    return float(x.mean() / picture.shape[1]), float(1 - y.mean() / picture.shape[0])


def camera(text: str, up: str = "z") -> Dressing:
    """A picture from the camera ``text`` without labels and numbers."""
    return Dressing(camera_of(text, *standing(CLOUD, up)), labels=False, numbers=False)


@pytest.mark.parametrize(
    ("name", "right", "up"),
    [
        ("front", (1, 0, 0), (0, 0, 1)),
        ("back", (-1, 0, 0), (0, 0, 1)),
        ("right", (0, 1, 0), (0, 0, 1)),
        ("left", (0, -1, 0), (0, 0, 1)),
        ("top", (1, 0, 0), (0, 1, 0)),
        ("bottom", (1, 0, 0), (0, -1, 0)),
        ("-90,0", (1, 0, 0), (0, 0, 1)),
    ],
)
def test_each_named_camera_has_the_right_orientation(
    name: str, right: tuple[int, int, int], up: tuple[int, int, int]
) -> None:
    at = some(5 + 0.4 * np.add(right, up))
    x, y = spot(drawn(at, camera(name)))
    assert x > 0.6 and y > 0.6


def test_a_zoom_enlarges_and_shows_only_what_is_inside() -> None:
    corner, middle = some([5.9, 5, 5.7]), some([5, 5, 5])
    assert red(drawn(corner, camera("front"))).any() and not red(drawn(corner, camera("-90,0,3"))).any()
    assert red(drawn(middle, camera("-90,0,3"))).any()


@pytest.mark.parametrize("parallel", [False, True])
def test_the_camera_of_a_project_gives_the_view_of_the_window(tmp_path: Path, parallel: bool) -> None:
    turn = Rotation.from_euler("xyz", [70, 20, 10], degrees=True)
    x, y, z, w = turn.as_quat()
    target, distance, fov = np.array([5.1, 4.9, 5.2]), 4.0, 40.0
    project = tmp_path / "view.apsnet"
    said = {"target": target.tolist(), "orientation": [w, x, y, z], "distance": distance, "fov": fov}
    project.write_text(json.dumps({"camera": {"camera": {**said, "orthographic": parallel}}}))
    samples = some([5.3, 5.2, 5.4])
    local = (samples[0].astype(np.float64) - target) @ turn.as_matrix()
    away = distance if parallel else distance - local[2]
    expected = 0.5 + local[:2] / away / np.tan(np.radians(fov / 2)) / 2
    assert spot(drawn(samples, camera(str(project), "y"), "y")) == pytest.approx(tuple(expected), abs=0.006)


@pytest.mark.parametrize(
    "text", ["nowhere", "1", "1,2,3,4", "0,91", "0,0,0", "missing.apsnet", "empty.apsnet"]
)
def test_invalid_cameras_are_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.apsnet").write_text("{}")
    with pytest.raises(ValueError, match=r"camera|cannot be read"):
        camera(text)


def test_pictures_have_the_given_size_and_transparency() -> None:
    figure = attention_figure(CLOUD, [[scene(CLOUD[:4])]])
    for size in ((400, 300), (301, 500)):
        picture = np.asarray(raster(figure, size, transparent=True))
        assert picture.shape == (size[1], size[0], 4)
        assert picture[0, 0, 3] == picture[-1, -1, 3] == 0 and red(picture).any()
    assert (np.asarray(raster(figure, (400, 300)))[0, 0] == 255).all()
    assert raster(figure, (16, 400)).size == (16, 400)  # even with letters less than a pixel high
    assert still(figure, ".pdf")[:5] == b"%PDF-" and b"<svg" in still(figure, ".svg")
    assert Image.open(BytesIO(still(figure, ".webp", (200, 200)))).size == (200, 200)
    with pytest.raises(ValueError, match="a size in pixels is not possible"):
        still(figure, ".pdf", (200, 200))


def test_pillows_limit_on_pixels_does_not_apply_to_drawn_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)  # Pillow refuses to open larger files
    assert raster(attention_figure(CLOUD, [[scene(CLOUD[:4])]]), (90, 70)).size == (90, 70)
    with pytest.raises(Failure, match="a side of a WebP has up to 16383 pixels, not 16384"):
        picture_file(tmp_path / "a.webp", None, "16384x100", False, 4, 12, False)


def test_numbers_labels_legend_and_scale_bar_are_drawn_on_request() -> None:
    samples = CLOUD[:4]
    plain = Dressing(labels=False, numbers=False)
    bare = drawn(samples, plain)
    assert (drawn(samples, replace(plain, numbers=True)) != bare)[red(bare)].any()  # white on red
    height = bare.shape[0]
    titled = drawn(samples, replace(plain, labels=True))
    above = titled.shape[0] - height
    assert above > 0 and (titled[:above] < 200).any()
    explained = drawn(samples, replace(plain, legend=True))
    assert red(explained[height:]).any()
    # The oracle for the scale bar is the distance of two samples that are its length apart at middle depth.
    front = camera("front")
    length = 0.5
    ends = [spot(drawn(some([5 + x, 5, 5]), front))[0] for x in (-length / 2, length / 2)]
    expected = (ends[1] - ends[0]) * bare.shape[1]
    ruled = drawn(samples[:0], replace(front, scale_bar=True))
    line = max(np.flatnonzero(row).size for row in (ruled != drawn(samples[:0], front)).any(axis=-1))
    assert line == pytest.approx(expected, abs=3)
    assert [rounded(x) for x in (0.3, 1, 4.9, 5, 70)] == [0.2, 1, 2, 5, 50]


def test_a_film_turns_once_and_steps_add_one_sample_each(tmp_path: Path) -> None:
    def frames(kind: str, count: int, suffix: str) -> list[Pixels]:
        out = tmp_path / f"{kind}{suffix}"
        file = PictureFile(out, "turn" if kind == "turn" else "steps", (160, 120), suffix == ".webp", count)
        spread = np.ones(len(CLOUD), np.float32)
        rows = [[scene(CLOUD[:5], spread)]]
        file.write(lambda how: attention_figure(CLOUD, rows, dressing=how), Dressing(labels=False), count)
        film = Image.open(out)
        found = []
        for k in range(getattr(film, "n_frames", 1)):
            film.seek(k)
            found.append(np.asarray(film.convert("RGBA")))
        return found

    turn = frames("turn", 4, ".webp")
    assert len(turn) == 4 and {each.shape for each in turn} == {(120, 160, 4)}
    assert turn[0][0, 0, 3] == 0
    around = [spot(each)[0] for each in turn]
    assert np.ptp(around) > 0.02
    assert around[0] + around[2] == pytest.approx(1, abs=0.1)  # after half a turn on the other side
    steps = frames("steps", 5, ".gif")
    areas = [int(red(each).sum()) for each in steps]
    assert len(steps) == 5 and areas == sorted(areas) and areas[0] < areas[-1] / 3


def test_a_gif_keeps_the_frame_rate_and_rounds_transparency(tmp_path: Path) -> None:
    out, size = tmp_path / "a.gif", (64, 16)
    alphas = np.repeat(np.array([0, 100, 200, 255], np.uint8), 16)

    def frame(level: int) -> Image.Image:
        whole = Image.new("RGB", size, (level, 20, 20))
        whole.putalpha(Image.fromarray(np.broadcast_to(alphas, (16, 64)).copy()))
        return whole

    film([frame(10 * k) for k in range(24)], 24, out, ".gif", 12)
    made, lasting = Image.open(out), []
    for k in range(getattr(made, "n_frames", 1)):
        made.seek(k)
        lasting.append(made.info["duration"])
        assert (np.asarray(made.convert("RGBA"))[0, ::16, 3] == [0, 0, 255, 255]).all()
    assert len(lasting) == 24 and sum(lasting) == 2000


def test_a_film_that_does_not_fit_into_the_memory_is_refused_at_its_first_picture(tmp_path: Path) -> None:
    drawn = []

    def frames() -> Iterator[Image.Image]:
        for k in range(10**6):
            drawn.append(k)
            yield Image.new("RGB", (4000, 3000))

    with pytest.raises(ValueError, match=r"^1000000 pictures of 4000 x 3000 pixels take 72000\.0\sGB"):
        film(frames(), 10**6, tmp_path / "a.webp", ".webp", 12)
    assert drawn == [0] and not (tmp_path / "a.webp").exists()


def test_mp4_without_ffmpeg_or_with_transparency_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(transparent: bool = False) -> PictureFile:
        return picture_file(tmp_path / "a.mp4", None, None, transparent, 4, 12, False)

    with monkeypatch.context() as without:
        without.setattr(shutil, "which", lambda _: None)
        with pytest.raises(Failure, match=r"needs ffmpeg, which is not installed; \.gif and \.webp"):
            asked()
    with pytest.raises(Failure, match="no transparency"):
        asked(transparent=True)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_an_mp4_contains_every_frame_of_the_film(tmp_path: Path) -> None:
    out, size = tmp_path / "a.mp4", (64, 48)
    levels = (40, 110, 180, 250)
    film([Image.new("RGB", size, (level,) * 3) for level in levels], 4, out, ".mp4", 5)
    words = ["ffmpeg", "-v", "error", "-i", str(out), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    raw = subprocess.run(words, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0]).astype(int)
    assert frames.mean(axis=(1, 2)) == pytest.approx(levels, abs=6)
    film([Image.new("RGB", (33, 31), "red")] * 3, 3, tmp_path / "odd.mp4", ".mp4", 5)
    assert (tmp_path / "odd.mp4").read_bytes()[4:8] == b"ftyp"


def test_a_grid_has_methods_across_and_sizes_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "grid.png"
    words = "-m random,fps -n 4,12 --grid --task classification --size 800x800 --legend"
    assert run(["picture", str(asset("shapes", "horse.obj")), *words.split(), "-o", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["method"], row["m"]) for row in said] == [
        ("random", 4), ("random", 12), ("farthest_point", 4), ("farthest_point", 12),
    ]  # fmt: skip
    picture = np.asarray(Image.open(out).convert("RGB")).astype(int)
    blue = picture[..., 2] - picture[..., 0] > 80
    body = picture.shape[0] * 9 // 10  # above the legend
    assert not blue[:body, :400].any()
    lines = np.flatnonzero(blue[:body, 400:].any(axis=1))
    middle = (lines.min() + lines.max()) // 2
    few, many = blue[:middle, 400:].sum(), blue[middle:body, 400:].sum()
    assert 0 < few < 0.6 * many
