"""Archive files: read back they hold the answers, the labels, the kinds of missing, and nobody's address."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from lxml import etree, html

from mce_utaut import archive, files
from mce_utaut.archive import ddi, statistical
from mce_utaut.archive.variables import legal, variables
from mce_utaut.errors import UsageError, UserMistake
from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.responses.model import META_COLUMNS, Responses
from mce_utaut.shipped import shipped
from mce_utaut.survey.fields import fields

DATA = Path(__file__).resolve().parent.parent / "data" / "instruments"
SHIPPED = ("mce_student", "mce_professor", "mce_manager", "mce_case", "mce_pilot")
KINDS = ("", "", "cannot_judge", "no_answer", "not_shown", "unknown_blank", "")
TREE = {
    "codeBook": "stdyDscr fileDscr dataDscr",
    "stdyDscr": "citation stdyInfo dataAccs",
    "citation": "titlStmt verStmt",
    "titlStmt": "titl parTitl IDNo",
    "stdyInfo": "abstract sumDscr",
    "dimensns": "caseQnty varQnty",
    "dataDscr": "varGrp var",
    "varGrp": "labl txt concept",
    "var": "labl qstn invalrng universe sumStat txt catgry concept varFormat",
    "qstn": "preQTxt qstnLit",
    "catgry": "catValu labl",
}


def load(path: Path) -> Instrument:
    structure, *wordings = [
        TextFile(one.name, one.read_text(encoding="utf-8"))
        for one in [path, *sorted(path.parent.glob(f"{path.stem}.*.yaml"))]
    ]
    return load_instrument(structure, wordings)


@pytest.fixture(scope="module")
def sample() -> Instrument:
    return load(DATA / "sample.yaml")


def answers(instrument: Instrument) -> Responses:
    """Seven respondents, who answer all questions alike: first option, last option, four kinds of missing,
    middle option."""
    index = pd.Index([f"secret.csv:{row}" for row in range(len(KINDS))])
    data, missing = {}, {}
    for field in fields(instrument):
        options = field.scale.options if field.scale else ()
        column: list = []
        for row, kind in enumerate(KINDS):
            option = options[(0, -1)[row] if row < 2 else len(options) // 2] if options else None
            value: object = {"integer": 3.0, "number": 2.5, "date": "2024-02-29"}.get(field.kind, f"text {row} =1")
            if field.kind == "ordinal":
                value = option.value if option else None
            elif field.kind == "option":
                value = option.name if option else None
            elif field.kind == "multi":
                value = "|".join(one.name for one in options[: row + 1])
            numeric = field.kind in ("ordinal", "integer", "number")
            column.append((np.nan if numeric else None) if kind else value)
        data[field.name], missing[field.name] = column, list(KINDS)
    meta = pd.DataFrame({name: [None] * len(KINDS) for name in META_COLUMNS}, index=index, dtype=object)
    meta["language"], meta["submitted"], meta["attention_failed"] = "it", True, 0
    return Responses(
        instrument.id,
        instrument.version,
        instrument.digest,
        instrument.role,
        pd.DataFrame(data, index=index),
        pd.DataFrame(missing, index=index),
        meta,
    )


def written(made: archive.Archive, ending: str) -> bytes:
    write = next(write for name, write in made.writers.items() if name.endswith(ending))
    return statistical.timeless(files.written_by(write, ending))


def read_sav(content: bytes, folder: Path, **options: bool) -> tuple:
    (folder / "x.sav").write_bytes(content)
    return pyreadstat.read_sav(folder / "x.sav", **options)


@pytest.mark.parametrize("name", ["sample", *SHIPPED])
def test_spss_holds_answers_labels_and_missing(name: str, tmp_path: Path) -> None:
    instrument = load(DATA / "sample.yaml" if name == "sample" else shipped("instruments") / f"{name}.yaml")
    responses = answers(instrument)
    made = archive.build(instrument, responses, least=1, language="it")
    data, meta = read_sav(written(made, ".sav"), tmp_path, user_missing=True)
    wording = instrument.wordings["it"]
    for field in fields(instrument):
        if field.kind != "ordinal":
            continue
        column = data[field.name].to_numpy()
        assert list(column[[0, 1, 6]]) == list(responses.data[field.name].to_numpy()[[0, 1, 6]])
        assert list(column[[3, 4]]) == [-98, -97] and np.isnan(column[5])
        assert column[2] == 99 if field.cannot_judge else np.isnan(column[2])
        assert meta.variable_measure[field.name] == ("ordinal" if field.scale.kind == "ordinal" else "nominal")
        codes = [one["lo"] for one in meta.missing_ranges[field.name]]
        assert codes == ([99, -98, -97] if field.cannot_judge else [-98, -97])
        label = wording[f"item.{field.item.code}" if field.item else f"question.{field.question.code}.text"]
        assert meta.column_names_to_labels[field.name] == " ".join(label.split())
        for option in field.scale.options:
            full = wording[f"scale.{field.scale.id}.{option.code}"]
            assert meta.variable_value_labels[field.name][option.value] == statistical.cut(full, 120)
    plain, _ = read_sav(written(made, ".sav"), tmp_path)
    assert not any(plain[one.name].isin(one.missing).any() for one in variables(instrument) if one.missing)


def test_single_choices_and_many_choices_are_numbers(sample: Instrument, tmp_path: Path) -> None:
    responses = answers(sample)
    data, meta = read_sav(written(archive.build(sample, responses, least=1), ".sav"), tmp_path, user_missing=True)
    names = {"option": 0, "multi": 0}
    for field in fields(sample):
        if field.kind == "option" and not field.question.personal:
            labels = meta.variable_value_labels[field.name]
            code = next(one.code for one in field.scale.options if one.name == responses.data[field.name].iloc[1])
            assert labels[data[field.name][1]] == sample.wordings["en"][f"scale.{field.scale.id}.{code}"]
            assert (90.0 in labels) == field.question.other
            names["option"] += 1
        if field.kind == "multi":
            ticked = data[[f"{field.name}_{one.name}" for one in field.scale.options]].to_numpy()
            assert ticked[0].sum() == 1 and ticked[1].sum() == 2 and set(ticked[3]) == {-98}
            names["multi"] += 1
    assert all(names.values())


def test_stata_keeps_kinds_of_missing(sample: Instrument, tmp_path: Path) -> None:
    (tmp_path / "x.dta").write_bytes(written(archive.build(sample, answers(sample), least=1), ".dta"))
    data, meta = pyreadstat.read_dta(tmp_path / "x.dta", user_missing=True)
    field = next(one for one in fields(sample) if one.item and one.cannot_judge)
    column = list(data[field.name])
    assert column[2:5] == ["a", "b", "c"] and pd.isna(column[5])
    assert column[0] == field.scale.options[0].value
    labels = meta.variable_value_labels[field.name]
    assert labels["a"] == sample.wordings["en"][f"scale.{field.scale.id}.99"]
    assert labels[int(field.scale.options[0].value)] == sample.wordings["en"][f"scale.{field.scale.id}.1"]
    assert all(len(text.encode()) <= 80 for text in meta.column_names_to_labels.values())


def test_people_stay_out(sample: Instrument, tmp_path: Path) -> None:
    responses = answers(sample)
    personal = {one.name for one in sample.questions() if one.personal or one.purpose == "link_code"}
    texts = {one.name for one in fields(sample) if one.kind == "text"} - personal
    assert personal and texts
    data, _ = read_sav(written(archive.build(sample, responses, least=1), ".sav"), tmp_path)
    assert not (personal | texts) & set(data.columns)
    assert not data.astype(str).apply(lambda column: column.str.contains("secret|text")).to_numpy().any()
    made = archive.build(sample, responses, least=1, with_text=True)
    data, _ = read_sav(written(made, ".sav"), tmp_path)
    assert texts <= set(data.columns) and not personal & set(data.columns)
    assert "free_text" in {note.code for note in made.notes}
    assert data[min(texts)][0] == "text 0 =1"


def test_the_ddi_keeps_the_order_of_the_schema(sample: Instrument) -> None:
    root = etree.fromstring(archive.build(sample, answers(sample), least=1).files["ddi.xml"])
    assert root.tag == f"{{{ddi.NAMESPACE}}}codeBook"
    for node in root.iter():
        name = etree.QName(node).localname
        inside = [etree.QName(child).localname for child in node]
        if name in TREE:
            order = TREE[name].split()
            assert [order.index(one) for one in inside] == sorted(order.index(one) for one in inside), name
    space = {"d": ddi.NAMESPACE}
    identifiers = root.xpath("//@ID")
    assert len(identifiers) == len({one.casefold() for one in identifiers})
    named = {one for group in root.xpath("//d:varGrp/@var", namespaces=space) for one in group.split()}
    assert named <= set(root.xpath("//d:var/@ID", namespaces=space))
    for one in root.xpath("//d:var", namespaces=space):
        invalid = one.xpath("d:invalrng/d:item/@VALUE", namespaces=space)
        categories = one.xpath("d:catgry[@missing='Y']/d:catValu/text()", namespaces=space)
        assert not categories or categories == invalid
    _, item = next(sample.items())
    literal = f"//d:var[@name='{item.code}']/d:qstn[@xml:lang='it']/d:qstnLit/text()"
    assert root.xpath(literal, namespaces=space) == [sample.wordings["it"][f"item.{item.code}"]]
    counts = [f"//d:var[@name='{item.code}']/d:sumStat[@type='{kind}']/text()" for kind in ("vald", "invd")]
    assert [root.xpath(one, namespaces=space) for one in counts] == [["3"], ["4"]]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_codebook_tells_everything_in_every_language(name: str) -> None:
    instrument = load(shipped("instruments") / f"{name}.yaml")
    made = archive.build(instrument, with_text=True)
    assert set(made.files) == {"ddi.xml", "codebook.html"} and not made.writers
    shown = " ".join(html.fromstring(made.files["codebook.html"].decode()).text_content().split())
    for language in instrument.languages:
        for _, item in instrument.items():
            assert " ".join(instrument.wordings[language][f"item.{item.code}"].split()) in shown
    for variable in variables(instrument, with_text=True):
        assert variable.name in shown
    assert etree.fromstring(made.files["ddi.xml"]) is not None


def test_an_answer_that_is_a_code_of_missing_is_refused(sample: Instrument) -> None:
    responses = answers(sample)
    name = next(one.name for one in fields(sample) if one.kind == "number")
    with pytest.raises(UserMistake, match="code of a missing answer"):
        archive.build(sample, replace(responses, data=responses.data.assign(**{name: -98.0})), least=1)


def test_names_fit_spss_and_stata() -> None:
    taken: set[str] = set()
    found = [legal(name, taken) for name in ("PE1", "pe1", "with", "Perché no", "1x", "a" * 50, "a" * 49 + "b")]
    assert found == ["PE1", "pe1_2", "with_", "Perche_no", "v1x", "a" * 32, "a" * 30 + "_2"]


def test_labels_are_cut_between_letters() -> None:
    assert statistical.cut("ė" * 200, 120) == "ė" * 58 + "…"
    assert statistical.cut("a\n b", 120) == "a b"


def test_equal_data_give_equal_bytes(sample: Instrument) -> None:
    one, other = (archive.build(sample, answers(sample), least=1) for _ in range(2))
    assert one.files == other.files
    raw = files.written_by(next(write for name, write in one.writers.items() if name.endswith(".sav")))
    assert re.fullmatch(rb"\d\d [A-Z][a-z]{2} \d\d\d\d:\d\d:\d\d", raw[92:109])
    assert statistical.timeless(raw)[:92] == raw[:92] and statistical.timeless(raw)[109:] == raw[109:]
    for ending in (".sav", ".dta"):
        assert written(one, ending) == written(other, ending)


def test_an_unknown_language_is_refused(sample: Instrument) -> None:
    with pytest.raises(UsageError):
        archive.build(sample, language="xx")
