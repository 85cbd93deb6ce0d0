"""Pack the program with all its dependencies and Python into dist/apsnet-studio, and an archive of it.

    python packaging/build_app.py

Run this on the target system; it needs PyInstaller in the same environment. The result for Linux is tested
(packaging/test_app.py); the steps for macOS and Windows were never run.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import licences  # noqa: E402

from apsnet_core import __version__  # noqa: E402


def main() -> None:
    dist = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "dist"
    pack = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    pack += ["--distpath", str(dist), "--workpath", str(dist / "work"), str(HERE / "apsnet-studio.spec")]
    subprocess.run(pack, cwd=ROOT, check=True)
    finish(dist)


def finish(dist: Path) -> None:
    """Add the files for the operating system and the licences, and make the archive."""
    program = dist / "apsnet-studio"
    bundle = dist / "APSNet Studio.app"
    shown = bundle if sys.platform == "darwin" else program
    texts = bundle / "Contents/Resources" if sys.platform == "darwin" else program
    licences.write(program / "_internal", texts)
    shutil.copy(ROOT / "LICENSE", texts)
    if sys.platform == "linux":
        shutil.copytree(HERE / "linux", program / "share", dirs_exist_ok=True)
        (program / "share/install.sh").replace(program / "install.sh")
        shutil.copy(ROOT / "assets/icon/apsnet-studio.svg", program / "share")
    elif sys.platform == "darwin":  # the signature made by PyInstaller does not cover the licences
        subprocess.run(["codesign", "--force", "--deep", "--sign", "-", str(bundle)], check=True)
    shutil.rmtree(dist / "work", ignore_errors=True)
    name = dist / f"apsnet-studio-{__version__}-{platform.system().lower()}-{platform.machine().lower()}"
    kind = "zip" if sys.platform == "win32" else "gztar"
    print(shutil.make_archive(str(name), kind, dist, shown.name))


if __name__ == "__main__":
    main()
