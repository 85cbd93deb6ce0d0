"""What was made from a cloud, remembered for as long as the cloud is there."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import ParamSpec, TypeVar, cast
from weakref import ref

P = ParamSpec("P")
R = TypeVar("R")


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function give the same object for equal arguments; of more than ``most`` the last are kept.

    As `functools.lru_cache`, but clouds, meshes, results and all else that equals nothing but itself are not
    kept alive: once one of them is gone, so is what was made from it. The result may be one of the arguments;
    it must not hold one in another way.
    """

    def remembering(function: Callable[P, R]) -> Callable[P, R]:
        found: dict[Hashable, tuple[R | None, int, list[ref[object]]]] = {}

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> R:
            given = [*args, *kwargs.values()]
            key = (*(ref(each) if _equals_itself_alone(each) else each for each in given), *kwargs)
            known = found.pop(key, None)
            if known is None:
                result = function(*args, **kwargs)
                place = next((i for i, each in enumerate(given) if each is result), -1)
                # A reference calls with itself, which `pop` takes for what to give where there is none.
                watched = [ref(each, partial(found.pop, key)) for each in given if _equals_itself_alone(each)]
                known = None if place >= 0 else result, place, watched
            found[key] = known  # the last one now
            for old in list(found)[:-most]:
                found.pop(old, None)
            kept, place, _ = known
            return cast(R, given[place] if place >= 0 else kept)

        return ask

    return remembering


def _equals_itself_alone(argument: object) -> bool:
    kind = type(argument)
    return kind.__hash__ is object.__hash__ and bool(kind.__weakrefoffset__)
