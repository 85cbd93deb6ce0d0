"""One range of colours for the attention of all compared methods, so that the colours are comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from apsnet_gui.state.document import Look
from apsnet_gui.state.result import Result
from apsnet_gui.views.document_scene import heat

DECADES = 1e-6  # the low end of a logarithmic range, relative to its high end, is at least this


def same_range(look: Look, results: Sequence[Result], step: int) -> Look:
    """``look`` with a colour range that covers the attention of all ``results`` at ``step``.

    Ends that the user has set are not changed. Step 0 means the last step of each result.
    """
    if not results:
        return look
    steps = [min(step or result.sampling.m, result.sampling.m) for result in results]
    added = look.attention_mode == "sum"
    values = [heat(result, None if added else at) for result, at in zip(results, steps, strict=True)]
    high = look.heat_to or max(float(each.max()) for each in values)
    low = look.heat_from
    if look.logarithmic and not low:
        low = max(min(float(each.min()) for each in values), high * DECADES)
    return replace(look, heat_from=low, heat_to=high)
