"""A card for every weights file, made of the metadata inside it."""

from __future__ import annotations

import re

from safetensors import safe_open

from apsnet_core.weights import Entry
from tests.scores.commands import commands

_ABOUT = """# Model cards

One card for each weights file in this folder, made of the metadata inside it by
`python -m tests.scores.refresh`; `apsnet weights show NAME` prints the same. "Again" is what trains weights
like these, though on another machine not the very same. The test shapes had no part in the training, nor in
the choice of the epoch; "without twins" leaves out those of which a near-identical one was trained on. APSNet
and SampleNet are scored as generated points (G) and as input points matched to them (M). "Bundled" are some
pieces of furniture that ship with the program, foreign to all weights: tests compare with these scores. A
task net warns of a shape whose global feature lies far from those of its training; how often was counted on
test shapes, and on ModelNet's test shapes of classes it never saw (PointNet: airplane, car; PCAE: bathtub,
bed, monitor, sofa, toilet; PCRNet: these, chair and table).

The shapes are ModelNet's, which its authors give for academic use. The weights themselves are under the
licence of this program (MIT). They know whole, upright, man-made objects, one at a time; for scenes, scans
with holes, or classes they never saw, they were not trained.
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
    """The page of all cards."""
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
    """One word of how it was trained; a person counts epochs from one."""
    counted = value + 1 if key == "best_epoch" and isinstance(value, int) else value
    return f"{key.replace('_', ' ')} {counted}"


def _scores(scores: dict[str, float]) -> list[str]:
    """Test and validation scores: a table over sizes, or a line for a task net."""
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
