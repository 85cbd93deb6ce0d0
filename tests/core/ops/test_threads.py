"""Work shared among threads: each item is processed once, and an error in any thread is raised."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import torch

from apsnet_core.ops.linear import linear_relu
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
def test_an_error_of_any_thread_is_raised(way: Share, by_caller: bool) -> None:
    both, caller = threading.Barrier(2), threading.current_thread()

    def work(_: int) -> None:
        both.wait(timeout=60)
        if (threading.current_thread() is caller) == by_caller:
            raise IndexError("of the work")

    with pytest.raises(IndexError, match="of the work"):
        way(work, range(2))


@pytest.mark.parametrize("way", [share, share_compiled])
def test_worker_threads_are_reused(way: Share) -> None:
    def workers() -> set[threading.Thread]:
        both, seen = threading.Barrier(2), set[threading.Thread]()

        def work(_: int) -> None:
            seen.add(threading.current_thread())
            both.wait(timeout=60)

        way(work, range(2))
        return seen - {threading.current_thread()}

    assert workers() == workers() != set()


def test_torch_in_a_worker_thread_starts_no_further_threads() -> None:
    count = 5  # a number that no other test uses, so that these threads have not called torch yet
    torch.set_num_threads(count)
    rows, weight, bias = torch.ones(1024, 64), torch.ones(64, 64), torch.ones(64)
    all_of_them: list[int] = []

    def meet(_: int) -> None:
        together.wait(timeout=60)

    def multiply(_: int) -> None:
        together.wait(timeout=60)
        linear_relu(rows, weight, bias)
        together.wait(timeout=60)
        all_of_them.append(psutil.Process().num_threads())

    together = threading.Barrier(count)
    share_compiled(meet, range(count))
    before = psutil.Process().num_threads()
    share(multiply, range(count))
    assert all_of_them == [before] * count


def test_worker_threads_take_over_the_gradient_mode_of_the_caller() -> None:
    def modes() -> set[tuple[bool, bool]]:
        both, seen = threading.Barrier(2), set[tuple[bool, bool]]()

        def work(_: int) -> None:
            both.wait(timeout=60)
            seen.add((torch.is_grad_enabled(), torch.is_inference_mode_enabled()))

        share(work, range(2))
        return seen

    assert modes() == {(True, False)}
    with torch.no_grad():
        assert modes() == {(False, False)}
    with torch.inference_mode():
        assert modes() == {(False, True)}


def test_a_call_does_not_wait_for_threads_busy_with_other_work() -> None:
    begun, ended = threading.Barrier(3), threading.Event()
    done: list[int] = []

    def last(_: int) -> None:
        begun.wait(timeout=60)
        ended.wait(timeout=60)

    with ThreadPoolExecutor(1) as another:
        busy = another.submit(share_compiled, last, range(2))
        begun.wait(timeout=60)
        share_compiled(done.append, range(4))
        assert done == [0, 1, 2, 3] and not busy.done()
        ended.set()
        busy.result(timeout=60)
