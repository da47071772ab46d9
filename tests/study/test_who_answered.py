"""From received to included, and who the included are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mce_utaut.errors import StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Exclusion, Responses
from mce_utaut.study.composition import adopter_shares, composition
from mce_utaut.study.config import ExclusionRules
from mce_utaut.study.item_tables import cannot_judge_share, item_statistics
from mce_utaut.study.screening import apply_rules
from mce_utaut.study.sentences import Sentences

Make = Callable[..., Responses]
SAY = Sentences("en")


def test_every_step_is_counted(instrument: Instrument, make_responses: Make) -> None:
    responses = make_responses(
        instrument,
        10,
        meta={"submitted": [False, False] + [True] * 8, "attention_failed": [1, 0, 1, 1, 1] + [0] * 5},
    )
    log = (Exclusion(0, 2, "no_consent"), Exclusion(0, 3, "empty_row"), Exclusion(0, 4, "test_row"))
    screened = apply_rules(replace(responses, exclusions=log), ExclusionRules(), None, SAY, instrument)
    assert [(step.code, step.n, step.removed) for step in screened.steps] == [
        ("received", 13, 0),
        ("unusable", 11, 2),
        ("no_consent", 10, 1),
        ("not_submitted", 8, 2),
        ("failed_attention", 5, 3),
    ]
    assert screened.steps[0].text == "13 responses were received."
    assert (screened.everyone.n, screened.included.n) == (10, 5)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 respondents were left out individually: a test; sent twice."),
        ("it", "3 rispondenti sono stati esclusi individualmente: a test; sent twice."),
    ],
)
def test_who_was_left_out_by_key_is_a_step_with_its_reasons(
    instrument: Instrument, make_responses: Make, language: str, said: str
) -> None:
    why = ("sent twice", "a test", "sent twice")
    log = tuple(Exclusion(0, row, "dropped", reason) for row, reason in enumerate(why, start=2))
    responses = replace(make_responses(instrument, 10), exclusions=log)
    screened = apply_rules(responses, ExclusionRules(), None, Sentences(language), instrument)
    steps = [(step.code, step.n, step.removed) for step in screened.steps]
    assert steps[:3] == [("received", 13, 0), ("no_consent", 13, 0), ("dropped", 10, 3)]
    assert screened.steps[2].text == said


def test_a_rule_can_be_switched_off(instrument: Instrument, make_responses: Make) -> None:
    responses = make_responses(instrument, 6, meta={"attention_failed": [1, 1, 0, 0, 0, 0]})
    screened = apply_rules(responses, ExclusionRules(failed_attention=False), None, SAY, instrument)
    assert screened.included.n == 6
    assert "failed_attention" not in [step.code for step in screened.steps]


def test_what_the_tool_does_not_say_leaves_nobody_out(instrument: Instrument, make_responses: Make) -> None:
    responses = make_responses(instrument, 4, meta={"submitted": [None] * 4, "attention_asked": [0] * 4})
    screened = apply_rules(responses, ExclusionRules(), None, SAY, instrument)
    assert screened.included.n == 4
    told = {step.code: step.text for step in screened.steps}
    assert "does not say" in told["not_submitted"]
    assert "No attention item" in told["failed_attention"]


def test_waves_are_never_pooled(instrument: Instrument, make_responses: Make) -> None:
    responses = make_responses(instrument, 4, meta={"wave": ["pre", "pre", "post", "post"]})
    with pytest.raises(StudyError, match="never pooled"):
        apply_rules(responses, ExclusionRules(), None, SAY, instrument)
    screened = apply_rules(responses, ExclusionRules(), "post", SAY, instrument)
    assert screened.included.n == 2
    assert ("other_wave", 2, 2) in [(step.code, step.n, step.removed) for step in screened.steps]


def test_small_cells_of_who_answered_are_hidden(instrument: Instrument, make_responses: Make) -> None:
    heis = ["ktu"] * 30 + ["uoc"] * 3 + [None] * 7
    responses = make_responses(instrument, 40, meta={"hei": heis})
    table = next(t for t in composition(responses, instrument, "en", 5, SAY) if t.variable == "hei")
    assert [(row.label, row.n) for row in table.rows] == [("Kaunas", None), ("Catalunya", None)]
    assert table.n_missing == 7  # of the 33 who answered, 30 would give the 3 away


def test_what_people_typed_is_never_a_label(instrument: Instrument, make_responses: Make) -> None:
    heis = ["ktu"] * 20 + ["Maria Rossi's school"] * 10
    responses = make_responses(instrument, 30, meta={"hei": heis})
    table = next(t for t in composition(responses, instrument, "en", 5, SAY) if t.variable == "hei")
    assert [row.label for row in table.rows] == ["Kaunas", "Catalunya", "Other"]
    assert "Rossi" not in str(table)


def test_adopters_in_the_order_of_the_question(instrument: Instrument, make_responses: Make) -> None:
    table = adopter_shares(make_responses(instrument, 300), instrument, "en", 5, SAY)
    assert table is not None
    assert [row.label for row in table.rows] == ["First", "Early", "With many", "After many", "Last"]
    assert sum(row.n for row in table.rows) == 300


def test_an_item_is_described_as_it_was_asked(make_instrument: Callable[..., Instrument], make_responses: Make) -> None:
    instrument = make_instrument(reverse=["PE2"])
    responses = make_responses(instrument, 200)
    rows = {row.item: row for row in item_statistics(responses, instrument, "en", 5)}
    assert list(rows)[:4] == ["PE1", "PE2", "PE3", "PE4"]
    assert rows["PE2"].mean == pytest.approx(responses.data["PE2"].mean())
    assert rows["PE2"].item_rest > 0.5  # turned round before it is correlated
    assert rows["PE1"].text == "Statement PE1."
    assert sum(rows["PE1"].sides) == 200
    assert rows["USE3"].values == (0.0, 1.0, 2.0)


def test_cannot_judge_is_missing_and_counted(instrument: Instrument, make_responses: Make) -> None:
    answers = np.array([np.nan, np.nan, 4, 5, 6, 7, 4, 5, 6, 7.0])
    responses = make_responses(
        instrument,
        10,
        data={"PE1": answers},
        missing={"PE1": ["cannot_judge", "no_answer"] + [""] * 8},
    )
    row = item_statistics(responses, instrument, "en", 1)[0]
    assert (row.n, row.missing, row.cannot_judge) == (8, 2, 1)
    assert item_statistics(responses, instrument, "en", 5)[0].cannot_judge is None  # one person, below the limit
    assert cannot_judge_share(responses, instrument, "PE1") == pytest.approx(0.1)


def test_a_role_below_the_limit_shows_no_answer(instrument: Instrument, make_responses: Make) -> None:
    rows = item_statistics(make_responses(instrument, 4), instrument, "en", 5)
    assert all(row.mean is None and row.sd is None and set(row.counts) == {None} for row in rows)


def test_items_that_are_no_anchors_make_the_score_of_their_construct(
    instrument: Instrument, make_responses: Make
) -> None:
    responses = make_responses(instrument, 200)
    single = {name: replace(one, anchors=()) for name, one in instrument.constructs.items()}
    with_anchors = item_statistics(responses, instrument, "en", 5)
    without = item_statistics(responses, replace(instrument, constructs=single), "en", 5)
    assert without == with_anchors  # all items of these constructs are anchors
    assert all(row.anchor and row.item_rest is not None for row in without if row.construct != "USE")
