"""The bits of a float as an integer and back, inside functions that numba compiles."""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.extending import intrinsic


def _cast(into: Any, of: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(into))

    return into(of), generate


def _float_of_bits(context: Any, bits: Any) -> Any:
    return _cast(types.float32, types.int32)


def _bits_of_float(context: Any, number: Any) -> Any:
    return _cast(types.int32, types.float32)


float_of_bits: Any = intrinsic(_float_of_bits)
bits_of_float: Any = intrinsic(
    _bits_of_float
)  # of numbers >= 0 in the order of the numbers; below 0 below them
