"""Reinterpretation of the bits of a float as an integer and back, in functions that numba compiles."""

from __future__ import annotations

from numba.core import types
from numba.extending import intrinsic

from apsnet_core.types import Foreign


def _cast(into: Foreign, of: Foreign) -> Foreign:
    def generate(context: Foreign, builder: Foreign, signature: Foreign, arguments: Foreign) -> Foreign:
        return builder.bitcast(arguments[0], context.get_value_type(into))

    return into(of), generate


def _float_of_bits(context: Foreign, bits: Foreign) -> Foreign:
    return _cast(types.float32, types.int32)


def _bits_of_float(context: Foreign, number: Foreign) -> Foreign:
    return _cast(types.int32, types.float32)


float_of_bits: Foreign = intrinsic(_float_of_bits)
bits_of_float: Foreign = intrinsic(
    _bits_of_float
)  # for numbers >= 0 the integers have the order of the numbers; numbers below 0 give lower integers
