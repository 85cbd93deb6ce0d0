"""Make a model card for every weights file from its metadata."""

from __future__ import annotations

import re

from safetensors import safe_open

from apsnet_core.weights import Entry
from tests.scores.commands import commands

_ABOUT = """# Model cards

This page has one card for each weights file in this folder. `python -m tests.scores.refresh` makes the
cards from the metadata in the files, and `apsnet weights show NAME` prints the same. "Again" is the
command that trains such weights; on another machine the numbers differ slightly. The test shapes had no
part in the training or in the choice of the epoch. "Without twins" leaves out test shapes that are
nearly identical to a training shape. APSNet and SampleNet have scores for generated points (G) and for
matched points of the cloud (M). "Bundled" are some pieces of furniture that ship with the program and
are new to all weights; the tests compare with these scores. A task net warns about a shape whose global
feature is far from those of its training. The cards say how often it warns: on test shapes, and on
ModelNet's test shapes of classes it never saw (PointNet: airplane, car; PCAE: bathtub, bed, monitor,
sofa, toilet; PCRNet: these, chair and table).

The shapes are ModelNet's, whose authors provide them for academic use. The weights have the licence of
this program (MIT). They know single, whole, upright, man-made objects. They were not trained for
scenes, for scans with holes, or for other classes.
"""
_NETWORKS = {
    "apsnet": "APSNet, any number of points",
    "apsnet_plus": "APSNet+, any number of points",
    "samplenet": "SampleNet",
    "snet": "S-NET",
    "samplenet_progressive": "SampleNet, progressive",
    "snet_progressive": "S-NET, progressive",
    "mops": "MOPS-Net",
    "apes": "APES, adapted, any number of points",
    "pointnet": "PointNet classifier",
    "pcae": "point cloud autoencoder (PCAE)",
    "pcrnet": "PCRNet, one pass",
}
_HASHES = ("settings", "data_hash")
_METRICS = {
    "accuracy": "accuracy",
    "nre": "NRE",
    "rotation_error": "rotation error, °",
    "chamfer": "Chamfer distance",
    "distinct": "distinct points of a sample",
}


def model_cards(entries: list[Entry]) -> str:
    """The page with all cards."""
    return "\n".join([_ABOUT, *(_card(entry) for entry in entries)])


def _card(entry: Entry) -> str:
    told = entry.metadata
    with safe_open(entry.path, framework="np") as file:
        shapes = [(name, file.get_slice(name).get_shape()) for name in file.keys()]  # noqa: SIM118
    apart = ("running_", "num_batches", "familiar.")
    learned = [(name, shape) for name, shape in shapes if not any(part in name for part in apart)]
    parameters = sum(_product(shape) for _, shape in learned)
    distilled = ", trained by distillation without labels (Eq. 9)" if told.method == "apsnet_kd" else ""
    facts = {
        "network": f"{_NETWORKS[told.architecture]}{distilled}; {parameters:,} parameters, "
        f"{entry.path.stat().st_size / 1e6:.1f} MB",
        "task": told.task + (f", in front of {told.task_weights}" if told.task_weights else ""),
        "sizes": ", ".join(map(str, told.sizes)),
        "classes": ", ".join(told.classes),
        "data": told.data,
        "sees": f"{told.points} points, {told.up} up, normalisation {told.normalisation}",
        "training": ", ".join(
            _training(key, value) for key, value in told.training.items() if key not in _HASHES
        ),
        "again": _again(entry),
        "licence": told.licence,
        "note": told.note,
    }
    lines = [f"| {key} | {value} |" for key, value in facts.items() if value]
    return "\n".join([f"## {entry.name}\n", "| | |", "|---|---|", *lines, "", *_scores(told.scores), ""])


def _again(entry: Entry) -> str:
    told = entry.metadata
    lines = ", then ".join(f"`{line}`" for line in commands(entry.name, told))
    return lines + ("; what ships is the mean of both" if "average" in told.training else "")


def _training(key: str, value: object) -> str:
    """The text of one fact about the training; epochs are counted from one."""
    counted = value + 1 if key == "best_epoch" and isinstance(value, int) else value
    return f"{key.replace('_', ' ')} {counted}"


def _scores(scores: dict[str, float]) -> list[str]:
    """The lines of test and validation scores: a table over sizes, or a line for a task net."""
    sized: dict[str, dict[int, float]] = {}
    single, unlike = [], ""
    if "unlike test" in scores:
        known, foreign = (f"{100 * scores[f'unlike {part}']:.2g} %" for part in ("test", "foreign"))
        unlike = (
            f"Warns that a shape is unlike all it was trained on: for {known} of the test shapes, and for "
            f"{foreign} of shapes of other classes.\n"
        )
    for key, value in scores.items():
        if found := re.fullmatch(r"(test|validation|bundled) (\w+)@(\d+)(?::(g|m))?( without twins)?", key):
            part, metric, m, variant, twins = found.groups()
            name = f"{part} {_METRICS.get(metric, metric)}" + (f", {variant.upper()}" if variant else "")
            sized.setdefault(name + (twins or ""), {})[int(m)] = value
        elif not key.startswith("unlike ") and not key.endswith((" score", " shapes")):
            metric = key.split()[1]
            single.append(f"{key.replace(metric, _METRICS.get(metric, metric))} {value:g}")
    lines = [f"Scores: {', '.join(single)}.\n"] if single else []
    lines += [unlike] if unlike else []
    if sized:
        sizes = sorted({m for row in sized.values() for m in row})
        lines += ["| | " + " | ".join(f"m = {m}" for m in sizes) + " |", "|---" + "|---:" * len(sizes) + "|"]
        for name in sorted(sized, key=lambda name: (not name.startswith("test"), "twins" in name, name)):
            cells = [f"{sized[name][m]:g}" if m in sized[name] else "–" for m in sizes]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _product(shape: list[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product
