"""Real LimeSurvey exports, in every heading and answer style, hold the same answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import limesurvey, registry
from mce_utaut.survey.contract import ReadOptions

FOLDER = Path(__file__).resolve().parent.parent / "data" / "limesurvey"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.*"))
ITEMS = ["PE1", "PE2", "PE3", "EE1", "EE2", "EE3R", "SI1", "SI2", "FC1", "ATT1", "FC2", "BI1", "BI2"]
# Rows of survey "lean": id -> items answered (blank: None), 99 for "not applicable".
LEAN = {
    1: "4 5 4 5 4 2 3 3 4 4 4 6 7",
    2: "3 3 2 4 4 1 2 4 5 4 5 4 99",
    3: "1 1 1 1 1 1 1 1 1 1 1 1 1",
    5: "5 4 . . . . . . . . . . .",
    6: "2 3 4 3 3 3 3 3 3 3 3 3 3",
    7: ". . . . . . . . . . . . .",
    8: "4 4 5 4 3 2 3 4 4 4 3 5 6",
    10: ". . . . . . 3 4 . . . . .",
    11: "4 4 5 4 3 2 3 4 4 4 3 5 6",
}


def read(mini: Instrument, name: str, **options: object) -> Responses:
    path = FOLDER / name
    if "abbreviated" in name:
        options.setdefault("column_map", limesurvey.export(mini).column_map)
    return limesurvey.read(mini, path.read_bytes(), path.name, ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FILES)
def test_every_file_holds_the_same_answers(mini: Instrument, name: str) -> None:
    responses = read(mini, name)
    known = dict(LEAN)
    if "completeonly" in name:
        known = {key: answers for key, answers in known.items() if key in (1, 2, 3, 6, 8, 11)}
    if "full_" in name.split("/")[1][:5]:  # the other survey: respondent 10 answered another page
        known[10] = ". . . . . . . . 4 4 3 . ."
    assert responses.n == len(known)
    for row, answers in zip(responses.data[ITEMS].to_numpy(), known.values()):
        wanted = [np.nan if answer in (".", "99") else float(answer) for answer in answers.split()]
        np.testing.assert_array_equal(row, wanted)
    data = responses.data.set_axis(list(known), axis=0)
    missing = responses.missing.set_axis(list(known), axis=0)
    assert data.loc[1, "liked"] == 'Fast; really "useful", I think.\nSecond line'
    assert data.loc[2, "liked"] == "È utile però lento"
    assert data.loc[3, "liked"] == "=SUM(A1:A9)"
    assert data.loc[[1, 2, 3], "role"].tolist() == ["student", "professor", "manager"]
    assert data.loc[[1, 2, 3], "gender"].tolist() == ["female", "male", "other"]
    assert data.loc[3, "gender_other"] == "prefer to self-describe"
    assert data.loc[[2, 8], "teaching_years"].tolist() == [12.5, 7.5]
    assert data.loc[[1, 2, 6], "age"].tolist() == [22, 47, 21]
    assert missing.loc[2, "BI2"] == "cannot_judge"
    assert missing.loc[1, "teaching_years"] == "not_shown"  # asked of professors only
    assert missing.loc[3, "age"] == "no_answer"  # submitted, shown, left blank
    if 5 in known:
        assert missing.loc[5, "EE1"] == "unknown_blank"  # left before the end: not reached or left blank


@pytest.mark.parametrize("name", FILES)
def test_what_is_known_of_the_respondents(mini: Instrument, name: str) -> None:
    responses = read(mini, name)
    complete = "completeonly" in name
    assert [exclusion.reason for exclusion in responses.exclusions] == ["no_consent", "no_consent"]
    assert [exclusion.source_row for exclusion in responses.exclusions] == ([5, 8] if complete else [5, 10])
    meta = responses.meta
    languages = "en it en it it en" if complete else "en it en en it it it en en"
    assert meta["language"].tolist() == languages.split()
    if not complete:
        assert meta["submitted"].tolist() == [True, True, True, False, True, False, True, False, True]
        assert meta["source_row"].tolist() == [2, 3, 4, 6, 7, 8, 9, 11, 12]
    assert meta["role"].tolist() == responses.data["role"].tolist()
    assert meta["attention_failed"].tolist()[:3] == [0, 0, 1]
    assert meta["attention_failed"].sum() == 2
    assert all(value is True for value in meta["consent"])
    (source,) = responses.sources
    assert (source.rows_read, source.rows_kept) == ((8, 6) if complete else (11, 9))
    assert source.personal_dropped[_spelled(name, "seed", "Seed")] == source.rows_read
    assert source.unknown_columns == ()
    assert responses.notes == ()


def _spelled(name: str, code: str, text: str) -> str:
    if "codetext" in name:
        return f"{code}. {text}"
    words = ("_full_", "abbreviated", "lean_r_data", "uidefault")
    return text if any(word in name for word in words) else code


def test_times_become_durations_and_are_dropped(mini: Instrument) -> None:
    responses = read(mini, "rc/full_en_code_short.csv")
    assert responses.meta["duration_s"].tolist() == [660, 720, 780, 900, 960, 5, 16, 5, 13]
    assert responses.sources[0].personal_dropped == {
        "seed": 11,
        "startdate": 11,
        "datestamp": 11,
        "ipaddr": 11,
        "refurl": 6,
    }
    timed = read(mini, "ui/full_uidefault_full_long_en.csv")
    assert timed.meta["duration_s"].notna().sum() >= 4  # "Total time", which four browsers left


def test_personal_columns_are_kept_on_request(mini: Instrument) -> None:
    responses = read(mini, "rc/full_en_code_short.csv", keep_personal=True)
    assert responses.data["personal.ipaddr"].iloc[0] == "192.0.2.1"
    assert responses.sources[0].personal_dropped == {}


def test_abbreviated_headings_need_the_column_map(mini: Instrument) -> None:
    with pytest.raises(ImportProblem, match=r"abbreviated headings.*--columns"):
        read(mini, "rc/lean_en_abbreviated_short.csv", column_map=None)


@pytest.mark.parametrize("name", FILES)
def test_the_tool_is_recognised(name: str) -> None:
    if "lean_r" not in name:
        assert registry.recognise((FOLDER / name).read_bytes(), "unnamed") == "limesurvey"


def test_headings_in_a_language_that_nobody_listed(mini: Instrument) -> None:
    """German headings of the metadata: found by what stands below them."""
    text = (FOLDER / "rc/lean_en_full_short.csv").read_text(encoding="utf-8-sig")
    for english, german in (
        ("Response ID", "Antwort ID"),
        ("Date submitted", "Datum Abgeschickt"),
        ("Last page", "Letzte Seite"),
        ("Start language", "Start-Sprache"),
        ("Seed", "Zufallsstartwert"),
    ):
        text = text.replace(f'"{english}"', f'"{german}"', 1)
    content = text.encode("utf-8-sig")
    assert registry.recognise(content, "german.csv") == "limesurvey"
    responses = limesurvey.read(mini, content, "german.csv")
    assert responses.meta["submitted"].tolist().count(False) == 3
    assert responses.sources[0].personal_dropped == {"Zufallsstartwert": 11}


def test_a_respondent_keeps_the_key_from_export_to_export(mini: Instrument) -> None:
    early = read(mini, "rc/lean_en_code_short_completeonly.csv")
    late = read(mini, "ui/lean_code_short_tab_en.csv")
    assert set(early.data.index) < set(late.data.index)


def test_two_exports_of_one_survey_merge_without_doubles(mini: Instrument) -> None:
    files = [
        NamedBytes(name, (FOLDER / name).read_bytes())
        for name in ("rc/lean_en_code_short_completeonly.csv", "rc/lean_it_code_long.csv")
    ]
    merged = registry.read_responses(mini, files)
    assert merged.n == 9
    doubles = [exclusion for exclusion in merged.exclusions if exclusion.reason == "duplicate"]
    assert [(double.source, double.source_row) for double in doubles] == [
        (1, 2),
        (1, 3),
        (1, 4),
        (1, 7),
        (1, 9),
        (1, 12),
    ]
    assert merged.meta["source"].tolist() == [0] * 6 + [1] * 3
    assert [source.name for source in merged.sources] == [file.name for file in files]


class NamedBytes:
    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content


def retold(names: dict[str, str], source: str = "ui/full_uidefault_full_long_en.csv") -> bytes:
    text = (FOLDER / source).read_text(encoding="utf-8-sig")
    for english, other in names.items():
        assert f'"{english}' in text
        text = text.replace(f'"{english}', f'"{other}')
    return text.encode("utf-8-sig")


def test_italian_headings_of_the_metadata(mini: Instrument) -> None:
    content = retold(
        {
            "Response ID": "ID risposta",
            "Date submitted": "Data invio",
            "Last page": "Ultima pagina",
            "Start language": "Lingua iniziale",
            "Seed": "Seme",
            "Total time": "Tempo totale",
            "Group time": "Tempo gruppo",
            "Question time": "Tempo domanda",
        }
    )
    english = read(mini, "ui/full_uidefault_full_long_en.csv")
    found = limesurvey.read(mini, content, "it.csv")
    assert found.data.equals(english.data)
    assert found.meta["language"].tolist() == english.meta["language"].tolist()
    assert found.meta["duration_s"].equals(english.meta["duration_s"])
    assert found.sources[0].unknown_columns == ()
    assert set(found.sources[0].personal_dropped) == {
        "Seme",
        "Date started",
        "Date last action",
        "IP address",
        "Referrer URL",
    }
    merged = registry.read_responses(
        mini,
        [
            NamedBytes("it.csv", content),
            NamedBytes("codes.csv", (FOLDER / "rc/full_en_code_short.csv").read_bytes()),
        ],
    )
    assert merged.n == english.n


def test_headings_that_nobody_knows_are_told_by_place_and_cells(mini: Instrument) -> None:
    words = ("Response ID", "Date submitted", "Last page", "Start language", "Seed", "Date started", "Date last action")
    others = {word: f"Heading {number}" for number, word in enumerate(words)}
    others |= {"Total time": "Heading T", "Group time": "Gruppe", "Question time": "Frage"}
    english = read(mini, "ui/full_uidefault_full_long_en.csv")
    found = limesurvey.read(mini, retold(others), "x.csv")
    assert found.data.equals(english.data)  # the keys too, which are made from id and seed
    assert found.meta["language"].tolist() == english.meta["language"].tolist()
    assert found.meta["submitted"].tolist() == english.meta["submitted"].tolist()
    assert found.meta["duration_s"].equals(english.meta["duration_s"])
    assert found.sources[0].unknown_columns == ()
    dropped = found.sources[0].personal_dropped
    assert {"Heading 4", "Heading 5", "Heading 6"} <= set(dropped)
    assert "Heading 2" not in dropped


def test_one_known_heading_does_not_hide_the_others(mini: Instrument) -> None:
    content = retold(
        {"Last page": "Pagina X", "Start language": "Lingua X", "Seed": "Seme X"}, "rc/lean_en_full_short.csv"
    )
    found = limesurvey.read(mini, content, "x.csv")
    assert found.meta["language"].notna().all()
    assert found.data.index.equals(read(mini, "rc/lean_en_full_short.csv").data.index)
