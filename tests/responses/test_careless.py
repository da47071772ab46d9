"""Planted careless respondents are flagged, attentive ones mostly not, and nobody leaves unasked."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.responses.careless import INDICES, careless_signs, exclude_careless
from mce_utaut.responses.model import META_COLUMNS, Responses

CONSTRUCTS = ("PE", "EE", "SI", "FC")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    pages = "\n".join(
        f"  - id: {name.lower()}\n    questions:\n      - code: {name}Q\n        type: array\n        scale: agree\n"
        "        items:\n"
        + "\n".join(f"          - {{code: {name}{i}, construct: {name}, kind: anchor}}" for i in (1, 2, 3, 4))
        for name in CONSTRUCTS
    )
    options = "\n".join(f'      - {{code: "{value}", name: point{value}}}' for value in range(1, 8))
    constructs = "\n".join(f"  {name}: {{kind: latent}}" for name in CONSTRUCTS)
    structure = f"""
id: tiny
version: "1.0.0"
role: student
kind: survey
source_language: en
license: CC0
credit: none
scales:
  agree:
    kind: ordinal
    options:
{options}
constructs:
{constructs}
pages:
{pages}
"""
    titles = "\n".join(f"  {name.lower()}: {{title: {name}}}" for name in CONSTRUCTS)
    arrays = "\n".join(f"  {name}Q: {{text: Agree?}}" for name in CONSTRUCTS)
    items = "\n".join(f'  {name}{i}: "{name}{i}."' for name in CONSTRUCTS for i in (1, 2, 3, 4))
    points = ", ".join(f'"{value}": "Point {value}"' for value in range(1, 8))
    labels = "\n".join(f'  {name}: {{label: "{name} x", definition: "What."}}' for name in CONSTRUCTS)
    wording = f"""
instrument: tiny
language: en
status: source
survey: {{title: T, description: D, welcome: W, end: E, declined: B}}
pages:
{titles}
questions:
{arrays}
items:
{items}
scales:
  agree: {{{points}}}
constructs:
{labels}
"""
    return load_instrument(TextFile("tiny.yaml", structure), [TextFile("tiny.en.yaml", wording)])


def make(answers: np.ndarray, seconds: float = 300.0) -> Responses:
    n = len(answers)
    names = [f"{name}{i}" for name in CONSTRUCTS for i in (1, 2, 3, 4)]
    index = pd.Index([f"r{i}" for i in range(n)])
    data = pd.DataFrame(answers, index=index, columns=names)
    meta = pd.DataFrame(dict.fromkeys(META_COLUMNS), index=index)
    meta["attention_asked"], meta["attention_failed"] = 1, 0
    meta["duration_s"], meta["source"], meta["source_row"] = seconds, 0, np.arange(2, n + 2)
    missing = pd.DataFrame("", index=index, columns=names)
    return Responses("tiny", "1.0.0", "", "student", data, missing, meta)


@pytest.fixture(scope="module")
def answers() -> np.ndarray:
    rng = np.random.default_rng(4)
    factors = rng.multivariate_normal(np.zeros(4), 0.3 + 0.7 * np.eye(4), 200)
    return np.clip(np.round(4 + 1.4 * np.repeat(factors, 4, axis=1) + 0.6 * rng.standard_normal((200, 16))), 1, 7)


def test_attentive_respondents_are_rarely_flagged(instrument: Instrument, answers: np.ndarray) -> None:
    signs = careless_signs(make(answers), instrument)
    shares = {name: signs.flagged[name].mean() for name in INDICES}
    assert max(shares.values()) < 0.15 and shares["straight_lining"] == 0


def test_planted_carelessness_is_found(instrument: Instrument, answers: np.ndarray) -> None:
    planted = answers.copy()
    rng = np.random.default_rng(1)
    planted[:5] = 6  # the same answer everywhere
    planted[5:10, 2:12] = 4  # ten in a row
    planted[10:40] = rng.integers(1, 8, (30, 16))  # at random
    responses = make(planted)
    responses.meta.loc["r199", "duration_s"] = 20.0
    responses.meta.loc["r198", "duration_s"] = np.nan
    responses.meta.loc["r197", "attention_failed"] = 1
    signs = careless_signs(responses, instrument)
    assert np.flatnonzero(signs.flagged["straight_lining"]).tolist() == [0, 1, 2, 3, 4]
    assert signs.flagged["long_string"][:10].all()
    assert np.flatnonzero(signs.flagged["too_fast"]).tolist() == [199]
    assert not signs.assessed["too_fast"][198]
    assert np.flatnonzero(signs.flagged["attention"]).tolist() == [197]
    unusual = signs.flagged["mahalanobis"] | signs.flagged["even_odd"]
    assert unusual[10:40].mean() > 0.7 > 3 * unusual[40:].mean()


def test_missing_answers_are_passed_over(instrument: Instrument, answers: np.ndarray) -> None:
    holes = answers.copy()
    holes[0], holes[1, 1:], holes[2, ::2] = np.nan, np.nan, np.nan
    signs = careless_signs(make(holes), instrument)
    assert not any(signs.assessed[name][0] for name in INDICES if name != "attention")
    assert not signs.assessed["long_string"][1] and not signs.assessed["mahalanobis"][2]


def test_a_rule_leaves_out_and_logs(instrument: Instrument, answers: np.ndarray) -> None:
    planted = answers.copy()
    planted[:5] = 6
    kept = exclude_careless(make(planted), instrument, "straight_lining")
    assert kept.n == 195
    assert {(each.reason, each.source_row) for each in kept.exclusions} == {("straight_lining", i) for i in range(2, 7)}


def test_nobody_and_few_are_no_trouble(instrument: Instrument, answers: np.ndarray) -> None:
    assert careless_signs(make(answers[:0]), instrument).flagged["even_odd"].size == 0
    few = careless_signs(make(answers[:6]), instrument)
    assert not few.assessed["mahalanobis"].any() and few.assessed["even_odd"].any()


def test_the_library_is_imported_only_where_used() -> None:
    source = (Path(sys.modules["mce_utaut.responses.careless"].__file__ or "")).read_text()
    assert "\nfrom ier" not in source and "\nimport ier" not in source
