"""How time and memory of a fit grow with items, parameters, groups and cases: the table that results.md ends with.

Each cell is a process of its own: the median CPU seconds of up to three runs (fit, all indices, estimates with
standardised values and their standard errors), and how far the resident memory rose above what data and imports take.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from utaut_model import ITEMS, MODEL, answers, fully

from mce_utaut.errors import MceError
from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions

PATIENCE = 1_000.0  # seconds for one cell
ESTIMATORS = {
    "ML": FitOptions(),
    "FIML + MLR": FitOptions(estimator="MLR", missing="fiml"),
    "WLSMV": FitOptions(estimator="WLSMV", ordered=("all",)),
}


@dataclass(frozen=True, slots=True)
class Size:
    """One row of the table: what grows, how far, a model and seven-point answers (n, p) to its ``names``."""

    what: str
    label: str
    model: str
    names: tuple[str, ...]
    data: Callable[[np.random.Generator], np.ndarray]
    groups: int = 1


def factors_of(items: int, factors: int, n: int, what: str, label: str) -> Size:
    """A model of equally long correlated factors."""
    length = items // factors
    names = tuple(f"F{f}i{i}" for f in range(factors) for i in range(length))
    model = "\n".join(f"F{f} =~ " + " + ".join(f"F{f}i{i}" for i in range(length)) for f in range(factors))

    def data(rng: np.random.Generator) -> np.ndarray:
        scores = rng.normal(0, 0.5, (n, 1)) + rng.normal(0, 0.8, (n, factors))
        latent = np.repeat(scores, length, axis=1) * 0.8 + rng.normal(0, 0.6, (n, items))
        return 1.0 + np.searchsorted([-1.5, -0.9, -0.3, 0.3, 0.9, 1.5], latent)

    return Size(what, label, model, names, data)


def sizes() -> Iterator[Size]:
    """The rows of the table."""
    for items in (10, 25, 50, 100):
        yield factors_of(items, items // 5, 1_000, "items, five to a factor (n = 1 000)", str(items))
    for factors in (2, 5, 10, 20):
        yield factors_of(40, factors, 1_000, "factors of 40 items (n = 1 000)", str(factors))
    for groups in (1, 2, 5, 10):
        yield Size(
            "groups of 300 (18 items)",
            str(groups),
            MODEL,
            tuple(ITEMS),
            lambda rng, n=300 * groups: answers(n, rng),
            groups,
        )
    for n in (100, 1_000, 10_000, 100_000, 1_000_000):
        yield Size("n (18 items)", f"{n:,}", MODEL, tuple(ITEMS), lambda rng, n=n: answers(n, rng))


def growth() -> list[str]:
    """The table's lines, and the memory that a bootstrap of 10 000 replicates needs."""
    lines = [
        "",
        "## How cost grows",
        "",
        f"CPU seconds of one core, and MiB above data and imports, for {', '.join(ESTIMATORS)} (FIML: 4 % missing; "
        "WLSMV: seven categories); fit, all indices, estimates, standardised values with standard errors.",
        "",
        "| what grows | size | parameters (ML) | " + " | ".join(f"{name}, s | MiB" for name in ESTIMATORS) + " |",
        "| --- | ---: | ---: |" + " ---: | ---: |" * len(ESTIMATORS),
    ]
    for size in sizes():
        cells = [_in_a_process(_cell, size, name) for name in ESTIMATORS]
        parameters = next((str(cell[2]) for cell in cells if len(cell) == 3), "")
        shown = " | ".join(f"{cell[0]:.3f} | {cell[1]:.0f}" if len(cell) == 3 else f"{cell[0]} |" for cell in cells)
        lines.append(f"| {size.what} | {size.label} | {parameters} | {shown} |")
        print(lines[-1], flush=True)
    memory = _in_a_process(_bootstrap_memory)[0]
    return [*lines, "", f"A bootstrap of 10 000 replicates (18 items, n = 400) needs {memory:.0f} MiB above the start."]


def _cell(size: Size, name: str) -> tuple:
    """Seconds, MiB and free parameters; or one word in their place."""
    rng = np.random.default_rng(7)
    data = size.data(rng)
    if name.startswith("FIML"):
        data[rng.random(data.shape) < 0.04] = np.nan
    columns = {item: np.ascontiguousarray(data[:, i]) for i, item in enumerate(size.names)}
    options = ESTIMATORS[name]
    if size.groups > 1:
        columns["group"] = np.repeat([f"g{g}" for g in range(size.groups)], len(data) // size.groups)
        options = FitOptions(
            **{key: getattr(options, key) for key in ("estimator", "missing", "ordered")}, group="group"
        )
    del data
    before, taken = _resident(reset=True), []
    try:
        for _ in range(3):
            start = time.process_time()
            fit = fully(size.model, columns, options)
            taken.append(time.process_time() - start)
            if taken[-1] > 5:
                break
    except MceError:
        return ("refused",)
    return statistics.median(taken), _resident() - before, len(fit.t)


def _bootstrap_memory() -> tuple:
    fit = fit_model(MODEL, dict(zip(ITEMS, answers(400, np.random.default_rng(7)).T)))
    before = _resident(reset=True)
    bootstrap(fit, 10_000, 1)
    return (_resident() - before,)


def _resident(*, reset: bool = False) -> float:
    """The largest resident memory of this process, MiB (Linux), since its start or the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def _in_a_process(work: Callable[..., tuple], *arguments: object) -> tuple:
    """What ``work`` returns in a forked process; one word where it takes too long or dies."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send(work(*arguments)))
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(PATIENCE) else ("too long",)
    except EOFError:
        return ("failed",)
    finally:
        process.terminate()
        process.join()
