"""Error texts of pydantic, without the words that it adds to the program's own texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def why(error: ErrorDetails) -> str:
    """The message of one error; for a ValueError of the program's own check, only the text of the check."""
    return error["msg"].removeprefix("Value error, ")
