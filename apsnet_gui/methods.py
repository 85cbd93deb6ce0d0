"""The methods and tasks as the window names them."""

from __future__ import annotations

import shlex

from apsnet_core.samplers.registry import LEARNED
from apsnet_gui.document import Choice, Entry

TITLES = {
    "random": "Random",
    "farthest_point": "Farthest point",
    "voxel": "Voxel",
    "snet": "S-NET",
    "samplenet": "SampleNet",
    "apsnet": "APSNet",
    "apsnet_kd": "APSNet-KD",
}
TASKS = {"classification": "Classification", "reconstruction": "Reconstruction", "registration": "Registration"}


def learned(method: str) -> bool:
    """Whether a method needs weights, and so has a task and the variants G and M."""
    return method in LEARNED


def title(choice: Choice) -> str:
    """For example ``APSNet-G``."""
    name = TITLES.get(choice.method, choice.method)
    if not learned(choice.method):
        return name
    return f"{name}-{(choice.variant or LEARNED[choice.method]).upper()}"


def command(choice: Choice, entry: Entry) -> str:
    """The command line that gives the same sampling (of a cloud, always of all its points)."""
    words = ["apsnet", "sample", entry.path, "-m", choice.spec, "-n", str(choice.m), "--seed", str(choice.seed)]
    if learned(choice.method):
        words += ["--task", choice.task]
    if entry.is_mesh:
        words += ["--points", str(choice.surface)]
    if entry.dataset is not None:
        words += ["--dataset", entry.dataset]
    if entry.row is not None:
        words += ["--row", str(entry.row)]
    return shlex.join(words)
