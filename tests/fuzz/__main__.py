"""Fuzz the readers: python -m tests.fuzz --files N | --minutes M [--seed S] [--keep FOLDER].

The exit status is 1 if a file was read wrongly.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from tests.fuzz.run import damaged, judged


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=sys.maxsize)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="where the bad ones are kept")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + 60 * options.minutes
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(damaged(Path(folder), options.seed)):
            if number >= options.files or time.monotonic() > end:
                break
            # This line tells which file was read last if the process crashes.
            print(f"\r{number}", path.name, end="", file=sys.stderr, flush=True)
            why = judged(path, outcomes)
            if why is not None:
                wrong += 1
                options.keep.mkdir(parents=True, exist_ok=True)
                kept = options.keep / f"seed{options.seed}_{path.name}"
                shutil.copy(path, kept)
                print(f"\r{kept}: {why}")
    print(f"\r{number} damaged files: {dict(outcomes)}; {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
