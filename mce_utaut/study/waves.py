"""Waves joined person by person: intention from before a pilot, use from after it (decision 3). Never pooled.

The join is by the code that respondents made themselves; a code that stands twice in a wave joins nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.scoring.correlation import spearman
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.fitting import Fitted, try_fit
from mce_utaut.study.inputs import NamedModel
from mce_utaut.study.library_notes import in_words
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE, LEAST_FOR_SEM
from mce_utaut.study.model_data import ModelData, model_data
from mce_utaut.study.numbers import defined
from mce_utaut.study.result import PathEstimate
from mce_utaut.study.screening import apply_rules
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.structure import path_estimates, role_model
from mce_utaut.study.texts import column_of

JOINED = "joined waves"


@dataclass(frozen=True, slots=True)
class Linkage:
    """How many answered before and after, how many of them gave a code, how many codes stand twice in a wave
    (``repeated``), and how many persons were ``joined``."""

    before: int
    after: int
    coded_before: int
    coded_after: int
    repeated: int
    joined: int


@dataclass(frozen=True, slots=True, eq=False)
class JoinedWaves:
    """The joined persons (answers from before, use from after), the fits of the models with use on them, their paths,
    and how many persons each model can use."""

    linkage: Linkage
    responses: Responses
    fits: tuple[Fitted, ...]
    paths: tuple[PathEstimate, ...]
    usable: Mapping[str, int]


def link(before: Responses, after: Responses, instrument: Instrument) -> tuple[Responses, Linkage]:
    """The respondents of ``before`` whose code stands once in each wave, with their use from ``after``."""
    first, twice_before = _codes(before)
    second, twice_after = _codes(after)
    shared = [code for code in first if code in second]
    keys = [first[code] for code in shared]
    later = [second[code] for code in shared]
    data, missing = before.data.loc[keys].copy(), before.missing.loc[keys].copy()
    for column in _use_columns(instrument, before):
        data[column] = after.data.loc[later, column].to_numpy()
        missing[column] = after.missing.loc[later, column].to_numpy()
    linkage = Linkage(
        before=before.n,
        after=after.n,
        coded_before=int(before.meta["link_code"].notna().sum()),
        coded_after=int(after.meta["link_code"].notna().sum()),
        repeated=len(twice_before | twice_after),
        joined=len(shared),
    )
    return replace(before, data=data, missing=missing, meta=before.meta.loc[keys]), linkage


def join_waves(
    role: str,
    responses: Responses,
    instrument: Instrument,
    models: Sequence[NamedModel],
    config: StudyConfig,
    options: FitOptions,
    say: Sentences,
) -> JoinedWaves | None:
    """The joined waves of a role with the fits that their number allows; None where the responses do not hold both
    waves. Each wave is screened by the study's rules before it is joined."""
    if not {"pre", "post"} <= set(responses.meta["wave"].dropna()):
        return None
    before, after = (apply_rules(responses, config.exclude, wave, say, instrument).included for wave in ("pre", "post"))
    joined, linkage = link(before, after, instrument)
    fits: list[Fitted] = []
    usable: dict[str, int] = {}
    use = {*_use_codes(instrument), "USE"}
    for model in models:
        if not any(path.outcome in use for path in model.text.paths):
            continue
        own = role_model(model, joined, instrument, config.cannot_judge_limit)
        rows = model_data(joined, instrument, own.text.observed, own.name)
        usable[model.name] = _count(rows, options, sorted(use & set(own.text.observed)))
        if usable[model.name] >= LEAST_FOR_SEM:
            fitted = try_fit(own.text.text, rows, options, name=own.name, variant="structural", analysis=JOINED)
            fits.append(in_words(fitted, say))
    paths = tuple(path for fitted in fits for path in path_estimates(fitted, role, config.confidence))
    return JoinedWaves(linkage, joined, tuple(fits), paths, usable)


def wave_section(
    joined: Mapping[str, JoinedWaves],
    scores: Mapping[str, Mapping[str, np.ndarray]],
    config: StudyConfig,
    say: Sentences,
) -> dict[str, Any]:
    """Section ``waves`` (keys in docs/study-result.md); ``scores`` are scale scores of the joined persons and their
    use, by role. Empty where no role has both waves."""
    roles = {role: _role(found, scores[role], config, say) for role, found in joined.items()}
    return {"note": say("waves.note"), "roles": roles} if roles else {}


def use_after(found: JoinedWaves, instrument: Instrument) -> dict[str, np.ndarray]:
    """The numbers of each observed use question of the joined persons, by code."""
    values = {}
    for code in _use_codes(instrument):
        column = found.responses.data[column_of(instrument, code)]
        values[code] = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    return values


def _role(found: JoinedWaves, scores: Mapping[str, np.ndarray], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    linkage = found.linkage
    enough = linkage.joined >= LEAST_FOR_INFERENCE
    return {
        "before": linkage.before,
        "after": linkage.after,
        "coded_before": linkage.coded_before,
        "coded_after": linkage.coded_after,
        "repeated_codes": linkage.repeated,
        "joined": linkage.joined,
        "sentence": say("waves.joined", n=linkage.joined, before=linkage.before, after=linkage.after),
        "models": [
            {
                "model": name,
                "n": n,
                "refusal": "" if any(each.record.name == name for each in found.fits) else say("waves.few", n=n),
                "usable": any(each.record.name == name and each.usable for each in found.fits),
            }
            for name, n in found.usable.items()
        ],
        "paths": [_path(path) for path in found.paths],
        "correlations": _correlations(scores, config.confidence) if enough else [],
    }


def _path(path: PathEstimate) -> dict[str, Any]:
    return {
        "model": path.model,
        "outcome": path.outcome,
        "predictor": path.predictor,
        "n": path.n,
        "estimate": path.estimate.estimate,
        "lower": path.estimate.lower,
        "upper": path.estimate.upper,
        "standardised": path.standardised.estimate,
        "standardised_lower": path.standardised.lower,
        "standardised_upper": path.standardised.upper,
        "p": path.p,
    }


def _correlations(scores: Mapping[str, np.ndarray], level: float) -> list[dict[str, Any]]:
    """Spearman's correlation of every score from before with every use question from after."""
    uses = [name for name in scores if name.startswith("after:")]
    rows = []
    for name in scores:
        for use in uses if name not in uses else ():
            rank = spearman(scores[name], scores[use], level)
            if rank.n >= LEAST_FOR_INFERENCE:
                rows.append(
                    {
                        "before": name,
                        "after": use.removeprefix("after:"),
                        "n": rank.n,
                        "rho": defined(rank.rho.estimate),
                        "lower": defined(rank.rho.lower),
                        "upper": defined(rank.rho.upper),
                        "p": defined(rank.p),
                    }
                )
    return rows


def _count(rows: ModelData, options: FitOptions, use: Sequence[str]) -> int:
    """Who tells something about use: complete rows, or under FIML those with an answer on use."""
    if options.missing != "fiml" or not use:
        return rows.count(options.missing)
    return int((~np.isnan(np.column_stack([rows.columns[name] for name in use]))).any(axis=1).sum())


def _codes(responses: Responses) -> tuple[dict[str, Any], set[str]]:
    """Code -> respondent key for codes that stand once, and the codes that stand more often. Spaces and letter
    case do not count."""
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for key, code in responses.meta["link_code"].dropna().items():
        plain = "".join(str(code).split()).casefold()
        if plain in found:
            twice.add(plain)
        elif plain:
            found[plain] = key
    return {code: key for code, key in found.items() if code not in twice}, twice


def _use_codes(instrument: Instrument) -> tuple[str, ...]:
    use = instrument.constructs.get("USE")
    return () if use is None else tuple(use.items)


def _use_columns(instrument: Instrument, responses: Responses) -> list[str]:
    columns = [column_of(instrument, code) for code in _use_codes(instrument)]
    columns += [question.name for question in instrument.questions() if question.purpose == "use"]
    return [name for name in dict.fromkeys(columns) if name in responses.data]
