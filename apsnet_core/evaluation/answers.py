"""The answers of task nets for a cloud and for a sample of it, in the coordinates of the cloud."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor, nn

from apsnet_core.checked_parts import FAR
from apsnet_core.cloud import Float32, Float64, PointCloud
from apsnet_core.methods.working_rows import working_rows
from apsnet_core.networks.device import chosen_device, placed
from apsnet_core.networks.familiarity import Familiarity, features_of
from apsnet_core.networks.view import View, view_of
from apsnet_core.ops import chamfer_distance
from apsnet_core.ops.orientation import guess_up
from apsnet_core.ops.rotation import geodesic_angle
from apsnet_core.ops.threads import one_thread
from apsnet_core.percent import SIGN
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.answer import Answer, Question
from apsnet_core.tasks.registration import Registration
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.tasks.task import Task, ask_pair
from apsnet_core.weights import Metadata, find_task_net, load_with_familiarity
from apsnet_core.weights.listing import Entry

# A task net sees at most this many points of a whole cloud, or as many as it was trained with.
_WHOLE = 2048


@dataclass(frozen=True, eq=False)
class TaskNet:
    """A loaded task net: the ``name`` of its weights, its ``network`` in eval mode, and its ``metadata``.

    ``familiarity`` tells whether a shape resembles those of the training, if the weights contain it. ``path``
    is the path of the weights, None for a net that was passed in memory.
    """

    name: str
    network: nn.Module
    metadata: Metadata
    familiarity: Familiarity | None = None
    path: Path | None = None

    @property
    def task(self) -> Task:
        """The row of the net's task in the table of tasks."""
        return task_named(self.metadata.task)


def task_net(task: str, name: str | None = None) -> TaskNet:
    """The net for ``task``, or the one with that ``name`` or path, loaded once; `WeightsError` if missing."""
    return net_of(find_task_net(task, name))


def net_of(entry: Entry) -> TaskNet:
    """The net with these weights, loaded once."""
    return _loaded(entry.name, entry.path, entry.path.stat().st_mtime_ns, chosen_device())


@lru_cache(maxsize=8)
def _loaded(name: str, path: Path, written: int, device: str) -> TaskNet:
    network, metadata, familiarity = load_with_familiarity(path)
    return TaskNet(name, placed(network, device), metadata, familiarity, path)


def register(
    net: TaskNet,
    template: PointCloud,
    source: PointCloud,
    samplings: tuple[Sampling, Sampling] | None = None,
    rotation: Float64 | None = None,
    up: str | None = None,
) -> Registration:
    """The motion that aligns ``source`` with ``template``, from samplings of both or from the whole clouds.

    ``rotation`` (3, 3) is the true rotation, if known. Both clouds are scaled by the size of the template,
    since the motion is rigid, and each is centred on its own mean.
    """
    up = up or guess_up(template)
    view = _view(net, template, up)
    own = _view(net, source, up)
    source_view = View(view.turn, type(view.frame)(own.frame.centre, view.frame.scale))
    of_template, of_source = samplings or (None, None)
    with torch.no_grad(), one_thread():
        seen = _seen(net, view, template, of_template)
        pose = ask_pair(net.network, seen, _seen(net, source_view, source, of_source))
        warning = None if samplings else _warning(net, seen)
    inside = pose.rotation[0].double().numpy()
    moved = pose.translation[0].double().numpy() * view.frame.scale
    # y = R y' + t holds between the views; here it is converted to the coordinates of the clouds.
    found: Float64 = view.turn.T @ inside @ view.turn
    shift = view.turn.T @ (moved + view.frame.centre - inside @ source_view.frame.centre)
    aligned = (source.xyz.astype(np.float64) @ found.T + shift).astype(np.float32)
    if rotation is None:
        return Registration(found, shift, aligned, None, _misfit(template.xyz, aligned), warning=warning)
    angle = geodesic_angle(torch.from_numpy(found), torch.from_numpy(np.asarray(rotation, np.float64)))
    return Registration(found, shift, aligned, float(torch.rad2deg(angle)), warning=warning)


def answer(
    net: TaskNet, cloud: PointCloud, sampling: Sampling | None = None, up: str | None = None
) -> Answer:
    """The answer of ``net`` for ``cloud``, from its ``sampling``, or from the whole cloud without one.

    ValueError for a task on pairs of clouds, for which `register` must be used.
    """
    if net.task.say is None:
        raise ValueError(f"{net.task.name} needs two clouds: a template and a source to align with it")
    view, whole = _whole_view(net, cloud, up)
    with torch.no_grad(), one_thread():
        shown = whole if sampling is None else _seen(net, view, cloud, sampling)
        said = net.task.say(
            Question(
                tuple(net.metadata.classes),
                whole,
                net.network(shown),
                net.network,
                view.restore,
                sampling is None,
            )
        )
        return said if sampling is not None else replace(said, warning=_warning(net, whole))


def _warning(net: TaskNet, seen: Tensor) -> str | None:
    """A sentence if the global feature of a cloud (1, k, 3) is far from those of the training, else None."""
    if net.familiarity is None:
        return None
    percent = int(net.familiarity.farther_than(features_of(net.network, seen)))
    if percent < FAR:
        return None
    others = "every shape" if percent == 100 else f"{percent}{SIGN} of the shapes"
    return (
        f"This shape is unlike the shapes that the task net was trained on, farther away than {others} of "
        "that kind: do not trust the answer."
    )


def _misfit(*clouds: Float32) -> float:
    """The chamfer distance of two clouds; for large clouds, of a part of their points."""
    rows = [working_rows(xyz, _WHOLE) for xyz in clouds]
    some = (xyz if row is None else xyz[row] for xyz, row in zip(clouds, rows, strict=True))
    return chamfer_distance(*(torch.from_numpy(xyz)[None] for xyz in some)).item()


_views: WeakKeyDictionary[PointCloud, dict[tuple[Hashable, ...], tuple[View, Tensor]]] = WeakKeyDictionary()


def _whole_view(net: TaskNet, cloud: PointCloud, up: str | None) -> tuple[View, Tensor]:
    """The net's view of a cloud, and the points that it sees of it; cached, since a scan takes seconds."""
    known, asks = _views.setdefault(cloud, {}), net.metadata
    key = asks.normalisation, asks.up, asks.points, up
    if key not in known:
        view = _view(net, cloud, up)
        known[key] = view, _seen(net, view, cloud, None)
    return known[key]


def _view(net: TaskNet, cloud: PointCloud, up: str | None) -> View:
    if not cloud.longest_side:
        raise ValueError("All points of the cloud are the same: there is no shape that a net could judge.")
    return view_of(cloud, net.metadata.normalisation, up, net.metadata.up)


def _seen(net: TaskNet, view: View, cloud: PointCloud, sampling: Sampling | None) -> Tensor:
    """The points (1, k, 3) that the net sees."""
    points = cloud.xyz if sampling is None else sampling.points
    if sampling is None:
        rows = working_rows(points, max(_WHOLE, net.metadata.points))
        points = points if rows is None else points[rows]
    return torch.from_numpy(np.ascontiguousarray(view.apply(points)))[None]
