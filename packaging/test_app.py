"""Test the packed program on its own: no Python on the path, an empty home, another folder.

    python packaging/test_app.py dist/apsnet-studio [--root FOLDER]

With ``--root``, as root, FOLDER becomes the root of the file system. It needs libc, and the OpenGL and a font
that every desktop has. On Debian, this command makes such a folder:

    debootstrap --variant=minbase \\
        --include=libegl1,libgl1,libgl1-mesa-dri,fonts-dejavu-core,fontconfig-config bookworm FOLDER
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

SHAPE = "_internal/apsnet_core/_assets/shapes/chair.obj"
ENTER = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
PLUGIN = """
import numpy as np
from apsnet_core import Method
FIRST = Method(name="first", label="First", choose=lambda points, m, seed: np.arange(m), seeded=False)
"""


class Bare:
    """An environment in which the program runs with only its own files."""

    def __init__(self, program: Path, root: Path | None) -> None:
        self.root = root
        work = Path(tempfile.mkdtemp(prefix="apsnet-app-", dir=root / "tmp" if root else None))
        self.work, self.inside = work, Path("/", work.relative_to(root)) if root else work
        shutil.copytree(program, work / "moved here", symlinks=True)

    def run(self, program: str, *arguments: str) -> str:
        """The output of one of the two programs; AssertionError with the output if it fails."""
        clean = ["env", "-i", f"HOME={self.inside}", f"PATH={self.inside}/nothing", "LANG=C.UTF-8"]
        enter = ["unshare", "--mount", "sh", "-c", ENTER, str(self.root)] if self.root else []
        began = time.monotonic()
        line = [*enter, *clean, f"{self.inside}/moved here/{program}", *arguments]
        done = subprocess.run(line, cwd=self.work, capture_output=True, text=True, timeout=1800)
        assert done.returncode == 0, f"{line}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        print(f"{time.monotonic() - began:6.1f} s  {program} {' '.join(arguments)[:70]}", flush=True)
        return done.stdout

    def path(self, name: str) -> str:
        """The path of a file in this environment, as the program sees it."""
        return f"{self.inside}/{name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("program", type=Path)
    parser.add_argument("--root", type=Path)
    options = parser.parse_args()
    bare = Bare(options.program.resolve(), options.root)
    try:
        check(bare)
    finally:
        shutil.rmtree(bare.work)


def check(bare: Bare) -> None:
    """Open a shape, sample it, one file and many, train an epoch, use its weights, take a picture."""
    chair = bare.path("moved here/" + SHAPE)
    assert json.loads(bare.run("apsnet", "info", chair, "--json"))["triangles"] > 9000
    said = bare.run("apsnet", "sample", chair, "-m", "apsnet", "-n", "32", "-o", bare.path("s.ply"), "--json")
    assert json.loads(said)["m"] == 32 and (bare.work / "s.ply").read_bytes().startswith(b"ply")
    (bare.work / "first.py").write_text(PLUGIN)
    shapes, out = str(Path(chair).parent), bare.path("many")
    bare.run(
        "apsnet", "sample", shapes, "-m", "first", "-n", "8", "-o", out, "--plugin", bare.path("first.py")
    )
    assert len(list((bare.work / "many").glob("*.ply"))) >= 10
    train = ["furniture-apsnet-kd", "--set", "points=64", "--set", "optimisation.epochs=1"]
    bare.run("apsnet", "train", *train, "-o", bare.path("run"))
    best = f"apsnet_kd@{bare.path('run/best.safetensors')}"
    bare.run("apsnet", "sample", chair, "-m", best, "-n", "8", "-o", bare.path("own.csv"))
    bare.run("apsnet-studio", chair, "-n", "16", "-m", "apsnet", "--screenshot", bare.path("window.png"))
    picture = (bare.work / "window.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and struct.unpack(">II", picture[16:24]) >= (800, 600)
    assert len(picture) > 50_000  # an empty window has less
    doctor = bare.run("apsnet", "doctor")
    assert "Nothing is missing" in doctor, doctor
    print(doctor)


if __name__ == "__main__":
    main()
