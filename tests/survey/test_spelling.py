"""Guards against formulas are taken away exactly, and spellings are compared loosely."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mce_utaut.survey.delimited import read_rows, write_rows
from mce_utaut.survey.spelling import dense, guard, normal, unguard, unmask

FORMULAS = st.text(alphabet="'=+-@\t\rab ", max_size=8)


@given(st.one_of(st.text(max_size=20), FORMULAS))
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(
    st.lists(
        st.lists(
            st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_rows_written_are_rows_read(rows: list[list[str]]) -> None:
    content = write_rows([["head", "second"], *rows], ",")
    read, numbers = read_rows(content, "x.csv", ",", None, None)
    assert read == [["head", "second"], *(row for row in rows if any(row))]
    assert numbers[0] == 1


@pytest.mark.parametrize(
    ("masked", "text"), [("'=SUM(A1)", "=SUM(A1)"), ("'quoted'", "'quoted'"), ("''=", "''="), ("'", "'")]
)
def test_only_the_apostrophe_before_an_equals_sign_is_a_mask(masked: str, text: str) -> None:
    assert unmask(masked) == text


def test_spellings() -> None:
    assert normal(" a&amp;b\u00a0c \n d ") == "a&b c d"
    assert normal("e\u0301") == "é"
    assert dense("What did\nyou like?") == dense("what didyou LIKE?")
