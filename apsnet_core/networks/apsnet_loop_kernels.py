"""The m steps of APSNet's loop, forward and backward, as functions that numba compiles (Eq. 2 and 3).

Four clouds go through a step together, so that the LSTM's matrices are read once for all four. Each cloud
attends to its own features, which stay in the cache during all its steps. Every sum is computed in the same
order for any number of clouds, so no result depends on the rest of the batch.

All numbers are in single precision; matrices are stored as (inputs, outputs). Importing this module compiles
it, which takes seconds, or loads the functions compiled earlier. `apsnet_core.networks.apsnet_loop_compiled`
imports it when this is worth the time.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from apsnet_core.ops.bit_kernels import float_of_bits
from apsnet_core.ops.compiled import compiled

Array = Any  # a numpy array for mypy, and numba's own array for numba

_ONE, _TWO, _HALF = np.float32(1), np.float32(2), np.float32(0.5)
_PER_LN2 = np.float32(1 / math.log(2))
# ln 2 in two parts. The first has so few bits that its product with an integer is exact.
_LN2_HIGH = np.float32(0.693359375)
_LN2_LOW = np.float32(math.log(2) - 0.693359375)
_C2, _C3, _C4, _C5, _C6, _C7 = (np.float32(1 / math.factorial(k)) for k in range(2, 8))
_BLOCK = 4
_LINE = 16  # numbers in a cache line

_VECTOR, _MATRIX, _TENSOR = "float32[::1]", "float32[:,::1]", "float32[:,:,::1]"
_GATES, _CELLS = "float32[:,:,:,:,::1]", "float32[:,:,:,::1]"


@compiled()
def _exp(x: Array) -> Array:
    """e^x with a relative error of 1e-7, in operations that vectorise. It is constant beyond +-87."""
    x = min(max(x, np.float32(-87)), np.float32(87))
    k = np.floor(x * _PER_LN2 + _HALF)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = ((((((_C7 * r + _C6) * r + _C5) * r + _C4) * r + _C3) * r + _C2) * r + _ONE) * r + _ONE
    return p * float_of_bits((np.int32(k) + np.int32(127)) << np.int32(23))


@compiled()
def _tanh(x: Array) -> Array:
    return _ONE - _TWO / (_ONE + _exp(x + x))


@compiled()
def _rows(count: int, size: int) -> Array:
    """Allocate ``count`` vectors aligned to cache lines, because crossing cache lines doubles the cost."""
    room = np.empty(count * size + _LINE, np.float32)
    first = -(room.ctypes.data // 4) % _LINE
    return room[first : first + count * size].reshape((count, size))


@compiled()
def _add_products(weights: Array, inputs: Array, into: Array) -> None:
    """``into`` (K, O) += ``inputs`` (K, I) @ ``weights`` (I, O). I must be a multiple of 4; K = 4 is fast."""
    if len(inputs) != _BLOCK:
        for k in range(len(inputs)):
            _add_product(weights, inputs[k], into[k])
        return
    x0, x1, x2, x3 = inputs[0], inputs[1], inputs[2], inputs[3]
    y0, y1, y2, y3 = into[0], into[1], into[2], into[3]
    for i in range(0, len(weights), 4):
        w0, w1, w2, w3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        a0, a1, a2, a3 = x0[i], x0[i + 1], x0[i + 2], x0[i + 3]
        b0, b1, b2, b3 = x1[i], x1[i + 1], x1[i + 2], x1[i + 3]
        c0, c1, c2, c3 = x2[i], x2[i + 1], x2[i + 2], x2[i + 3]
        d0, d1, d2, d3 = x3[i], x3[i + 1], x3[i + 2], x3[i + 3]
        for o in range(len(y0)):
            v0, v1, v2, v3 = w0[o], w1[o], w2[o], w3[o]
            y0[o] = y0[o] + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3
            y1[o] = y1[o] + b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3
            y2[o] = y2[o] + c0 * v0 + c1 * v1 + c2 * v2 + c3 * v3
            y3[o] = y3[o] + d0 * v0 + d1 * v1 + d2 * v2 + d3 * v3


@compiled()
def _add_product(weights: Array, x: Array, y: Array) -> None:
    """``y`` (O,) += ``x`` (I,) @ ``weights`` (I, O), summed in the order of `_add_products`."""
    whole = len(weights) // 8 * 8
    for i in range(0, whole, 8):
        w0, w1, w2, w3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        w4, w5, w6, w7 = weights[i + 4], weights[i + 5], weights[i + 6], weights[i + 7]
        x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
        x4, x5, x6, x7 = x[i + 4], x[i + 5], x[i + 6], x[i + 7]
        for o in range(len(y)):
            low = y[o] + x0 * w0[o] + x1 * w1[o] + x2 * w2[o] + x3 * w3[o]
            y[o] = low + x4 * w4[o] + x5 * w5[o] + x6 * w6[o] + x7 * w7[o]
    for i in range(whole, len(weights)):
        for o in range(len(y)):
            y[o] += x[i] * weights[i, o]


@compiled(reorder=True)
def _scores(features: Array, hidden: Array, scores: Array) -> None:
    for i in range(len(features)):
        total = np.float32(0)
        for d in range(len(hidden)):
            total += features[i, d] * hidden[d]
        scores[i] = total


@compiled(reorder=True)
def _attend(scores: Array, points: Array, generated: Array) -> None:
    """Turn ``scores`` (N,) into attention, and set ``generated`` (3,) to its mean of ``points`` (3, N)."""
    x, y, z = points[0], points[1], points[2]
    highest = scores[0]
    for i in range(len(scores)):
        highest = max(highest, scores[i])
    total = at_x = at_y = at_z = np.float32(0)
    for i in range(len(scores)):
        weight = _exp(scores[i] - highest)
        scores[i] = weight
        total += weight
        at_x += weight * x[i]
        at_y += weight * y[i]
        at_z += weight * z[i]
    share = _ONE / total
    for i in range(len(scores)):
        scores[i] *= share
    generated[0], generated[1], generated[2] = at_x * share, at_y * share, at_z * share


@compiled()
def _cell(into: Array, gates: Array, before: Array, after: Array, hidden: Array) -> None:
    """One LSTM cell: pre-activations ``into`` (4D,) -> ``gates`` (4, D), cell ``after``, ``hidden`` (D,)."""
    size = len(hidden)
    # Each loop begins at 0, because numba checks every other index for counting from the end.
    flat = gates.reshape(4 * size)
    for j in range(2 * size):
        flat[j] = _ONE / (_ONE + _exp(-into[j]))
    rest, given = flat[2 * size :], into[2 * size :]
    for j in range(size):
        rest[j] = _tanh(given[j])
    rest, given = rest[size:], given[size:]
    for j in range(size):
        rest[j] = _ONE / (_ONE + _exp(-given[j]))
    i, f, g, o = gates[0], gates[1], gates[2], gates[3]
    for j in range(size):
        after[j] = f[j] * before[j] + i[j] * g[j]
    for j in range(size):
        hidden[j] = o[j] * _tanh(after[j])


@compiled(
    f"void({_TENSOR}, {_TENSOR}, {_MATRIX}, {_MATRIX}, {_MATRIX}, {_MATRIX}, {_VECTOR}, {_VECTOR},"
    f" {_TENSOR}, {_TENSOR}, {_TENSOR}, {_TENSOR}, {_GATES}, {_CELLS}, int64, int64)",
)
def forward(
    features: Array, points: Array, state: Array, by_point: Array, by_lower: Array,
    by_upper: Array, lower_bias: Array, upper_bias: Array, generated: Array, hidden: Array,
    attention: Array, lower: Array, gates: Array, cells: Array, first: int, end: int,
) -> None:  # fmt: skip
    """Fill the tape (`apsnet_tape.Tape`) of the clouds from ``first`` to ``end``, normally four or one.

    ``features`` (B, N, D), ``points`` (B, 3, N), ``state`` (B, D); ``by_point`` (3, 4D), ``by_upper`` (D, 4D)
    and ``by_lower`` (D, 8D), which is for the upper layer in this step and the lower layer in the next.
    """
    size = state.shape[1]
    steps, rows, count = generated.shape[1], attention.shape[1], end - first
    into_lower, into_upper = _rows(count, 4 * size), _rows(count, 4 * size)
    from_lower, recurrent = _rows(count, 8 * size), _rows(count, 4 * size)
    inputs = _rows(count, size)
    for k in range(count):
        into_lower[k] = lower_bias
        recurrent[k] = upper_bias
        cells[0, first + k, 0] = state[first + k]
        cells[1, first + k, 0] = state[first + k]
    for t in range(steps):
        row, before, after = t % rows, t % (rows + 1), (t + 1) % (rows + 1)
        for k in range(count):
            b = first + k
            _cell(into_lower[k], gates[0, b, row], cells[0, b, before], cells[0, b, after], lower[b, row])
            inputs[k] = lower[b, row]
        from_lower[:] = np.float32(0)
        _add_products(by_lower, inputs, from_lower)
        for k in range(count):
            b = first + k
            for j in range(4 * size):
                into_upper[k, j] = from_lower[k, j] + recurrent[k, j]
            _cell(into_upper[k], gates[1, b, row], cells[1, b, before], cells[1, b, after], hidden[b, t])
            inputs[k] = hidden[b, t]
            recurrent[k] = upper_bias
            _scores(features[b], hidden[b, t], attention[b, row])
            _attend(attention[b, row], points[b], generated[b, t])
        _add_products(by_upper, inputs, recurrent)
        for k in range(count):
            q, recurred = generated[first + k, t], from_lower[k, 4 * size :]
            for j in range(4 * size):
                into_lower[k, j] = (
                    recurred[j] + lower_bias[j]
                    + q[0] * by_point[0, j] + q[1] * by_point[1, j] + q[2] * by_point[2, j]
                )  # fmt: skip


@compiled()
def _score_gradient(attention: Array, points: Array, q: Array, dq: Array, into: Array) -> None:
    """ds = a * ((P - q) dq): attention (N,), points (3, N), generated point and its gradient (3,)."""
    x, y, z = points[0], points[1], points[2]
    for i in range(len(into)):
        into[i] = attention[i] * ((x[i] - q[0]) * dq[0] + (y[i] - q[1]) * dq[1] + (z[i] - q[2]) * dq[2])


@compiled()
def _cell_backward(
    gates: Array, before: Array, after: Array, d_hidden: Array, d_cell: Array, d_gates: Array
) -> None:
    """Fill ``d_gates`` (4D,), the gradient of the pre-activations. ``d_cell`` (D,), the gradient of this
    step's cell state, becomes the gradient of the previous cell state in place."""
    i, f, g, o = gates[0], gates[1], gates[2], gates[3]
    size = len(before)
    d_i, d_f, d_g, d_o = (
        d_gates[:size],
        d_gates[size : 2 * size],
        d_gates[2 * size : 3 * size],
        d_gates[3 * size :],
    )
    for j in range(size):
        tanh = _tanh(after[j])
        d_o[j] = d_hidden[j] * tanh * o[j] * (_ONE - o[j])
        d_cell[j] += d_hidden[j] * o[j] * (_ONE - tanh * tanh)
    for j in range(size):
        d_i[j] = d_cell[j] * g[j] * i[j] * (_ONE - i[j])
        d_g[j] = d_cell[j] * i[j] * (_ONE - g[j] * g[j])
    for j in range(size):
        d_f[j] = d_cell[j] * before[j] * f[j] * (_ONE - f[j])
        d_cell[j] *= f[j]


@compiled(reorder=True)
def _dot(a: Array, b: Array) -> Array:
    total = np.float32(0)
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


@compiled(
    f"void({_TENSOR}, {_TENSOR}, {_MATRIX}, {_MATRIX}, {_MATRIX}, {_TENSOR}, {_TENSOR}, {_GATES}, {_CELLS},"
    f" {_TENSOR}, {_TENSOR}, {_TENSOR}, {_TENSOR}, {_CELLS}, {_MATRIX}, int64, int64)",
)
def backward(
    features: Array, points: Array, by_point: Array, into_lower: Array, into_upper: Array,
    generated: Array, attention: Array, gates: Array, cells: Array, d_generated: Array,
    d_hidden: Array, d_points: Array, d_scores: Array, d_gates: Array, d_state: Array,
    first: int, end: int,
) -> None:  # fmt: skip
    """Compute the gradients of the clouds from ``first`` to ``end``, normally four or one, last step first.

    ``into_lower`` (4D, D) and ``into_upper`` (4D, 2D) map the gradient of a layer's gates to the gradient of
    its inputs. Fills the gradients of the generated points (B, m, 3), of the scores (B, m, N), of the
    pre-activations of both layers (2, B, m, 4D), and of the state (B, D).
    """
    size = features.shape[2]
    steps, count = generated.shape[1], end - first
    back_point = np.zeros((count, 3), np.float32)
    d_lower, d_upper, d_layer = _rows(count, size), _rows(count, size), _rows(count, 4 * size)
    back_lower, back_upper = _rows(count, size), _rows(count, 2 * size)
    for room in (d_lower, d_upper, back_lower, back_upper):
        room[:] = np.float32(0)
    d_output = _rows(1, size)[0]
    for t in range(steps - 1, -1, -1):
        for k in range(count):
            b = first + k
            dq, ds = d_points[b, t], d_scores[b, t]
            for axis in range(3):
                dq[axis] = d_generated[b, t, axis] + back_point[k, axis]
            _score_gradient(attention[b, t], points[b], generated[b, t], dq, ds)
            recurred = back_upper[k, size:]
            for j in range(size):
                d_output[j] = d_hidden[b, t, j] + recurred[j]
            _add_product(features[b], ds, d_output)
            _cell_backward(
                gates[1, b, t], cells[1, b, t], cells[1, b, t + 1], d_output, d_upper[k], d_layer[k]
            )
            d_gates[1, b, t] = d_layer[k]
        back_upper[:] = np.float32(0)
        _add_products(into_upper, d_layer, back_upper)
        for k in range(count):
            b = first + k
            for j in range(size):
                d_output[j] = back_upper[k, j] + back_lower[k, j]
            _cell_backward(
                gates[0, b, t], cells[0, b, t], cells[0, b, t + 1], d_output, d_lower[k], d_layer[k]
            )
            d_gates[0, b, t] = d_layer[k]
            for axis in range(3):
                back_point[k, axis] = _dot(by_point[axis], d_layer[k])
        back_lower[:] = np.float32(0)
        _add_products(into_lower, d_layer, back_lower)
    for k in range(count):
        d_state[first + k] = d_lower[k] + d_upper[k]
