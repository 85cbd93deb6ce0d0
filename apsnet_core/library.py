"""What `import apsnet_core as apsnet` offers: sample, compare, evaluate, train; shapes of any library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from operator import index
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.conversions import parts_of
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.shapes import SHAPES, shape_in_memory
from apsnet_core.tasks.registry import DEFAULT, tasks
from apsnet_core.types import Unchecked

if TYPE_CHECKING:
    import torch
    from torch import nn

    from apsnet_core.datasets.pairs import PairMode
    from apsnet_core.datasets.parts import Part
    from apsnet_core.evaluation.comparison.comparison import Comparison
    from apsnet_core.evaluation.table.facing import Facing
    from apsnet_core.evaluation.table.table import Table
    from apsnet_core.networks.device import Device
    from apsnet_core.ops.orientation import Up
    from apsnet_core.training.runs import Run


def sample(
    x: Unchecked,
    m: int,
    method: str | MethodSpec = "apsnet",
    *,
    task: str = DEFAULT,
    weights: str | None = None,
    seed: int = 0,
    up: str | None = None,
    device: Device | torch.device | None = None,
) -> Any:
    """``m`` points of ``x`` by ``method``: a `Sampling`, or a list of them for a batch of clouds.

    ``x`` is a path, an array or tensor (n, 3) of any numbers, nested lists, a `PointCloud`, a `TriangleMesh`,
    an object of Open3D or trimesh, a table with columns x, y and z; (B, n, 3), or a list of such shapes, is a
    batch. Of a mesh 2048 points of its surface are sampled. ``weights`` are those of a learned method: a
    name, a run or a path. ``up`` is the axis that points up, guessed unless it is given.
    ``device`` is where its network runs: cpu, cuda, or auto, the GPU where there is one.

    ValueError with one sentence where the shape, or the method, cannot give m points; `ReadError` for a file.

    >>> import numpy as np
    >>> cloud = np.random.default_rng(0).random((1024, 3))
    >>> sampling = sample(cloud, 32, "farthest_point")
    >>> sampling.points.shape, sampling.rows.shape
    ((32, 3), (32,))
    """
    from apsnet_core.methods.creating import create

    m = _size(m)
    with _networks_on(device):
        sampler = create(_spec(method, weights), task, up, m=m)
        clouds = batch_of(x)
        if clouds is None:
            return sampler.sample(cloud_of(x), m, seed)
        return sampler.sample_all(clouds, m, seed)


def compare(
    x: Unchecked,
    methods: str | Sequence[str | MethodSpec] = ("farthest_point", "samplenet", "apsnet"),
    sizes: int | Sequence[int] = (8, 32),
    *,
    task: str | None = None,
    seed: int = 0,
    up: str | None = None,
    net: str | None = None,
    device: Device | torch.device | None = None,
) -> Comparison:
    """``x``, one shape as of `sample`, by every method at every size, each once: distances, coverage, times.

    With ``task`` its net, or the ``net`` of that name or path, also says what it makes of each sample.
    ``device``, and ValueError, as of `sample`.

    >>> import numpy as np
    >>> cloud = np.random.default_rng(0).random((500, 3))
    >>> [(row.label, row.m) for row in compare(cloud, "random,farthest_point", [8]).rows]
    [('Random', 8), ('Farthest point', 8)]
    """
    from apsnet_core.evaluation.comparison.compare import compare as measure

    with _networks_on(device):
        return measure(cloud_of(x), _specs(methods), _sizes(sizes), seed=seed, task=task, up=up, net=net)


def evaluate(
    data: str | PathLike[str],
    methods: str | Sequence[str | MethodSpec] | None = None,
    sizes: int | Sequence[int] | None = None,
    *,
    table: str | None = None,
    task: str | None = None,
    net: str | None = None,
    seeds: int = 3,
    shapes: int | None = None,
    split: Part | Literal["all"] = "test",
    classes: Sequence[str] | None = None,
    paired: Sequence[str] = (),
    pairs: PairMode = "exact",
    turns: int = 1,
    up: Up | None = None,
    fold: str | None = None,
    facing: Facing = "stored",
    separate: bool = False,
    ablation: bool = False,
    out: str | PathLike[str] | None = None,
    device: Device | torch.device | None = None,
) -> Table:
    """Methods at several sizes on the test part of a dataset, as Tables 1, 2 and 5 of the paper.

    ``data`` is a folder or a name that `apsnet data list` knows. Without ``methods``, ``sizes`` and ``task``
    they are those of ``table`` ("1", "2", "3", "5" or "fig3" of the paper), else what `apsnet evaluate`
    takes. The other arguments are its options too: ``net`` the task net by name or path, ``seeds`` the runs
    of methods that start at random, ``shapes`` the most test shapes to take, ``split`` another part of the
    data, ``classes`` the only ones to take, ``paired`` tests such as ``["apsnet,samplenet:m"]`` or
    ``["all"]``, ``pairs`` and ``turns`` how registration is asked about, ``up`` what points up in the data,
    ``fold`` "2/5" the second of five parts of a cross-validation, ``facing`` "known" each class turned as
    the net knows it, ``separate`` and ``ablation`` the APSNets of Fig. 3 and Table 3. ``out`` gets the report
    where it is given. ``device`` as of `sample`. ValueError with one sentence for what cannot be measured.
    """
    from apsnet_core.batch.evaluation import Evaluation
    from apsnet_core.evaluation.table.report import write_table

    with _networks_on(device):
        found = (
            Evaluation(
                data=data if isinstance(data, str) else Path(data),
                table=table,
                methods=None if methods is None else _specs(methods),
                sizes=None if sizes is None else _sizes(sizes),
                task=task,
                net=net,
                seeds=seeds,
                shapes=shapes,
                split=split,
                classes=classes,
                paired=paired,
                pairs=pairs,
                turns=turns,
                up=up,
                fold=fold,
                facing=facing,
                separate=separate,
                ablation=ablation,
            )
            .open()
            .measure()
        )
    if out is not None:
        write_table(found, Path(out), "apsnet.evaluate(...)")
    return found


def train(
    recipe: str | PathLike[str] | Mapping[str, Any],
    out: str | PathLike[str] | None = None,
    changes: Sequence[str] = (),
) -> Run:
    """Train a task net or a sampler, and give its run: ``run.best`` are the weights, by ``run.name`` too.

    ``recipe`` is a TOML file, the name of a recipe that ships, or its values; ``changes`` are
    ``"optimisation.epochs=5"``. ``out`` is the run's folder. `ConfigError` or `TrainingFailed` with one
    sentence.
    """
    from apsnet_core.training.config import make_config, override
    from apsnet_core.training.recipes import configured
    from apsnet_core.training.run_training import start
    from apsnet_core.training.runs import Run, free_folder
    from apsnet_core.weights.run_folders import runs_folder

    folder = None if out is None else Path(out)
    if isinstance(recipe, Mapping):
        config = make_config(override(recipe, changes))
        name = config.name or (folder.name if folder else f"{config.task}-{config.model}")
        config = config.model_copy(update={"name": name})
    else:
        config = configured(str(recipe), changes, folder)
    run = Run(folder or free_folder(runs_folder() / config.name))
    start(config, run.folder)
    return run


def task_net(name: str = DEFAULT) -> nn.Module:
    """A task net in evaluation mode, frozen: that of a task, or of weights by name, run or path.

    PointNet takes (B, N, 3) to logits, PCAE to (B, 2048, 3), PCRNet two clouds to a `Pose`.

    >>> import torch
    >>> task_net("reconstruction")(torch.zeros(1, 64, 3)).shape
    torch.Size([1, 2048, 3])
    """
    from apsnet_core.weights import find_task_net, load
    from apsnet_core.weights.listing import named

    entry = find_task_net(name) if name in [row.name for row in tasks()] else named(name)
    network, _ = load(entry.path)
    return network.eval().requires_grad_(False)


def shape_of(x: Unchecked) -> PointCloud | TriangleMesh:
    """Any shape that `sample` takes as what this package reads; ValueError or `ReadError` for others.

    >>> shape_of([[0, 0, 0], [0, 0, 2.5]])
    PointCloud(2 points, 0 x 0 x 2.5, an array)
    """
    if isinstance(x, PointCloud | TriangleMesh):
        return x
    if isinstance(x, str | PathLike):
        from apsnet_core.files import read

        return read(x)
    try:
        return shape_in_memory(x)
    except TypeError as error:
        raise ValueError(f"{error}: give a path, {SHAPES}") from None


def cloud_of(x: Unchecked) -> PointCloud:
    """Any shape that `sample` takes, as points: those of a mesh are drawn evenly from its surface.

    >>> import numpy as np
    >>> corners = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    >>> len(cloud_of(TriangleMesh.from_array(corners, np.array([[0, 1, 2]]))))
    2048
    """
    from apsnet_core.files.open_cloud import SURFACE_POINTS
    from apsnet_core.ops.surface import sample_surface

    shape = shape_of(x)
    return shape if isinstance(shape, PointCloud) else sample_surface(shape, SURFACE_POINTS)


def batch_of(x: Unchecked) -> list[PointCloud] | None:
    """The clouds of a batch, (B, n, 3) or a list of shapes; None where ``x`` is one shape.

    >>> import numpy as np
    >>> len(batch_of(np.zeros((4, 100, 3)))), batch_of(np.zeros((100, 3)))
    (4, None)
    """
    if isinstance(x, list | tuple) and not _is_numbers(x):
        return [cloud_of(each) for each in x]
    if getattr(x, "ndim", 2) == 3:
        parts = parts_of(x)
        return None if parts is None else [PointCloud.from_array(xyz) for xyz in parts.xyz]
    return None


def _is_numbers(values: Sequence[Any]) -> bool:
    """Whether a list is one cloud: rows of plain numbers, or arrays and tensors of one row each."""
    first = values[0] if values else ()
    if isinstance(first, list | tuple):
        return all(isinstance(each, int | float) for each in first)
    return getattr(first, "ndim", None) == 1


def _networks_on(device: Device | torch.device | None) -> AbstractContextManager[None]:
    if device is None:
        return nullcontext()
    from apsnet_core.networks.device import on_device

    return on_device(device)


def _spec(method: str | MethodSpec, weights: str | None = None) -> MethodSpec:
    spec = method if isinstance(method, MethodSpec) else MethodSpec.parse(method)
    return spec if weights is None else MethodSpec.parse(f"{spec}@{weights}")


def _specs(methods: str | Sequence[str | MethodSpec]) -> list[MethodSpec]:
    texts = methods.split(",") if isinstance(methods, str) else methods
    if not texts:
        raise ValueError("name at least one method, as 'farthest_point' or 'apsnet:m'")
    return list(dict.fromkeys(_spec(text) for text in texts))


def _size(m: int) -> int:
    try:
        return index(m)
    except TypeError:
        raise ValueError(f"m is a whole number of points from 1, not {m!r}") from None


def _sizes(sizes: int | Sequence[int]) -> list[int]:
    """One number of points, or several."""
    each: list[Any] = list(sizes) if isinstance(sizes, Iterable) and not isinstance(sizes, str) else [sizes]
    if not each:
        raise ValueError("name at least one number of points, as 32 or [8, 32]")
    return list(dict.fromkeys(_size(m) for m in each))
