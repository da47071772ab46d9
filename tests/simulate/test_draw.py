from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from mce_utaut.instrument.model import Instrument
from mce_utaut.simulate.draw import DrawnRole, draw_role
from mce_utaut.simulate.reading import check_instruments, read_population
from mce_utaut.simulate.streams import role_generator


def drawn(text: str, sample: Instrument, extra: str = "", n: int = 400) -> DrawnRole:
    text = text.replace("n: 400", f"n: {n}").replace("    means:", extra + "    means:")
    population = read_population(text)
    check_instruments(population, {"sample": sample})
    return draw_role("student", population, sample, role_generator(population.seed, "student"))


def share(found: DrawnRole, field: str, answer: str) -> float:
    answers = found.columns[field].answers
    return float(np.mean(answers[found.columns[field].missing != "not_shown"] == answer))


def test_columns_are_those_of_responses_in_order(population_text: str, sample: Instrument) -> None:
    found = drawn(population_text, sample)
    assert list(found.columns)[:4] == ["consent", "hei", "PE1", "PE2"]
    assert list(found.columns)[-3:] == ["link_code", "email", "tutor_count"]
    assert "gender_other" in found.columns
    assert all(len(column.answers) == found.n for column in found.columns.values())


def test_who_does_what_is_exact(population_text: str, sample: Instrument) -> None:
    careless = "    careless: {straight: 0.03, random: 0.02}\n"
    extra = "    refused: 0.05\n    only_opened: 0.01\n    not_submitted: 0.1\n" + careless
    found = drawn(population_text, sample, extra)
    people = found.people
    assert found.n == 400 + 20 + 4
    assert np.sum(~people.consent) == 20
    assert np.sum(people.pages == 0) == 4
    assert np.sum(~people.submitted) == 40 + 4
    assert [int(np.sum(people.manner == manner)) for manner in ("straight", "random")] == [12, 8]
    assert not np.any(people.careless & ~people.submitted)


def test_without_consent_nothing_else_is_shown(population_text: str, sample: Instrument) -> None:
    found = drawn(population_text, sample, "    refused: 0.1\n")
    refused = ~found.people.consent
    assert set(found.columns["consent"].answers[refused]) == {"N"}
    assert set(found.columns["consent"].answers[~refused]) == {"Y"}
    assert set(found.columns["PE1"].missing[refused]) == {"not_shown"}
    assert set(found.columns["PE1"].missing[~refused]) == {""}


def test_who_stops_answers_nothing_further_on(population_text: str, sample: Instrument) -> None:
    found = drawn(population_text, sample, "    not_submitted: 0.2\n")
    stopped = ~found.people.submitted
    reached = {
        page.id: set(found.columns[name].missing[stopped & (found.people.pages == 3)])
        for page, name in zip(sample.pages[1:5], ("PE1", "BI1", "use_count", "age_band"))
    }
    assert reached == {"pe": {""}, "bi": {""}, "use": {"not_shown"}, "about": {"not_shown"}}


def test_conditions_decide_what_is_shown(population_text: str, sample: Instrument) -> None:
    found = drawn(population_text, sample)
    involved = np.isin(found.columns["use_involvement"].answers.astype(str), ["2", "3", "4"])
    np.testing.assert_array_equal(found.columns["use_since"].missing == "not_shown", ~involved)
    tutored = np.array(["TUT" in (answer or "").split("|") for answer in found.columns["support"].answers])
    np.testing.assert_array_equal(found.columns["tutor_count"].missing == "not_shown", ~tutored)
    dates = found.columns["use_since"].answers[involved].astype(str)
    assert all("2024-03" <= date < "2026-03-02" for date in dates)


def test_answers_have_the_shares_that_the_cuts_imply(population_text: str, sample: Instrument) -> None:
    n = 4000
    found = drawn(population_text, sample, n=n)
    four_se = 4 * np.sqrt(0.25 / n)
    centre = 0.3 * 0.6 - 0.5  # mean of PE times the loading of PE4, and its shift
    assert share(found, "PE4", "7") == pytest.approx(norm.sf(1.3 - centre), abs=four_se)
    assert share(found, "PE4", "1") == pytest.approx(norm.cdf(-2.0 - centre), abs=four_se)
    assert share(found, "use_involvement", "0") == pytest.approx(0.2, abs=four_se)  # no cuts: evenly likely
    assert share(found, "hei", "KTU") == pytest.approx(0.6, abs=four_se)
    assert float(np.mean(found.people.language == "it")) == pytest.approx(0.25, abs=four_se)


def test_reverse_items_and_single_items_follow_their_construct(population_text: str, sample: Instrument) -> None:
    found = drawn(population_text, sample, n=3000)
    one, reverse, single, involvement = (
        found.columns[name].answers.astype(float) for name in ("BI1", "BI3", "BI4", "use_involvement")
    )
    assert np.corrcoef(one, reverse)[0, 1] < -0.5
    assert 0.25 < np.corrcoef(one, single)[0, 1] < 0.45
    assert 0.2 < np.corrcoef(one, involvement)[0, 1] < 0.4


def test_attention_items_catch_the_careless(population_text: str, sample: Instrument) -> None:
    extra = "    careless: {straight: 0.25, random: 0.25}\n    attention_slips: 0.1\n"
    found = drawn(population_text, sample, extra)
    right = found.columns["CHK1"].answers == "6"
    manner = found.people.manner
    assert float(np.mean(right[manner == "attentive"])) == pytest.approx(0.9, abs=0.09)
    assert float(np.mean(right[manner == "random"])) == pytest.approx(1 / 7, abs=0.14)
    items = np.column_stack([found.columns[name].answers for name in ("PE1", "PE2", "PE3", "BI1", "CHK1")])
    same = np.array([len(set(row)) == 1 for row in items])
    assert same[manner == "straight"].all()
    assert found.people.seconds[manner == "straight"].mean() < found.people.seconds[manner == "attentive"].mean() / 2


def test_cannot_judge_where_it_is_offered_and_asked_for(population_text: str, sample: Instrument) -> None:
    text = population_text.replace("PE4: {", "PE2: {cannot_judge: 0.5}\n      PE4: {")
    found = drawn(text, sample, "    cannot_judge: {default: 0.2, BI: 0.0}\n", n=2000)
    rates = {name: float(np.mean(found.columns[name].missing == "cannot_judge")) for name in found.columns}
    assert rates["PE1"] == pytest.approx(0.2, abs=0.04)
    assert rates["PE2"] == pytest.approx(0.5, abs=0.05)
    assert rates["BI1"] == rates["CHK1"] == 0
    assert rates["BI4"] == 0  # does not offer it
    assert set(found.columns["PE2"].answers[found.columns["PE2"].missing == "cannot_judge"]) == {"99"}


def test_blanks_at_random_depend_on_the_question_named(population_text: str, sample: Instrument) -> None:
    extra = "    missing: {items: 0.1, questions: 0.05, mechanism: mar, by: AGE, odds: 4}\n"
    found = drawn(population_text, sample, extra, n=3000)
    blank = np.mean([found.columns[name].missing == "no_answer" for name in ("PE1", "PE2", "BI1")], axis=0)
    age = found.columns["age_band"].answers
    assert float(blank.mean()) == pytest.approx(0.1, abs=0.015)
    assert blank[age == "A1"].mean() * 4 < blank[age == "A3"].mean()
    assert float(np.mean(found.columns["age_band"].missing == "no_answer")) == pytest.approx(0.05, abs=0.02)
    assert set(found.columns["consent"].missing) == {""}


def test_counts_words_and_options_are_drawn_as_described(population_text: str, sample: Instrument) -> None:
    extra = (
        "    questions:\n"
        "      USE1: {mean: 2.0, follows: USE, slope: 0.5}\n"
        "      USE2: {part_of: USE1, share: 0.5}\n"
        "      AGE: {shares: {18_24: 0.7, 25_44: 0.3, 45p: 0.0}, follows: BI, r: 0.9}\n"
        "      O1: {share: 0.5, texts: {it: [bello]}}\n"
    )
    found = drawn(population_text, sample, extra, n=3000)
    counts, parts = (found.columns[name].answers.astype(float) for name in ("use_count", "use_ects"))
    assert counts.mean() == pytest.approx(2.0, abs=0.2)
    assert counts.var() > 1.2 * counts.mean()
    assert np.all(parts <= np.maximum(counts, 1))  # USE2 has the minimum 0.5
    assert share(found, "age_band", "A1") == pytest.approx(0.7, abs=0.04)
    assert share(found, "age_band", "A3") == 0
    young = found.columns["age_band"].answers == "A1"
    intention = found.scores[:, found.factors.names.index("BI")]
    assert intention[~young].mean() - intention[young].mean() > 1
    italian = found.people.language == "it"
    written = found.columns["open_benefit"].answers != None  # noqa: E711 (elementwise)
    assert not written[~italian].any()
    assert float(written[italian].mean()) == pytest.approx(0.5, abs=0.1)


def test_the_same_seed_draws_the_same_and_another_draws_otherwise(population_text: str, sample: Instrument) -> None:
    first, again = drawn(population_text, sample), drawn(population_text, sample)
    other = drawn(population_text.replace("seed: 7", "seed: 8"), sample)
    for name, column in first.columns.items():
        np.testing.assert_array_equal(column.answers, again.columns[name].answers)
    assert (first.columns["PE1"].answers != other.columns["PE1"].answers).any()


def test_a_question_that_changes_leaves_the_other_answers_alone(population_text: str, sample: Instrument) -> None:
    plain = drawn(population_text, sample)
    changed = drawn(population_text, sample, "    questions: {AGE: {shares: {18_24: 1.0}}}\n    icc: 0.0\n")
    assert set(changed.columns["age_band"].answers) == {"A1"}
    for name in ("PE1", "BI4", "gender", "use_count"):
        np.testing.assert_array_equal(plain.columns[name].answers, changed.columns[name].answers)
