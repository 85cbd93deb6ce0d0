from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from apsnet_core.batch.children import Stop, run_batch
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


WORK = Work(f"{__name__}:work", {})


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


def test_a_wish_to_stop_ends_after_the_items_in_hand() -> None:
    stop = Stop()
    ended = []
    for outcomes in run_batch(_items(*map(str, range(40))), WORK, stop, workers=2):
        ended += outcomes
        stop.asked = True
    assert 1 <= len(ended) <= 2


def test_given_up_at_once_the_children_remove_what_they_have_begun(tmp_path: Path) -> None:
    half = tmp_path / "half"
    outcomes = run_batch([Item(Path("a"), half), Item(Path("writes"), half)], WORK, Stop(), workers=2)
    assert next(outcomes)[0].error is None
    while not half.exists():
        time.sleep(0.01)
    outcomes.close()
    assert not half.exists()


def test_nothing_to_do() -> None:
    assert list(run_batch([], WORK, Stop())) == []
