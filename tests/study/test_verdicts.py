"""Verdicts by rule, methods by size, and when a strongest driver may be named."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest

from mce_utaut.sem.fit import fit_model
from mce_utaut.study.fitting import options_for, try_fit
from mce_utaut.study.headline import Role, headline, strongest
from mce_utaut.study.hypotheses import Hypothesis, Requires, parse_hypotheses
from mce_utaut.study.method_choice import choose_method
from mce_utaut.study.model_data import model_data
from mce_utaut.study.model_text import read_model
from mce_utaut.study.numbers import NOTHING, interval
from mce_utaut.study.result import MethodChoice, PathEstimate
from mce_utaut.study.sentences import Sentences, entries, inside, languages
from mce_utaut.study.structure import path_estimates
from mce_utaut.study.verdicts import Evidence, decide, equivalence_interval, judge

SAY = Sentences("en")
MODEL = "PE =~ PE1 + PE2\nBI =~ BI1 + BI2\nBI ~ pe*PE\n"


def path(estimate: float, half: float, method: str = "sem", n: int = 300) -> PathEstimate:
    found = interval(estimate, estimate - half, estimate + half, 0.95, "")
    return PathEstimate("student", "m", "primary", "BI", "PE", "pe", method, n, NOTHING, found, None, None)


@pytest.mark.parametrize(
    ("estimate", "half", "expected", "verdict"),
    [
        (0.30, 0.10, "positive", "supported"),
        (0.05, 0.03, "positive", "supported"),
        (0.05, 0.10, "positive", "undecided"),
        (0.01, 0.05, "positive", "not_supported"),  # too small to matter
        (-0.30, 0.10, "positive", "not_supported"),  # the other direction
        (-0.30, 0.10, "negative", "supported"),
        (0.30, 0.10, "negative", "not_supported"),
        (0.01, 0.05, "zero", "supported"),
        (0.05, 0.03, "zero", "supported"),  # differs from zero, and does not matter
        (0.05, 0.10, "zero", "undecided"),  # a large p value supports nothing
        (0.15, 0.10, "zero", "undecided"),
        (0.30, 0.10, "zero", "not_supported"),
    ],
)
def test_the_interval_decides(estimate: float, half: float, expected: str, verdict: str) -> None:
    assert decide(path(estimate, half), expected, 0.10)[0] == verdict


def test_the_equivalence_interval_is_the_ninety_percent_one() -> None:
    lower, upper = equivalence_interval(path(0.0, 1.959963984540054))
    assert (lower, upper) == pytest.approx((-1.6448536269514722, 1.6448536269514722))
    lower, upper = equivalence_interval(path(0.0, 1.0, "regression", 10))  # t with 7 degrees of freedom
    assert upper == pytest.approx(1.894578605061305 / 2.364624251592785)


def evidence(found: PathEstimate | None = None, obstacle: str = "", waves: frozenset[str] = frozenset()) -> Evidence:
    return Evidence(found, obstacle, "", waves)


CLAIM = Hypothesis("H1", "BI ~ PE", "positive", {"en": "Claim."})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (evidence(obstacle="too_few"), "too few"),
        (evidence(obstacle="improper"), "improper"),
        (evidence(obstacle="not_converged"), "did not converge"),
        (evidence(), "in no model"),
        (evidence(path(0.5, 0.1, "correlation", 30)), "rank correlation of .50 [.40, .60]"),
    ],
)
def test_what_cannot_be_tested_says_why(given: Evidence, said: str) -> None:
    found = judge(CLAIM, "student", given, choose_method(300, SAY), 0.10, {"PE": "benefit"}, SAY)
    assert found.verdict == "not_testable"
    assert said in found.sentence


def test_a_claim_about_two_waves_needs_both() -> None:
    claim = Hypothesis("H6", "BI ~ PE", "positive", {"en": "Claim."}, requires=Requires(("pre", "post")))
    one = judge(
        claim, "student", evidence(path(0.5, 0.1), waves=frozenset({"single"})), choose_method(300, SAY), 0.1, {}, SAY
    )
    assert one.verdict == "not_testable" and "before the pilot and after it has begun" in one.sentence
    both = judge(
        claim,
        "student",
        evidence(path(0.5, 0.1), waves=frozenset({"pre", "post"})),
        choose_method(300, SAY),
        0.1,
        {},
        SAY,
    )
    assert both.verdict == "supported"


def test_the_ladder_of_sizes() -> None:
    kinds = {n: choose_method(n, SAY).kind for n in (0, 9, 10, 59, 60, 99, 100, 199, 200)}
    assert kinds == {
        0: "none",
        9: "none",
        10: "correlation",
        59: "correlation",
        60: "regression",
        99: "regression",
        100: "sem",
        199: "sem",
        200: "sem",
    }
    assert "caution" in choose_method(150, SAY).reason and "caution" not in choose_method(250, SAY).reason


def test_hypotheses_are_checked_against_their_model() -> None:
    from mce_utaut.errors import StudyError

    text = """
model: m
hypotheses:
  - {id: H1, path: "BI ~ PE", label: pe, expected: positive, claim: {en: "A"}}
  - {id: H1, path: "BI ~ EE", expected: positive, claim: {en: "B"}}
  - {id: H2, path: "BI ~ PE", label: other, expected: sideways, claim: {en: "C"}, role: [student]}
"""
    with pytest.raises(StudyError, match="sideways"):
        parse_hypotheses(text, "h.yaml", read_model(MODEL))
    with pytest.raises(StudyError) as caught:
        parse_hypotheses(text.replace("sideways", "zero"), "h.yaml", read_model(MODEL))
    said = str(caught.value)
    assert "h.yaml:5" in said and "second time" in said
    assert "no path BI ~ EE. Its paths are BI ~ PE" in said
    assert "labelled pe in the model, not other" in said
    good = parse_hypotheses(
        text.replace("sideways", "zero")
        .replace('id: H1, path: "BI ~ EE"', 'id: H3, path: "BI ~ PE"')
        .replace("other", "pe"),
        "h.yaml",
        read_model(MODEL),
    )
    assert [each.id for each in good] == ["H1", "H3", "H2"]
    assert good[2].concerns("student") and not good[2].concerns("manager")


def test_the_difference_of_two_drivers_is_that_of_a_defined_parameter(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 200)
    inputs = make_inputs({"student": (instrument, responses)})
    model = inputs.models[0].text
    data = model_data(responses, instrument, model.observed)
    options = options_for(inputs.config)
    fitted = try_fit(model.text, data, options, name="m", variant="structural", analysis="primary")
    top, z = strongest(path_estimates(fitted, "student", 0.95), fitted)
    assert top.predictor == "PE"
    defined = f"{model.text}PE ~~ v1*PE\nSI ~~ v2*SI\nd := pe*sqrt(v1) - si*sqrt(v2)\n"
    again = fit_model(defined, data.listwise(), options)
    from mce_utaut.sem.as_json import fit_to_json

    row = next(each for each in fit_to_json(again)["parameters"] if each["op"] == ":=")
    assert z == pytest.approx(row["est"] / row["se"], rel=1e-5)


def test_every_language_has_every_sentence_with_the_same_values() -> None:
    def shape(entry: object) -> object:
        if isinstance(entry, str):
            return set(re.findall(r"{(\w+)}", entry))
        return set(entry), {name for form in entry.values() for name in re.findall(r"{(\w+)}", form)}

    first, *others = (entries(language) for language in languages())
    for other in others:
        assert {key: shape(entry) for key, entry in first.items()} == {
            key: shape(entry) for key, entry in other.items()
        }


def test_numbers_inside_sentences() -> None:
    english, italian = Sentences("en").numbers, Sentences("it").numbers
    assert english.bounded(0.456) == ".46" and italian.bounded(0.456) == "0,46"
    assert english.bounded(-0.456) == "−.46"
    assert english.plain(-0.001) == "0.00"
    assert english.range(-0.15, -0.003, bounded=True) == "[−.15, −.00]"
    assert italian.range(0.1, 0.5, bounded=True) == "[0,10; 0,50]"
    assert english.range(math.nan, 0.5) == ""
    assert SAY.listed(["a", "b", "c"]) == "a, b and c"


def test_a_label_inside_a_sentence_is_small_but_for_abbreviations_and_german() -> None:
    assert inside("Uso previsto", "it") == "uso previsto" and inside("ICT use", "en") == "ICT use"
    assert inside("Nutzung", "de") == "Nutzung" and inside("", "en") == ""


def test_levels_are_as_exact_as_they_were_given() -> None:
    assert [Sentences("it").numbers.level(each) for each in (0.95, 0.975)] == ["95", "97,5"]
    assert Sentences("en").numbers.level(0.999) == "99.9"


def test_nobody_is_said_without_a_number() -> None:
    method = choose_method(0, SAY)
    assert not any(figure in method.reason for figure in "0123456789")
    found = headline(Role("person", "Person", 0, None), "BI", NOTHING, method, (), None, {}, SAY)
    assert found == (SAY("headline.nobody"),)


def test_those_who_name_no_university_are_told_beside_how_many_there_are() -> None:
    method = MethodChoice("none", 30, "few", (), "30 respondents")
    told = headline(Role("person", "Person", 30, 2, 3), "BI", NOTHING, method, (), None, {}, SAY)[0]
    assert "2 universities" in told and told.endswith("3 of them name no university.")
    all_named = headline(Role("person", "Person", 30, 2), "BI", NOTHING, method, (), None, {}, SAY)[0]
    assert "name no university" not in all_named


def test_correlations_are_no_causes_either() -> None:
    level = interval(0.5, 0.2, 0.7, 0.95, "z")
    path = PathEstimate("person", "m", "primary", "BI", "PE", "", "correlation", 30, NOTHING, level, None, 0.01)
    found = headline(Role("person", "Person", 30, 2), "BI", NOTHING, choose_method(30, SAY), (path,), None, {}, SAY)
    assert found[-1] == SAY("headline.not_causal")


@pytest.mark.parametrize(
    ("outcome", "said"), [("BI", "their intention is 72 [70, 74]"), ("O", "their score of openness is 72 [70, 74]")]
)
def test_another_outcome_than_the_intention_is_named(outcome: str, said: str) -> None:
    level = interval(72.0, 70.0, 74.0, 0.95, "t")
    method = MethodChoice("descriptive", 9, "few", (), "9 respondents")
    found = headline(Role("person", "Person", 9, None), outcome, level, method, (), None, {"O": "openness"}, SAY)
    assert said in found[1] and ("openness" in found[2]) == (outcome == "O")
