"""torch is loaded behind the window's back: in a thread, without the pause that its libraries would cause."""

from __future__ import annotations

import ctypes
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from apsnet_gui.jobs.background import Progress

NEEDED = (
    "psutil",
    "torch",
    "scipy.spatial",
    "apsnet_core.ops",
    "apsnet_core.ops.surface",
    "apsnet_core.samplers.farthest_point",
    "apsnet_core.samplers.random",
    "apsnet_core.samplers.voxel",
    "apsnet_core.samplers.learned",
    "apsnet_core.evaluation.compare",
)
LIBRARIES = ("libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_python.so")


def load_torch(progress: Progress) -> None:
    """Import torch and what samples with it.

    An import opens shared libraries with the interpreter lock held, which for torch is a quarter of a second
    of a frozen window. A foreign call gives the lock up, so they are opened that way first.
    """
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
        import_module(name)
