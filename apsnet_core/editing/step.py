"""The base class of editing steps, whose values pydantic checks, and types for bounded numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Length = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Place = tuple[Finite, Finite, Finite]


class Step(BaseModel):
    """An editing step: its values cannot change, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
