"""The published networks, layer by layer in float64 numpy, with the keys of their state dicts."""

from __future__ import annotations

import numpy as np

from tests.naive.networks import Array, Tensors, linear, norm, relu, sample_with_attention


def _convolved(w: Tensors, points: Array, layers: int, prefix: str = "", *, batch_norm: bool = True) -> Array:
    """Apply the convolutions conv1.. with batch norms bn1.. and ReLU to points (N, 3)."""
    x = points
    for i in range(1, layers + 1):
        x = linear(w, f"{prefix}conv{i}", x)
        x = relu(norm(w, f"{prefix}bn{i}", x) if batch_norm else x)
    return x


def apsnet(w: Tensors, points: Array, m: int) -> Array:
    """The generated points of APSNet: (N, 3) -> (m, 3), with m up to 128."""
    return sample_with_attention(w, _convolved(w, points, 5), points, m)[0]


def samplenet(w: Tensors, points: Array) -> Array:
    """The generated points of SampleNet: (N, 3) -> (m, 3).

    The last layer contains the m x values, then the m y values, then the m z values.
    """
    x = _convolved(w, points, 5).max(axis=0)
    for i in (1, 2, 3):
        x = relu(norm(w, f"bn_fc{i}", linear(w, f"fc{i}", x)))
    return linear(w, "fc4", x).reshape(3, -1).T


def pointnet(w: Tensors, points: Array) -> Array:
    """The logarithms of the class probabilities of PointNet for points (N, 3)."""
    x = points @ _transform(w, "feat.stn.", points)
    x = relu(norm(w, "feat.bn1", linear(w, "feat.conv1", x)))
    x = x @ _transform(w, "feat.fstn.", x)
    x = relu(norm(w, "feat.bn2", linear(w, "feat.conv2", x)))
    x = norm(w, "feat.bn3", linear(w, "feat.conv3", x)).max(axis=0)
    x = relu(norm(w, "bn1", linear(w, "fc1", x)))
    x = relu(norm(w, "bn2", linear(w, "fc2", x)))
    x = linear(w, "fc3", x)
    return np.asarray(x - np.log(np.exp(x).sum()))


def _transform(w: Tensors, prefix: str, x: Array) -> Array:
    x = _convolved(w, x, 3, prefix).max(axis=0)
    x = relu(norm(w, f"{prefix}bn4", linear(w, f"{prefix}fc1", x)))
    x = relu(norm(w, f"{prefix}bn5", linear(w, f"{prefix}fc2", x)))
    x = linear(w, f"{prefix}fc3", x)
    k = round(len(x) ** 0.5)
    return x.reshape(k, k) + np.eye(k)


def pcae(w: Tensors, points: Array) -> Array:
    """The reconstruction of the point cloud autoencoder: (N, 3) -> (2048, 3)."""
    x = _convolved(w, points, 5, "encoder.").max(axis=0)
    x = relu(linear(w, "decoder.fc1", x))
    x = relu(linear(w, "decoder.fc2", x))
    return linear(w, "decoder.fc3", x).reshape(2048, 3)


def pcrnet(w: Tensors, template: Array, source: Array) -> Array:
    """The registration of PCRNet: a quaternion w, x, y, z and a translation, (7,)."""
    of = [_convolved(w, cloud, 5, "feat.", batch_norm=False).max(axis=0) for cloud in (template, source)]
    x = np.concatenate(of)
    for i in range(1, 6):
        x = relu(linear(w, f"fc{i}", x))
    x = linear(w, "fc6", x)
    return np.concatenate([x[:4] / np.linalg.norm(x[:4]), x[4:]])
