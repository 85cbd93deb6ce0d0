"""A cache of results computed from clouds, each kept until its cloud is deleted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import ParamSpec, TypeVar, cast
from weakref import ref

P = ParamSpec("P")
R = TypeVar("R")


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache a function's results by its arguments; the ``most`` recently used results are kept.

    This works like `functools.lru_cache`, but arguments that are compared by identity (clouds, meshes,
    results) are held by weak references: when one of them is deleted, its results are dropped. The result may
    be one of the arguments; it must not refer to one in any other way.
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
                # A weak reference calls its callback with itself, which `pop` takes as its default value.
                watched = [ref(each, partial(found.pop, key)) for each in given if _equals_itself_alone(each)]
                known = None if place >= 0 else result, place, watched
            found[key] = known  # now the most recently used entry
            for old in list(found)[:-most]:
                found.pop(old, None)
            kept, place, _ = known
            return cast(R, given[place] if place >= 0 else kept)

        return ask

    return remembering


def _equals_itself_alone(argument: object) -> bool:
    kind = type(argument)
    return kind.__hash__ is object.__hash__ and bool(kind.__weakrefoffset__)
