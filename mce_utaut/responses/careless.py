"""Signs of careless answering (method rule D2), by the library insufficient-effort. Flags, never a verdict.

One sign alone proves nothing: people answer alike because they think alike (Meade & Craig 2012, doi:10.1037/a0028085;
Curran 2016, doi:10.1016/j.jesp.2015.07.006). Nobody is left out unless a study's own rule says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import scored_items
from mce_utaut.responses.screening import leave_out

SECONDS_PER_ITEM = 2.0
LONGEST_SHARE = 0.5  # of the agreement items answered
LEAST_ITEMS, LEAST_CONSTRUCTS = 10, 3
MAHALANOBIS_P = 0.001
LEAST_CONSISTENCY = 0.30
INDICES = ("attention", "too_fast", "long_string", "straight_lining", "mahalanobis", "even_odd")
EXCLUDING = ("too_fast", "long_string", "straight_lining")  # what a study may leave respondents out for


@dataclass(frozen=True, slots=True, eq=False)
class CarelessSigns:
    """Per index of ``INDICES``: which respondents could be assessed and which are flagged, both (n,) bool."""

    assessed: Mapping[str, np.ndarray]
    flagged: Mapping[str, np.ndarray]


def careless_signs(responses: Responses, instrument: Instrument) -> CarelessSigns:
    """The signs of every respondent, on the agreement items of latent constructs.

    attention: an attention item failed. too_fast: fewer than 2 s per item answered (Huang et al. 2012,
    doi:10.1007/s10869-011-9231-8). long_string: one answer in a row over at least half of the items answered, in the
    questionnaire's order (a tool that shuffles items makes runs shorter on paper than on screen). straight_lining: no
    variance over 10 items or more of 3 constructs or more. mahalanobis: D² beyond p = .001 (rows complete).
    even_odd: Spearman-Brown corrected correlation of half scores below .30 (constructs of two items or more).
    """
    constructs = _agreement(instrument)
    items = [item for own in constructs.values() for item in own]
    n = responses.n
    none = np.zeros(n, dtype=bool)
    assessed, flagged = dict.fromkeys(INDICES, none), dict.fromkeys(INDICES, none)
    meta = responses.meta
    assessed["attention"] = (meta["attention_asked"] > 0).to_numpy(dtype=bool)
    flagged["attention"] = assessed["attention"] & (meta["attention_failed"] > 0).to_numpy(dtype=bool)
    if not n or not items:
        return CarelessSigns(assessed, flagged)
    order = [item.code for _, item in instrument.items() if item.code in set(items)]
    raw = responses.data[order].to_numpy(dtype=float)
    given = ~np.isnan(raw)
    answered = given.sum(axis=1)
    seconds = meta["duration_s"].to_numpy(dtype=float)
    assessed["too_fast"] = ~np.isnan(seconds) & (answered > 0)
    flagged["too_fast"] = assessed["too_fast"] & (seconds < SECONDS_PER_ITEM * answered)
    enough = (answered >= LEAST_ITEMS) & (_touched(responses, constructs) >= LEAST_CONSTRUCTS)
    assessed["long_string"] = assessed["straight_lining"] = enough
    spread = _variability(raw)
    flagged["straight_lining"] = enough & (spread == 0)
    flagged["long_string"] = enough & (_longest_run(raw) >= LONGEST_SHARE * answered)
    scored = scored_items(responses, instrument, items)
    assessed["mahalanobis"], flagged["mahalanobis"] = _far(scored)
    sizes = [len(own) for own in constructs.values()]
    assessed["even_odd"], flagged["even_odd"] = _inconsistent(scored, sizes)
    return CarelessSigns(assessed, flagged)


def exclude_careless(responses: Responses, instrument: Instrument, rule: str) -> Responses:
    """The responses without those flagged by ``rule`` (one of ``EXCLUDING``), the reason logged."""
    flagged = careless_signs(responses, instrument).flagged[rule]
    return leave_out(responses, responses.meta.index[flagged], rule, lambda key: "")


def _agreement(instrument: Instrument) -> dict[str, list[str]]:
    """The items of latent constructs asked in arrays on the scale that most of them share."""
    scales: dict[str, int] = {}
    found: dict[str, list[tuple[str, str]]] = {}
    for question, item in instrument.items():
        construct = instrument.constructs.get(item.construct or "")
        if construct is not None and construct.kind == "latent" and question.scale:
            scales[question.scale] = scales.get(question.scale, 0) + 1
            found.setdefault(construct.id, []).append((item.code, question.scale))
    if not scales:
        return {}
    most = max(scales, key=lambda name: scales[name])
    kept = {name: [code for code, scale in own if scale == most] for name, own in found.items()}
    return {name: own for name, own in kept.items() if own}


def _touched(responses: Responses, constructs: Mapping[str, list[str]]) -> np.ndarray:
    return sum(responses.data[own].notna().any(axis=1).to_numpy(dtype=int) for own in constructs.values())


def _variability(raw: np.ndarray) -> np.ndarray:
    from ier import irv

    spread = np.full(len(raw), np.nan)
    rows = (~np.isnan(raw)).sum(axis=1) > 1
    if rows.any():
        spread[rows] = irv(raw[rows], na_rm=True)
    return np.where(np.abs(spread) < 1e-12, 0.0, spread)


def _longest_run(raw: np.ndarray) -> np.ndarray:
    """The longest run (n,) of one answer, missing answers passed over."""
    from ier import longstring

    texts = ["".join(chr(int(2 * value) + 300) for value in row[~np.isnan(row)]) for row in raw]
    found = longstring([text or " " for text in texts])
    return np.array([0 if each is None or not text else each[1] for each, text in zip(found, texts, strict=True)])


def _far(scored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from ier import mahad

    n, p = scored.shape
    nobody = np.zeros(n, dtype=bool)
    complete = ~np.isnan(scored).any(axis=1)
    if complete.sum() < 2 * p or np.linalg.matrix_rank(np.cov(scored[complete], rowvar=False)) < p:
        return nobody, nobody
    _, flags = mahad(scored[complete], flag=True, confidence=1 - MAHALANOBIS_P)
    far = nobody.copy()
    far[complete] = np.asarray(flags, dtype=bool)
    return complete, far


def _inconsistent(scored: np.ndarray, sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    from ier import evenodd

    ends = np.cumsum(sizes)
    kept = [(end - size, end) for size, end in zip(sizes, ends, strict=True) if size > 1]
    if len(kept) < LEAST_CONSTRUCTS:
        nobody = np.zeros(len(scored), dtype=bool)
        return nobody, nobody
    columns = np.concatenate([scored[:, start:end] for start, end in kept], axis=1)
    values, factors = evenodd(columns, [end - start for start, end in kept], diag=True, method="halves")
    known = np.isfinite(values) & (np.asarray(factors) >= LEAST_CONSTRUCTS)
    return known, known & (np.where(known, values, 1.0) < LEAST_CONSISTENCY)
