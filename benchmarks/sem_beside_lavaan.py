"""Times the SEM core beside R's lavaan and semopy, in one run on one machine, and writes the ratios.

    python benchmarks/sem_beside_lavaan.py [runs] [--rounds N] [--growth] [--out benchmarks/results.md]

The model is UTAUT's (18 items of seven points, 5 factors, n = 400, three groups of about 133); the data are drawn
here with a fixed seed. Cold means: from model text and columns, nothing kept from the fit before.
"""

from __future__ import annotations

import argparse
import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import json
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sem_growth import growth
from utaut_model import ITEMS, MODEL, answers, fully

from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.invariance import invariance_ladder
from mce_utaut.sem.options import FitOptions

AIMS = {
    "ml_fit": 20,
    "ml": 20,
    "ml_std_se": 20,
    "bootstrap_replicate": 50,
    "bootstrap_replicate_2": 100,
    "bootstrap_fiml": 20,
    "bootstrap_wlsmv": 10,
    "fiml_mlr": 20,
    "wlsmv": 10,
    "ladder": 10,
}
TITLES = {
    "ml_fit": "cold ML fit: estimates, standard errors, test, baseline",
    "ml": "the same, and all indices and standardised values",
    "ml_std_se": "the same, and standard errors of standardised values on both sides",
    "bootstrap_replicate": "bootstrap replicate, one process",
    "bootstrap_replicate_2": "bootstrap replicate, two processes",
    "bootstrap_fiml": "bootstrap replicate of FIML, 4 % missing, one process",
    "bootstrap_wlsmv": "bootstrap replicate of WLSMV, seven categories, one process",
    "fiml_mlr": "FIML + MLR, 4 % missing",
    "wlsmv": "WLSMV, seven categories",
    "ladder": "three-group invariance ladder",
}
WORK = """\
What is timed. First row: lavaan's `sem()`, our `fit_model`. Other fits: besides, `fitMeasures()` and
`parameterEstimates(standardized = TRUE)`; ours `fit_indices` and `parameter_estimates`, which always gives the
standardised values' standard errors (lavaan: `standardizedSolution()`, only in the third row). Bootstrap:
`bootstrapLavaan(FUN = coef)`; ours keeps standardised values too. Ladder: four models, their indices and three
difference tests (`lavTestLRT()`). The bootstraps of FIML and WLSMV likewise, with 400
replicates of ours and five of lavaan's. Both read data in memory.
"""


def median_time(work: Callable[[], object], runs: int, together: int = 1) -> float:
    """The median wall-clock seconds of a piece of work, after one run to warm up.

    ``together`` runs are timed as one, so that a short piece of work is interrupted by what else the machine does as
    often as a long one.
    """
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(together):
            work()
        taken.append((time.perf_counter() - start) / together)
    return statistics.median(taken)


def ours(complete: dict, missing: dict, runs: int) -> dict[str, float]:
    """Seconds of each piece of work with our core."""
    fit = fit_model(MODEL, complete)
    several = 2000
    ml = median_time(lambda: fully(MODEL, complete, FitOptions()), 3 * runs, 25)
    robust = FitOptions(estimator="MLR", missing="fiml")
    ordinal = FitOptions(estimator="WLSMV", ordered=("all",))
    grouped = FitOptions(group="group")
    incomplete, ordered, few = fit_model(MODEL, missing, robust), fit_model(MODEL, complete, ordinal), 400
    return {
        "ml_fit": median_time(lambda: fit_model(MODEL, complete), 3 * runs, 25),
        "ml": ml,
        "ml_std_se": ml,
        "bootstrap_replicate": median_time(lambda: bootstrap(fit, several, 1), 3) / several,
        "bootstrap_replicate_2": median_time(lambda: bootstrap(fit, 5 * several, 1, processes=2), 3) / (5 * several),
        "bootstrap_fiml": median_time(lambda: bootstrap(incomplete, few, 1), 3) / few,
        "bootstrap_wlsmv": median_time(lambda: bootstrap(ordered, few, 1), 3) / few,
        "fiml_mlr": median_time(lambda: fully(MODEL, missing, robust), runs, 10),
        "wlsmv": median_time(lambda: fully(MODEL, complete, ordinal), runs, 10),
        "ladder": median_time(lambda: invariance_ladder(MODEL, complete, grouped), runs, 10),
    }


def semopy_seconds(complete: dict, runs: int) -> float:
    """Seconds of semopy's own ML fit (its default stop)."""
    import pandas as pd
    import semopy

    frame = pd.DataFrame({name: complete[name] for name in ITEMS})
    description = MODEL.replace("pe*", "").replace("ee*", "").replace("si*", "").replace("fc*", "")
    return median_time(lambda: semopy.Model(description).fit(frame), runs)


def lavaan(complete: dict, missing: dict, runs: int) -> tuple[dict[str, float], dict[str, str]]:
    """What the R script beside this file measured, and the versions of R and lavaan; nan and none without R."""
    if shutil.which("Rscript") is None:
        return dict.fromkeys(TITLES, float("nan")), {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model.lav").write_text(MODEL)
        for name, columns in (("complete", complete), ("missing", missing)):
            header = [*ITEMS, "group"]
            rows = zip(*(columns[item] for item in header))
            text = "\n".join(",".join("" if value != value else str(value) for value in row) for row in rows)
            (Path(folder) / f"{name}.csv").write_text(",".join(header) + "\n" + text + "\n")
        script = Path(__file__).with_suffix(".R")
        subprocess.run(["Rscript", str(script), folder, str(runs)], check=True)
        found = json.loads((Path(folder) / "lavaan.json").read_text())
        return found["seconds"], found["versions"]


def side_by_side(mine: list[dict[str, float]], theirs: list[dict[str, float]]) -> list[str]:
    """The table: medians over the rounds of both times and of their ratio."""
    lines = ["| work | ours (ms) | lavaan (ms) | ratio | aim |", "| --- | ---: | ---: | ---: | ---: |"]
    for key, title in TITLES.items():
        own = [seconds[key] for seconds in mine]
        other = [seconds[key.removesuffix("_2")] for seconds in theirs]
        ratio = statistics.median(b / a for a, b in zip(own, other))
        times = f"{1000 * statistics.median(own):.2f} | {1000 * statistics.median(other):.1f}"
        lines.append(f"| {title} | {times} | {ratio:.0f} | {AIMS[key]} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--out", type=Path)
    choices = parser.parse_args()
    rng = np.random.default_rng(20260424)
    data = answers(400, rng)
    group = np.array([f"g{i % 3}" for i in range(400)], dtype=object)
    complete = {**dict(zip(ITEMS, data.T)), "group": group}
    holes = np.where(rng.random(data.shape) < 0.04, np.nan, data)
    missing = {**dict(zip(ITEMS, holes.T)), "group": group}
    mine, theirs, versions, load = [], [], {}, os.getloadavg()[0]
    for _ in range(choices.rounds):
        mine.append(ours(complete, missing, choices.runs))
        seconds, versions = lavaan(complete, missing, choices.runs)
        theirs.append(seconds)
    lines = [
        "# The SEM core beside lavaan and semopy",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, numpy {version('numpy')}, "
        f"scipy {version('scipy')}, semopy {version('semopy')}"
        + (f"; {versions['R']}, lavaan {versions['lavaan']}." if versions else "; no R."),
        f"18 items, 5 factors, n = 400. Medians of {choices.rounds} rounds in one sitting, ours and lavaan's by turns, "
        "one thread each.",
        f"Before the first round {load:.1f} processes were waiting or at work; the ratio is lavaan's time over ours.",
        "",
        *side_by_side(mine, theirs),
        "",
        f"semopy's ML estimates alone take {1000 * semopy_seconds(complete, choices.runs):.1f} ms.",
        "",
        *WORK.splitlines(),
    ]
    print("\n".join(lines), flush=True)
    if choices.growth:
        lines += growth()
    text = "\n".join(lines) + "\n"
    if choices.out:
        choices.out.write_text(text)


if __name__ == "__main__":
    main()
