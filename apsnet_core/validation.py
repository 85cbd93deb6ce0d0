"""What pydantic finds wrong, without its own words around ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def why(error: ErrorDetails) -> str:
    """The sentence of one error; of a ValueError that a check raised, what the check said."""
    return error["msg"].removeprefix("Value error, ")
