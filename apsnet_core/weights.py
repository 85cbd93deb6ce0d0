"""Weights with everything needed to use them: safetensors, the metadata inside."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from apsnet_core.atomic import atomic_path
from apsnet_core.samplers.apsnet import APSNet
from apsnet_core.samplers.samplenet import SampleNet, SNet
from apsnet_core.tasks.classification import PointNet
from apsnet_core.tasks.reconstruction import PCAE
from apsnet_core.tasks.registration import PCRNet

Architecture = Literal["apsnet", "samplenet", "snet", "pointnet", "pcae", "pcrnet"]
TaskName = Literal["classification", "reconstruction", "registration"]


class WeightsError(Exception):
    """A weights file that cannot be used: ``path`` and a sentence that says why."""

    def __init__(self, path: str | Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = Path(path)
        self.why = why


class Metadata(BaseModel):
    """What the tensors do not say. ``method`` is a sampler's name, None for a task net.

    ``sizes`` are the sample sizes it was trained for, ``points`` the points of a training cloud,
    ``normalisation`` and ``up`` what a cloud must be brought to before the network sees it.
    """

    model_config = ConfigDict(extra="forbid")

    architecture: Architecture
    method: Literal["apsnet", "apsnet_kd", "samplenet", "snet"] | None = None
    task: TaskName
    sizes: list[int] = []
    classes: list[str] = []
    neighbours: int | None = None
    points: int
    normalisation: Literal["unit_sphere", "unit_cube", "none"]
    up: Literal["y", "z"]
    data: str
    licence: str = ""
    task_weights: str | None = None
    training: dict[str, str | int | float | bool | list[int] | None] = {}
    scores: dict[str, float] = {}
    note: str = ""


def build(metadata: Metadata) -> nn.Module:
    """The untrained network that ``metadata`` describes."""
    match metadata.architecture:
        case "apsnet":
            return APSNet()
        case "samplenet":
            return SampleNet(metadata.sizes[0], k=metadata.neighbours or 8)
        case "snet":
            return SNet(metadata.sizes[0])
        case "pointnet":
            return PointNet(len(metadata.classes))
        case "pcae":
            return PCAE()
        case "pcrnet":
            return PCRNet()


def save(path: Path, tensors: dict[str, Tensor], metadata: Metadata, *, half: bool = False) -> None:
    """Write ``tensors`` and ``metadata`` atomically; ``half`` stores all but batch-norm statistics in 16 bits."""
    kept = {
        name: tensor.detach().to(torch.float16 if half and _can_halve(name, tensor) else tensor.dtype).cpu().contiguous()
        for name, tensor in tensors.items()
    }
    with atomic_path(path) as beside:
        save_file(kept, beside, metadata={"apsnet": metadata.model_dump_json()})


def load_metadata(path: Path) -> Metadata:
    """The metadata alone; raises `WeightsError`."""
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get("apsnet")
    except (SafetensorError, OSError) as error:
        raise WeightsError(path, f"not a readable safetensors file ({error})") from error
    if text is None:
        raise WeightsError(path, "holds tensors but no APSNet metadata; import it with `apsnet weights import`")
    try:
        return Metadata.model_validate_json(text)
    except ValidationError as error:
        raise WeightsError(path, f"its metadata does not fit this version: {error.errors()[0]['msg']}") from error


def load(path: Path) -> tuple[nn.Module, Metadata]:
    """The network in eval mode, in float32, and its metadata; raises `WeightsError`."""
    metadata = load_metadata(path)
    module = build(metadata)
    with safe_open(path, framework="pt") as file:
        stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    fill(module, stored, path)
    return module.eval(), metadata


def fill(module: nn.Module, stored: dict[str, Tensor], path: Path) -> None:
    """Copy ``stored`` into ``module``; every tensor must be there, finite, and of the right shape."""
    wanted = module.state_dict()
    if missing := sorted(wanted.keys() - stored.keys()):
        raise WeightsError(path, f"lacks {len(missing)} tensors, among them {missing[0]}")
    if extra := sorted(stored.keys() - wanted.keys()):
        raise WeightsError(path, f"has {len(extra)} tensors that the network does not know, among them {extra[0]}")
    for name, tensor in stored.items():
        if tensor.shape != wanted[name].shape:
            raise WeightsError(path, f"{name} is {tuple(tensor.shape)}, not {tuple(wanted[name].shape)}")
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise WeightsError(path, f"{name} holds values that are not finite")
    module.load_state_dict({name: tensor.to(wanted[name].dtype) for name, tensor in stored.items()})


def _can_halve(name: str, tensor: Tensor) -> bool:
    return tensor.is_floating_point() and "running_" not in name and "temperature" not in name
