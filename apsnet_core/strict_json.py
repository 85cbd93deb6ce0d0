"""Values for strict JSON, which has no infinity and no NaN."""

from __future__ import annotations

import math

from apsnet_core.types import Unchecked


def strict(value: Unchecked) -> Unchecked:
    """``value`` with None (null) for every number that is not finite, text keys, and lists for tuples.

    >>> strict({"m": 8, "low": (float("-inf"), 0.5)})
    {'m': 8, 'low': [None, 0.5]}
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [strict(item) for item in value]
    return value
