"""Missing patterns and their condensed rows."""

import numpy as np

from mce_utaut.sem.patterns import find_patterns

NAN = np.nan


def test_patterns_are_counted_and_empty_rows_left_out():
    data = np.array([[1, 2, 3], [NAN, NAN, NAN], [4, NAN, 6], [7, 8, 9], [1, NAN, NAN], [2, NAN, 3]])
    found = find_patterns(data)
    assert (found.n, found.n_empty) == (5, 1)
    assert found.kept.tolist() == [0, 2, 3, 4, 5]
    assert found.observed.astype(int).tolist() == [[1, 1, 1], [1, 0, 1], [1, 0, 0]]
    assert found.counts.tolist() == [2, 2, 1]
    assert found.row_pattern.tolist() == [0, 1, 0, 2, 1]
    assert not found.complete


def test_coverage_is_the_share_observed_together():
    data = np.array([[1, 2], [NAN, 1], [3, NAN], [4, 4.5]])
    assert find_patterns(data).coverage().tolist() == [[0.75, 0.5], [0.5, 0.75]]


def test_condensed_rows_keep_every_pattern_sum_of_squares():
    rng = np.random.default_rng(4)
    data = rng.normal(size=(60, 4))
    data[:40, 3] = NAN
    data[40:42, 0] = NAN
    found = find_patterns(data)
    assert found.condensed.shape[0] < 20
    centre = np.array([0.3, -0.2, 0.1, 0.5])
    for g, seen in enumerate(found.observed):
        rows = data[found.kept[found.row_pattern == g]] - centre
        place = slice(found.starts[g], found.starts[g + 1])
        short = found.condensed[place] - found.shift[place, None] * centre
        assert np.allclose(short[:, seen].T @ short[:, seen], rows[:, seen].T @ rows[:, seen])
        assert np.allclose(found.shift[place] @ short[:, seen], rows[:, seen].sum(axis=0))
