from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from mce_utaut.instrument.model import Construct, Instrument, Item, Option, Page, Question, Scale
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import scale_range, scale_score, scored_items

AGREE = Scale("agree5", "ordinal", tuple(Option(str(i), f"o{i}", float(i)) for i in range(1, 6)), True)
LEVEL = Scale("level", "ordinal", tuple(Option(str(i), f"l{i}", float(i)) for i in range(5)))
COLOUR = Scale("colour", "nominal", (Option("R", "red"), Option("B", "blue")))


def instrument() -> Instrument:
    items = (
        Item("PE1", "anchor", "PE"),
        Item("PE2", "anchor", "PE", reverse=True),
        Item("PE3", "anchor", "PE"),
        Item("PEs1", "specific", "PE"),
        Item("X1", "single", "X"),
    )
    questions = (
        Question("PEQ", "PEQ", "array", "agree5", items),
        Question("USE3", "involvement", "choice", "level", construct="USE"),
    )
    constructs = {
        "PE": Construct("PE", "latent", ("PE1", "PE2", "PE3", "PEs1"), ("PE1", "PE2", "PE3")),
        "USE": Construct("USE", "observed", ("USE3",), ()),
        "X": Construct("X", "index", ("X1", "USE3"), ()),
    }
    scales = {scale.id: scale for scale in (AGREE, LEVEL, COLOUR)}
    return Instrument(
        "sample",
        "1",
        "student",
        "survey",
        "en",
        scales,
        constructs,
        (Page("p", questions),),
        MappingProxyType({}),
        "",
    )


def responses(rows: list[list[float]]) -> Responses:
    columns = ["PE1", "PE2", "PE3", "PEs1", "X1", "involvement"]
    data = pd.DataFrame(rows, columns=columns, index=[f"r{i}" for i in range(len(rows))], dtype=float)
    missing = data.isna().map(lambda blank: "no_answer" if blank else "")
    return Responses("sample", "1", "", "student", data, missing, pd.DataFrame(index=data.index))


NAN = np.nan
ROWS = [[5, 1, 5, 1, 3, 4], [4, NAN, 2, 1, 3, 0], [4, NAN, NAN, 5, 3, 2], [NAN] * 6]


def test_scores_use_anchors_turn_reverse_items_and_need_two_thirds() -> None:
    found = scale_score(responses(ROWS), instrument(), "PE")
    assert found.items == ("PE1", "PE2", "PE3")
    np.testing.assert_array_equal(found.values, [5.0, 3.0, NAN, NAN])
    np.testing.assert_array_equal(found.answered, [3, 2, 1, 0])
    assert (found.n_scored, found.minimum, found.maximum) == (2, 1.0, 5.0)


def test_a_lower_floor_scores_more_respondents_but_never_none_answered() -> None:
    found = scale_score(responses(ROWS), instrument(), "PE", share_needed=0)
    np.testing.assert_array_equal(found.values, [5.0, 3.0, 4.0, NAN])


def test_a_construct_without_anchors_is_scored_on_its_items() -> None:
    found = scale_score(responses(ROWS), instrument(), "USE")
    np.testing.assert_array_equal(found.values, [4.0, 0.0, 2.0, NAN])
    assert (found.minimum, found.maximum) == (0.0, 4.0)


def test_items_of_different_scales_are_not_averaged() -> None:
    with pytest.raises(ValueError, match="different scales"):
        scale_score(responses(ROWS), instrument(), "X")


def test_scored_items_key_every_item_in_one_direction() -> None:
    found = scored_items(responses(ROWS[:2]), instrument(), ["PE2", "USE3"])
    np.testing.assert_array_equal(found, [[5.0, 4.0], [NAN, 0.0]])
    assert scored_items(responses(ROWS), instrument(), []).shape == (4, 0)
    with pytest.raises(KeyError):
        scored_items(responses(ROWS), instrument(), ["nothing"])


def test_a_nominal_scale_has_no_range() -> None:
    assert scale_range(LEVEL) == (0.0, 4.0)
    with pytest.raises(ValueError, match="no numbers"):
        scale_range(COLOUR)
