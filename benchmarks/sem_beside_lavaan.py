"""Times the SEM core beside R's lavaan and semopy, in one run on one machine, and writes the ratios.

    python benchmarks/sem_beside_lavaan.py [runs] [--growth] [--out benchmarks/results.md]

The model is UTAUT's (18 items of seven points, 5 factors, n = 400, three groups of about 133); the data are drawn
here with a fixed seed. Times are medians of wall-clock seconds; ratios are lavaan's (or semopy's) time over ours.
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
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.invariance import invariance_ladder
from mce_utaut.sem.options import FitOptions

FACTORS = {"PE": 4, "EE": 4, "SI": 4, "FC": 3, "BI": 3}
ITEMS = [f"{factor}{i + 1}" for factor, count in FACTORS.items() for i in range(count)]
MODEL = (
    "\n".join(f"{f} =~ " + " + ".join(f"{f}{i + 1}" for i in range(k)) for f, k in FACTORS.items())
    + "\nBI ~ pe*PE + ee*EE + si*SI + fc*FC\n"
)
TARGETS = {"ml": 20, "bootstrap_replicate": 50, "bootstrap_replicate_2": 100, "fiml_mlr": 20, "wlsmv": 10, "ladder": 10}
TITLES = {
    "ml": "cold ML fit with all indices",
    "bootstrap_replicate": "bootstrap replicate, one process",
    "bootstrap_replicate_2": "bootstrap replicate, two processes",
    "fiml_mlr": "FIML + MLR, 4 % missing",
    "wlsmv": "WLSMV, seven categories",
    "ladder": "three-group invariance ladder",
    "semopy_ml": "semopy: ML estimates alone",
}


def answers(n: int, rng: np.random.Generator) -> np.ndarray:
    """Seven-point answers (n, 18) of the UTAUT model."""
    predictors = rng.multivariate_normal(np.zeros(4), np.full((4, 4), 0.35) + 0.65 * np.eye(4), n)
    intention = predictors @ [0.4, 0.1, 0.2, 0.15] + rng.normal(0, 0.7, n)
    factors = np.column_stack([predictors, intention])
    index = np.repeat(np.arange(5), list(FACTORS.values()))
    latent = 0.8 * factors[:, index] + rng.normal(0, 0.6, (n, len(ITEMS)))
    return 1.0 + np.searchsorted([-1.8, -1.2, -0.6, 0.0, 0.7, 1.4], latent)


def median_time(work: Callable[[], object], runs: int) -> float:
    """The median wall-clock seconds of ``runs`` runs, after one to warm up."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ours(complete: dict, missing: dict, runs: int) -> dict[str, float]:
    """Seconds of each piece of work with our core."""
    fit = fit_model(MODEL, complete)
    several = 2000
    grouped = FitOptions(group="group")
    return {
        "ml": median_time(lambda: fit_indices(fit_model(MODEL, complete)), runs),
        "bootstrap_replicate": median_time(lambda: bootstrap(fit, several, 1), 3) / several,
        "bootstrap_replicate_2": median_time(lambda: bootstrap(fit, 5 * several, 1, processes=2), 1) / (5 * several),
        "fiml_mlr": median_time(
            lambda: fit_indices(fit_model(MODEL, missing, FitOptions(estimator="MLR", missing="fiml"))), runs
        ),
        "wlsmv": median_time(
            lambda: fit_indices(fit_model(MODEL, complete, FitOptions(estimator="WLSMV", ordered=("all",)))), runs
        ),
        "ladder": median_time(lambda: invariance_ladder(MODEL, complete, grouped), runs),
    }


def semopy_seconds(complete: dict, runs: int) -> float:
    """Seconds of semopy's own ML fit (its default stop)."""
    import pandas as pd
    import semopy

    frame = pd.DataFrame({name: complete[name] for name in ITEMS})
    description = MODEL.replace("pe*", "").replace("ee*", "").replace("si*", "").replace("fc*", "")
    return median_time(lambda: semopy.Model(description).fit(frame), runs)


def lavaan_seconds(complete: dict, missing: dict, runs: int) -> dict | None:
    """What the R script beside this file measured, or None without R."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model.lav").write_text(MODEL)
        for name, columns in (("complete", complete), ("missing", missing)):
            header = [*ITEMS, "group"]
            rows = zip(*(columns[item] for item in header))
            text = "\n".join(",".join("" if value != value else str(value) for value in row) for row in rows)
            (Path(folder) / f"{name}.csv").write_text(",".join(header) + "\n" + text + "\n")
        script = Path(__file__).with_suffix(".R")
        subprocess.run(["Rscript", str(script), folder, str(runs)], check=True)
        return json.loads((Path(folder) / "lavaan.json").read_text())


def growth() -> list[str]:
    """How the time of a fit grows with items, groups and n, and what 10 000 replicates need of memory."""
    lines = ["", "| what grows | size | seconds |", "| --- | --- | --- |"]
    rng = np.random.default_rng(7)
    for factors in (2, 5, 10, 20):
        names = [f"F{f}i{i}" for f in range(factors) for i in range(5)]
        model = "\n".join(f"F{f} =~ " + " + ".join(f"F{f}i{i}" for i in range(5)) for f in range(factors))
        scores = rng.normal(0, 1, (1000, 1)) * 0.5 + rng.normal(0, 0.8, (1000, factors))
        data = np.repeat(scores, 5, axis=1) * 0.8 + rng.normal(0, 0.6, (1000, len(names)))
        columns = dict(zip(names, data.T))
        seconds = median_time(lambda m=model, c=columns: fit_model(m, c), 3)
        parameters = len(fit_model(model, columns).t)
        lines.append(f"| items (n = 1 000) | {len(names)} items, {parameters} parameters | {seconds:.3f} |")
    for n in (100, 1_000, 10_000, 100_000, 1_000_000):
        columns = dict(zip(ITEMS, answers(n, rng).T))
        lines.append(f"| n (18 items) | {n:,} | {median_time(lambda c=columns: fit_model(MODEL, c), 3):.3f} |")
    for groups in (2, 5, 10):
        columns = dict(zip(ITEMS, answers(300 * groups, rng).T))
        columns["group"] = np.repeat([f"g{g}" for g in range(groups)], 300).astype(object)
        seconds = median_time(lambda c=columns: fit_model(MODEL, c, FitOptions(group="group")), 3)
        lines.append(f"| groups of 300 | {groups} | {seconds:.3f} |")
    fit = fit_model(MODEL, dict(zip(ITEMS, answers(400, rng).T)))
    tracemalloc.start()
    bootstrap(fit, 10_000, 1)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return [*lines, "", f"Memory of a bootstrap of 10 000 replicates: peak {peak:.0f} MiB above the start."]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=7)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--out", type=Path)
    choices = parser.parse_args()
    rng = np.random.default_rng(20260424)
    data = answers(400, rng)
    group = np.array([f"g{i % 3}" for i in range(400)], dtype=object)
    complete = {**dict(zip(ITEMS, data.T)), "group": group}
    holes = np.where(rng.random(data.shape) < 0.04, np.nan, data)
    missing = {**dict(zip(ITEMS, holes.T)), "group": group}
    fit_to_json(fit_model(MODEL, complete))
    mine = ours(complete, missing, choices.runs)
    theirs = lavaan_seconds(complete, missing, choices.runs)
    semopy = semopy_seconds(complete, choices.runs)
    lines = [
        "# The SEM core beside lavaan and semopy",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, numpy {version('numpy')}, "
        f"scipy {version('scipy')}, semopy {version('semopy')}"
        + (f"; {theirs['versions']['R']}, lavaan {theirs['versions']['lavaan']}." if theirs else "; no R."),
        "18 items, 5 factors, n = 400. Medians of several runs in one sitting; the ratio is lavaan's time over ours.",
        "",
        "| work | ours (ms) | lavaan (ms) | ratio | aim |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for key, seconds in mine.items():
        other = theirs["seconds"][key.removesuffix("_2")] if theirs else float("nan")
        lines.append(
            f"| {TITLES[key]} | {1000 * seconds:.2f} | {1000 * other:.1f} | {other / seconds:.0f} | {TARGETS[key]} |"
        )
    lines.append(f"| {TITLES['semopy_ml']} | {1000 * semopy:.1f} | | | |")
    if choices.growth:
        lines += growth()
    text = "\n".join(lines) + "\n"
    print(text)
    if choices.out:
        choices.out.write_text(text)


if __name__ == "__main__":
    main()
