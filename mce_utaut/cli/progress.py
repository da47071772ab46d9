"""Progress on the terminal: a bar where a person looks, a line a step where a file or a pipe does."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Report = Callable[[str, int, int], None]


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Report]:
    """Yields ``report(step, done, total)``; everything goes to stderr."""
    if quiet:
        yield lambda step, done, total: None
        return
    if not sys.stderr.isatty():
        yield _print_step
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=max(total, 1))

        yield report


def _print_step(step: str, done: int, total: int) -> None:
    if total < 2 or step or done == total:
        place = f"[{done}/{total}] " if total > 1 else ""
        print(place + (step or "computed"), file=sys.stderr, flush=True)
