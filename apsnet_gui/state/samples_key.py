"""The key of samples: a text with everything that they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apsnet_core.evaluation.comparison.perturb import Perturbation

if TYPE_CHECKING:
    from apsnet_gui.state.document import Choice
    from apsnet_gui.state.open_shape import OpenShape


def key_of(entry: OpenShape, choice: Choice, change: Perturbation) -> str:
    """A text with everything that the samples of ``entry`` by ``choice`` depend on."""
    words = [entry.id, str(choice.spec), f"m={choice.m}", f"seed={choice.seed}"]
    words += [f"surface={choice.surface}"] * entry.is_mesh
    words += [f"by={choice.by}"] * (choice.by != "whole")
    if choice.spec.row.learned:
        words += [choice.task, f"up={entry.up}", f"working={choice.working}"]
    return " ".join([*words, change.words])
