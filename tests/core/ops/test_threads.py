"""Work shared among threads: every item once, and an error of either side."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
import torch

from apsnet_core.ops.threads import share, share_compiled

Share = Callable[[Callable[[int], object], Sequence[int]], None]


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("way", [share, share_compiled])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_item_is_worked_on_once(way: Share, count: int) -> None:
    done: Counter[int] = Counter()
    way(lambda item: done.update([item]), range(count))
    assert done == Counter(range(count))
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize("way", [share, share_compiled])
def test_the_other_thread_works_while_the_caller_does(way: Share) -> None:
    both = threading.Barrier(2)
    way(lambda _: both.wait(timeout=60), range(2))


@pytest.mark.parametrize("way", [share, share_compiled])
@pytest.mark.parametrize("by_caller", [True, False])
def test_an_error_ends_it_whoever_meets_it(way: Share, by_caller: bool) -> None:
    both, caller = threading.Barrier(2), threading.current_thread()

    def work(_: int) -> None:
        both.wait(timeout=60)
        if (threading.current_thread() is caller) == by_caller:
            raise IndexError("of the work")

    with pytest.raises(IndexError, match="of the work"):
        way(work, range(2))


def test_threads_of_compiled_work_stay_and_others_end() -> None:
    def workers(way: Share) -> set[threading.Thread]:
        both, seen = threading.Barrier(2), set[threading.Thread]()

        def work(_: int) -> None:
            seen.add(threading.current_thread())
            both.wait(timeout=60)

        way(work, range(2))
        return seen - {threading.current_thread()}

    assert workers(share_compiled) == workers(share_compiled)
    (ended,) = workers(share)
    assert not ended.is_alive()
