"""The SurveyJS model, its results, and the page of our own that draws it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mce_utaut.errors import FileProblem, ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import registry, surveyjs
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.surveyjs.model import markup
from mce_utaut.survey.surveyjs.page import embedded, filled

Fill = dict[str, ModuleType]
NODE = Path(__file__).resolve().parent.parent / "node"


@pytest.fixture(scope="session")
def small(load_path: Callable[[Path], Instrument], data: Path) -> Instrument:
    return load_path(data / "surveyjs" / "utaut_surveyjs.yaml")


def test_the_fixture_comes_in_right(small: Instrument, data: Path) -> None:
    content = (data / "surveyjs" / "result_complete.json").read_bytes()
    assert registry.recognise(content, "x.json") == "surveyjs"
    responses = surveyjs.read(small, content, "x.json")
    row = responses.data.iloc[0]
    assert (row["PE1"], row["PE2"], row["FC1"], row["ATT1"], row["age"]) == (4, 5, 3, 4, 22)
    assert (row["role"], row["gender"], row["gender_other"], row["liked"]) == (
        "student",
        "other",
        "self-described",
        "=SUM(A1)",
    )
    assert responses.meta["attention_failed"].tolist() == [0]
    assert responses.meta["submitted"].tolist() == [None]
    assert responses.missing["teaching_years"].tolist() == ["not_shown"]
    assert responses.sources[0].unknown_columns == ("PE_mean", "att_ok")


def test_a_question_that_nobody_answered_is_no_missing_column(small: Instrument) -> None:
    responses = surveyjs.read(small, b'[{"consent":"Y","PE":{"PE1":1}},{"consent":"Y","PE":{"PE1":2}}]', "x.json")
    assert responses.data["PE1"].tolist() == [1, 2]
    assert responses.data["PE2"].isna().all()
    assert responses.notes == ()


def test_renamed_keys_and_labels_as_values(small: Instrument) -> None:
    content = b'{"consent":"Yes","PE":{"PE1":"Agree"},"q7":31}'
    responses = surveyjs.read(small, content, "x.json", ReadOptions(rename={"q7": "age"}))
    assert responses.data["PE1"].tolist() == [4]
    assert responses.data["age"].tolist() == [31]


def test_other_json_is_refused_with_a_sentence(small: Instrument) -> None:
    with pytest.raises(FileProblem, match="no results that are known"):
        registry.recognise(b'{"a": 1}', "x.json")
    for content in (b"[1, 2]", b"[]", b'{"PE": {"PE1": {"deep": 1}}}', b'{"a": 1} x', b"[" * 100_000):
        with pytest.raises(FileProblem):
            surveyjs.read(small, content, "x.json")
    with pytest.raises(ImportProblem, match="another questionnaire"):
        surveyjs.read(small, b'{"Q": {"R": 1}}', "x.json")


def test_what_the_page_adds_is_read(small: Instrument) -> None:
    added = {"response_id": "ab", "duration_seconds": 61, "submitted": True, "order_seed": 7, "instrument_id": "x"}
    record = {"consent": "Y", "PE": {"PE1": 1}, "instrument_language": "it", "instrument_digest": small.digest, **added}
    twice = json.dumps([record, record]).encode()
    responses = surveyjs.read(small, twice, "x.json")
    assert responses.n == 1
    assert [one.reason for one in responses.exclusions] == ["duplicate"]
    assert responses.meta["duration_s"].tolist() == [61]
    assert responses.meta["submitted"].tolist() == [True]
    assert responses.meta["language"].tolist() == ["it"]
    assert responses.missing["PE2"].tolist() == ["no_answer"]
    assert responses.sources[0].unknown_columns == ()


def test_the_model_keeps_what_surveyjs_knows(sample: Instrument, fill: Fill) -> None:
    model = fill["surveyjs"].model(surveyjs.export(sample).files)
    pages = {page["name"]: page for page in model["pages"]}
    elements = {element["name"]: element for page in model["pages"] for element in page["elements"]}
    assert len(elements) == sum(len(page["elements"]) for page in model["pages"])
    assert "visibleIf" not in pages["page_consent"]
    assert elements["CONSENT"]["isRequired"] is True
    assert elements["HEI"]["visibleIf"] == "{CONSENT} = 'Y'"
    assert pages["page_pe"]["visibleIf"] == "{CONSENT} = 'Y'"
    assert pages["page_tutoring"]["visibleIf"] == "{CONSENT} = 'Y' and {SUP} contains 'TUT'"
    assert elements["USE4"]["visibleIf"] == "({USE3} = 2 or {USE3} = 3 or {USE3} = 4)"
    matrix = elements["PEQ"]
    assert [row["value"] for row in matrix["rows"]] == ["PE1", "PE2", "PE3", "PE4", "PEs1", "CHK1"]
    assert [column["value"] for column in matrix["columns"]] == [1, 2, 3, 4, 5, 6, 7, 99]
    assert matrix["rowsOrder"] == "random"
    assert "eachRowRequired" not in matrix
    assert matrix["rows"][0]["text"]["it"] == sample.wordings["it"]["item.PE1"]
    assert elements["GENDER"]["showOtherItem"] is True
    assert (elements["USE1"]["min"], elements["USE1"]["max"]) == (0, 50)
    assert model["completedHtmlOnCondition"][0]["expression"] == "{CONSENT} notempty and {CONSENT} <> 'Y'"


def test_one_language_that_is_not_english(sample: Instrument, fill: Fill) -> None:
    model = fill["surveyjs"].model(surveyjs.export(sample, ("it",)).files)
    assert model["locale"] == "it"
    assert '"default"' not in json.dumps(model)


# Second opinion: survey-core.


def survey_core(tmp_path: Path, model: Any, answers: list[dict[str, Any]]) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (NODE / "node_modules" / "survey-core").is_dir():
        pytest.skip("survey-core is not installed: npm ci in tests/node")
    (tmp_path / "model.json").write_text(json.dumps(model), encoding="utf-8")
    (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    command = [node, str(NODE / "survey_core.mjs"), str(tmp_path / "model.json"), str(tmp_path / "answers.json")]
    done = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8", timeout=120)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["utaut_mini", "utaut_kobo", "sample", "mce_student", "mce_professor", "mce_manager"])
def test_survey_core_loads_every_model_and_gives_the_answers_back(
    tmp_path: Path, made: ModuleType, fill: Fill, instruments: dict[str, Instrument], name: str
) -> None:
    instrument = instruments[name]
    files = surveyjs.export(instrument).files
    rows = [_complete(instrument, row) for row in made.answers(instrument)]
    answers = fill["surveyjs"].results(instrument, files, rows, None)
    languages = [instrument.languages[place % len(instrument.languages)] for place in range(len(rows))]
    given = [{"language": language, "answers": one} for language, one in zip(languages, answers)]
    found = survey_core(tmp_path, fill["surveyjs"].model(files), given)
    assert found["errors"] == []
    assert [one["stuck"] for one in found["results"]] == [[]] * len(rows)
    assert all(one["done"] for one in found["results"])
    content = json.dumps([one["data"] for one in found["results"]]).encode()
    responses = surveyjs.read(instrument, content, "x.json", ReadOptions(keep_personal=True))
    wanted = made.expected(instrument, rows)
    for field, values in wanted.items():
        assert made.found(responses.data, field) == values, field
    assert responses.meta["language"].tolist() == languages
    assert responses.sources[0].instrument_digest == instrument.digest


def _complete(instrument: Instrument, row: dict[str, Any]) -> dict[str, Any]:
    """The row with an answer to whatever may not be left out, and whole numbers where they are asked."""
    row = dict(row)
    for question in instrument.questions():
        if question.required == "hard" and question.scale:
            first = instrument.scales[question.scale].options[0].code
            for name in [item.code for item in question.items] or [question.name]:
                if name in row:
                    row[name] = row[name] or first
    return row


def test_survey_core_ends_without_consent_and_checks_ranges(tmp_path: Path, fill: Fill, sample: Instrument) -> None:
    model = fill["surveyjs"].model(surveyjs.export(sample).files)
    answers = [{"CONSENT": "N"}, {"CONSENT": "Y", "USE1": 51}, {}, {"CONSENT": "Y", "SUP": ["ADV"], "TUTORS": 3}]
    refused, ranged, empty, hidden = survey_core(
        tmp_path, model, [{"language": "it", "answers": one} for one in answers]
    )["results"]
    assert refused["done"]
    assert sample.wordings["it"]["survey.declined"] in refused["html"]
    assert ranged["stuck"] and ranged["stuck"][0].startswith("USE1")
    assert not empty["done"]
    assert hidden["done"] and "TUTORS" not in hidden["data"]


# The page.


def page(instrument: Instrument) -> str:
    files = surveyjs.export(instrument).files
    return next(content for name, content in files.items() if name.endswith(".html")).decode()


def test_texts_are_data_in_the_page(sample: Instrument) -> None:
    evil = "</script><script>alert(1)</script> & {CONSENT} @model@ \u2028"
    wording = sample.wordings["en"]
    strings = {
        key: replace(text, text=evil) if key.split(".")[0] in ("item", "question", "survey") else text
        for key, text in wording.strings.items()
    }
    shown = page(replace(sample, wordings={"en": replace(wording, strings=strings)}, credit=evil))
    assert shown.count("<script") == 4
    assert "alert(1)</script>" not in shown
    assert "\u2028" not in re.search('id="model">(.*?)</script>', shown, re.DOTALL)[1]  # type: ignore[index]
    model = json.loads(re.search('id="model">(.*?)</script>', shown, re.DOTALL)[1])  # type: ignore[index]
    matrix = next(one for page in model["pages"] for one in page["elements"] if one["type"] == "matrix")
    assert matrix["rows"][0]["text"] == evil


def test_the_page_needs_no_network_and_is_small(sample: Instrument) -> None:
    shown = page(sample)
    assert not re.search(r"""(?:src|href)=["']|@import|url\(|import\s*\(""", shown)
    model = re.search('id="model">(.*?)</script>', shown, re.DOTALL)[1]  # type: ignore[index]
    assert len(shown.encode()) - len(model.encode()) < 60_000
    assert "default-src 'none'" in shown
    assert "innerHTML" not in shown


def test_every_language_of_the_study_has_every_message(instruments: dict[str, Instrument]) -> None:
    shown = page(instruments["mce_student"])
    messages = json.loads(re.search('id="messages">(.*?)</script>', shown, re.DOTALL)[1])  # type: ignore[index]
    assert set(messages) == {"en", "it", "de", "es", "ca", "pt", "nl", "lt", "el"}
    for language, texts in messages.items():
        assert set(texts) == set(messages["en"]), language
        for key, text in texts.items():
            wanted = set(re.findall(r"\{\w+\}", messages["en"][key]))
            assert set(re.findall(r"\{\w+\}", text)) == wanted, (language, key)
            assert language == "en" or text != messages["en"][key], (language, key)
    used = set(re.findall(r"""say\("(\w+)\"""", shown))
    assert used <= set(messages["en"])


def test_template_and_json_cannot_be_broken_out_of() -> None:
    assert filled("a @x@ @y@ @none@", {"x": "@y@", "y": "2"}) == "a @y@ 2 @none@"
    assert embedded({"a": "</script>\u2029"}) == '{"a":"\\u003c/script>\\u2029"}'
    assert markup("<b>\n{x}\n\nb") == "<p>&lt;b&gt;<br>&#123;x&#125;</p><p>b</p>"
