"""Freed memory stays with the process, so that allocating it again causes no page faults."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

AGAIN = """
import resource
{first}
for _ in range(2):
    bytearray(64 << 20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    bytearray(b"1") * (64 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
KEEP = "from apsnet_core.training.memory import keep_memory; assert keep_memory() == {expected}"


def faults(first: str) -> int:
    code = AGAIN.format(first=first)
    return int(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )


def test_reallocating_freed_memory_causes_few_page_faults() -> None:
    pytest.importorskip("resource")
    glibc = platform.libc_ver()[0] == "glibc"
    kept, plain = faults(KEEP.format(expected=glibc)), faults("pass")
    assert kept < plain / 10 if glibc else kept > 0
