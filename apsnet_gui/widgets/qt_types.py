"""Aliases for types that Qt does not specify, each with a reason."""

from __future__ import annotations

from typing import Any

Ignored = object
"""An argument of a signal that the slot ignores, because it reads the session instead."""

QtValue = Any
"""The value of a model for a role: a text, a colour, a picture, a number, or None."""
