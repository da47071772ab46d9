"""Small cells stay hidden, and cannot be subtracted from the total."""

from __future__ import annotations

import numpy as np
import pytest

from mce_utaut.study.disclosure import shown, shown_around_middle


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
