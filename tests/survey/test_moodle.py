"""Moodle: the XML of Feedback, and answers of Feedback and Questionnaire."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import moodle, registry

Fill = dict[str, ModuleType]


@pytest.fixture(scope="session")
def small(load_path: Callable[[Path], Instrument], data: Path) -> Instrument:
    return load_path(data / "moodle" / "utaut_moodle.yaml")


def test_every_file_begins_as_moodle_wants_it(instruments: dict[str, Instrument]) -> None:
    pattern = re.compile(rb'^<\?xml version="1\.0" encoding="UTF-8" \?>\n<FEEDBACK VERSION="200701"')
    for instrument in instruments.values():
        files = moodle.export(instrument).files
        forms = [content for name, content in files.items() if name.endswith(".xml")]
        assert len(forms) == len(instrument.languages)
        assert all(pattern.match(content) for content in forms)


def test_items_are_those_of_the_fixture(small: Instrument, data: Path, fill: Fill) -> None:
    ours = fill["moodle"].items(moodle.export(small).files, "en")
    theirs = etree.fromstring((data / "moodle" / "moodle_feedback.xml").read_bytes())
    by_label = {item["ITEMLABEL"]: item for item in ours}
    by_id = {item["ITEMID"]: item["ITEMLABEL"] for item in ours}
    for item in theirs.iter("ITEM"):
        wanted = {**dict(item.attrib), **{child.tag: child.text or "" for child in item}}
        if not wanted["ITEMLABEL"]:
            continue
        found = by_label[wanted["ITEMLABEL"]]
        for tag in ("TYPE", "REQUIRED", "ITEMTEXT", "PRESENTATION", "OPTIONS", "DEPENDVALUE"):
            assert found[tag] == wanted[tag], (wanted["ITEMLABEL"], tag)
        assert by_id.get(found["DEPENDITEM"], "") == ("consent" if wanted["DEPENDITEM"] == "2" else "")


def test_what_depends_stands_behind_a_page_break(instruments: dict[str, Instrument], fill: Fill) -> None:
    for instrument in instruments.values():
        for language in instrument.languages[:2]:
            items = fill["moodle"].items(moodle.export(instrument, (language,)).files, language)
            page, pages = 0, {}
            for item in items:
                page += item["TYPE"] == "pagebreak"
                if item["DEPENDITEM"] != "0":
                    asked = next(other for other in items if other["ITEMID"] == item["DEPENDITEM"])
                    assert pages[item["DEPENDITEM"]] < page
                    assert item["DEPENDVALUE"] in asked["PRESENTATION"]
                pages[item["ITEMID"]] = page


def test_conditions_cannot_judge_and_ratings(sample: Instrument, fill: Fill) -> None:
    by_label = {item["ITEMLABEL"]: item for item in fill["moodle"].items(moodle.export(sample).files, "en")}
    assert by_label["TUTORS"]["DEPENDITEM"] == by_label["SUP"]["ITEMID"]
    assert by_label["USE4"]["DEPENDITEM"] == by_label["CONSENT"]["ITEMID"]  # three options are too many
    assert "99####" in by_label["PE1"]["PRESENTATION"]
    assert "99####" not in by_label["BI4"]["PRESENTATION"]
    assert by_label["USE1"]["PRESENTATION"] == "0|50"
    assert by_label["TUTORS"]["PRESENTATION"] == "0|-"
    assert by_label["SUP"]["PRESENTATION"].startswith("c>>>>>")
    assert by_label["AGE"]["TYPE"] == "multichoice"
    (note,) = [note for note in moodle.export(sample).notes if note.code == "branching"]
    assert "USE4" in note.text and "TUTORS" not in note.text


def test_signs_of_moodle_in_labels(sample: Instrument, fill: Fill, made: ModuleType) -> None:
    wording = sample.wordings["en"]
    strings = {**wording.strings}
    for code, text in (("ADV", "a|b ##### c, <i>; d"), ("TUT", "x >>>>> y ]]> z")):
        strings[f"scale.support.{code}"] = replace(strings[f"scale.support.{code}"], text=text)
    changed = replace(sample, wordings={"en": replace(wording, strings=strings)})
    exported = moodle.export(changed)
    item = next(one for one in fill["moodle"].items(exported.files, "en") if one["ITEMLABEL"] == "SUP")
    assert fill["moodle"].options(item)[0] == "a/b ### c, <i>; d"
    assert len(fill["moodle"].options(item)) == 3
    tutors = next(one for one in fill["moodle"].items(exported.files, "en") if one["ITEMLABEL"] == "TUTORS")
    assert tutors["DEPENDVALUE"] in item["PRESENTATION"]
    assert "bars" in {note.code for note in exported.notes}
    rows = made.answers(changed)
    table = fill["moodle"].export(changed, exported.files, rows, "en", "({label}) {text}", True)
    found = moodle.read(changed, fill["moodle"].as_csv(table), "x.csv")
    assert made.found(found.data, "support") == made.expected(changed, rows)["support"]


@pytest.mark.parametrize("heading", ["({label}) {text}", "({label})", "{label}: {text}", "{label} - {text}", "{text}"])
def test_every_heading_and_no_identity(made: ModuleType, fill: Fill, sample: Instrument, heading: str) -> None:
    rows = made.answers(sample)
    files = moodle.export(sample).files
    table = fill["moodle"].export(sample, files, rows, "it", heading, True)
    found = moodle.read(sample, fill["moodle"].as_xlsx(table), "x.xlsx")
    wanted = made.expected(sample, rows)
    assert made.found(found.data, "PE2") == wanted["PE2"]
    assert made.found(found.data, "support") == wanted["support"]
    dropped = found.sources[0].personal_dropped
    assert [dropped[name] for name in ("Full name", "Groups", "Email address", "Date")] == [24, 0, 24, 24]
    assert "email" not in found.data


def test_questionnaire(small: Instrument, made: ModuleType) -> None:
    heads = "Response,Submitted on,Institution,Full name,Username,Complete,Q01_consent,Q02_role,Q03_age"
    heads += ",Q04_PE->I find the tool useful.,Q04_PE->I finish tasks more quickly.,Q05_liked"
    rows = (
        "1,01/05/2025 10:11,,Pat Example,pat,y,Yes,Student,22,Agree,Strongly agree,a",
        "2,,,Lee Example,lee,n,Yes,Manager,,Neutral,,",
    )
    content = "\n".join((heads, *rows, "")).encode()
    assert registry.recognise(content, "x.csv") == "moodle"
    found = moodle.read(small, content, "x.csv")
    assert made.found(found.data, "PE1") == [4.0, 3.0]
    assert made.found(found.data, "PE2") == [5.0, None]
    assert found.meta["submitted"].tolist() == [True, False]
    assert found.sources[0].personal_dropped["Username"] == 2
    assert found.sources[0].unknown_columns == ()


def test_questionnaire_with_a_column_for_each_option(sample: Instrument, made: ModuleType) -> None:
    wording = sample.wordings["en"]
    labels = [wording[f"scale.support.{code}"] for code in ("ADV", "TUT", "CAR")]
    items = [item.code for _, item in sample.items()]
    heads = ["Response", "Q01_CONSENT", *(f"Q02_PEQ->{wording[f'item.{code}']}" for code in items)]
    heads += [f"Q09_SUP->{label}" for label in labels]
    row = ["1", wording["scale.yesno.Y"], *[wording["scale.agree7.5"]] * len(items), "1", "0", "1"]
    content = "\n".join("\t".join(cells) for cells in (heads, row, "")).encode()
    found = moodle.read(sample, content, "x.csv")
    assert made.found(found.data, "support") == ["advising|career"]
    assert made.found(found.data, "BI3") == [5.0]


def test_notes_say_what_is_lost(sample: Instrument) -> None:
    codes = {note.code for note in moodle.export(sample).notes}
    wanted = {"not_verified", "one_language", "branching", "declined_text", "fixed_items", "fixed_pages", "no_grid"}
    assert codes >= wanted | {"soft_mandatory", "link_parameters", "no_digest", "dates", "no_duration", "other_asked"}


def test_a_question_that_is_too_long_stands_in_full_before_it(sample: Instrument, fill: Fill) -> None:
    wording = sample.wordings["en"]
    long = "Trust & “use” of it. " * 20
    strings = {**wording.strings}
    for key in ("item.PE1", "question.O1.text"):
        strings[key] = replace(strings[key], text=long)
    items = fill["moodle"].items(
        moodle.export(replace(sample, wordings={"en": replace(wording, strings=strings)})).files, "en"
    )
    assert all(len(item[tag]) <= 255 for item in items for tag in ("ITEMTEXT", "ITEMLABEL", "OPTIONS"))
    for before, item in itertools.pairwise(items):
        if item["ITEMLABEL"] in ("PE1", "O1"):
            assert item["ITEMTEXT"].startswith("Trust &amp; ") and item["ITEMTEXT"].endswith("…")
            assert before["TYPE"] == "label"
            assert "Trust &amp; “use” of it. " * 19 in before["PRESENTATION"]


def test_line_ends_that_newer_releases_write_as_blanks(sample: Instrument, made: ModuleType, fill: Fill) -> None:
    rows = made.answers(sample)
    table = fill["moodle"].export(sample, moodle.export(sample).files, rows, "en", "({label}) {text}", False)
    table = [[cell.strip().replace("\n", "   ") for cell in row] for row in table]
    found = moodle.read(sample, fill["moodle"].as_csv(table), "x.csv")
    wanted = made.expected(sample, rows)
    assert made.found(found.data, "support") == wanted["support"]
    assert any("|" in (cell or "") for cell in wanted["support"])


def test_texts_come_without_the_entities_of_moodle(small: Instrument, made: ModuleType) -> None:
    content = "Response number,(consent) c,(role) r,(PE1) p,(PE2) p,(liked) l\n1,Yes,Student,Agree,Agree,{}\n"
    found = moodle.read(small, content.format("R&amp;D isn&#039;t &lt;b&gt;").encode(), "x.csv")
    assert made.found(found.data, "liked") == ["R&D isn't <b>"]
