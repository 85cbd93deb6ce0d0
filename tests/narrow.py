"""Narrow the static type of a value with an assertion."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """Assert that the value is not None, and return it."""
    assert value is not None
    return value


def of_kind(kind: type[T], value: object) -> T:
    """Assert that the value is an instance of ``kind``, and return it."""
    assert isinstance(value, kind), value
    return value
