"""Import torch on a worker thread at the start without freezing the window."""

from __future__ import annotations

import ctypes
import platform
import re
from importlib.util import find_spec
from pathlib import Path

from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.importing import import_alone

FIRST = ("psutil", "numpy.random", "apsnet_core.tables")
NEEDED = (
    "torch",
    "scipy.spatial",
    "apsnet_core.ops",
    "apsnet_core.ops.surface",
    "apsnet_core.methods.farthest_point",
    "apsnet_core.methods.random",
    "apsnet_core.methods.voxel",
    "apsnet_core.methods.learned",
    "apsnet_core.methods.attention",
    "apsnet_core.evaluation.answers",
    "apsnet_core.evaluation.comparison.comparison",
    "apsnet_core.evaluation.comparison.registration_target",
    "apsnet_core.evaluation.comparison.verdict",
    "apsnet_core.training.runs",
    "apsnet_core.weights.importing",
    "apsnet_core.weights.storage",
)
LIBRARIES = ("libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_python.so")


def load_torch(progress: JobProgress) -> None:
    """Import torch and the samplers.

    Python holds the interpreter lock while it opens the shared libraries of a module; for torch this would
    freeze the window for a quarter of a second. ctypes releases the lock while it opens them, so they are
    opened with ctypes first. Another thread that imports a library in the meantime would wait and hold the
    lock, so everything else that the start needs must be imported before.
    """
    for name in FIRST:
        progress.report(None, name)
        import_alone(name)
    spec = find_spec("torch")
    folder = Path(spec.origin).parent / "lib" if spec and spec.origin else None
    if folder is not None and (folder / LIBRARIES[0]).exists():
        dlopen = ctypes.CDLL(None).dlopen
        dlopen.restype, dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        now_and_global = 2 | 256
        for name in LIBRARIES:
            dlopen(str(folder / name).encode(), now_and_global)
    for name in NEEDED:
        progress.report(None, name)
        import_alone(name)
    from apsnet_core.networks import apsnet_loop_compiled
    from apsnet_core.ops import search_cpu

    for kernels in (search_cpu.KERNELS, apsnet_loop_compiled.KERNELS):
        kernels.load()


def device() -> str:
    """The name of the processor or GPU that networks run on."""
    import torch

    from apsnet_core.networks.device import chosen_device

    if chosen_device() == "cpu":
        return f"CPU {_processor()}"
    return f"GPU {torch.cuda.get_device_name()}"


def _processor() -> str:
    """The name of the processor without trademark signs."""
    name = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", described.read_text(encoding="utf-8"), re.MULTILINE)
        name = found[1] if found else name
    return re.sub(r"\((R|TM)\)|\bCPU\b|@.*$", "", name).replace("  ", " ").strip()
