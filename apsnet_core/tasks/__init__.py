"""The tasks, one table row each, with their losses, metrics and answers, and the task nets.

The names below are imported on first use.
"""

from typing import TYPE_CHECKING

from apsnet_core.lazy import lazy_names

if TYPE_CHECKING:
    from apsnet_core.networks.pcae import PCAE as PCAE
    from apsnet_core.networks.pcrnet import PCRNet as PCRNet
    from apsnet_core.networks.pcrnet import Pose as Pose
    from apsnet_core.networks.pointnet import PointNet as PointNet
    from apsnet_core.tasks.answer import Answer as Answer
    from apsnet_core.tasks.answer import Question as Question
    from apsnet_core.tasks.answer import Verdict as Verdict
    from apsnet_core.tasks.batch import Batch as Batch
    from apsnet_core.tasks.metric import Metric as Metric
    from apsnet_core.tasks.registry import register as register
    from apsnet_core.tasks.registry import tasks as tasks
    from apsnet_core.tasks.registry import unregister as unregister
    from apsnet_core.tasks.task import Page as Page
    from apsnet_core.tasks.task import Task as Task

_HOME = {
    "PointNet": "apsnet_core.networks.pointnet",
    "PCAE": "apsnet_core.networks.pcae",
    "PCRNet": "apsnet_core.networks.pcrnet",
    "Pose": "apsnet_core.networks.pcrnet",
    "Answer": "apsnet_core.tasks.answer",
    "Question": "apsnet_core.tasks.answer",
    "Verdict": "apsnet_core.tasks.answer",
    "Batch": "apsnet_core.tasks.batch",
    "Metric": "apsnet_core.tasks.metric",
    "Page": "apsnet_core.tasks.task",
    "Task": "apsnet_core.tasks.task",
    "register": "apsnet_core.tasks.registry",
    "tasks": "apsnet_core.tasks.registry",
    "unregister": "apsnet_core.tasks.registry",
}

__all__ = list(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
