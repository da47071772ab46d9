"""Link codes that were kept under different keys join nobody, and the result says so in the study's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.responses.pseudonyms import link_key
from mce_utaut.study.inputs import _key_notes
from mce_utaut.study.sentences import Sentences


@pytest.mark.parametrize(("language", "word"), [("en", "different keys"), ("it", "chiavi diverse")])
def test_two_keys_are_noted(make_instrument: Callable, make_responses: Callable, language: str, word: str) -> None:
    codes = [link_key("ab12", b"one secret, long enough"), link_key("cd34", b"another secret, as long"), None, None]
    say = Sentences(language)
    both = make_responses(make_instrument("student"), 4, 1, meta={"link_code": codes})
    notes = _key_notes({"student": both}, say)
    assert [(note.code, note.where) for note in notes] == [("different_keys", "student")] and word in notes[0].text
    one = make_responses(make_instrument("student"), 4, 1, meta={"link_code": [codes[0], codes[0], None, None]})
    assert _key_notes({"student": one}, say) == []
