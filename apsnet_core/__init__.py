"""Point-cloud sampling with APSNet and its peers: everything the window does, without a window.

>>> import apsnet_core as apsnet
>>> sampling = apsnet.sample("chair.obj", 32)                    # doctest: +SKIP
>>> sampling.points, sampling.rows, sampling.attention()         # doctest: +SKIP

The names below are imported at first use: importing this package does not wait for torch.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud as PointCloud
    from apsnet_core.cloud import TriangleMesh as TriangleMesh
    from apsnet_core.files import ReadError as ReadError
    from apsnet_core.files import WriteError as WriteError
    from apsnet_core.files import read as read
    from apsnet_core.files import write as write
    from apsnet_core.library import compare as compare
    from apsnet_core.library import evaluate as evaluate
    from apsnet_core.library import sample as sample
    from apsnet_core.library import task_net as task_net
    from apsnet_core.library import train as train
    from apsnet_core.losses import sampling_loss as sampling_loss
    from apsnet_core.methods.method import Method as Method
    from apsnet_core.sampling import Sampling as Sampling

_HOME = {
    "PointCloud": "apsnet_core.cloud",
    "TriangleMesh": "apsnet_core.cloud",
    "ReadError": "apsnet_core.files",
    "WriteError": "apsnet_core.files",
    "read": "apsnet_core.files",
    "write": "apsnet_core.files",
    "compare": "apsnet_core.library",
    "evaluate": "apsnet_core.library",
    "sample": "apsnet_core.library",
    "task_net": "apsnet_core.library",
    "train": "apsnet_core.library",
    "sampling_loss": "apsnet_core.losses",
    "Method": "apsnet_core.methods.method",
    "Sampling": "apsnet_core.sampling",
}

__version__ = "0.1.0"
__all__ = ["__version__", *_HOME]
_find = lazy_names(__name__, _HOME)


def __getattr__(name: str) -> object:
    # Subpackages such as apsnet_core.networks are imported at first use too.
    if name in ("files", "losses", "methods", "networks", "ops", "tasks", "weights"):
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    return _find(name)
