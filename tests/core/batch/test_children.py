from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from apsnet_core.batch.children import Crew, Stop, run_batch
from apsnet_core.batch.item import Item, Result, Work


def work(item: Item) -> Result:
    name = item.source.name
    if name == "raises":
        raise ValueError("this file is no good")
    if name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "exits":
        os._exit(7)
    if name == "writes":
        try:
            item.target.touch()
            time.sleep(60)
        finally:
            item.target.unlink()
    return {"pid": os.getpid(), "name": name}


def other_work(item: Item) -> Result:
    return work(item) | {"other": True}


WORK = Work(f"{__name__}:work", {})
OTHER = Work(f"{__name__}:other_work", {})


def _items(*names: str) -> list[Item]:
    return [Item(Path(name), Path("unused")) for name in names]


def test_every_item_ends_in_a_result_or_a_reason_even_when_its_process_dies() -> None:
    names = ["a", "raises", "b", "dies", "c", "exits", "d"]
    rounds = run_batch(_items(*names), WORK, Stop(), workers=2)
    outcomes = {outcome.item.source.name: outcome for some in rounds for outcome in some}
    assert set(outcomes) == set(names)
    assert {name for name in names if outcomes[name].result} == {"a", "b", "c", "d"}
    assert outcomes["raises"].error == "this file is no good"
    assert "SIGKILL" in str(outcomes["dies"].error)
    assert "exit code 7" in str(outcomes["exits"].error)
    assert os.getpid() not in {o.result["pid"] for o in outcomes.values() if o.result}


def test_a_request_to_stop_takes_effect_after_the_current_items() -> None:
    stop = Stop()
    ended = []
    for outcomes in run_batch(_items(*map(str, range(40))), WORK, stop, workers=2):
        ended += outcomes
        stop.asked = True
    assert 1 <= len(ended) <= 2


def test_closed_early_children_remove_their_unfinished_files(tmp_path: Path) -> None:
    half = tmp_path / "half"
    outcomes = run_batch([Item(Path("a"), half), Item(Path("writes"), half)], WORK, Stop(), workers=2)
    assert next(outcomes)[0].error is None
    while not half.exists():
        time.sleep(0.01)
    outcomes.close()
    assert not half.exists()


def test_a_crew_does_one_batch_after_the_other_in_the_same_processes() -> None:
    def results(work: Work, crew: Crew | None) -> list[Result]:
        rounds = run_batch(_items(*"abcdefgh"), work, Stop(), 2, crew)
        return [outcome.result for some in rounds for outcome in some if outcome.result]

    with Crew() as crew:
        first, second = results(WORK, crew), results(OTHER, crew)
        assert len(first) == len(second) == 8
        assert all(each["other"] for each in second)
        assert {each["pid"] for each in second} == {each["pid"] for each in first}
        assert {each["pid"] for each in results(WORK, None)}.isdisjoint({each["pid"] for each in first})
    for each in first:
        with pytest.raises(ProcessLookupError):
            os.kill(each["pid"], 0)


def test_a_batch_without_items_gives_nothing() -> None:
    assert list(run_batch([], WORK, Stop())) == []
