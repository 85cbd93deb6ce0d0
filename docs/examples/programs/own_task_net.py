"""A sampler trained in front of a task net of one's own, judged by it, and used by the name of its run."""

import sys
from pathlib import Path

import torch

import apsnet_core as apsnet
from apsnet_core.assets import asset


class Furniture(torch.nn.Module):
    """Any module that takes (B, N, 3) to logits (B, classes)."""

    def __init__(self) -> None:
        super().__init__()
        self.points = torch.nn.Sequential(torch.nn.Linear(3, 64), torch.nn.ReLU(), torch.nn.Linear(64, 128))
        self.answer = torch.nn.Linear(128, 9)

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        return self.answer(self.points(points).amax(dim=1))


if __name__ == "__main__":
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "own-task-net")
    recipe = {
        "model": "apsnet", "task": "classification", "data": "furniture", "points": 256, "sizes": [16],
        "task_net": f"{Path(__file__).resolve()}:Furniture",
        "optimisation": {"epochs": 1, "batch_size": 32, "learning_rate": 1e-3},
    }  # fmt: skip
    run = apsnet.train(recipe, out)
    sampling = apsnet.sample(asset("shapes", "chair.obj"), 16, weights=str(run.best))
    print(run.name, "gives", sampling)
