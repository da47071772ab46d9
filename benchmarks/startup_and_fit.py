"""Times what a person waits for: `--help`, and the default `fit`. Prints medians and versions.

python benchmarks/startup_and_fit.py [runs]
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def seconds(arguments: list[str], folder: str) -> float:
    """The wall-clock time of one run of the command line."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mce_utaut", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(
        f"Python {platform.python_version()}, numpy {version('numpy')}, "
        f"semopy {version('semopy')}, {os.cpu_count()} cores"
    )
    with tempfile.TemporaryDirectory() as folder:
        for title, arguments in (
            ("--help", ["--help"]),
            ("check mce_student", ["check", "mce_student"]),
            ("fit (the shipped study)", ["fit", "--overwrite", "--quiet"]),
        ):
            taken = [seconds(arguments, folder) for _ in range(runs)]
            print(f"{title:<28} median {statistics.median(taken):6.2f} s   (fastest {min(taken):.2f} s, {runs} runs)")


if __name__ == "__main__":
    main()
