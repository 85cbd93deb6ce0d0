"""The checks of `apsnet doctor`: each function prints one line of JSON, or exits with the reason."""

from __future__ import annotations

import json
import sys

import numpy as np


def devices() -> None:
    """Print the devices on which torch can compute."""
    import torch

    cuda = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    kernels = graphs = "none: there is no GPU for them"
    if cuda:
        from apsnet_core.ops.kernels import why_no_graphs, why_no_kernels

        why = why_no_kernels("cuda")
        kernels = f"none, plain operations serve: {why}" if why else "work"
        why = why_no_graphs()
        graphs = f"none, steps are launched one by one: {why}" if why else "work"
    found = {"cpu_threads": torch.get_num_threads(), "cuda": cuda, "mps": torch.backends.mps.is_available()}
    print(json.dumps(found | {"gpu_kernels": kernels, "gpu_graphs": graphs}))


def rendering() -> None:
    """Print whether Open3D can draw a sphere."""
    import open3d

    view = open3d.visualization.Visualizer()
    if not view.create_window(width=64, height=64, visible=False):
        sys.exit("no OpenGL window could be made")
    view.add_geometry(open3d.geometry.TriangleMesh.create_sphere())
    frame = np.asarray(view.capture_screen_float_buffer(True))
    if frame.shape != (64, 64, 3) or frame.std() <= 0.01:
        sys.exit("the rendered picture is empty")
    print(json.dumps({"works": True}))
