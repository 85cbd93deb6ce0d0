"""Prepare .venv: install the pinned packages of constraints.txt, and as root the system libraries.

Every target of the Makefile runs this, with any installed Python, so it uses only the standard library. If
nothing has changed since the last run, it only reads one stamp file.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "prepared"
SUPPORTED = [(3, 11), (3, 12), (3, 13), (3, 14)]
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"

sys.path.insert(0, str(ROOT))
from apsnet_core import system_libraries  # noqa: E402


def main() -> None:
    install_system_libraries()
    if STAMP.is_file() and STAMP.read_text() == fingerprint():
        return
    STAMP.unlink(missing_ok=True)
    install_browser()
    make_venv()
    install_packages()
    compile_loops()
    STAMP.write_text(fingerprint())


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint() -> str:
    """A hash of everything that determines the installed packages; if it changes, the set-up runs again."""
    digest = hashlib.sha256(str(ROOT).encode())  # the editable install names this folder
    for name in ["pyproject.toml", "constraints.txt", ".ci/prepare.py"]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def install_system_libraries() -> None:
    needs = system_libraries.missing(tests=True)
    if needs and system_libraries.is_root() and shutil.which("apt-get"):
        apt_install(needs)
        needs = system_libraries.missing(tests=True)
    if needs:
        say(f"missing on this system: {', '.join(need.name for need in needs)}. Type:")
        say(system_libraries.remedy(needs))


def install_browser() -> None:
    """Try once per set-up to install a browser; tests of pages are skipped where it is not packaged."""
    needs = system_libraries.missing_browser()
    if needs and system_libraries.is_root() and shutil.which("apt-get"):
        apt_install(needs)
        needs = system_libraries.missing_browser()
    if needs:
        say(f"tests of reports in a browser are skipped without {', '.join(need.name for need in needs)}")


def apt_install(needs: list[system_libraries.Need]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A machine that has just started may be installing updates, so apt-get waits for its lock.
    wait = ["-o", "DPkg::Lock::Timeout=600"]
    line = ["apt-get", *wait, "install", "-y", "--no-install-recommends", *sorted({n.package for n in needs})]
    say(" ".join(line))
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdin=subprocess.DEVNULL)
    subprocess.run([*line, "-qq"], env=quiet, stdin=subprocess.DEVNULL)


def make_venv() -> None:
    if venv_python().exists():
        ask = [venv_python(), "-c", "import sys; print(*sys.version_info[:2])"]
        version = subprocess.check_output(ask, text=True)
        if tuple(map(int, version.split())) in SUPPORTED:
            return
    python = supported_python()
    say(f"making .venv with {python}")
    made = subprocess.run([python, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode == 0:
        return
    say(made.stdout + made.stderr)
    raise SystemExit(".venv could not be made. On Debian and Ubuntu: sudo apt-get install python3-venv")


def supported_python() -> str:
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    for major, minor in reversed(SUPPORTED):
        found = shutil.which(f"python{major}.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return found
    wanted = ", ".join(f"{major}.{minor}" for major, minor in SUPPORTED)
    raise SystemExit(f"APSNet Studio needs Python {wanted}, and found {platform.python_version()} only.")


def install_packages() -> None:
    say("installing the pinned packages into .venv (a few minutes the first time)")
    extra = ["--extra-index-url", TORCH_CPU_INDEX] if index_gives_gpu_torch() else []
    quiet = [] if sys.stderr.isatty() else ["-qq"]  # a terminal shows downloads, a log only errors
    installed = pip("install", *quiet, *extra, "--editable", ".[dev]")
    if installed.returncode:
        raise SystemExit(
            "The packages could not be installed: pip says why above. Calling make again continues."
        )


def compile_loops() -> None:
    """Compile now, so that no user waits for it later; without compiled loops, plain ones are used."""
    say("compiling the inner loops for this processor (seconds)")
    made = subprocess.run(
        [venv_python(), "-P", "-m", "apsnet_core.worker", "apsnet_core.ops.compiled:main"],
        cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    if made.returncode:
        say(f"compiling failed, so loops run slower: {(made.stderr.strip().splitlines() or ['?'])[-1]}")


def index_gives_gpu_torch() -> bool:
    """Whether pip would download torch's CUDA build of several gigabytes, which is the default on Linux."""
    if sys.platform != "linux":
        return False
    if (
        subprocess.run(
            [venv_python(), "-m", "pip", "show", "--quiet", "torch"], capture_output=True
        ).returncode
        == 0
    ):
        return False
    choice = pip("install", "-qq", "--dry-run", "--no-deps", "--report", "-", "torch", capture_output=True)
    return "+cpu" not in choice.stdout


def pip(*arguments: str, capture_output: bool = False) -> subprocess.CompletedProcess[str]:
    # As environment variables, these pins replace all constraints of the user; with -c both would apply.
    pinned = {**os.environ, "PIP_CONSTRAINT": "constraints.txt", "PIP_BUILD_CONSTRAINT": "constraints.txt"}
    return subprocess.run(
        [venv_python(), "-m", "pip", *arguments],
        cwd=ROOT,
        env=pinned,
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE if capture_output else None,
    )


def say(text: str) -> None:
    print(f"[set-up] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
