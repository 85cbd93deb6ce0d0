"""Loops compiled by numba, in a separate process and with a cache on disk.

Compiling takes seconds and loading half a second, so neither is done for a few milliseconds of work. Nothing
waits for the first compilation: until it is done, and where numba is missing, plain loops are used.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from apsnet_core import atomic, worker
from apsnet_core.types import Foreign, Values

Function = TypeVar("Function", bound=Callable[..., Any])

# Every module of kernels. The set-up compiles all of them.
MODULES = (
    "apsnet_core.networks.apsnet_loop_kernels",
    "apsnet_core.ops.search_kernels",
    "apsnet_core.ops.plane_kernels",
    "apsnet_core.ops.pooling_kernels",
)

_LOOK_SECONDS = 0.1
_LONGEST_SECONDS = 300  # longer than any compilation takes


def compiled(
    signature: str | None = None, *, contract: bool = True, reorder: bool = False, nan: bool = False
) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function for arrays, which then runs without the interpreter's lock.

    A function with a ``signature`` is compiled at once, and cached on disk. With ``contract`` a product and a
    sum may become one instruction, and with ``reorder`` sums may be split over the lanes of a vector. The
    function must not meet nan, unless ``nan`` is true.
    """
    numba: Foreign = import_module("numba")
    maths = {name for name, wanted in (("contract", contract), ("reassoc", reorder)) if wanted}
    maths |= set() if nan else {"nnan", "nsz"}
    how: Values = {"nogil": True, "fastmath": maths, "cache": signature is not None}
    how["error_model"] = "numpy"  # a diverging loss then gives nan, which the trainer reports, and no error
    decorator: Callable[[Function], Function] = numba.njit(*([signature] if signature else []), **how)
    return decorator


class Kernels:
    """A module of `compiled` functions, given by ``name``. Importing it compiles or loads them."""

    def __init__(self, name: str, worth: float) -> None:
        self.name = name
        self._worth = worth
        self._asked = 0.0
        self._module: ModuleType | None = None
        self._making: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self.failure: str | None = None

    def for_work(self, amount: float) -> ModuleType | None:
        """Return the functions once the ``amount`` of all calls reaches ``worth``; until then None."""
        if self._module is None and self._making is None:
            self._asked += amount
            if self._asked < self._worth:
                return None
        return self.load()

    def load(self) -> ModuleType | None:
        """Return the functions if they are compiled. Otherwise start compiling them and return None."""
        if self._module is None and self.failure is None:
            with self._lock:
                self._begin()
        return self._module

    def prepare(self) -> ModuleType | None:
        """Wait until the functions are compiled and return them, or None with the reason in `failure`."""
        self.load()
        if self._making is not None:
            self._making.wait()
        return self.load()

    def state(self) -> str:
        """The state as text: ready, not compiled yet, or the reason why they cannot be compiled."""
        if self.failure is None and find_spec("numba") is None:
            return "numba is not installed"
        return self.failure or ("ready" if self._are_made() else "not compiled yet")

    def _begin(self) -> None:
        if self._module is not None:
            return
        if find_spec("numba") is None:
            self.failure = "numba is not installed"
        elif self._are_made():
            self._module = self._imported()
        elif self._making is None:
            command = worker.command(f"{__name__}:main", self.name)
            self._making = subprocess.Popen(
                command, env=worker.environment(), text=True, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
        elif self._making.poll() is not None:
            said = self._making.stderr.read().strip().splitlines() if self._making.stderr else []
            self.failure = said[-1] if said else f"compiling ended with {self._making.returncode}"

    def make(self) -> None:
        """Compile in this process, or wait for another process that is already compiling."""
        folder, began = self._folder(), time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        claim = folder / "making"
        while not self._are_made():
            try:
                with claim.open("x", encoding="utf-8") as file:
                    file.write(str(os.getpid()))
            except FileExistsError:
                if _has_died(claim) or time.monotonic() - began > _LONGEST_SECONDS:
                    claim.unlink(missing_ok=True)
                time.sleep(_LOOK_SECONDS)
                continue
            try:
                self._imported()
                atomic.write_text(folder / "made", self._stamp())
            finally:
                claim.unlink(missing_ok=True)

    def _imported(self) -> ModuleType:
        config: Foreign = import_module("numba").config
        before, config.CACHE_DIR = config.CACHE_DIR, str(self._folder())
        try:
            return import_module(self.name)
        finally:
            config.CACHE_DIR = before

    def _are_made(self) -> bool:
        try:
            return (self._folder() / "made").read_text(encoding="utf-8") == self._stamp()
        except OSError:
            return False

    def _stamp(self) -> str:
        source = find_spec(self.name)
        if source is None or source.origin is None:
            raise ModuleNotFoundError(f"there is no source of {self.name}")
        # This file determines how they are compiled, so a change of it also leads to a new compilation.
        written = [Path(file).stat() for file in (source.origin, __file__)]
        return " ".join(f"{each.st_mtime_ns} {each.st_size}" for each in written)

    def _folder(self) -> Path:
        """The cache folder. Each copy of the program, and each Python, numba and processor, has its own."""
        from importlib.metadata import version

        from platformdirs import user_cache_path

        facts = (__file__, platform.python_version(), version("numba"), version("numpy"), _processor())
        key = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
        return user_cache_path("apsnet-studio", appauthor=False) / "compiled" / key / self.name


def state() -> str:
    """The state of all `MODULES` as text: the state of the first module that is not ready, or "ready"."""
    states = [Kernels(name, worth=0).state() for name in MODULES]
    return next((each for each in states if each != "ready"), "ready")


def _has_died(claim: Path) -> bool:
    """Whether the process that wrote its number into ``claim`` is gone."""
    import psutil

    try:
        number = claim.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return number.isdigit() and not psutil.pid_exists(int(number))


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if not described.exists():
        return platform.processor()
    lines = described.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    return "\n".join(line for line in lines if line.startswith(("model name", "flags", "Features")))


def main() -> None:
    """Compile the modules named on the command line, or all `MODULES`; the main function of the process."""
    if hasattr(os, "nice"):
        os.nice(5)
    for name in sys.argv[1:] or MODULES:
        Kernels(name, worth=0).make()
