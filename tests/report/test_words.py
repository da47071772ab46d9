"""Every language of the report says the same things with the same values."""

from __future__ import annotations

import re
import string

import pytest

from mce_utaut.report.words import Entry, Words, entries, languages


def placeholders(entry: Entry) -> list[set[str]]:
    texts = [entry] if isinstance(entry, str) else list(entry.values())
    return [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]


@pytest.mark.parametrize("language", languages()[1:])
def test_a_language_has_every_key_of_english_and_no_other(language: str) -> None:
    assert set(entries(language)) == set(entries("en"))


@pytest.mark.parametrize("language", languages()[1:])
def test_a_sentence_holds_the_same_values_in_every_language(language: str) -> None:
    english = entries("en")
    different = [key for key, entry in entries(language).items() if placeholders(entry) != placeholders(english[key])]
    assert not different


@pytest.mark.parametrize("language", languages())
def test_every_term_that_a_sentence_names_is_defined(language: str) -> None:
    words = Words(language)
    for entry in entries(language).values():
        for names in placeholders(entry):
            for name in names:
                if name.startswith("t."):
                    assert words.text(f"terms.{name[2:]}.definition")


def test_a_term_links_to_its_definition_at_its_first_use_in_a_section() -> None:
    words = Words("en")
    assert 'href="#term-omega"' in words.term("omega")
    assert "<a" not in words.term("omega")
    words.begin_section()
    assert 'href="#term-omega"' in words.term("omega")


def test_values_are_escaped_and_the_plural_follows_n() -> None:
    words = Words("en")
    assert "&lt;b&gt;" in words("likert.title", role="<b>")
    assert words("glance.size", n=1) == "1 person"
    assert words("glance.size", n=2) == "2 people"


FORBIDDEN = ("good fit", "good model", "proves", "causes ", "caused by", "no effect", "significant")


def test_the_wording_never_claims_a_cause_or_a_good_model() -> None:
    for key, entry in entries("en").items():
        for text in [entry] if isinstance(entry, str) else entry.values():
            assert not any(word in text.casefold() for word in FORBIDDEN), f"{key}: {text}"


def test_intervals_name_the_level_of_the_study() -> None:
    assert Words("en", 0.9).text("ci") == "90% CI"
    assert Words("en").text("ci") == "95% CI"
    assert Words("en", 0.975).text("ci") == "97.5% CI"
    assert Words("en", 0.9).text("ci", level=80) == "80% CI"


@pytest.mark.parametrize("language", ["en", "it"])
def test_no_sentence_names_a_level_that_the_study_may_not_have(language: str) -> None:
    for key, entry in entries(language).items():
        for sentence in [entry] if isinstance(entry, str) else entry.values():
            assert not re.search(r"95% (CI|confidence|interval)|interval\w+ (di confidenza )?al 95", sentence), key
