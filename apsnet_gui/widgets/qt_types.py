"""Names for the types that Qt leaves open, and the reason of each."""

from __future__ import annotations

from typing import Any

Ignored = object
"""What a signal brings along: its slot looks at the session, not at what was sent."""

QtValue = Any
"""What a model gives for a role: text, a colour, a picture, a number, or None."""
