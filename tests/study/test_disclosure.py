"""Small cells stay hidden, and cannot be subtracted from the total."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from mce_utaut.instrument.model import Instrument
from mce_utaut.regression.clustered import intraclass_correlation
from mce_utaut.report import render_report
from mce_utaut.study.disclosure import shown, shown_around_middle
from mce_utaut.study.item_tables import item_statistics
from mce_utaut.study.result import ItemStatistics
from mce_utaut.study.run import compute_study
from mce_utaut.study.university_spread import university_correlation


@pytest.mark.parametrize(
    ("counts", "visible"),
    [
        ((40, 30, 30), (40, 30, 30)),
        ((40, 3, 30), (40, None, None)),  # one hidden cell could be subtracted: the next smallest goes too
        ((40, 3, 3), (40, None, None)),
        ((40, 1, 2, 6), (40, None, None, None)),  # two hidden cells of three people together are too few
        ((40, 0, 3, 7), (40, 0, None, None)),
        ((40, 0, 3), (None, 0, None)),
        ((3,), (None,)),
        ((2, 1), (None, None)),
        ((0, 0), (0, 0)),
        ((5, 5), (5, 5)),
        # five hidden cells of five people beside cells shown as empty would be one person each
        ((1, 1, 1, 1, 1, 0, 0), (None,) * 7),
        ((1, 1, 1, 1, 1, 8, 0), (None, None, None, None, None, None, 0)),
    ],
)
def test_a_small_cell_takes_its_complement_along(counts: tuple[int, ...], visible: tuple[int | None, ...]) -> None:
    assert shown(counts, 5) == visible


def test_no_table_gives_a_small_cell_away() -> None:
    rng = np.random.default_rng(1)
    for _ in range(500):
        counts = rng.poisson(rng.uniform(0, 12), rng.integers(1, 11)).tolist()
        cells = shown(counts, 5)
        assert all(cell is None or cell == 0 or cell >= 5 for cell in cells)
        hidden = [count for count, cell in zip(counts, cells, strict=True) if cell is None]
        if sum(counts) >= 5 and hidden:
            assert len(hidden) >= 2 or len(counts) == 1
            assert sum(hidden) >= 5
            assert 0 in hidden or sum(hidden) > len(hidden) or len(hidden) == len(counts)


def test_the_spread_over_universities_does_not_tell_hidden_sizes() -> None:
    rng = np.random.default_rng(3)
    sizes = {"ktu": 60, "uoc": 40, "hou": 4, "ouc": 4}
    names = np.repeat(np.array(list(sizes), dtype=object), list(sizes.values()))
    values = rng.normal(size=len(names))
    exact = intraclass_correlation(values, names)
    told = university_correlation(values, names, 0.95, 5)
    assert told.typical_size == round(exact.typical_size) != exact.typical_size
    assert told.estimate == exact.estimate
    assert told.design_effect == pytest.approx(max(1.0, 1 + (told.typical_size - 1) * exact.estimate))
    n, shown_squares = len(names), 60**2 + 40**2
    possible = {
        (a, 8 - a)
        for a in range(9)
        if round((n - (shown_squares + a**2 + (8 - a) ** 2) / n) / 3) == told.typical_size
    }
    assert len(possible) > 4
    assert university_correlation(values[:100], names[:100], 0.95, 5) == intraclass_correlation(
        values[:100], names[:100]
    )


def test_a_likert_item_keeps_its_sides() -> None:
    cells, sides = shown_around_middle((2, 4, 10, 20, 30, 20, 14), 5)
    assert sides == (16, 20, 64)
    assert cells == (None, None, 10, 20, 30, 20, 14)


def test_a_likert_item_of_a_small_group_shows_its_sides_alone() -> None:
    cells, sides = shown_around_middle((1, 2, 4, 8, 5, 4, 6), 5)
    assert sides == (7, 8, 15)
    assert cells[:3] == (None, None, None)
    assert cells[4:] == (None, None, 6)
    assert shown_around_middle((1, 0, 1, 8, 5, 4, 6), 5)[1] == (None, None, 15)


def test_an_even_scale_has_no_middle() -> None:
    assert shown_around_middle((10, 10, 10, 10), 5) == ((10, 10, 10, 10), None)


def tables_of(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables_of(total - first, cells - 1):
            yield first, *rest


def consistent(row: ItemStatistics) -> list[tuple[int, ...]]:
    """Every table of seven counts that has what is told of an item, as somebody who wants to know would list them."""
    below, middle, above = row.sides or (None, None, None)
    found = []
    for sides in tables_of(row.n, 3):
        if any(told is not None and told != side for told, side in zip((below, middle, above), sides, strict=True)):
            continue
        for low, high in product(tables_of(sides[0], 3), tables_of(sides[2], 3)):
            counts = (*low, sides[1], *high)
            mean = sum(value * n for value, n in enumerate(counts, start=1)) / row.n
            spread = sum((value - mean) ** 2 * n for value, n in enumerate(counts, start=1))
            fits = row.mean is None or abs(mean - row.mean) <= 0.05 + 1e-9
            if fits and (row.sd is None or abs((spread / (row.n - 1)) ** 0.5 - row.sd) <= 0.05 + 1e-9):
                found.append(counts)
    return found


@pytest.mark.parametrize("n", [7, 12, 16])
def test_no_small_count_can_be_solved_for_from_mean_and_sd(
    n: int, instrument: Instrument, make_responses: Callable[..., Any]
) -> None:
    rng = np.random.default_rng(n)
    answers = rng.choice(7, n, p=[0.05, 0.05, 0.1, 0.1, 0.3, 0.3, 0.1]) + 1.0
    row = item_statistics(make_responses(instrument, n, data={"PE1": answers}), instrument, "en", 5)[0]
    assert set(row.counts) == {None} and row.skewness is None and row.kurtosis is None and row.floor is None
    true = np.bincount(answers.astype(int), minlength=8)[1:]
    possible = np.array(consistent(row))
    assert (possible == true).all(axis=1).any()
    small = (true > 0) & (true < 5)
    assert (np.ptp(possible, axis=0)[small] > 0).all()


def test_an_item_without_hidden_counts_keeps_its_exact_numbers(
    instrument: Instrument, make_responses: Callable[..., Any]
) -> None:
    answers = np.repeat([3.0, 4.0, 5.0, 6.0], 12)[: 4 * 11]
    row = item_statistics(make_responses(instrument, 44, data={"PE1": answers}), instrument, "en", 5)[0]
    assert None not in row.counts and row.mean == answers.mean() and row.skewness is not None


@pytest.mark.parametrize(("answered", "shown_mean"), [(3, False), (7, True)])
def test_a_scale_that_few_could_judge_tells_no_single_score(
    answered: int,
    shown_mean: bool,
    instrument: Instrument,
    make_responses: Callable[..., Any],
    make_inputs: Callable[..., Any],
) -> None:
    codes = [f"COM{i}" for i in (1, 2, 3)]
    values = [6.0, 5.0, 7.0, 2.0, 3.0, 6.0, 6.0][:answered] + [float("nan")] * (30 - answered)
    kinds = [""] * answered + ["cannot_judge"] * (30 - answered)
    responses = make_responses(instrument, 30, data=dict.fromkeys(codes, values), missing=dict.fromkeys(codes, kinds))
    result = compute_study(make_inputs({"student": (instrument, responses)}, sensitivity=False), versions={})
    scale = next(each for each in result.roles[0].scales if each.construct == "COM")
    assert scale.n_scored == answered and scale.sd is None
    assert (scale.mean.estimate is not None) == shown_mean == (scale.pomp.estimate is not None)
    items = [each for each in result.roles[0].items if each.item in codes]
    assert all((item.mean is not None) == shown_mean and item.sd is None for item in items)
    for language in ("en", "it"):
        assert b"COM" in render_report(result, language)


@pytest.mark.parametrize("n", [9, 12, 30])
def test_correlations_of_few_answers_are_not_exact(
    n: int, instrument: Instrument, make_responses: Callable[..., Any]
) -> None:
    rng = np.random.default_rng(n)
    common = rng.normal(size=n)
    data = {f"PE{k}": np.clip(np.round(4 + 1.5 * (common + rng.normal(size=n))), 1, 7) for k in range(1, 5)}
    rows = item_statistics(make_responses(instrument, n, data=data), instrument, "en", 5)[:4]
    assert all(None in row.counts for row in rows)
    for row in rows:
        if n < 10:
            assert row.item_rest is None
        else:
            assert row.item_rest is not None and row.item_rest == round(row.item_rest, 2) != 0


@pytest.mark.parametrize(("unsure", "blank"), [(0, 1), (1, 0), (0, 4), (2, 2), (4, 0)])
def test_of_few_missing_answers_none_says_who_could_not_judge(
    unsure: int, blank: int, instrument: Instrument, make_responses: Callable[..., Any], make_inputs: Callable[..., Any]
) -> None:
    gaps = unsure + blank
    responses = make_responses(instrument, 90)
    rows = responses.data.index[:gaps]
    responses.data.loc[rows, "PE1"] = float("nan")
    responses.missing.loc[rows, "PE1"] = ["cannot_judge"] * unsure + ["no_answer"] * blank
    row = item_statistics(responses, instrument, "en", 5)[0]
    assert (row.item, row.missing, row.cannot_judge) == ("PE1", gaps, None)
    study = compute_study(make_inputs({"student": (instrument, responses)}, sensitivity=False), versions={})
    found = study.sections["screening"]["roles"]["student"]["missing_items"][0]
    kinds = ("cannot_judge", "no_answer", "not_shown", "unknown_blank")
    assert (found["item"], found["missing"], [found[kind] for kind in kinds]) == ("PE1", gaps, [None] * 4)


def test_no_one_is_hidden_where_nobody_could_say_so(
    instrument: Instrument, make_responses: Callable[..., Any]
) -> None:
    responses = make_responses(instrument, 90)
    first = item_statistics(responses, instrument, "en", 5)[0]
    assert (first.missing, first.cannot_judge) == (0, 0)
    responses.data.loc[responses.data.index[:6], "PE1"] = float("nan")
    responses.missing.loc[responses.data.index[:6], "PE1"] = "no_answer"
    first = item_statistics(responses, instrument, "en", 5)[0]
    assert (first.missing, first.cannot_judge) == (6, 0)
