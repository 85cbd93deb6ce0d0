"""APSNet as a layer in a training loop of one's own: batches, gradients, the sampling loss of the paper."""

import torch

import apsnet_core as apsnet
from apsnet_core.networks import APSNet

torch.manual_seed(0)
sampler = APSNet()
classifier = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16 * 3, 2))
optimiser = torch.optim.Adam([*sampler.parameters(), *classifier.parameters()], lr=2e-3)


def batch(size: int = 8) -> tuple[torch.Tensor, torch.Tensor]:
    """Balls (B, 256, 3), every second one flattened, and which they are (B,)."""
    label = torch.arange(size) % 2
    points = torch.nn.functional.normalize(torch.randn(size, 256, 3), dim=-1)
    points[:, :, 1] *= 1.0 - 0.8 * label[:, None]
    return points, label


losses = []
for _ in range(12):
    points, label = batch()
    generated = sampler(points, 16).points  # (B, 16, 3), differentiable
    task = torch.nn.functional.cross_entropy(classifier(generated), label)
    loss = task + apsnet.sampling_loss(generated, points)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
print(f"loss {losses[0]:.3f} before, {losses[-1]:.3f} after {len(losses)} steps")
assert losses[-1] < losses[0]
