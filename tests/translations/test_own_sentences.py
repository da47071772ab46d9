"""The report's own text out to a translator and back, and a report in a language that did not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mce_utaut import own_text, translations
from mce_utaut.errors import FileProblem, UsageError
from mce_utaut.instrument.reading import TextFile
from mce_utaut.report import words
from mce_utaut.shipped import OWN_TEXTS, own_texts
from mce_utaut.study import sentences
from mce_utaut.translations import Translation, own_sentences

SOURCES = {
    "report": TextFile(
        "en.yaml", "a: {title: 'Use of {t.omega}'}\nterms: {omega: {label: Omega, definition: A share.}}\n"
    ),
    "study": TextFile("en.yaml", "n: {one: '{n} person', other: '{n} people'}\nplain: Yes, of course\n"),
}


def shipped_texts(language: str) -> dict[str, TextFile]:
    paths = {part: own_texts(part) / f"{language}.yaml" for part in OWN_TEXTS}
    paths = {part: path for part, path in paths.items() if path.is_file()}
    return {part: TextFile(path.name, path.read_text(encoding="utf-8")) for part, path in paths.items()}


def filled(given: Translation, texts: dict[str, str], status: str = "draft") -> Translation:
    entries = [
        replace(entry, text=texts[entry.key], status=status) if entry.key in texts else entry for entry in given.entries
    ]
    return replace(given, entries=tuple(entries))


def shouted(text: str) -> str:
    """All letters outside of braces as capitals."""
    return re.sub(r"({[^}]*})|([a-z]+)", lambda match: match[1] or match[2].upper(), text)


@pytest.fixture(params=["xlsx", "po"])
def form(request: pytest.FixtureRequest) -> str:
    return request.param


def test_each_text_says_where_it_stands_and_what_to_keep() -> None:
    contexts = {entry.key: entry.context for entry in own_sentences.collect(SOURCES, {}, "de").entries}
    assert contexts["report/a.title"] == "report, a; keep {t.omega}"
    assert contexts["report/terms.omega.definition"] == "the technical term omega: its definition"
    assert contexts["study/n.one"] == "study, n, where the number is 1; keep {n}"


def test_the_words_of_pages_go_out_too_and_a_language_that_lacks_some_has_them_in_english() -> None:
    found = own_sentences.collect(shipped_texts("en"), shipped_texts("de"), "de")
    there = {entry.key: entry for entry in found.entries}
    for key in ("page/next", "paper/several"):
        assert there[key].text and there[key].text != there[key].source and there[key].status == "draft"
    assert there["report/role"].text == ""
    english = own_text.with_source("mce_utaut.survey.paper", "phrases", "en")
    assert own_text.with_source("mce_utaut.survey.paper", "phrases", "xx") == english


def test_a_language_is_begun_continued_and_told_stale(form: str) -> None:
    given = own_sentences.collect(SOURCES, {}, "de")
    content = translations.write(filled(given, {"report/a.title": "Gebrauch von {t.omega}", "study/plain": "Ja"}), form)
    merged, texts = own_sentences.merge(SOURCES, {}, translations.parse(content, f"x.{form}"))
    assert merged.changed == ("report/a.title", "study/plain")
    assert len(merged.missing) == 4
    assert own_text.flat(texts["report"]) == {"a.title": "Gebrauch von {t.omega}"}
    targets = {part: TextFile("de.yaml", text) for part, text in texts.items()}
    now = own_sentences.collect(SOURCES, targets, "de")
    again = filled(now, {"study/n.one": "eine Person", "study/n.other": "{n} Personen"}, "reviewed")
    merged, texts = own_sentences.merge(SOURCES, targets, translations.parse(translations.write(again, form), "x"))
    assert merged.changed == ("study/n.one", "study/n.other")
    assert own_text.flat(texts["study"]) == {"plain": "Ja", "n": {"one": "eine Person", "other": "{n} Personen"}}
    newer = {**SOURCES, "study": TextFile("en.yaml", SOURCES["study"].text.replace("Yes, of course", "No"))}
    targets["study"] = TextFile("de.yaml", texts["study"])
    states = {entry.key: entry.status for entry in own_sentences.collect(newer, targets, "de").entries}
    assert states["study/plain"] == "stale"
    assert states["study/n.other"] == "reviewed"


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("study/n.other", "{m} Personen", "has {m}, which the source has not"),
        ("study/n.other", "{n:>99999999}", "has {n}, which the source has not"),
        ("study/n.other", "{n.__class__}", "which the source has not"),
        ("study/plain", "{} ja", "which the source has not"),
        ("study/plain", "ja { nein", "brace"),
        ("report/a.title", "{t.alpha}", "has {t.alpha}, which the source has not"),
    ],
)
def test_what_is_in_braces_is_checked(key: str, text: str, message: str) -> None:
    given = filled(own_sentences.collect(SOURCES, {}, "de"), {key: text})
    with pytest.raises(FileProblem, match=message):
        own_sentences.merge(SOURCES, {}, given)


def test_a_lost_value_is_told_except_where_the_number_is_one() -> None:
    texts = {"study/n.one": "eine Person", "study/n.other": "Personen", "study/plain": "zu {t.omega}"}
    merged, _ = own_sentences.merge(SOURCES, {}, filled(own_sentences.collect(SOURCES, {}, "de"), texts))
    assert [(note.where, note.text) for note in merged.notes] == [("study/n.other", "the translation has lost {n}.")]


@pytest.mark.parametrize("language", ["en", "../x", ""])
def test_odd_languages_are_refused(language: str) -> None:
    with pytest.raises(UsageError):
        own_sentences.collect(SOURCES, {}, language)


def test_an_untouched_file_of_the_shipped_text_changes_nothing(form: str) -> None:
    english, italian = shipped_texts("en"), shipped_texts("it")
    given = own_sentences.collect(english, italian, "it")
    assert {entry.status for entry in given.entries} == {"draft"}
    merged, texts = own_sentences.merge(english, italian, translations.parse(translations.write(given, form), "x"))
    assert (merged.changed, texts, merged.missing, merged.notes) == ((), {}, (), ())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folders of the program's own sentences, copied so that a language can be added."""
    for part in ("report", "study"):
        folder = tmp_path / f"mce_utaut.{part}" / own_texts(part).name
        folder.mkdir(parents=True)
        for path in own_texts(part).glob("*.yaml"):
            (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(own_text.resources, "files", lambda name: tmp_path / name)
    own_text.entries.cache_clear()
    yield tmp_path
    own_text.entries.cache_clear()


def test_a_new_language_works_when_it_is_whole(package: Path) -> None:
    english = shipped_texts("en")
    given = own_sentences.collect(english, {}, "de")
    whole = {entry.key: shouted(entry.source) for entry in given.entries}
    merged, texts = own_sentences.merge(english, {}, filled(given, whole))
    assert merged.missing == ()
    with pytest.raises(UsageError, match="not in 'de'"):
        sentences.Sentences("de")
    for part, module in (("report", words), ("study", sentences)):
        path = package / f"mce_utaut.{part}" / own_texts(part).name / "de.yaml"
        path.write_text(texts[part], encoding="utf-8")
        assert "de" in module.languages()
        assert set(module.entries("de")) == set(module.entries("en"))
    assert words.Words("de").text("glance.size", n=3) == "3 PEOPLE"
    say = sentences.Sentences("de")
    assert say("flow.received", n=1) == "1 RESPONSE WAS RECEIVED."
    assert say.numbers.bounded(0.456) == "0,46"
    path.write_text(texts["study"].replace("and: ", "und: ", 1), encoding="utf-8")
    own_text.entries.cache_clear()
    with pytest.raises(UsageError, match="lacks 1 sentences"):
        sentences.Sentences("de")
