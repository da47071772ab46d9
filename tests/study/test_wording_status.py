"""How far the texts that respondents read were reviewed: per language of the analysed answers."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pandas as pd

from mce_utaut.cli.questionnaire import load
from mce_utaut.instrument.model import Instrument
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.wording_status import wording_status


def status(instrument: Instrument, answered: list[str | None]) -> dict[str, dict[str, Any]]:
    included = SimpleNamespace(meta=pd.DataFrame({"language": answered}))
    work: Any = SimpleNamespace(
        instrument=instrument,
        result=SimpleNamespace(role="professor", n=20),
        screened=SimpleNamespace(included=included),
    )
    rows = wording_status([work], 5, Sentences("en"))["roles"]["professor"]["languages"]
    return {row["language"]: row for row in rows}


def approved(instrument: Instrument, language: str, but: int = 0) -> Instrument:
    wording = instrument.wordings[language]
    keys = list(wording.strings)
    strings = {
        key: dataclasses.replace(wording.strings[key], status="draft" if i < but else "approved", stale=False)
        for i, key in enumerate(keys)
    }
    changed = dataclasses.replace(wording, strings=strings)
    return dataclasses.replace(instrument, wordings={**instrument.wordings, language: changed})


def test_only_languages_that_were_answered_are_told() -> None:
    found = status(load("mce_professor"), ["it", "it", None])
    assert set(found) == {"it"} and found["it"]["status"] == "draft" and found["it"]["approved"] == 0
    assert f"0 of {found['it']['texts']}" in found["it"]["sentence"]
    assert len(status(load("mce_professor"), [None, None])) == 9


def test_one_draft_among_approved_texts_is_a_draft() -> None:
    given = load("mce_professor")
    assert status(approved(given, "it"), ["it"])["it"]["status"] == "approved"
    found = status(approved(given, "it", but=1), ["it"])["it"]
    assert found["status"] == "draft" and found["approved"] == found["texts"] - 1


def test_the_source_and_a_language_without_wording_are_named_as_such() -> None:
    found = status(load("mce_professor"), ["en", "sv"])
    assert found["en"]["status"] == "source" and found["sv"]["status"] == "absent"
