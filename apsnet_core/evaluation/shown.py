"""Parts of a page's view: the attention of a sample and its task net's answer."""

from __future__ import annotations

from collections.abc import Callable

from apsnet_core.cloud import Float32
from apsnet_core.page.views import Bar
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.answer import Answer


def attention_of(sampling: Sampling) -> Callable[[Float32], Float32] | None:
    """A function that gives the attention of each sample over points of its cloud; None without attention."""
    rollout = sampling.by_sample
    return rollout.attention_over if rollout is not None and rollout.attended is not None else None


def bars_of(answer: Answer | None) -> tuple[Bar, ...]:
    """The shares in a task net's answer as bars, such as the likeliest classes."""
    figures = answer.figures() if answer else ()
    return tuple(Bar(word, text, share) for word, text, share in figures if share is not None)
