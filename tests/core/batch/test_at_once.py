"""Several files that a child process handles at once: failures stay separate, and networks get batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.batch import children
from apsnet_core.batch.children import Stop, run_batch
from apsnet_core.batch.item import Item, Outcome, Work
from apsnet_core.batch.sample_file import sample_file, sample_files
from apsnet_core.batch.sampling_settings import SamplingSettings
from apsnet_core.cloud import PointCloud
from apsnet_core.files import read, write
from apsnet_core.methods.learned import LearnedSampler
from tests.core.batch import writing


@pytest.fixture
def one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give children as many files at once as allowed, even on a busy machine."""
    monkeypatch.setattr(children, "_AT_ONCE_SECONDS", 1000.0)


def outcomes(folder: Path, names: Sequence[str]) -> list[list[Outcome]]:
    items = []
    for name in names:
        source = folder / name
        source.write_text(name)
        items.append(Item(source, folder / f"{name}.out"))
    return list(run_batch(items, Work(f"{writing.__name__}:writes", {}), Stop(), workers=2))


@pytest.mark.usefixtures("one_round")
def test_a_bad_file_among_many_does_not_affect_the_others(tmp_path: Path) -> None:
    names = [f"{i:03}" for i in range(40)]
    for at, name in ((20, "raises"), (24, "dies"), (28, "cannot")):
        names.insert(at, name)
    rounds = outcomes(tmp_path, names)
    assert len(rounds) < len(names) / 2, "several files must be handled at a time"
    ended = {outcome.item.source.name: outcome for some in rounds for outcome in some}
    assert set(ended) == set(names) and sum(map(len, rounds)) == len(names)
    bad = {name: str(outcome.error) for name, outcome in ended.items() if outcome.error is not None}
    assert set(bad) == {"raises", "dies", "cannot"}
    assert bad["raises"] == "this file is no good" and "SIGKILL" in bad["dies"]
    assert "cannot.out" in bad["cannot"], "a failure to move the result must be reported for its file"
    for name in set(names) - set(bad):
        assert (tmp_path / f"{name}.out").read_text() == name
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
    assert len(left) <= 1, "only the killed child may leave a temporary file, which the next run removes"


@pytest.mark.usefixtures("one_round")
def test_all_workers_are_used_and_do_not_wait_for_the_disk(tmp_path: Path) -> None:
    results = [o.result for some in outcomes(tmp_path, [f"{i}" for i in range(24)]) for o in some]
    assert len({result["pid"] for result in results if result}) == 2
    assert not all(result["there"] for result in results if result), "results must be moved in place later"


def test_large_files_are_sent_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_AT_ONCE_SECONDS", 1000.0)
    monkeypatch.setattr(children, "_BYTES", 3)
    assert all(len(some) == 1 for some in outcomes(tmp_path, ["10", "11", "12", "13"]))


def settings(method: str, m: int = 9, up: str = "z", share: float | None = None) -> SamplingSettings:
    columns = (None, None, None, None)
    return SamplingSettings(method, m, None, up, None, "lstm", 0, 300, *columns, share=share)


@pytest.mark.parametrize(
    "recipe",
    [settings("apsnet:m"), settings("samplenet:g", 8, "auto"), settings("apsnet", share=0.1)],
    ids=lambda recipe: recipe.method,
)
def test_a_batch_of_files_gives_the_result_of_each_file(
    tmp_path: Path, recipe: SamplingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    together: list[int] = []
    sample_all = LearnedSampler.sample_all

    def counted(self: LearnedSampler, clouds: Sequence[PointCloud], m: int, seed: int = 0) -> object:
        together.append(len(clouds))
        return sample_all(self, clouds, m, seed)

    monkeypatch.setattr(LearnedSampler, "sample_all", counted)
    sources = [tmp_path / f"{i}.ply" for i in range(6)]
    for source, n in zip(sources, (80, 80, 120, 5, 80, 80), strict=True):
        write(PointCloud.from_array(random.normal(size=(n, 3)) * [3, 2, 1]), source)
    sources[4].write_bytes(b"no cloud")
    items = [Item(source, source.with_suffix(".out.ply")) for source in sources]
    found = sample_files(items, recipe, force=True)
    assert max(together) >= 3
    for item, ours in zip(items, found, strict=True):
        alone = Item(item.source, item.source.with_suffix(".alone.ply"))
        try:
            theirs = sample_file(alone, recipe, force=True)
        except Exception as error:
            assert type(ours) is type(error) and str(ours) == str(error)
            continue
        assert not isinstance(ours, Exception)
        measured = ("chamfer", "hausdorff", "coverage")
        assert [ours[name] for name in measured] == pytest.approx(
            [theirs[name] for name in measured], rel=1e-4
        )
        for name in ours.keys() - {*measured, "seconds", "output"}:
            assert ours[name] == theirs[name]
        np.testing.assert_allclose(read(item.target).xyz, read(alone.target).xyz, atol=1e-5)  # type: ignore[union-attr]
    assert sum(isinstance(each, Exception) for each in found) >= 1
