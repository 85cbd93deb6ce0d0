"""Writes the comparison as a report by the core, with the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.comparison.perturb import perturbed
from apsnet_core.tasks.registry import task
from apsnet_gui.comparison.compute import ComparisonInputs
from apsnet_gui.comparison.report_colours import colour_words, field_colours
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.steps_file import steps_words
from apsnet_gui.jobs.working_cloud import changed_cloud, copy_of, working_cloud
from apsnet_gui.state.method_names import angles, change_words, file_words, number
from apsnet_gui.views.hidden_points import hidden_among

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.reference import Reference


def write(
    question: ComparisonInputs,
    folder: Path,
    progress: JobProgress,
    reference: Reference | None = None,
    *,
    home: Path,
) -> Path:
    """Write the report for ``question`` and return the path of its page. Runs on a worker thread.

    The methods are compared with the ``reference``. The files that the report's command needs for a cut
    cloud are kept in the folder ``home``.
    """
    from apsnet_core.evaluation.comparison.compare import compare
    from apsnet_core.evaluation.comparison.report import About, write_report

    shape, choice = question.entry.shape, question.choice
    what_if = question.what_if
    cloud = changed_cloud(shape, choice, what_if.change)
    sizes = list(dict.fromkeys(min(m, len(cloud)) for m in question.sizes))
    progress.report(None, "sampling")
    comparison = compare(
        cloud,
        question.methods,
        sizes,
        seed=choice.seed,
        task=question.task,
        up=question.up,
        copy=copy_of(cloud, shape, choice, what_if, question.other),
        untouched=working_cloud(shape, choice) if what_if.change else None,
        net=choice.net,
        by=None if choice.by == "whole" else choice.by,
    )
    progress.report(None, "pictures")
    again = command(question, sizes, reference, steps_words(question.entry, home))
    hidden = hidden_among(question.entry, cloud)
    seen = None if hidden is None else ~hidden
    left_out = 0 if hidden is None else int(hidden.sum())
    about = About(question.entry.path, len(cloud), again, choice.seed, left_out)
    ghost = behind(question, cloud) if seen is None else cloud.xyz[seen]
    colours = field_colours(question.entry, cloud, seen)
    write_report(comparison, folder, about, ghost=ghost, up=question.up, reference=reference, colours=colours)
    return folder / "index.html"


def new_folder(parent: Path, name: str) -> Path:
    """The path of a folder for a report on ``name`` that does not exist yet."""
    names = (f"{name}-report" + (f"-{number}" if number > 1 else "") for number in count(1))
    return next(parent / each for each in names if not (parent / each).exists())


def command(
    question: ComparisonInputs,
    sizes: list[int],
    reference: Reference | None = None,
    steps: Sequence[str] = (),
) -> str:
    """The command line that writes the same report; ``steps`` are its arguments for a cut cloud."""
    entry, choice = question.entry, question.choice
    words = [
        "apsnet",
        "compare",
        entry.path,
        "-m",
        ",".join(map(str, question.methods)),
        "-n",
        ",".join(map(str, sizes)),
    ]
    words += ["--task", choice.task, "--seed", str(choice.seed), "--up", question.up]
    words += ["--by", choice.by] if choice.by != "whole" else []
    words += ["--reference", str(reference)] if reference is not None else []
    words += ["--net", choice.net] if choice.net is not None else []
    words += file_words(entry, choice)
    words += steps
    words += colour_words(entry)
    words += what_if_options(question)
    return shlex.join([*words, "-o", "report"])


def what_if_options(question: ComparisonInputs) -> list[str]:
    """The command-line options for the changes to the cloud and to its copy."""
    turn, words = question.what_if.turn, change_words(question.what_if.change)
    if not task(question.task).pairs:
        return words
    if question.other is not None:
        return [*words, "--copy", question.other.path]
    words += ["--copy-turn", angles(turn.angles)] if turn.angles else []
    words += ["--copy-noise", number(turn.noise)] if turn.noise else []
    return words + ["--copy-resampled"] * turn.resampled


def behind(question: ComparisonInputs, cloud: PointCloud) -> Float32:
    """The points drawn behind the samples; for a mesh, more points than the cloud that was sampled has."""
    shape, seed = question.entry.shape, question.choice.seed
    if isinstance(shape, PointCloud):
        return cloud.xyz
    from apsnet_core.ops.surface import sample_surface

    return perturbed(sample_surface(shape, 8000, seed), question.what_if.change, seed).xyz
