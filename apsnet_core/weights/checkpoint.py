"""Reading of ``.pth`` checkpoints without running any code in them."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from apsnet_core.weights.metadata import WeightsError


def read_checkpoint(path: Path) -> Mapping[str, Any]:
    """Return the contents of a ``.pth`` without running any code in it. Raises `WeightsError`."""
    old, new = "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"
    scalar = np._core.multiarray.scalar  # type: ignore[attr-defined]  # numpy declares no types for it
    # The public code stores its scores as numpy scalars next to the tensors.
    harmless: list[Any] = [(scalar, old), (scalar, new), np.dtype, type(np.dtype("f8")), type(np.dtype("f4"))]
    try:
        with torch.serialization.safe_globals(harmless):
            contents = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(path, f"cannot be read ({error.strerror or error})") from error
    except pickle.UnpicklingError as error:
        if "Unsupported global" in str(error) or "GLOBAL" in str(error):
            why = (
                "holds more than tensors, and could run code: save only `model.state_dict()` and import that"
            )
            raise WeightsError(path, why) from error
        raise WeightsError(path, "is not a PyTorch checkpoint, or is damaged") from error
    except Exception as error:  # torch reads a file that is not a checkpoint until any error occurs
        raise WeightsError(path, "is not a PyTorch checkpoint, or is damaged") from error
    if not isinstance(contents, Mapping):
        raise WeightsError(path, f"holds a {type(contents).__name__}, not a state dict")
    return contents
