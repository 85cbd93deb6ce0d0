"""Jobs: results arrive on the GUI thread, a lane's newest job wins, errors and cancels are reported."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from apsnet_gui.jobs.background import STEP_BACK, Background, JobProgress


def test_a_result_arrives_on_the_gui_thread(qtbot: QtBot, background: Background) -> None:
    seen = []
    job = background.start("x", lambda _: threading.current_thread().name)
    job.done.connect(lambda name: seen.append((name, threading.current_thread().name)))
    with qtbot.waitSignal(job.ended):
        pass
    [(worker, here)] = seen
    assert worker.startswith("background")
    assert here == threading.current_thread().name
    assert background.jobs == []


def test_a_stale_result_never_replaces_a_newer_one(qtbot: QtBot, background: Background) -> None:
    """The old job ends last; its result must be ignored."""
    release = threading.Event()
    results: list[str] = []
    cancelled: list[str] = []
    old = background.start("old", lambda _: (release.wait(10), "old")[1], lane="sampling")
    new = background.start("new", lambda _: "new", lane="sampling")
    for job in (old, new):
        job.done.connect(results.append)
    old.cancelled.connect(lambda: cancelled.append("old"))
    with qtbot.waitSignal(new.ended):
        pass
    with qtbot.waitSignal(old.ended):
        release.set()
    assert results == ["new"]
    assert cancelled == ["old"]


def test_an_error_is_reported_once(qtbot: QtBot, background: Background) -> None:
    def fail(_: JobProgress) -> None:
        raise ValueError("no such luck")

    failures: list[Exception] = []
    job = background.start("x", fail)
    job.failed.connect(failures.append)
    with qtbot.waitSignal(job.ended):
        pass
    assert [str(why) for why in failures] == ["no such luck"]


def test_a_cancelled_job_ends_at_its_next_report(qtbot: QtBot, background: Background) -> None:
    begun, go, rounds = threading.Event(), threading.Event(), []

    def work(progress: JobProgress) -> str:
        for i in range(1000):
            rounds.append(i)
            begun.set()
            go.wait(10)
            progress.report(i / 1000)
        return "done"

    told = []
    job = background.start("x", work)
    job.cancelled.connect(lambda: told.append("cancelled"))
    job.done.connect(told.append)
    begun.wait(10)
    with qtbot.waitSignal(job.ended):
        job.cancel()
        go.set()
    assert told == ["cancelled"]
    assert rounds == [0]


def test_progress_is_seen(qtbot: QtBot, background: Background) -> None:
    hold = threading.Event()

    def report(progress: JobProgress) -> None:
        progress.report(0.25, "a.ply")
        hold.wait(10)

    job = background.start("x", report)
    qtbot.waitUntil(lambda: job.fraction == 0.25)
    assert job.text == "a.ply"
    with qtbot.waitSignal(job.ended):
        hold.set()


def test_a_failure_without_a_listener_is_reported_as_unheard(qtbot: QtBot, background: Background) -> None:
    def fail(_: JobProgress) -> None:
        raise ValueError("no such luck")

    background.start("heard", fail).failed.connect(lambda _: None)
    with qtbot.waitSignal(background.unheard) as told:
        background.start("Drawing", fail)
    assert told.args == ["Drawing failed: no such luck"]


def test_held_jobs_start_at_the_release_and_jobs_started_at_once_do_not_wait(
    qtbot: QtBot, background: Background
) -> None:
    order = []
    background.hold()
    held = background.start("held", lambda _: order.append("held"))
    cancelled = background.start("cancelled", lambda _: order.append("cancelled"))
    told = []
    cancelled.cancelled.connect(lambda: told.append("cancelled"))
    cancelled.cancel()
    with qtbot.waitSignal(background.start("loads", lambda _: order.append("loads"), at_once=True).ended):
        pass
    assert order == ["loads"]
    with qtbot.waitSignals([held.ended, cancelled.ended]):
        background.release()
    assert order == ["loads", "held"]
    assert told == ["cancelled"]
    with qtbot.waitSignal(background.start("later", lambda _: order.append("later")).ended):
        pass
    assert order[-1] == "later"


def test_a_needed_job_is_cancelled_only_when_the_program_ends(qtbot: QtBot, background: Background) -> None:
    done: list[str] = []
    background.hold()
    for name, needed in (("asked for", False), ("needed", True)):
        background.start(name, lambda _: name, needed=needed).done.connect(done.append)  # noqa: B023
    background.cancel_all()
    background.release()
    qtbot.waitUntil(lambda: not background.jobs)
    assert done == ["needed"]
    last = background.start("last", lambda _: "last", needed=True)
    background.close()
    assert last.progress.cancelled


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no politeness of a single thread")
def test_background_threads_have_a_lower_priority_than_the_window(
    qtbot: QtBot, background: Background
) -> None:
    def politeness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    asked: list[int] = []
    with qtbot.waitSignal(background.start("asks", lambda _: asked.append(politeness())).ended):
        pass
    assert asked == [min(politeness() + STEP_BACK, 19)]
