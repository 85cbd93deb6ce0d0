"""Checkpoints of the public APSNet, SampleNet, PointNet, PCAE and PCRNet code, recognised by their keys.

Only the names and shapes of their tensors are used. Our networks differ in two ways: 1x1 convolutions are
linear layers, and SampleNet's last layer is ordered by points, not by axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from torch import Tensor, nn

from apsnet_core.networks.registry import sampler_network
from apsnet_core.tasks.registry import DEFAULT, task_of_network
from apsnet_core.weights.metadata import Metadata, WeightsError
from apsnet_core.weights.storage import build, fill

Part = Literal["sampler", "task"]

# The keys that identify each architecture, the most specific one first.
_SIGNATURES: list[tuple[str, set[str]]] = [
    ("apsnet", {"conv1.weight", "bn1.weight", "lstm.weight_ih_l0"}),
    ("samplenet", {"conv1.weight", "bn1.weight", "bn_fc1.weight", "fc4.weight"}),
    ("pointnet", {"feat.conv1.weight", "feat.stn.conv1.weight", "fc3.weight"}),
    ("pcae", {"encoder.conv1.weight", "decoder.fc3.weight"}),
    ("pcrnet", {"feat.conv5.weight", "fc6.weight"}),
]
_WRAPPERS = ("model_state_dict", "state_dict", "model", "net", "network")
# Layers that one version of the public APSNet contains but does not use.
_UNUSED_BY_APSNET = (
    "conv6.",
    "conv7.",
    "fc1.",
    "fc2.",
    "fc3.",
    "fc4.",
    "bn_fc1.",
    "bn_fc2.",
    "bn_fc3.",
    "project.",
)


def load_published(state_dict: Mapping[str, Any], part: Part | None = None) -> nn.Module:
    """Return the network of a published ``state_dict``, in eval mode, with the outputs of the published code.

    Prefixes such as ``module.`` and a checkpoint that contains the state dict are handled. If there is a
    sampler inside a task net, ``part`` selects one; the sampler is the default. Raises ValueError if the
    state dict does not fit.
    """
    return convert(state_dict, part)[0]


def convert(state_dict: Mapping[str, Any], part: Part | None) -> tuple[nn.Module, str]:
    """Return the network of `load_published`, and the architecture recognised."""
    parts = dict(_parts(_tensors(state_dict)))
    if part is not None:
        parts = {name: own for name, own in parts.items() if samples(name) == (part == "sampler")}
    if not parts:
        raise ValueError(
            "holds none of the networks that can be imported, the published APSNet, SampleNet, PointNet, "
            "PCAE and PCRNet" + (f" (as {part})" if part else "")
        )
    architecture = next(name for name, _ in _SIGNATURES if name in parts)
    return _network(architecture, parts[architecture]), architecture


def samples(architecture: str) -> bool:
    """Whether ``architecture`` is a sampler; otherwise it is a task net."""
    return sampler_network(architecture) is not None


def _tensors(state_dict: Mapping[str, Any]) -> dict[str, Tensor]:
    for wrapper in _WRAPPERS:
        if isinstance(inner := state_dict.get(wrapper), Mapping):
            return _tensors(inner)
    return {str(name): value for name, value in state_dict.items() if isinstance(value, Tensor)}


def _parts(tensors: dict[str, Tensor]) -> Iterator[tuple[str, dict[str, Tensor]]]:
    """Yield every network in ``tensors``, with any prefix, and only its own tensors."""
    prefixes = {name[: i + 1] for name in tensors for i, letter in enumerate(name) if letter == "."} | {""}
    rest = dict(tensors)
    # The innermost first, because the tensors of a sampler inside a task net do not belong to the task net.
    for prefix in sorted(prefixes, key=len, reverse=True):
        own = {name[len(prefix) :]: value for name, value in rest.items() if name.startswith(prefix)}
        for architecture, signature in _SIGNATURES:
            if signature <= own.keys():
                yield architecture, own
                rest = {name: value for name, value in rest.items() if not name.startswith(prefix)}
                break


def _network(architecture: str, theirs: dict[str, Tensor]) -> nn.Module:
    if architecture == "pointnet" and theirs["feat.conv1.weight"].shape[1] != 3:
        raise ValueError(
            f"is a PointNet that reads {theirs['feat.conv1.weight'].shape[1]} values per point (trained with "
            "normals); only networks that read x, y and z can be imported"
        )
    if architecture == "apsnet":
        theirs = {k: v for k, v in theirs.items() if not k.startswith(_UNUSED_BY_APSNET)}
    network = build(_outline(architecture, theirs))
    tracked = {
        name: value for name, value in network.state_dict().items() if name.endswith("num_batches_tracked")
    }
    ours: dict[str, Tensor] = dict(tracked)
    left = dict(theirs)
    for prefix, their_prefix in _LAYERS[architecture]:
        for name in [name for name in left if name.startswith(f"{their_prefix}.") or name == their_prefix]:
            value = left.pop(name)
            if value.ndim == 3 and value.shape[-1] == 1:
                value = value[..., 0]
            if architecture == "samplenet" and their_prefix == "fc4" and len(value) % 3 == 0:
                value = value.view(3, len(value) // 3, *value.shape[1:]).transpose(0, 1).flatten(0, 1)
            ours[prefix + name[len(their_prefix) :]] = value
    try:
        fill(network, {**ours, **left}, architecture)
    except WeightsError as error:
        raise ValueError(f"looks like the published {architecture}, but {error.why}") from error
    return network.eval()


def _outline(architecture: str, theirs: dict[str, Tensor]) -> Metadata:
    """The minimal metadata to build the network for the tensors ``theirs``."""
    row = task_of_network(architecture)
    return Metadata(
        architecture=architecture,
        method=architecture if samples(architecture) else None,
        task=row.name if row else DEFAULT,
        sizes=[max(1, len(theirs["fc4.weight"]) // 3)] if architecture == "samplenet" else [],
        classes=[""] * len(theirs["fc3.weight"]) if architecture == "pointnet" else [],
        points=1,
        normalisation="none",
        up="y",
        data="",
    )


def _numbered(
    ours: str, theirs: str, count: int, *, stride: int = 1, start: int = 0
) -> list[tuple[str, str]]:
    return [(f"{ours}.{start + stride * i}", f"{theirs}{i + 1}") for i in range(count)]


def _transform_net(ours: str, theirs: str) -> list[tuple[str, str]]:
    return [
        *_numbered(f"{ours}.points", f"{theirs}.conv", 3, stride=3),
        *_numbered(f"{ours}.points", f"{theirs}.bn", 3, stride=3, start=1),
        *_numbered(f"{ours}.head", f"{theirs}.fc", 2, stride=3),
        (f"{ours}.head.1", f"{theirs}.bn4"),
        (f"{ours}.head.4", f"{theirs}.bn5"),
        (f"{ours}.last", f"{theirs}.fc3"),
    ]


# Pairs of our layer's name and the published one.
_LAYERS: dict[str, list[tuple[str, str]]] = {
    "apsnet": [
        *_numbered("features.linear", "conv", 5),
        *_numbered("features.norm", "bn", 5),
        ("lstm", "lstm"),
    ],
    "samplenet": [
        *_numbered("generator.features.linear", "conv", 5),
        *_numbered("generator.features.norm", "bn", 5),
        *_numbered("generator.linear", "fc", 3),
        *_numbered("generator.norm", "bn_fc", 3),
        ("generator.head", "fc4"),
        ("temperature", "project._temperature"),
    ],
    "pointnet": [
        *_transform_net("align_points", "feat.stn"),
        *_transform_net("align_features", "feat.fstn"),
        ("local.0", "feat.conv1"),
        ("local.1", "feat.bn1"),
        ("wide.0.0", "feat.conv2"),
        ("wide.0.1", "feat.bn2"),
        ("wide.1", "feat.conv3"),
        ("wide.2", "feat.bn3"),
        ("head.0", "fc1"),
        ("head.1", "bn1"),
        ("head.3", "fc2"),
        ("head.5", "bn2"),
        ("head.7", "fc3"),
    ],
    "pcae": [
        *_numbered("encoder", "encoder.conv", 5, stride=3),
        *_numbered("encoder", "encoder.bn", 5, stride=3, start=1),
        *_numbered("decoder", "decoder.fc", 3, stride=2),
    ],
    "pcrnet": [
        *_numbered("encoder", "feat.conv", 5, stride=2),
        *_numbered("head", "fc", 6, stride=2),
    ],
}
