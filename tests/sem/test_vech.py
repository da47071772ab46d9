"""The order of vech, and the products of symmetric matrices seen through it."""

import numpy as np
import pytest

from mce_utaut.sem.vech import off_diagonal_weights, paired_products, unvech, vech, vech_positions


def symmetric(rng, p):
    root = rng.normal(size=(p, p))
    return root @ root.T


def test_vech_stacks_the_lower_triangle_by_columns():
    matrix = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 5.0], [3.0, 5.0, 6.0]])
    assert vech(matrix).tolist() == [1, 2, 3, 4, 5, 6]
    assert vech(matrix, diagonal=False).tolist() == [2, 3, 5]
    assert vech_positions(3).tolist() == [[0, 1, 2], [1, 3, 4], [2, 4, 5]]


def test_unvech_undoes_vech_also_in_stacks():
    stack = np.stack([symmetric(np.random.default_rng(s), 4) for s in range(3)])
    assert np.array_equal(unvech(vech(stack), 4), stack)


def test_weighted_vech_is_the_derivative_by_the_distinct_entries():
    rng = np.random.default_rng(1)
    gradient, change = symmetric(rng, 4), symmetric(rng, 4)
    by_vech = vech(gradient) * off_diagonal_weights(4)
    assert np.isclose(by_vech @ vech(change), np.trace(gradient @ change))


@pytest.mark.parametrize("p", [3, 61])
def test_paired_products_are_the_symmetric_kronecker_product(p):
    rng = np.random.default_rng(2)
    a, b, x = symmetric(rng, p), symmetric(rng, p), symmetric(rng, p)
    seen = paired_products(np.outer(vech(a), vech(b)), p)
    expected = vech(a @ x @ b + b @ x @ a)
    assert np.allclose(seen @ (vech(x) * off_diagonal_weights(p)), expected)
