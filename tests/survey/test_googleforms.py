"""Google Forms: the script, the API request, and answers as Google writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import googleforms, registry
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.googleforms.script import safe

Fill = dict[str, ModuleType]


@pytest.fixture(scope="session")
def small(load_path: Callable[[Path], Instrument], data: Path) -> Instrument:
    return load_path(data / "googleforms" / "utaut_google.yaml")


def test_the_english_fixture_comes_in_right(small: Instrument, data: Path, made: ModuleType) -> None:
    content = (data / "googleforms" / "google_forms_responses_en.csv").read_bytes()
    assert registry.recognise(content, "x.csv") == "googleforms"
    found = googleforms.read(small, content, "x.csv")
    assert made.found(found.data, "PE1") == [4.0, 1.0]
    assert made.found(found.data, "PE2") == [5.0, None]
    assert made.found(found.data, "role") == ["student", "manager"]
    assert made.found(found.data, "age") == [22.0, None]
    assert made.found(found.data, "liked") == ['Fast; "useful"', "=SUM(A1:A9)"]
    assert found.missing["PE2"].tolist() == ["", "no_answer"]
    assert found.meta["submitted"].tolist() == [True, True]
    assert set(found.meta["language"]) == {"en"}
    assert found.meta["duration_s"].isna().all()
    assert [(one.source_row, one.reason) for one in found.exclusions] == [(3, "no_consent")]
    assert found.sources[0].personal_dropped == {"Timestamp": 3}


def test_the_italian_fixture_comes_in_right(small: Instrument, data: Path, made: ModuleType) -> None:
    content = (data / "googleforms" / "google_forms_responses_it.csv").read_bytes()
    assert registry.recognise(content, "x.csv") == "googleforms"
    with pytest.raises(ImportProblem, match=r"PE2: has no column.*--absent PE2"):
        googleforms.read(small, content, "x.csv")
    found = googleforms.read(small, content, "x.csv", ReadOptions(absent=("PE2",)))
    assert made.found(found.data, "PE1") == [4.0]
    assert set(found.meta["language"]) == {"it"}
    assert found.sources[0].personal_dropped == {"Informazioni cronologiche": 1, "Indirizzo email": 1}
    assert found.missing["role"].tolist() == ["not_shown"]


def test_an_unknown_heading_of_the_time_is_told_by_its_cells(small: Instrument, data: Path) -> None:
    text = (data / "googleforms" / "google_forms_responses_en.csv").read_text(encoding="utf-8")
    content = text.replace("Timestamp", "Tidsstämpel", 1).encode()
    assert registry.recognise(content, "x.csv") == "googleforms"
    found = googleforms.read(small, content, "x.csv")
    assert found.sources[0].personal_dropped == {"Tidsstämpel": 3}
    assert found.sources[0].unknown_columns == ()


def test_an_answer_of_no_option_is_refused_with_the_labels(small: Instrument, data: Path) -> None:
    text = (data / "googleforms" / "google_forms_responses_en.csv").read_text(encoding="utf-8")
    with pytest.raises(ImportProblem, match=r"“Sometimes” is no answer of this question \(its answers are “Strongly"):
        googleforms.read(small, text.replace("Agree,Strongly", "Sometimes,Strongly").encode(), "x.csv")


def test_digits_as_labels_are_labels_and_never_codes(small: Instrument, data: Path, made: ModuleType) -> None:
    """A scale whose labels are digits, but not those of its codes."""
    wording = small.wordings["en"]
    strings = dict(wording.strings)
    for code in "12345":
        key = f"scale.agree5.{code}"
        strings[key] = replace(strings[key], text=str(int(code) - 1))
    changed = replace(small, wordings={"en": replace(wording, strings=strings)})
    text = (data / "googleforms" / "google_forms_responses_en.csv").read_text(encoding="utf-8")
    text = text.replace("Agree,Strongly agree", "3,4").replace("Strongly disagree", "0")
    found = googleforms.read(changed, text.encode(), "x.csv")
    assert made.found(found.data, "PE1") == [4.0, 1.0]


def test_the_request_has_the_shape_of_the_fixture(small: Instrument, data: Path, fill: Fill) -> None:
    wanted = json.loads((data / "googleforms" / "google_forms_batchupdate.json").read_bytes())["requests"]
    items = fill["googleforms"].request(googleforms.export(small, ("en",)).files, "en")
    for request in wanted:
        item = request["createItem"]["item"]
        assert item in items


def test_pages_consent_and_ranges(sample: Instrument, fill: Fill) -> None:
    files = googleforms.export(sample).files
    built = fill["googleforms"].script(files, "it")
    kinds = [item["kind"] for item in built["items"]]
    consent = next(index for index, item in enumerate(built["items"]) if item["leaving"])
    assert built["items"][consent]["leaving"] == [sample.wordings["it"]["scale.yesno.N"]]
    assert built["items"][consent]["required"]
    assert kinds[consent + 1] == "page"  # what follows is reached only with consent
    assert kinds.count("page") == len(sample.pages)  # one break less than pages, one more after consent
    ranges = {(item["minimum"], item["maximum"]) for item in built["items"] if item["kind"] == "integer"}
    assert ranges == {(0, 50), (0, None)}
    asked = next(item for item in fill["googleforms"].request(files, "it") if "choiceQuestion" in str(item))
    options = asked["questionItem"]["question"]["choiceQuestion"]["options"]
    assert [option["goToAction"] for option in options] == ["NEXT_SECTION", "SUBMIT_FORM"]


def test_the_constant_is_safe_wherever_it_is_pasted(sample: Instrument, fill: Fill) -> None:
    wording = sample.wordings["en"]
    title = replace(wording.strings["survey.title"], text="a</script>\u2028b\u2029")
    changed = replace(sample, wordings={"en": replace(wording, strings={**wording.strings, "survey.title": title})})
    files = googleforms.export(changed).files
    text = next(content for name, content in files.items() if name.endswith(".gs")).decode()
    assert "</" not in text
    assert "\u2028" not in text and "\u2029" not in text
    assert fill["googleforms"].script(files, "en")["title"].endswith("a</script>\u2028b\u2029")
    assert json.loads(safe(json.dumps("</a>"))) == "</a>"


def test_notes_say_what_is_lost(sample: Instrument) -> None:
    codes = {note.code for note in googleforms.export(sample).notes}
    assert codes >= {
        "not_verified",
        "one_language",
        "branching",
        "fixed_items",
        "fixed_pages",
        "soft_mandatory",
        "link_parameters",
        "cannot_judge_everywhere",
        "no_digest",
        "declined_text",
    }
