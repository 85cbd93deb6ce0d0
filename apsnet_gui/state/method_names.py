"""Names of methods in the window, and the shell command that does the same as the window."""

from __future__ import annotations

import shlex

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64
from apsnet_core.evaluation.comparison.edits import Edit, Point
from apsnet_core.evaluation.comparison.perturb import STILL, Angles, Perturbation
from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import OpenShape


def title(choice: Choice) -> str:
    """The method's label, for example ``APSNet-G``."""
    return choice.spec.label


def command(
    choice: Choice, entry: OpenShape, change: Perturbation, edit: Edit | None = None, m: int | None = None
) -> str:
    """The shell command that gives the same sampling, with the ``change`` of the cloud and the ``edit``.

    ``m`` is the number of samples that the method gave, if the cloud has fewer points than the choice asks
    for.
    """
    words = ["apsnet", "sample", entry.path, "-m", str(choice.spec), "-n", str(m or choice.m)]
    words += ["--seed", str(choice.seed)]
    whole = choice.by == "whole"
    words += [] if whole else ["--by", choice.by]
    if choice.spec.row.learned:
        words += ["--task", choice.task, "--up", entry.up]
        words += ["--working", str(choice.working)] if choice.working and whole else []
    words += [*file_words(entry, choice), *change_words(change)]
    return shlex.join([*words, *(edit_words(edit, entry.shape.offset) if edit else [])])


def file_words(entry: OpenShape, choice: Choice) -> list[str]:
    """The options that read the file as the window did."""
    words = ["--points", str(choice.surface)] if entry.is_mesh else []
    words += [f"--columns={entry.columns}"] if entry.columns is not None else []
    words += ["--dataset", entry.dataset] if entry.dataset is not None else []
    return words + (["--row", str(entry.row)] if entry.row is not None else [])


def change_words(change: Perturbation) -> list[str]:
    """The options that change the cloud before it is sampled."""
    words = ["--noise", number(change.noise)] if change.noise else []
    words += ["--drop", number(change.drop)] if change.drop else []
    return words + (["--rotate", angles(change.rotate)] if change.rotate != STILL else [])


def edit_words(edit: Edit, offset: Float64) -> list[str]:
    """The options that edit single samples afterwards."""

    def place(at: Point) -> str:
        return ",".join(number(float(np.float32(a)) + b) for a, b in zip(at, offset.tolist(), strict=True))

    words: list[str] = []
    for each, at in edit.placed:
        words += ["--move", f"{each + 1}:{place(at)}"] if each < edit.m else ["--add", place(at)]
    return words + (["--remove", ",".join(str(each + 1) for each in edit.removed)] if edit.removed else [])


def angles(degrees: Angles) -> str:
    """Angles in degrees, in the form that the command line accepts."""
    return ",".join(map(number, degrees))


def number(value: float) -> str:
    """The shortest text from which the same number is read back."""
    return np.format_float_positional(value, trim="-")
