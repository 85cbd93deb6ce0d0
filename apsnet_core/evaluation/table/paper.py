"""The numbers of the paper, to stand in grey beside one's own."""

from __future__ import annotations

# Tables 1, 2 and 5, by sample size: accuracy as a fraction, NRE, rotation error in degrees. Every model was
# trained for its size alone. The rotation errors are doubled geodesic angles, as the published code has them.
_ACCURACY = (8, 16, 32, 64, 128, 256, 512)
_OTHERS = (8, 16, 32, 64)

_TABLES: dict[str, tuple[tuple[int, ...], dict[str, tuple[float | None, ...]]]] = {
    "accuracy": (
        _ACCURACY,
        {
            "random": (0.0826, 0.2511, 0.5519, 0.7826, 0.8595, 0.8880, 0.8966),
            "farthest_point": (0.2329, 0.5419, 0.7732, 0.8722, 0.8876, 0.8930, 0.8987),
            "samplenet:g": (0.7836, 0.8060, 0.8032, 0.7936, 0.8552, 0.8743, 0.8801),
            "samplenet:m": (0.7331, 0.7968, 0.8297, 0.8401, 0.8717, 0.8958, 0.9018),
            "apsnet:g": (0.8142, 0.8389, 0.8815, 0.8838, 0.8922, 0.8954, 0.8978),
            "apsnet:m": (0.7412, 0.8225, 0.8697, 0.8758, 0.8938, 0.8986, 0.9018),
            "apsnet_kd:g": (0.8022, 0.8382, 0.8876, 0.8866, 0.8783, 0.8802, 0.8869),
            "apsnet_kd:m": (0.7381, 0.8202, 0.8495, 0.8754, 0.8801, 0.8821, 0.8856),
            "mops:g": (None, 0.847, 0.861, 0.871, 0.872, 0.874, 0.883),
            "mops:m": (None, 0.512, 0.776, 0.810, 0.850, 0.867, 0.883),
        },
    ),
    "nre": (
        _OTHERS,
        {
            "random": (21.85, 13.47, 8.16, 4.54),
            "farthest_point": (12.79, 7.25, 3.84, 2.23),
            "samplenet:g": (5.29, 2.78, 1.68, 1.32),
            "samplenet:m": (5.48, 2.89, 1.71, 1.27),
            "apsnet:g": (4.27, 2.51, 1.54, 1.07),
            "apsnet:m": (4.59, 2.62, 1.59, 1.11),
            "apsnet_kd:g": (4.69, 2.57, 1.47, 1.12),
            "apsnet_kd:m": (4.98, 2.67, 1.52, 1.14),
            # Table 3: Eq. 7 without its second, and without its third part.
            "apsnet-beta0:g": (4.63, 3.07, 1.67, 1.13),
            "apsnet-gamma0:g": (4.54, 3.44, 1.49, 1.28),
        },
    ),
    "rotation_error": (
        _OTHERS,
        {
            "random": (63.37, 43.89, 27.06, 16.88),
            "farthest_point": (31.44, 20.34, 12.97, 7.89),
            "samplenet:g": (9.72, 12.14, 10.81, 10.93),
            "samplenet:m": (8.27, 7.45, 6.13, 5.38),
            "apsnet:g": (5.47, 4.50, 4.37, 4.42),
            "apsnet:m": (9.40, 7.18, 5.82, 6.34),
            "apsnet_kd:g": (5.93, 5.01, 4.56, 4.49),
            "apsnet_kd:m": (10.51, 7.07, 6.07, 4.97),
        },
    ),
}

# Rows that have the paper's numbers alone, by the label they stand under.
_QUOTED: dict[str, dict[str, tuple[float | None, ...]]] = {
    "accuracy": {
        "SampleNet-M, its official code": (0.287, 0.555, 0.744, 0.790, 0.797, 0.834, 0.882),
        "MOPS-Net-G": _TABLES["accuracy"][1]["mops:g"],
        "MOPS-Net-M": _TABLES["accuracy"][1]["mops:m"],
        "DaNet": (None, None, 0.851, 0.868, 0.868, 0.872, None),
    },
    "nre": {"SampleNet-M, its official code": (None, None, 2.32, 1.33)},
    "rotation_error": {"SampleNet-M, its official code": (10.51, 8.21, 5.94, 5.31)},
}

DANET = "DaNet is quoted alone: no description of it could be found that says enough to build it."
"""Why its row has no number of ours."""

FULL_CLOUD_ACCURACY = 0.901
"""Table 1: PointNet on all points, the 40 classes of ModelNet40."""


def published(metric: str, method: str, variant: str | None, m: int) -> float | None:
    """The paper's number for a method (its name, "g" or "m" or None) at ``m`` points; None if it has none."""
    sizes, rows = _TABLES[metric]
    row = rows.get(f"{method}:{variant}" if variant else method)
    return row[sizes.index(m)] if row and m in sizes else None


def quoted(metric: str) -> dict[str, dict[int, float]]:
    """The paper's rows of methods that are not measured here: their numbers by label and size."""
    sizes, _ = _TABLES[metric]
    return {
        label: {m: number for m, number in zip(sizes, row, strict=True) if number is not None}
        for label, row in _QUOTED[metric].items()
    }
