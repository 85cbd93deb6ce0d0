"""Methods and the places of a comparison by their texts."""

from __future__ import annotations

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.state.document import MethodAtSize


def spec(text: str) -> MethodSpec:
    return MethodSpec.parse(text)


def specs(*texts: str) -> tuple[MethodSpec, ...]:
    return tuple(map(spec, texts))


def place_of(text: str, row: int = 0) -> MethodAtSize:
    return MethodAtSize(spec(text), row)
