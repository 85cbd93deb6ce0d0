"""What a machine offers APSNet Studio, what it lacks, and the line that mends it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from apsnet_core import system_libraries
from apsnet_core.ops import compiled

PACKAGES = [
    "apsnet-studio", "torch", "numpy", "scipy", "open3d", "open3d-cpu", "PySide6-Essentials", "h5py", "laspy",
    "lazrs", "numba", "trimesh", "safetensors", "pydantic", "lightning-fabric",
]  # fmt: skip
OPTIONAL = {"lightning-fabric": "training", "numba": "compiled loops, several times faster"}

# Native code that fails may take its process down, so each look at torch and Open3D has a process of its own.
_DEVICES = """
import json, torch
cuda = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
mps = torch.backends.mps.is_available()
kernels = "none: there is no GPU for them"
if cuda:
    from apsnet_core.ops.kernels import why_no_kernels
    why = why_no_kernels("cuda")
    kernels = f"none, plain operations serve: {why}" if why else "work"
print(json.dumps({"cpu_threads": torch.get_num_threads(), "cuda": cuda, "mps": mps, "gpu_kernels": kernels}))
"""
_RENDER = """
import json, numpy as np, open3d as o3d
view = o3d.visualization.Visualizer()
if not view.create_window(width=64, height=64, visible=False):
    raise SystemExit("no OpenGL window could be made")
view.add_geometry(o3d.geometry.TriangleMesh.create_sphere())
frame = np.asarray(view.capture_screen_float_buffer(True))
assert frame.shape == (64, 64, 3) and frame.std() > 0.01, "the rendered picture is empty"
print(json.dumps({"works": True}))
"""


@dataclass(frozen=True)
class Diagnosis:
    """``problems`` are (what is wrong, the line that mends it)."""

    versions: dict[str, str | None]
    devices: dict[str, Any]
    rendering: dict[str, Any]
    problems: list[tuple[str, str]] = field(default_factory=list)


def examine() -> Diagnosis:
    """Look at packages, devices, rendering and system libraries; takes some seconds."""
    versions = installed_versions()
    problems = [
        (f"the package {name} is missing", f"pip install {name}")
        for name, version in versions.items()
        if version is None and name not in OPTIONAL
    ]
    needs = system_libraries.missing()
    if needs:
        what = ", ".join(f"{need.name} ({need.uses})" for need in needs)
        problems.append((f"system libraries are missing: {what}", system_libraries.remedy(needs)))
    devices = _ask(_DEVICES)
    if "error" in devices:
        problems.append((f"torch does not start: {devices['error']}", "pip install --force-reinstall torch"))
    devices["compiled_loops"] = compiled.state()
    rendering = _ask(_RENDER)
    rendering.setdefault("works", False)
    if not rendering["works"] and not needs:
        problems.append((f"Open3D cannot render: {rendering['error']}", _rendering_remedy()))
    return Diagnosis(versions, devices, rendering, problems)


def installed_versions() -> dict[str, str | None]:
    """The version of every package that matters, None where it is not installed."""
    versions = {name: _version(name) for name in PACKAGES}
    open3d = versions.pop("open3d-cpu")
    versions["open3d"] = versions["open3d"] or open3d
    return versions


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _ask(program: str) -> dict[str, Any]:
    """Run ``program`` in a child and read its JSON line, or say in ``error`` how it ended."""
    try:
        child = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return {"error": "no answer within two minutes"}
    if child.returncode == 0:
        answer: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
        return answer
    if child.returncode < 0:
        return {"error": f"the process was ended by signal {-child.returncode}"}
    return {"error": (child.stderr.strip().splitlines() or [f"exit code {child.returncode}"])[-1]}


def _rendering_remedy() -> str:
    if sys.platform == "linux":
        software = [system_libraries.Need("the Mesa drivers", "libgl1-mesa-dri", "rendering")]
        return system_libraries.remedy(software)
    return "update the graphics driver"


def machine() -> dict[str, str | int | None]:
    """The system, its processor count and its Python, as reports name them."""
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
