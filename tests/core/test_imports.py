"""The modules that an import loads, listed in a new process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write

WINDOWS = [
    "PySide6",
    "PyQt6",
    "PyQt5",
    "pyqtgraph",
    "qtawesome",
    "open3d.visualization",
    "apsnet_gui",
]
HEAVY = ["torch", "open3d", "trimesh", "scipy", "matplotlib", "h5py", "laspy", "plyfile", "rich"]


def _imported_by(statement: str) -> set[str]:
    program = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(child.stdout.splitlines())


def test_no_module_of_the_core_imports_a_window() -> None:
    # Triton comes only with the GPU builds of torch; modules that need it fail to import without it.
    everything = _imported_by(
        """
import importlib, pkgutil, apsnet_core
for module in pkgutil.walk_packages(apsnet_core.__path__, "apsnet_core."):
    if not module.name.endswith(("__main__", "_kernels")):  # kernels are compiled by their import
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            assert error.name == "triton", module.name
"""
    )
    assert {"torch", "apsnet_core.evaluation.comparison.report", "apsnet_core.networks.apsnet"} <= everything
    assert not everything.intersection(WINDOWS)


@pytest.mark.parametrize(
    "room", ["apsnet_core", "apsnet_core.files", "apsnet_core.cli.app", "apsnet_core.files.open_cloud"]
)
def test_the_start_of_the_command_line_imports_no_heavy_library(room: str) -> None:
    assert not _imported_by(f"import {room}").intersection(HEAVY)


def test_info_on_a_small_mesh_imports_no_heavy_library() -> None:
    call = "from apsnet_core.assets import asset; from apsnet_core.cli.app import run"
    assert not _imported_by(f"{call}; run(['info', str(asset('shapes', 'table.obj'))])").intersection(HEAVY)


def test_sampling_by_a_classical_method_imports_no_heavy_library(tmp_path: Path) -> None:
    source = tmp_path / "cloud.ply"
    write(PointCloud.from_array(np.random.default_rng(0).random((50, 3))), source)
    commands = [
        ["sample", str(source), "-m", method, "-n", "9", "-o", str(tmp_path / f"{method}.ply")]
        for method in ("random", "farthest_point", "voxel")
    ]
    heavy = _imported_by(
        f"from apsnet_core.cli.app import run\nfor command in {commands}: run(command)"
    ).intersection(HEAVY)
    assert not heavy
    assert all((tmp_path / f"{method}.ply").exists() for method in ("random", "farthest_point", "voxel"))


def test_sampling_by_a_network_does_not_import_torchs_compiler() -> None:
    call = """
import apsnet_core
from apsnet_core.assets import asset
for method in ("snet", "samplenet", "apsnet", "apsnet_kd"):
    assert apsnet_core.sample(asset("shapes", "chair.obj"), 8, method=method).points.shape == (8, 3)
"""
    compiler = {"torch._dynamo", "torch._inductor", "sympy"}
    assert not _imported_by(call).intersection(compiler)
