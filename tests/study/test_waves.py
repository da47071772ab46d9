"""Two waves: joined by code, never pooled, and what H6 then rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lxml import html

from mce_utaut.report import render_report
from mce_utaut.study.run import compute_study
from mce_utaut.study.waves import link


def two_waves(pre: Any, post: Any, codes_pre: list[Any], codes_post: list[Any]) -> Any:
    parts = []
    for wave, responses, codes, start in (("pre", pre, codes_pre, 0), ("post", post, codes_post, 10_000)):
        index = pd.Index([f"p{start + i}" for i in range(responses.n)])
        meta = responses.meta.assign(wave=wave, link_code=codes)
        parts.append([frame.set_axis(index) for frame in (responses.data, responses.missing, meta)])
    data, missing, meta = (pd.concat([one, other]) for one, other in zip(*parts, strict=True))
    return replace(pre, data=data, missing=missing, meta=meta)


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> Any:
    instrument = make_instrument()
    pre = make_responses(instrument, 260, 5)
    post = make_responses(instrument, 240, 6)
    # The same persons: use after the pilot follows the intention stated before it.
    intention = pre.data[["BI1", "BI2", "BI3"]].mean(axis=1).to_numpy()
    noise = np.random.default_rng(1).standard_normal(180)
    post.data.iloc[:180, post.data.columns.get_loc("use_involvement")] = np.clip(
        np.round(1 + 0.6 * (intention[:180] - intention.mean()) + 0.5 * noise), 0, 2
    )
    codes = [f"Ab {i}" for i in range(180)]
    both = two_waves(pre, post, codes + [None] * 80, [code.upper() for code in codes] + ["zz"] * 60)
    choices = {"sensitivity": False, "wave": "pre", "missing": "fiml", "estimator": "MLR", "dynamic_cutoffs": 50}
    inputs = make_inputs({"student": (instrument, both)}, **choices)
    return compute_study(inputs, versions={})


def test_persons_are_joined_and_waves_not_pooled(study: Any) -> None:
    found = study.sections["waves"]["roles"]["student"]
    assert (found["before"], found["after"], found["joined"]) == (260, 240, 180)
    assert (found["coded_before"], found["repeated_codes"]) == (180, 1)
    assert study.roles[0].n == 260  # the rest of the study is about the wave analysed
    assert found["correlations"][0]["n"] <= 180
    rho = next(row["rho"] for row in found["correlations"] if row["before"] == "BI")
    assert rho > 0.4


def test_use_after_is_predicted_by_intention_before(study: Any) -> None:
    verdict = next(each for each in study.roles[0].hypotheses if each.id == "H6")
    assert verdict.verdict == "supported"
    assert verdict.path.analysis == "joined waves" and verdict.path.n == 180
    names = {path.analysis for path in study.roles[0].paths}
    assert "joined waves" not in names


def test_the_report_draws_the_joined_persons_and_the_cutoffs(study: Any) -> None:
    page = html.document_fromstring(render_report(study).decode("utf-8"))
    found = study.sections["waves"]["roles"]["student"]
    paths = page.xpath("//*[@id='table-waves_paths']//tbody/tr[not(@class)]")
    assert len(paths) == len(found["paths"]) > 0
    correlations = page.xpath("//*[@id='table-waves_correlations']//tbody/tr[not(@class)]")
    assert len(correlations) == len(found["correlations"]) > 0
    levels = study.sections["dynamic_cutoffs"]["roles"]["student"]["levels"]
    assert len(page.xpath("//*[@id='table-cutoffs']//tbody/tr[not(@class)]")) == 2 + len(levels)
    assert "not drawn" not in page.xpath("string(//section[@id='methods'])")


def test_codes_join_once_or_not_at_all(make_instrument: Callable, make_responses: Callable) -> None:
    instrument = make_instrument()
    pre, post = make_responses(instrument, 4, 1), make_responses(instrument, 4, 2)
    pre = replace(pre, meta=pre.meta.assign(link_code=["a1", "b2", "b2", None]))
    post = replace(post, meta=post.meta.assign(link_code=["B2", " A 1", "c3", None]))
    post.data["use_involvement"] = [0.0, 2.0, 1.0, 1.0]
    joined, linkage = link(pre, post, instrument)
    assert (joined.n, linkage.joined, linkage.repeated) == (1, 1, 1)
    assert joined.data["use_involvement"].tolist() == [2.0]
    assert joined.data["PE1"].tolist() == pre.data["PE1"].tolist()[:1]


def test_too_few_joined_are_not_testable(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    codes = [str(i) for i in range(40)]
    both = two_waves(
        make_responses(instrument, 120, 1), make_responses(instrument, 40, 2), codes + [None] * 80, codes
    )
    study = compute_study(make_inputs({"student": (instrument, both)}, sensitivity=False, wave="pre"), versions={})
    verdict = next(each for each in study.roles[0].hypotheses if each.id == "H6")
    assert verdict.verdict == "not_testable" and "40 persons answered both" in verdict.sentence


@pytest.mark.parametrize(("told", "noted"), [(None, True), ("post", False)])
def test_a_wave_that_only_the_study_file_tells_is_noted(
    told: str | None, noted: bool, make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 20, 5)
    responses = replace(responses, meta=responses.meta.assign(wave=told))
    inputs = make_inputs({"student": (instrument, responses)}, sensitivity=False, wave="post")
    notes = {note.code for note in compute_study(inputs, versions={}).roles[0].notes}
    assert ("wave_assumed" in notes) == noted
