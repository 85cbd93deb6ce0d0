"""The methods of a table, with the weights that they have for each size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from apsnet_core.assets import asset
from apsnet_core.evaluation.table.seed_runs import differing, seed_of, trained_by
from apsnet_core.methods.find_weights import find_weights, runs_of
from apsnet_core.methods.registry import learned, method
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.weights import Entry, WeightsError, catalogue
from apsnet_core.weights.listing import RunEntry

ABLATIONS = {"beta0": ("loss.beta",), "gamma0": ("loss.gamma", "loss.delta")}
"""Table 3: the ending of the weights' name, and the parameters of Eq. 7 that were zero in their training.

The coverage term of Eq. 7 has the weight gamma + delta m, so both are zero without it. The first one names
the row.
"""


@dataclass(frozen=True)
class Contender:
    """A method of a table, with its ``weights`` for each possible size; none for a classical method.

    Several weights for one size are trainings that differ in their seed: each is a run of the method.
    """

    spec: MethodSpec
    label: str
    sizes: tuple[int, ...]
    weights: dict[int, tuple[Entry, ...]] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """The method in the METHOD syntax, with its variant."""
        return spelled(self.spec)


def spelled(spec: MethodSpec) -> str:
    """The method in the full METHOD syntax, such as "apsnet:g", even if the variant was left out."""
    variant = f":{spec.variant}" if spec.variant else ""
    return spec.name + variant + (f"@{spec.weights}" if spec.weights else "")


def contenders(
    specs: Sequence[MethodSpec],
    task: str,
    sizes: Sequence[int],
    *,
    separate: bool = False,
    ablation: bool = False,
) -> tuple[list[Contender], list[str]]:
    """The methods with their weights for every size, and a note on each that lacks weights for a size.

    A method whose weights are a folder of runs (``apsnet@runs``) has all finished trainings in it: those for
    one size are its seeds. ``separate`` adds APSNet trained for each single size (Fig. 3), ``ablation``
    APSNet trained without parts of Eq. 7 (Table 3), if such weights exist. `WeightsError` for a method
    without any weights.
    """
    found, notes = [], []
    labels = _labels(dict.fromkeys(specs))
    for spec in labels:
        if spec.seed is not None:
            raise ValueError(
                f"a table chooses its seeds and averages over them: write {spec.name} without '#{spec.seed}'"
            )
        if not spec.row.learned:
            found.append(Contender(spec, spec.label, tuple(sizes)))
            continue
        weights, failures = _weights(spec, task, sizes)
        if failures and not weights:
            raise failures[0]
        notes += [str(failure) for failure in failures]
        found.append(Contender(spec, labels[spec], tuple(weights), weights))
    there = [entry for entry in catalogue().entries if entry.metadata.task == task]
    for more, more_notes in (
        _separate(there, labels, task, sizes) if separate else ([], []),
        _ablated(there, task, sizes) if ablation else ([], []),
    ):
        found += more
        notes += more_notes
    return found, list(dict.fromkeys(notes))  # variants of a method lack the same weights, with equal notes


def _labels(specs: Iterable[MethodSpec]) -> dict[MethodSpec, str]:
    """The label of each method: with the name of its weights folder, or its path if two share that name."""
    short = {
        spec: replace(spec, weights=Path(spec.weights).name).label if spec.weights else spec.label
        for spec in specs
    }
    times = Counter(short.values())
    return {spec: label if times[label] == 1 else spec.label for spec, label in short.items()}


def untrained(task: str) -> dict[str, str]:
    """The labels of methods with a recipe for ``task`` but no weights, each with a sentence on training."""
    there = {entry.metadata.method for entry in catalogue().entries if entry.metadata.task == task}
    recipes = {row: f"protocol/{task}-{row.name.replace('_', '-')}" for row in learned()}
    return {
        row.label: f"{row.label} is not trained yet: apsnet train {recipe}"
        for row, recipe in recipes.items()
        if row.name not in there and asset("recipes", f"{recipe}.toml").is_file()
    }


def _separate(
    there: list[Entry], specs: Iterable[MethodSpec], task: str, sizes: Sequence[int]
) -> tuple[list[Contender], list[str]]:
    """APSNet trained for each single size (Fig. 3), and a note on the sizes without such weights.

    Other methods in ``specs`` that sample step by step are added too, if they have such weights.
    """
    found, notes = [], []
    for name in dict.fromkeys(("apsnet", *(spec.name for spec in specs if spec.row.stepwise))):
        own: dict[int, tuple[Entry, ...]] = {
            m: (entry,)
            for m in sizes
            for entry in there
            if entry.metadata.method == name
            and entry.metadata.sizes == [m]
            and not entry.name.endswith(tuple(ABLATIONS))
        }
        if own:
            label = f"{method(name).label}-G, separate"
            found.append(Contender(MethodSpec(name, "g", "separate"), label, tuple(own), own))
        absent = [str(m) for m in sizes if m not in own]
        if absent and name == "apsnet":
            notes.append(
                f"There is no separate APSNet for {', '.join(absent)} points; this trains one: apsnet "
                f"train protocol/{task}-apsnet --set sizes=[{absent[0]}] -o "
                f"runs/{task}-apsnet-{absent[0]}"
            )
    return found, notes


def _ablated(there: list[Entry], task: str, sizes: Sequence[int]) -> tuple[list[Contender], list[str]]:
    """APSNet trained without parts of Eq. 7 (Table 3), and a note on each ablation without weights."""
    found, notes = [], []
    for ending, zero in ABLATIONS.items():
        name = f"{task}-apsnet-{ending}"
        entry = next((entry for entry in there if entry.name == name), None)
        if entry is None:
            changes = " ".join(f"--set {parameter}=0" for parameter in zero)
            notes.append(f"{name} is not there: apsnet train protocol/{task}-apsnet {changes} -o runs/{name}")
            continue
        spec = MethodSpec("apsnet", "g", name)
        label = f"APSNet-G, {zero[0].removeprefix('loss.')} = 0"
        found.append(Contender(spec, label, tuple(sizes), dict.fromkeys(sizes, (entry,))))
    return found, notes


_Weights = tuple[dict[int, tuple[Entry, ...]], list[WeightsError]]


def _weights(spec: MethodSpec, task: str, sizes: Sequence[int]) -> _Weights:
    """The weights for each size, and errors that describe missing weights."""
    runs = runs_of(spec, task)
    if runs is not None:
        return _seeds(spec, task, sizes, runs)
    weights: dict[int, tuple[Entry, ...]] = {}
    failures: list[WeightsError] = []
    for m in sizes:
        try:
            weights[m] = (find_weights(spec, task, m),)
        except WeightsError as error:
            failures.append(error)
    return weights, failures[:1]


def _seeds(spec: MethodSpec, task: str, sizes: Sequence[int], own: Sequence[RunEntry]) -> _Weights:
    """All finished runs of a method in a folder: for each size those trained only for it, else the others."""
    folder = Path(str(spec.weights)).expanduser()
    done = [run.entry for run in own if run.finished]
    weights, failures = {}, []
    for m in sizes:
        fitting = [entry for entry in done if m in entry.metadata.sizes]
        alone = [entry for entry in fitting if entry.metadata.sizes == [m]]
        if fitting:
            seeds = sorted(alone or fitting, key=lambda entry: seed_of(entry.metadata) or 0)
            if how := differing(trained_by(entry.metadata) for entry in seeds):
                why = f"has runs of {spec.name} at {m} points that differ in more than their seed: {how}"
                raise WeightsError(folder, why)
            weights[m] = tuple(seeds)
        else:
            why = f"has no finished run of {spec.name} for {task} at {m} points"
            failures.append(WeightsError(folder, why))
    if unfinished := [run.entry.name for run in own if not run.finished]:
        why = f"has runs that are left out because their training is not finished: {', '.join(unfinished)}"
        failures.append(WeightsError(folder, why))
    return weights, failures
