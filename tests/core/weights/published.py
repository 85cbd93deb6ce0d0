"""State dicts with the keys and shapes of the published code, and random values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torch import Tensor, nn

from tests.core.small_networks import randomised

StateDict = dict[str, Tensor]


def _convolutions(widths: Sequence[int], *, batch_norm: bool = True) -> dict[str, nn.Module]:
    layers: dict[str, nn.Module] = {}
    for i, (inputs, outputs) in enumerate(itertools.pairwise(widths), start=1):
        layers[f"conv{i}"] = nn.Conv1d(inputs, outputs, 1)
        if batch_norm:
            layers[f"bn{i}"] = nn.BatchNorm1d(outputs)
    return layers


def _connected(widths: Sequence[int]) -> dict[str, nn.Module]:
    return {f"fc{i}": nn.Linear(a, b) for i, (a, b) in enumerate(itertools.pairwise(widths), 1)}


def _state_dict(layers: dict[str, nn.Module], prefix: str = "", seed: int = 0) -> StateDict:
    network = nn.Module()
    for name, layer in layers.items():
        network.add_module(name, layer)
    return {prefix + name: value for name, value in randomised(network, seed).state_dict().items()}


def apsnet() -> StateDict:
    layers = _convolutions([3, 64, 64, 64, 128, 128])
    return _state_dict({**layers, "lstm": nn.LSTM(3, 128, 2, batch_first=True)})


def samplenet(m: int) -> StateDict:
    layers = {**_convolutions([3, 64, 64, 64, 128, 128]), **_connected([128, 256, 256, 256, 3 * m])}
    layers |= {f"bn_fc{i}": nn.BatchNorm1d(256) for i in (1, 2, 3)}
    temperature = nn.Parameter(nn.Linear(1, 1).bias.detach()[0].clone())
    return {**_state_dict(layers), "project._temperature": temperature.data}


def pointnet(classes: int, channels: int = 3) -> StateDict:
    head = {**_connected([1024, 512, 256, classes]), "bn1": nn.BatchNorm1d(512), "bn2": nn.BatchNorm1d(256)}
    return {
        **_transform_net(channels, 3, "feat.stn."),
        **_transform_net(64, 64, "feat.fstn."),
        **_state_dict(_convolutions([channels, 64, 128, 1024]), "feat."),
        **_state_dict(head),
    }


def _transform_net(channels: int, k: int, prefix: str) -> StateDict:
    layers = {**_convolutions([channels, 64, 128, 1024]), **_connected([1024, 512, 256, k * k])}
    return _state_dict({**layers, "bn4": nn.BatchNorm1d(512), "bn5": nn.BatchNorm1d(256)}, prefix)


def pcae() -> StateDict:
    encoder = _state_dict(_convolutions([3, 64, 128, 128, 256, 128]), "encoder.")
    return encoder | _state_dict(_connected([128, 256, 256, 6144]), "decoder.")


def pcrnet() -> StateDict:
    features = _state_dict(_convolutions([3, 64, 64, 64, 128, 1024], batch_norm=False), "feat.")
    return features | _state_dict(_connected([2048, 1024, 1024, 512, 512, 256, 7]))
