"""A network that contains APSNet works with torch's own tools: opcheck, compile, export and vmap."""

from __future__ import annotations

import hashlib
import io

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from apsnet_core.networks import APSNet, APSNetPlus
from apsnet_core.networks.apsnet_loop import rollout
from apsnet_core.networks.digest import network_digest
from tests.core.small_networks import clouds, randomised


class Sampled(nn.Module):
    """A typical user's network: a sampler, and a small network whose input is the sample."""

    def __init__(self, sampler: nn.Module) -> None:
        super().__init__()
        self.sampler, self.reader = randomised(sampler), nn.Linear(3, 5)

    def forward(self, points: Tensor) -> Tensor:
        read = self.reader(self.sampler(points, 7).points)
        assert isinstance(read, Tensor)
        return read.amax(1)


@pytest.fixture(scope="module", params=[APSNet, APSNetPlus])
def network(request: pytest.FixtureRequest) -> nn.Module:
    return Sampled(request.param()).eval()


def test_the_custom_operation_passes_torchs_opcheck() -> None:
    network = randomised(APSNet()).double()
    points = clouds(2, 12, dtype=torch.float64)
    features = network.features(points).detach().requires_grad_()
    given = (
        features,
        points.requires_grad_(),
        features.detach().amax(1).requires_grad_(),
        *network.lstm_weights,
        3,
        True,
    )
    torch.library.opcheck(rollout, given)


@pytest.mark.parametrize("learns", [False, True])
def test_the_network_compiles_as_one_graph_for_any_size(network: nn.Module, learns: bool) -> None:
    compiled = torch.compile(network, backend="aot_eager", fullgraph=True, dynamic=True)
    with torch.set_grad_enabled(learns):
        for batch, n in ((2, 30), (3, 41)):
            points = clouds(batch, n)
            torch.testing.assert_close(compiled(points), network(points))
            if learns:
                wanted = list(network.parameters())
                ours = torch.autograd.grad(compiled(points).sum(), wanted)
                theirs = torch.autograd.grad(network(points).sum(), wanted)
                torch.testing.assert_close(ours, theirs)


def test_the_network_is_exported_and_loaded_for_any_number_of_points(network: nn.Module) -> None:
    sizes = {0: torch.export.Dim("clouds", min=2), 1: torch.export.Dim("points", min=16)}
    with torch.no_grad():
        program = torch.export.export(network, (clouds(2, 30),), dynamic_shapes=({**sizes},))
        file = io.BytesIO()
        torch.export.save(program, file)
        file.seek(0)
        loaded = torch.export.load(file).module()
        points = clouds(3, 55, seed=4)
        torch.testing.assert_close(loaded(points), network(points))


def test_vmap_works_over_clouds_and_over_weights(network: nn.Module) -> None:
    sets = torch.stack([clouds(2, 30, seed=seed) for seed in range(3)])
    with torch.no_grad():
        mapped = torch.vmap(network)(sets)
        torch.testing.assert_close(mapped, torch.stack([network(points) for points in sets]))

    sampler, points = APSNet().eval(), sets[0]
    several = [randomised(APSNet(), seed=seed) for seed in range(3)]
    weights, buffers = torch.func.stack_module_state(several)

    def generated(*tensors: dict[str, Tensor]) -> Tensor:
        rollout = torch.func.functional_call(sampler, tensors, (points, 5))
        assert isinstance(rollout.points, Tensor)
        return rollout.points

    with torch.no_grad():
        mapped = torch.vmap(generated)(weights, buffers)
        torch.testing.assert_close(mapped, torch.stack([each(points, 5).points for each in several]))


def test_a_rollout_without_a_tape_refuses_a_gradient() -> None:
    network, points = randomised(APSNet()), clouds(1, 9)
    features = network.features(points)
    with pytest.raises(RuntimeError, match="keep=True"):
        rollout(features, points, features.amax(1), *network.lstm_weights, 3, False)


def test_a_gradient_that_the_loop_does_not_have_is_refused() -> None:
    network, points = randomised(APSNet()), clouds(1, 12).requires_grad_()
    (first,) = torch.autograd.grad(network(points, 3).points.sum(), points, create_graph=True)
    with pytest.raises(NotImplementedError, match="no second derivative"):
        first.square().sum().backward()
    with forward_ad.dual_level(), pytest.raises(NotImplementedError, match="reverse-mode"):
        network(points, 3)


def test_a_digest_has_the_bytes_of_every_tensor() -> None:
    net = nn.Linear(2, 3)
    net.register_buffer("steps", torch.tensor(7))
    stored = [(name, tensor.numpy().tobytes()) for name, tensor in net.state_dict().items()]
    assert network_digest(net) == hashlib.sha256(b"".join(n.encode() + raw for n, raw in stored)).digest()
    half = nn.Linear(2, 3).to(torch.bfloat16)
    before = network_digest(half)
    with torch.no_grad():
        half.weight[0, 0] += 1
    assert network_digest(half) != before
