"""What a study file names is asked by a questionnaire, and no more answered than were invited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mce_utaut.study.config import ResponseFile, StudyConfig
from mce_utaut.study.inputs import NamedModel, _asked_only
from mce_utaut.study.model_text import read_model
from mce_utaut.study.named import unknown_constructs, wrong_invitations


def config(**choices: Any) -> StudyConfig:
    return StudyConfig(
        id="demo", instruments={"student": "s.yaml"}, responses=(ResponseFile("s.csv", "student"),), **choices
    )


@pytest.mark.parametrize(
    ("choices", "named"),
    [
        ({"marker": "ZZ"}, ["marker"]),
        ({"small_sample_predictors": ("PE", "ZZ")}, ["small_sample_predictors"]),
        ({"small_sample_predictors": ("PE", "EE"), "marker": "SI"}, []),
    ],
)
def test_constructs_are_asked(choices: dict[str, Any], named: list[str], make_instrument: Callable) -> None:
    found = list(unknown_constructs(config(**choices), {"student": make_instrument()}))
    assert [each.where for each in found] == named
    assert all("'ZZ'" in each.what and "PE" in each.remedy for each in found)


@pytest.mark.parametrize(
    ("invited", "said"),
    [
        (39, "39 invited, but 40 answered"),
        ({"ktu": 20, "uoc": 19}, "39 invited, but 40 answered"),
        ({"KTU": 400}, "lists no university 'KTU'"),
        ({"ktu": 400}, ""),
        (40, ""),
    ],
)
def test_invitations_fit_the_answers(
    invited: Any, said: str, make_instrument: Callable, make_responses: Callable
) -> None:
    instrument = make_instrument()
    found = list(
        wrong_invitations(
            config(invited={"student": invited}),
            {"student": instrument},
            {"student": make_responses(instrument, 40, 1)},
        )
    )
    assert [said in each.what for each in found] == [True] * bool(said)
    assert all(each.remedy for each in found)


def test_a_shipped_version_for_a_role_waits_for_a_questionnaire_that_asks_its_items(make_instrument: Callable) -> None:
    anchors = read_model("PE =~ PE1 + PE2 + PE3\nBI =~ BI1 + BI2 + BI3\nBI ~ PE\n")
    own = read_model("PE =~ PE1 + PE2 + PE3 + PEx9\nBI =~ BI1 + BI2 + BI3\nBI ~ PE\n")
    instruments = {"student": make_instrument(), "dean": make_instrument("dean")}
    model = NamedModel("mce_intention", anchors, (), {"student": own, "dean": anchors})
    assert set(_asked_only(model, instruments).for_role) == {"dean"}
