"""The texts about runs and queues: a short one for the list, a line for the view of a single one."""

from __future__ import annotations

from apsnet_core.percent import percent
from apsnet_core.training.queue_state import QueueState
from apsnet_core.training.run_state import Phase, RunState
from apsnet_core.training.usage import Usage
from apsnet_core.units import with_unit

WORDS: dict[Phase, str] = {
    "starting": "starting",
    "waiting": "waiting for its turn",
    "running": "training",
    "paused": "paused",
    "stopping": "stopping after a checkpoint",
    "stopped": "stopped",
    "finished": "finished",
    "failed": "failed",
    "interrupted": "interrupted",
    "broken": "cannot be read",
}


def summary(state: RunState) -> str:
    """A short text about the progress of a run, for the list."""
    if state.phase == "running":
        left = f" · {span(state.eta)} left" if state.eta is not None else ""
        return percent(state.fraction) + left
    return WORDS[state.phase]


def progress_line(state: RunState) -> str:
    """A line with the state, epoch, best score, time left, and use of cores and memory."""
    parts = [WORDS[state.phase]]
    if state.phase == "waiting":
        parts = [f"waiting for {', '.join(state.after)}"]
    if state.steps and state.phase != "finished":
        begun = min(int(state.epoch) + 1, state.epochs) if state.active else int(state.epoch)
        parts.append(f"epoch {begun} of {state.epochs}")
        if state.active:
            parts.append(f"step {state.step} of {state.steps}")
    if state.score is not None and state.best_epoch is not None:
        parts.append(f"best score {state.score:.4g} in epoch {state.best_epoch + 1}")
    if state.eta is not None:
        parts.append(f"{span(state.eta)} left")
    if state.usage is not None:
        parts.append(usage_words(state.usage))
    return " · ".join(parts)


def queue_summary(state: QueueState) -> str:
    """A short text about the progress of a queue, for the list."""
    if state.phase == "broken":
        return WORDS[state.phase]
    left = f" · {span(state.left)} left" if state.active and state.left else ""
    return f"{WORDS[state.phase]} · {state.finished} of {len(state.places)}{left}"


def queue_line(state: QueueState) -> str:
    """A line with the state of a queue and the number of its trainings in each state."""
    words: dict[str, str] = {str(phase): text for phase, text in WORDS.items()}
    rest = [f"{n} {words.get(phase, phase)}" for phase, n in state.counts.items() if phase != "finished"]
    said = [] if state.phase in ("running", "finished") else [WORDS[state.phase]]
    done = [f"{state.finished} of {len(state.places)} finished"] if state.places else []
    left = [f"about {span(state.left)} left"] if state.left else []
    return " · ".join([*said, *done, *rest, *left])


def end_of_run(state: RunState) -> tuple[str, str]:
    """The level and the text of the notice that a training has ended."""
    if state.phase == "finished":
        score = f", best score {state.score:.4g}" if state.score is not None else ""
        return "info", f"{state.name} has finished training{score}"
    if state.phase == "stopped":
        return "info", f"{state.name} has stopped; it can be resumed"
    return "error", f"{state.name}: {state.why}"


def end_of_queue(state: QueueState) -> tuple[str, str]:
    """The level and the text of the notice that a queue has ended."""
    if state.why:
        return "error", f"{state.name} has ended: {state.why}"
    return "info", f"{state.name} has ended: {state.finished} of {len(state.places)} trainings are finished"


def usage_words(usage: Usage) -> str:
    """A text about the use of cores, memory, and the GPU if there is one."""
    parts = [with_unit(f"{usage.cpu:.1f}", "cores") if usage.cpu else "", size(usage.memory)]
    if usage.gpu is not None:
        parts += [f"GPU {percent(usage.gpu)}", f"{size(usage.gpu_memory)} on it"]
    return " · ".join(filter(None, parts))


def size(count: int) -> str:
    """Format a number of bytes in MB or GB."""
    if count >= 2**30:
        return with_unit(f"{count / 2**30:.1f}", "GB")
    return with_unit(f"{count / 2**20:.0f}", "MB")


def span(seconds: float) -> str:
    """Format a time in seconds, minutes or hours."""
    if seconds < 90:
        return with_unit(str(max(round(seconds), 1)), "s")
    if seconds < 5400:
        return with_unit(f"{seconds / 60:.0f}", "min")
    return with_unit(f"{seconds / 3600:.1f}", "h")
