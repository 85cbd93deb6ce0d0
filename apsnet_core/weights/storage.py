"""Reading and writing of networks as safetensors files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from apsnet_core.atomic import atomic_path
from apsnet_core.networks.exported import ExportedNet
from apsnet_core.networks.familiarity import Familiarity
from apsnet_core.networks.own import EXPORTED, is_own, make_net
from apsnet_core.networks.registry import sampler_network
from apsnet_core.tasks.registry import task
from apsnet_core.weights.metadata import Metadata, WeightsError, load_metadata

# The prefix of the tensors of a familiarity, which do not belong to the network.
_FAMILIAR = "familiar."


def build(metadata: Metadata) -> nn.Module:
    """Build the untrained network of ``metadata``. Raises ValueError if the network is not available."""
    network = sampler_network(metadata.architecture)
    if network is not None:
        options = {name: getattr(metadata, name) or default for name, default in network.options.items()}
        return network.build(max(metadata.sizes, default=1), **options)
    if is_own(metadata.architecture):
        return make_net(metadata.architecture)
    return task(metadata.task).build(len(metadata.classes))


def save(path: Path, tensors: Mapping[str, Tensor], metadata: Metadata, *, half: bool = False) -> None:
    """Write ``tensors`` and ``metadata`` atomically.

    With ``half`` floating-point tensors are stored in 16 bits, except batch-norm statistics and temperatures.
    """
    kept = {}
    for name, tensor in tensors.items():
        dtype = torch.float16 if half and _can_halve(name, tensor) else tensor.dtype
        kept[name] = tensor.detach().to("cpu", dtype).contiguous()
    with atomic_path(path) as beside:
        save_file(kept, beside, metadata={"apsnet": metadata.model_dump_json()})


def load(path: Path) -> tuple[nn.Module, Metadata]:
    """Return the network, in eval mode and float32, and its metadata. Raises `WeightsError`."""
    return load_with_familiarity(path)[:2]


def load_with_familiarity(path: Path) -> tuple[nn.Module, Metadata, Familiarity | None]:
    """Return the results of `load`, and the familiarity in a task net's file, or None if it has none."""
    metadata = load_metadata(path)
    stored, familiar = read_tensors(path), None
    try:
        exported = metadata.architecture == EXPORTED
        module = ExportedNet(stored.get("program", torch.zeros(0))) if exported else build(metadata)
    except ValueError as why:
        raise WeightsError(path, f"needs {metadata.architecture}: {why}") from why
    if metadata.method is None:
        named = [name for name in stored if name.startswith(_FAMILIAR)]
        apart = {name.removeprefix(_FAMILIAR): stored.pop(name) for name in named}
        familiar = _familiarity(apart, task(metadata.task).feature_width, path) if apart else None
    fill(module, stored, path)
    return module.eval(), metadata, familiar


def rewrite_metadata(
    source: Path, target: Path, metadata: Metadata, familiarity: Familiarity | None = None
) -> None:
    """Write the tensors of ``source``, bit for bit, to ``target`` with other ``metadata``.

    ``familiarity``, if given, replaces the one in ``source``.
    """
    tensors = read_tensors(source)
    if familiarity is not None:
        tensors |= {_FAMILIAR + name: tensor for name, tensor in familiarity.state_dict().items()}
    save(target, tensors, metadata)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return all tensors of a safetensors file. Raises `WeightsError` if the file cannot be read."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError) as error:
        raise WeightsError(path, f"is not a readable safetensors file ({error})") from error


def _familiarity(stored: Mapping[str, Tensor], width: int | None, path: Path) -> Familiarity:
    means = stored.get("means")
    if width is None:
        width = means.shape[-1] if means is not None and means.ndim else 0
    familiar = Familiarity(len(means) if means is not None and means.ndim else 0, width)
    fill(familiar, stored, path)
    if not len(familiar.means) or not bool((familiar.spread > 0).all()):
        raise WeightsError(path, "holds no features of its training shapes, or their spread is not above 0")
    if bool((familiar.reach.diff() < 0).any()):
        raise WeightsError(path, "has distances in reach that do not increase")
    return familiar.eval()


def fill(module: nn.Module, stored: Mapping[str, Tensor], path: str | Path) -> None:
    """Copy ``stored`` into ``module``. Every tensor must be present, finite, and of the right shape.

    Raises `WeightsError` otherwise.
    """
    wanted = module.state_dict()
    network = type(module).__name__
    if missing := sorted(wanted.keys() - stored.keys()):
        raise WeightsError(path, f"lacks {len(missing)} of the tensors of {network}, among them {missing[0]}")
    if extra := sorted(stored.keys() - wanted.keys()):
        raise WeightsError(
            path, f"has {len(extra)} tensors that {network} does not know, among them {extra[0]}"
        )
    for name, tensor in stored.items():
        if tensor.shape != wanted[name].shape:
            raise WeightsError(path, f"has {name} as {tuple(tensor.shape)}, not {tuple(wanted[name].shape)}")
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise WeightsError(path, f"has values in {name} that are not finite")
    module.load_state_dict({name: tensor.to(wanted[name].dtype) for name, tensor in stored.items()})


def _can_halve(name: str, tensor: Tensor) -> bool:
    return tensor.is_floating_point() and "running_" not in name and "temperature" not in name
