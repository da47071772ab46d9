"""Texts out to a translator and back: nothing lost, nothing changed that nobody changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import polib
import pytest

from mce_utaut import translations
from mce_utaut.errors import FileProblem, InstrumentError, UsageError
from mce_utaut.instrument.load import check_instrument, load_instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.instrument.wording import source_hash
from mce_utaut.shipped import shipped
from mce_utaut.translations import Entry, Translation

STRUCTURE = TextFile(
    "q.yaml",
    """id: q
version: "1.0.0"
role: student
kind: survey
source_language: en
parameters: {months: "12"}
scales:
  agree:
    kind: ordinal
    cannot_judge: true
    options: [{code: "1", name: low}, {code: "2", name: high}]
constructs:
  PE: {kind: latent}
pages:
  - id: one
    questions:
      - code: PEQ
        type: array
        scale: agree
        items: [{code: PE1, construct: PE, kind: anchor}, {code: PE2, construct: PE, kind: anchor}]
      - {code: WHY, name: why, type: long_text}
""",
)
ENGLISH = TextFile(
    "q.en.yaml",
    """instrument: q
language: en
parameters: {contact: "us"}
survey: {title: "A survey", welcome: "Write to [[contact]]."}
questions:
  PEQ: {text: "Do you agree?"}
  WHY: {text: "Why?", help: "In the next [[months]] months."}
items: {PE1: "It helps.", PE2: "It is useful."}
scales:
  agree: {"1": "No", "2": "Yes", "99": "Cannot judge"}
constructs:
  PE: {label: "Usefulness"}
""",
)
ITALIAN = TextFile(
    "q.it.yaml",
    f"""# by Ada
instrument: q
language: it
status: draft
parameters: {{contact: 'noi'}}
survey:
  title: "Un'indagine"   # short
  welcome: |-
    Scrivi a

    [[contact]].
questions:
  PEQ: {{text: "Sei d'accordo?"}}
  WHY: {{text: Perché?, help: "Nei prossimi [[months]] mesi."}}

items:
  PE1: "Aiuta."

  # to be discussed
  PE2: È utile.
scales:
  agree: {{"1": "No", "2": "Sì", "99": "Non so"}}
constructs:
  PE: {{label: "Utilità"}}
review:
  item.PE1: {{status: approved, source: {source_hash("It helps.")}}}
  item.PE2: {{status: reviewed, source: {source_hash("It was useful.")}}}
""",
)
WORDINGS = (ENGLISH, ITALIAN)
FORMS = pytest.mark.parametrize("form", ["xlsx", "po"])


def sent(form: str, language: str = "it", **edits: Callable[[Entry], Entry]) -> Translation:
    """What comes back when a translator edits entries (by key, dots as double underscores)."""
    content = translations.export(STRUCTURE, WORDINGS, language, form)
    given = translations.parse(content, f"t.{form}")
    by_key = {key.replace("__", "."): edit for key, edit in edits.items()}
    assert set(by_key) <= {entry.key for entry in given.entries}
    edited = tuple(by_key.get(entry.key, lambda one: one)(entry) for entry in given.entries)
    content = translations.FORMATS[form].write(replace(given, entries=edited))
    return translations.parse(content, f"t.{form}")


def text(value: str, status: str | None = None) -> Callable[[Entry], Entry]:
    return lambda entry: replace(entry, text=value, status=status or entry.status)


def merged(given: Translation) -> translations.Merged:
    return translations.merge(STRUCTURE, WORDINGS, given)


def strings(result: translations.Merged) -> dict:
    others = [one for one in WORDINGS if f".{result.language}." not in one.name]
    instrument = load_instrument(STRUCTURE, [*others, TextFile(f"q.{result.language}.yaml", result.text)])
    return dict(instrument.wordings[result.language].strings)


def codes(result: translations.Merged) -> dict[str, str]:
    return {note.where: note.code for note in result.notes}


@FORMS
def test_an_untouched_file_changes_nothing(form: str) -> None:
    result = merged(sent(form))
    assert result.text == ITALIAN.text and not result.changed
    assert result.stale == ("item.PE2",) and not result.missing and not result.notes


@FORMS
@pytest.mark.parametrize("name", ["mce_student", "mce_case"])
def test_shipped_questionnaires_go_and_come_back(name: str, form: str) -> None:
    folder = shipped("instruments")
    files = [TextFile(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob(f"{name}*.yaml"))]
    structure = next(file for file in files if file.name == f"{name}.yaml")
    wordings = [file for file in files if file is not structure]
    given = translations.parse(translations.export(structure, wordings, "el", form), "el")
    source = load_instrument(structure, wordings).wordings["el"]
    assert {entry.key for entry in given.entries if not entry.key.startswith("parameter.")} == set(source.strings)
    result = translations.merge(structure, wordings, given)
    assert result.text == next(file.text for file in wordings if file.name == f"{name}.el.yaml")


@FORMS
def test_a_changed_text_is_written_and_all_else_is_kept(form: str) -> None:
    result = merged(sent(form, item__PE2=text("Serve: «sì», ąčę Ω 🙂", "draft")))
    assert result.changed == ("item.PE2",) and not result.stale
    new = strings(result)["item.PE2"]
    assert (new.text, new.status, new.stale) == ("Serve: «sì», ąčę Ω 🙂", "draft", False)
    for kept in ("# by Ada", "# short", "# to be discussed", "contact: 'noi'", "WHY: {text: Perché?"):
        assert kept in result.text
    unchanged = [line for line in ITALIAN.text.splitlines() if "PE2" not in line]
    assert [line for line in result.text.splitlines() if "PE2" not in line] == unchanged


@FORMS
@pytest.mark.parametrize(
    "value",
    ["=SUM(A1:A9)", "+1", "-1", "@x", "'=1", 'a "b" \\ c: {d} # e', "NA", "no", "1.10", "a\n\n  b\nc", "x" * 5000],
)
def test_odd_texts_come_back_as_they_are(form: str, value: str) -> None:
    assert strings(merged(sent(form, question__WHY__text=text(value))))["question.WHY.text"].text == value


def test_nothing_in_the_workbook_is_a_formula() -> None:
    given = sent("xlsx", question__WHY__text=text("=1+1"))
    book = openpyxl.load_workbook(io.BytesIO(translations.FORMATS["xlsx"].write(given)))
    assert {cell.data_type for row in book["translation"].iter_rows() for cell in row} <= {"s", "n"}


@FORMS
def test_stale_texts_are_shown_and_a_state_set_anew_confirms_them(form: str) -> None:
    shown = {entry.key: entry.status for entry in sent(form).entries}
    assert shown["item.PE2"] == "stale" and shown["item.PE1"] == "approved"
    result = merged(sent(form, item__PE2=lambda entry: replace(entry, status="reviewed")))
    assert not result.stale and strings(result)["item.PE2"].status == "reviewed"


def test_a_po_editor_confirms_by_taking_fuzzy_away() -> None:
    file = polib.pofile(translations.export(STRUCTURE, WORDINGS, "it", "po").decode())
    entry = next(one for one in file if one.msgctxt == "item.PE2")
    assert entry.fuzzy
    entry.flags.remove("fuzzy")
    result = merged(translations.parse(str(file).encode(), "it.po"))
    assert result.changed == ("item.PE2",) and not result.stale


@FORMS
def test_a_changed_text_is_a_draft_unless_its_state_is_set(form: str) -> None:
    result = merged(sent(form, item__PE1=text("Aiuta molto.")))
    assert strings(result)["item.PE1"].status == "draft" and codes(result)["item.PE1"] == "draft_again"
    result = merged(sent(form, item__PE1=text("Aiuta molto.", "back_translated")))
    assert strings(result)["item.PE1"].status == "back_translated"


@FORMS
def test_a_language_is_started_from_nothing(form: str) -> None:
    blank = sent(form, "lt")
    assert {entry.status for entry in blank.entries} == {"missing"} and not any(e.text for e in blank.entries)
    edits = {e.key.replace(".", "__"): text(f"{e.source} (lt)", "reviewed") for e in blank.entries}
    result = merged(sent(form, "lt", **edits))
    assert not result.missing and not result.stale and not result.notes
    report = check_instrument(STRUCTURE, [*WORDINGS, TextFile("q.lt.yaml", result.text)])
    assert not report.problems
    assert report.instrument is not None
    lithuanian = report.instrument.wordings["lt"]
    assert lithuanian["question.WHY.help"] == "In the next 12 months. (lt)"
    assert lithuanian["survey.welcome"] == "Write to us (lt). (lt)"
    assert {one.status for one in lithuanian.strings.values()} == {"reviewed"}


@FORMS
def test_half_a_translation_is_kept_and_continued(form: str) -> None:
    first = merged(sent(form, "lt", item__PE1=text("Padeda."), scale__agree__1=text("Ne")))
    assert "item.PE1" not in first.missing and "item.PE2" in first.missing
    half = (*WORDINGS, TextFile("q.lt.yaml", first.text))
    again = translations.parse(translations.export(STRUCTURE, half, "lt", form), "lt")
    assert {entry.key: entry.text for entry in again.entries if entry.text} == {
        "item.PE1": "Padeda.",
        "scale.agree.1": "Ne",
    }
    more = tuple(replace(e, text="Naudinga.") if e.key == "item.PE2" else e for e in again.entries)
    second = translations.merge(STRUCTURE, half, replace(again, entries=more))
    assert second.changed == ("item.PE2",) and "Padeda." in second.text


@FORMS
def test_what_deserves_a_word_is_told(form: str) -> None:
    given = sent(
        form,
        question__WHY__help=text("Nei prossimi mesi."),
        survey__title=lambda entry: replace(entry, text=""),
        question__PEQ__text=lambda entry: replace(entry, comment="odd?"),
    )
    extra = replace(given.entries[0], key="item.PE9", text="?")
    rows = tuple(entry for entry in given.entries if entry.key != "construct.PE.label")
    result = merged(replace(given, entries=(*rows, extra)))
    assert codes(result) == {
        "question.WHY.help": "lost_parameter",
        "survey.title": "emptied",
        "question.PEQ.text": "comment",
        "item.PE9": "unknown_key",
        "construct.PE.label": "not_in_file",
    }
    assert strings(result)["survey.title"].text == "Un'indagine"


@FORMS
def test_work_on_an_older_source_is_stale(form: str) -> None:
    given = sent(form, item__PE1=text("Aiuta assai.", "draft"))
    newer = TextFile(ENGLISH.name, ENGLISH.text.replace("It helps.", "It helps me."))
    result = translations.merge(STRUCTURE, (newer, ITALIAN), given)
    assert "item.PE1" in result.stale and codes(result)["item.PE1"] == "source_changed"


@FORMS
def test_newer_wording_is_not_overwritten(form: str) -> None:
    given = sent(form, question__PEQ__text=text("Concordi?"))
    text_now = ITALIAN.text.replace("Sei d'accordo?", "Siete d'accordo?").replace("Aiuta.", "Giova.")
    newer = TextFile(ITALIAN.name, text_now)
    result = translations.merge(STRUCTURE, (ENGLISH, newer), given)
    assert result.text == newer.text
    assert codes(result) == {"question.PEQ.text": "conflict"}


@FORMS
def test_wording_that_check_would_refuse_is_refused(form: str) -> None:
    with pytest.raises(InstrumentError) as caught:
        merged(sent(form, item__PE1=text("[[year]]"), scale__agree__1=text("Sì")))
    assert len(caught.value.problems) == 2


@FORMS
def test_odd_rows_are_refused_all_at_once(form: str) -> None:
    given = sent(form, item__PE1=lambda entry: replace(entry, status="done"))
    with pytest.raises(FileProblem) as caught:
        merged(replace(given, entries=(*given.entries, given.entries[0])))
    assert len(caught.value.problems) == 3
    with pytest.raises(FileProblem, match="of other, not of q"):
        merged(replace(given, instrument_id="other"))


def test_broken_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    book = translations.export(STRUCTURE, WORDINGS, "it", "xlsx")
    po = translations.export(STRUCTURE, WORDINGS, "it", "po")
    plain = openpyxl.Workbook()
    plain.active.append(["a", "b"])
    stream = io.BytesIO()
    plain.save(stream)
    secret = tmp_path / "secret.po"
    secret.write_bytes(po)
    broken = (
        book[:400],
        stream.getvalue(),
        b"",
        b"\xff\xfe",
        str(secret).encode(),
        po + b'\nmsgid "x\nmsgstr',
        po.replace(b"Language:", b"Lingua:"),
        po + b"\0",
        b'msgid "" ',
    )
    for content in broken:
        with pytest.raises(FileProblem, match=r"^f(:\d+)?: .*\."):
            translations.parse(content, "f")


@FORMS
def test_equal_input_gives_equal_bytes(form: str) -> None:
    assert translations.export(STRUCTURE, WORDINGS, "it", form) == translations.export(STRUCTURE, WORDINGS, "it", form)


def test_odd_requests_are_refused() -> None:
    for language, form in (("en", "po"), ("../x", "po"), ("it", "odt")):
        with pytest.raises(UsageError):
            translations.export(STRUCTURE, WORDINGS, language, form)
