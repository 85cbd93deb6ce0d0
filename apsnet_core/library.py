"""The functions of `import apsnet_core as apsnet`: sample, compare, evaluate, train; any library's shapes."""

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
    """Sample ``m`` points of ``x`` by ``method``; returns a `Sampling`, or a list of them for a batch.

    - ``x``: a path, an array or tensor (n, 3) of any numeric type, nested lists, a `PointCloud`, a
      `TriangleMesh`, an object of Open3D or trimesh, or a table with columns x, y and z. An array (B, n, 3),
      or a list of shapes, is a batch. A mesh is first sampled to 2048 points on its surface.
    - ``method``: a name such as "apsnet", "apsnet:m" (matched points) or "farthest_point".
    - ``task``: the task of a learned method.
    - ``weights``: other weights for a learned method, by name, run or path.
    - ``up``: the up axis, such as "z"; guessed by default.
    - ``device``: where the network runs: "cpu", "cuda", or "auto" for a GPU if there is one.

    Raises ValueError with one sentence if the shape or the method cannot give m points, `ReadError` if a file
    cannot be read.

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
    """Compare every method at every size on one shape ``x``: distances, coverage, times.

    - ``x``, ``up``, ``device``: as in `sample`.
    - ``task``: also ask its task net for an answer to each sample.
    - ``net``: another task net, by name or path.

    Raises ValueError as `sample` does. A method that fails on a shape becomes a row with the reason.

    >>> import numpy as np
    >>> cloud = np.random.default_rng(0).random((500, 3))
    >>> [(row.label, row.m) for row in compare(cloud, "random,farthest_point", [8]).rows]
    [('Random', 8), ('Farthest point', 8)]
    """
    from apsnet_core.evaluation.comparison.compare import compare as measure

    if net is not None and task is None:
        raise ValueError(f"the task net {net} needs a task: give task too, or leave net out")
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
    classes: str | Sequence[str] | None = None,
    paired: str | Sequence[str] = (),
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
    """Score methods and sizes on the test part of a dataset, as in Tables 1, 2 and 5 of the paper.

    - ``data``: a folder, or a name from `apsnet data list`.
    - ``methods``, ``sizes``, ``task``: by default those of ``table``, otherwise those of `apsnet evaluate`.
    - ``table``: "1", "2", "3", "5" or "fig3" of the paper.
    - ``net``: another task net, by name or path.
    - ``seeds``: the number of runs of each method with a random start.
    - ``shapes``: the largest number of test shapes; ``classes``: the only classes; ``split``: another part of
      the data; ``fold``: "2/5" is the second of five parts of a cross-validation.
    - ``paired``: tests such as ``["apsnet,samplenet:m"]``, or ``["all"]`` for every pair.
    - ``pairs``, ``turns``: for registration, whether both clouds have the same points ("exact") or not
      ("resampled"), and the number of fixed rotations of each shape.
    - ``up``: the up axis of the data; ``facing="known"``: turn each class to the direction that the task net
      recognises.
    - ``separate``, ``ablation``: add the APSNets of Fig. 3 and of Table 3.
    - ``out``: a folder for the report; ``device``: as in `sample`.

    Raises ValueError with one sentence if this cannot be measured.
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
                classes=classes.split(",") if isinstance(classes, str) else classes,
                paired=[paired] if isinstance(paired, str) else paired,
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
    """Train a task net or a sampler; returns the run. ``run.best`` are its weights, named ``run.name``.

    - ``recipe``: a TOML file, the name of a recipe that ships, or a mapping of its values.
    - ``out``: the folder of the run.
    - ``changes``: settings such as ``"optimisation.epochs=5"``.

    Raises `ConfigError` or `TrainingFailed` with one sentence.
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
    """Load a frozen task net in evaluation mode; ``name`` is a task, or weights by name, run or path.

    From points (B, N, 3), PointNet returns logits and PCAE points (B, 2048, 3). PCRNet takes two clouds and
    returns a `Pose`.

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
    """Convert any shape that `sample` accepts; raises ValueError or `ReadError` for anything else.

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
    """Convert any shape that `sample` accepts to points; a mesh is sampled evenly on its surface.

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
    """The clouds of a batch, (B, n, 3) or a list of shapes; None if ``x`` is a single shape.

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
    """The sizes as a list without duplicates."""
    each: list[Any] = list(sizes) if isinstance(sizes, Iterable) and not isinstance(sizes, str) else [sizes]
    if not each:
        raise ValueError("name at least one number of points, as 32 or [8, 32]")
    return list(dict.fromkeys(_size(m) for m in each))
