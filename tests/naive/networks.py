"""Textbook versions of layers in float64 numpy, the reference for the networks in torch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Tensors = Mapping[str, Array]


def linear(w: Tensors, name: str, x: Array) -> Array:
    """Apply a linear layer, or a 1x1 convolution with its kernel axis, to (..., I)."""
    weight = w[f"{name}.weight"]
    return np.asarray(x @ weight.reshape(weight.shape[0], -1).T + w[f"{name}.bias"])


def norm(w: Tensors, name: str, x: Array) -> Array:
    """Apply batch norm with its running statistics to (..., C)."""
    deviation = np.sqrt(w[f"{name}.running_var"] + 1e-5)
    return np.asarray((x - w[f"{name}.running_mean"]) / deviation * w[f"{name}.weight"] + w[f"{name}.bias"])


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max())
    return np.asarray(e / e.sum())


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def lstm_cell(w: Tensors, layer: int, x: Array, hidden: Array, cell: Array) -> tuple[Array, Array]:
    """Run one step of a layer of ``lstm`` and return the new hidden and cell states."""
    gates = (
        w[f"lstm.weight_ih_l{layer}"] @ x + w[f"lstm.bias_ih_l{layer}"]
        + w[f"lstm.weight_hh_l{layer}"] @ hidden + w[f"lstm.bias_hh_l{layer}"]
    )  # fmt: skip
    i, f, g, o = np.split(gates, 4)
    cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(cell), cell


def sample_with_attention(w: Tensors, features: Array, points: Array, m: int) -> tuple[Array, Array, Array]:
    """Sample one cloud by Eq. 2 and 3: features (N, 128), points (N, 3) -> q (m, 3), h (m, 128), a (m, N)."""
    state = features.max(axis=0)
    if "start.0.weight" in w:  # APSNet+
        state = linear(w, "start.3", relu(norm(w, "start.1", linear(w, "start.0", state))))
    cells, hiddens = [state, state], [np.zeros_like(state), np.zeros_like(state)]
    q = np.zeros(3)
    generated, tops, attention = [], [], []
    for _ in range(m):
        hiddens[0], cells[0] = lstm_cell(w, 0, q, hiddens[0], cells[0])
        hiddens[1], cells[1] = lstm_cell(w, 1, hiddens[0], hiddens[1], cells[1])
        a = softmax(np.array([x @ hiddens[1] for x in features]))
        q = sum((a_i * p_i for a_i, p_i in zip(a, points, strict=True)), start=np.zeros(3))
        generated.append(q)
        tops.append(hiddens[1])
        attention.append(a)
    return np.array(generated), np.array(tops), np.array(attention)
