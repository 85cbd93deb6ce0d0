"""A child process that answers calls: its crash, endless loop or lack of memory does not harm this process.

Parent and child exchange `messages`. The parent ends the child on request or after a timeout, and the child
ends within two seconds of its parent's death. To notice that death, both hold the ends of a pipe on which
nothing is sent: the system closes it when the parent dies.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

from apsnet_core import messages, shared_arrays, worker
from apsnet_core.messages import Message
from apsnet_core.serving import BESIDE, LIFELINE, Tell
from apsnet_core.units import with_unit

_TICK_SECONDS = 0.1
_END_SECONDS = 1.0  # time for a process to end after its pipe broke


class ChildError(Exception):
    """The child gave no answer. The message is one sentence; ``kind`` is the error class in the child."""

    def __init__(self, why: str, kind: str = "") -> None:
        super().__init__(why)
        self.kind = kind


class ChildDied(ChildError):
    """The child ended without an answer."""


class ChildLate(ChildError):
    """The child did not answer in time and was ended."""


class ChildProcess(subprocess.Popen[bytes]):
    """The process of a child, with pipes to it; ``output`` and ``errors`` redirect its stdout and stderr.

    With ``shares``, on systems with shared memory, the socket ``beside`` the pipes carries large arrays.
    """

    def __init__(
        self,
        target: str,
        *arguments: str,
        output: int = subprocess.PIPE,
        errors: int | None = None,
        environment: Mapping[str, str] | None = None,
        shares: bool = False,
    ) -> None:
        variables = worker.environment() | dict(environment or {})
        own: list[int] = []
        self._lifeline: int | None = None
        self.beside: socket.socket | None = None
        if os.name == "posix":
            end, self._lifeline = os.pipe()
            own.append(end)
            variables[LIFELINE] = str(end)
        if shares and shared_arrays.are_possible():
            self.beside, other = socket.socketpair()
            own.append(other.detach())
            variables[BESIDE] = str(own[-1])
        started = False
        try:
            with _without_interrupts():
                super().__init__(
                    worker.command(target, *arguments),
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=errors,
                    env=variables,
                    pass_fds=own,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            started = True
        finally:
            if not started:
                self.let_go()
            for end in own:
                os.close(end)

    def let_go(self) -> None:
        """Close the parent's ends of all pipes, after the process has ended and nothing reads from them."""
        lifeline, self._lifeline = self._lifeline, None
        if lifeline is not None:
            os.close(lifeline)
        if self.beside is not None:
            self.beside.close()
        for name in ("stdin", "stdout", "stderr"):
            stream = getattr(self, name, None)  # a process that could not be started has no streams
            if stream is not None:
                with suppress(OSError):  # closing flushes unsent data, for which there is no reader
                    stream.close()


class Child:
    """Answers one call at a time, from any thread. A child that ended is replaced at the next call.

    ``target`` is the "module:function" that calls `serve` in the child.
    """

    def __init__(
        self,
        target: str,
        *arguments: str,
        errors: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._target, self._arguments = target, arguments
        self._errors, self._environment = errors, environment
        self._lock, self._starting = threading.Lock(), threading.Lock()
        self._process: ChildProcess | None = None
        self._receiver: ThreadPoolExecutor | None = None

    @property
    def process_id(self) -> int | None:
        """The process ID, None while no child runs."""
        return self._process.pid if self._process else None

    def start(self) -> ChildProcess:
        """Start the child now, so that the first call does not wait for it."""
        with self._starting:
            process = self._process
            if process is None or process.poll() is not None:
                self.close()
                self._receiver = ThreadPoolExecutor(1, thread_name_prefix="child")
                self._process = process = ChildProcess(
                    self._target,
                    *self._arguments,
                    errors=self._errors,
                    environment=self._environment,
                    shares=True,
                )
            return process

    def call(self, request: Message, *, seconds: float | None = None, tick: Tell | None = None) -> Message:
        """Send ``request`` to the child and return its answer. Blocks.

        ``tick`` is called when the child reports progress, and ten times a second, with the child's last
        report. An error that ``tick`` raises ends the child. Raises `ChildDied`, `ChildLate` after
        ``seconds``, and `ChildError` for an error in the child.
        """
        with self._lock:
            process = self.start()
            late = None if seconds is None else time.monotonic() + seconds
            told: list[Message] = []
            try:
                messages.send(cast(BinaryIO, process.stdin), request, process.beside)
                while True:
                    outcome, values = self._receive(process, late, tick, told)
                    if outcome != "told":
                        break
                    told = values
                    if tick is not None:
                        tick(*told)
            except TimeoutError:
                self.close()
                raise ChildLate(f"it gave no answer within {with_unit(f'{seconds:.0f}', 's')}") from None
            except (EOFError, OSError):
                why = _why_it_ended(process)
                self.close()
                raise ChildDied(f"the process that worked on it died ({why})") from None
            except BaseException:  # the next call would read the pending answer as its own
                self.close()
                raise
        if outcome == "failed":
            kind, why = values
            raise ChildError(why, kind)
        return values[0]

    def close(self, seconds: float = 0) -> None:
        """End the child: at once, or with ``seconds`` to clean up after SIGTERM."""
        process, self._process = self._process, None
        receiver, self._receiver = self._receiver, None
        if process is not None:
            if seconds:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(seconds)
            process.kill()
            process.wait()
        if receiver is not None:
            receiver.shutdown()
        if process is not None:
            process.let_go()

    def _receive(
        self, process: ChildProcess, late: float | None, tick: Tell | None, told: list[Message]
    ) -> tuple[str, list[Message]]:
        if late is None and tick is None:
            outcome, values = messages.receive(cast(BinaryIO, process.stdout), process.beside)
            return outcome, values
        receiver = self._receiver
        if receiver is None:
            raise EOFError
        stream = cast(BinaryIO, process.stdout)
        answer: Future[Message] = receiver.submit(messages.receive, stream, process.beside)
        while not answer.done():
            left = _TICK_SECONDS if late is None else late - time.monotonic()
            with suppress(TimeoutError):
                answer.exception(timeout=max(0.0, min(left, _TICK_SECONDS)))
                break
            if late is not None and time.monotonic() > late:
                raise TimeoutError
            if tick is not None:
                tick(*told)
        outcome, values = answer.result()
        return outcome, values


def _why_it_ended(process: ChildProcess) -> str:
    """The signal or exit code of a process whose pipe broke, as a phrase for an error text."""
    try:
        code = process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        return "it closed its pipe"
    if code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}, perhaps because memory ran out" if name == "SIGKILL" else name


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process started inside the block never receives Ctrl-C, which its parent handles."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
