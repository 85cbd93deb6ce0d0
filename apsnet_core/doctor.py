"""Checks whether a machine has everything for APSNet Studio, and names the command for a missing part."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from apsnet_core import system_libraries, worker
from apsnet_core.extras import install, window_lacks
from apsnet_core.ops import compiled
from apsnet_core.types import Values

PACKAGES = [
    "apsnet-studio", "torch", "numpy", "scipy", "open3d", "open3d-cpu", "PySide6-Essentials", "h5py", "laspy",
    "lazrs", "numba", "trimesh", "safetensors", "pydantic", "lightning-fabric",
]  # fmt: skip
OPTIONAL = {
    "numba": "compiled loops, several times faster",
    "open3d": f"the window: {install('gui')}",
    "PySide6-Essentials": f"the window: {install('gui')}",
}


@dataclass(frozen=True)
class Diagnosis:
    """The state of a machine; ``problems`` are pairs of a problem and the command that solves it."""

    versions: dict[str, str | None]
    devices: Values
    rendering: Values
    problems: list[tuple[str, str]] = field(default_factory=list)


def examine() -> Diagnosis:
    """Check packages, devices, rendering and system libraries; this takes a few seconds."""
    versions = installed_versions()
    problems = [
        (f"the package {name} is missing", f"pip install {name}")
        for name, version in versions.items()
        if version is None and name not in OPTIONAL
    ]
    needs = [] if window_lacks() else system_libraries.missing()
    if needs:
        what = ", ".join(f"{need.name} ({need.uses})" for need in needs)
        problems.append((f"system libraries are missing: {what}", system_libraries.remedy(needs)))
    devices = _ask("devices")
    if "error" in devices:
        problems.append((f"torch does not start: {devices['error']}", "pip install --force-reinstall torch"))
    devices["compiled_loops"] = compiled.state()
    rendering: Values = {"error": "the window is not installed"}
    if not window_lacks():
        rendering = _ask("rendering")
    rendering.setdefault("works", False)
    if not rendering["works"] and not needs and not window_lacks():
        problems.append((f"Open3D cannot render: {rendering['error']}", _rendering_remedy()))
    return Diagnosis(versions, devices, rendering, problems)


def installed_versions() -> dict[str, str | None]:
    """The version of every relevant package, None for a package that is not installed."""
    versions = {name: _version(name) for name in PACKAGES}
    open3d = versions.pop("open3d-cpu")
    versions["open3d"] = versions["open3d"] or open3d
    return versions


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _ask(probe: str) -> Values:
    """Run a function of `apsnet_core.probes` in its own process and return the values that it prints.

    The process is needed because a failure in native code may end it. ``error`` then describes the failure.
    """
    try:
        child = subprocess.run(
            worker.command(f"apsnet_core.probes:{probe}"),
            env=worker.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return {"error": "no answer within two minutes"}
    if child.returncode == 0:
        answer: Values = json.loads(child.stdout.splitlines()[-1])
        return answer
    if child.returncode < 0:
        return {"error": f"the process was ended by signal {-child.returncode}"}
    return {"error": (child.stderr.strip().splitlines() or [f"exit code {child.returncode}"])[-1]}


def _rendering_remedy() -> str:
    if sys.platform == "linux":
        return system_libraries.remedy([system_libraries.DRIVERS])
    return "update the graphics driver"


def machine() -> dict[str, str | int | None]:
    """The operating system, the processors and the Python version, for reports."""
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "processor": processor(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }


@cache
def processor() -> str:
    """The model name of the processor, or its architecture if the system does not give the model."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name" and value.strip():
                return " ".join(value.split())
    return platform.processor() or platform.machine() or "an unnamed processor"
