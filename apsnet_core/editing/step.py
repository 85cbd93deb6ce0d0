"""What all steps are: frozen values that pydantic checks, and the bounds of their numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Length = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Place = tuple[Finite, Finite, Finite]


class Step(BaseModel):
    """Values that do not change, and no others than those named."""

    model_config = ConfigDict(frozen=True, extra="forbid")
