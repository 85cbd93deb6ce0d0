"""The check whether a user's network can serve as a task net, with small modules for each task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from apsnet_core.networks.pcrnet import Pose
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.registry import task
from apsnet_core.tasks.trial import try_net
from tests.core.small_networks import clouds


class Net(nn.Module):
    """A module that computes a given function."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, *points: Tensor) -> Any:
        return self.answer(*points)


def turned(template: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
    """A quaternion and a shift, as plain tensors."""
    shift = template.mean(1) - source.mean(1)
    return nn.functional.normalize(torch.cat([shift[:, :1] + 1, shift], 1), dim=1), shift


def batch(pairs: bool) -> Batch:
    labels = torch.tensor([0, 1])
    if not pairs:
        return Batch(clouds(2, 12), labels)
    return Batch(clouds(2, 12), labels, clouds(2, 12, seed=1), torch.eye(3).expand(2, 3, 3))


@pytest.mark.parametrize("labels", [True, False])
@pytest.mark.parametrize(
    ("name", "net", "classes"),
    [
        ("classification", Net(lambda points: points.amax(1)), 3),
        ("reconstruction", Net(lambda points: 2 * points), 0),
        ("registration", Net(turned), 0),
        ("registration", Net(lambda a, b: Pose(*turned(a, b))), 0),
    ],
)
def test_a_network_that_fits_the_task_is_accepted(
    name: str, net: nn.Module, classes: int, labels: bool
) -> None:
    row = task(name)
    assert try_net(row, net, batch(row.pairs), [2, 5], labels=labels) == classes
    if row.pairs:
        assert isinstance(row.ask(net, batch(True).to_sample), Pose)


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("classification", lambda points: points, r"gives a tensor \(2, 12, 3\) for 2 clouds"),
        ("classification", lambda points: points.amax(1)[:, :1], "has 1 classes, but the data have"),
        ("classification", lambda points: points.detach().amax(1), "no gradient"),
        ("classification", lambda points: points.amax(1) / 0, "not finite"),
        ("reconstruction", lambda points: {"points": points}, "gives a dict"),
        ("reconstruction", lambda points: points.view(2, 36), "does not take points"),
        ("registration", lambda points: points, "does not take points"),
    ],
)
def test_a_network_that_does_not_fit_the_task_is_refused_in_a_sentence(
    name: str, answer: Callable[..., Any], why: str
) -> None:
    row = task(name)
    with pytest.raises(ValueError, match=why) as refusal:
        try_net(row, Net(answer), batch(row.pairs), [2, 5], labels=True)
    assert "\n" not in str(refusal.value)
