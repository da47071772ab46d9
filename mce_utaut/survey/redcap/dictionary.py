"""The data dictionary of REDCap: one row a field, 18 columns, one language.

All pages are sections of one form. What hides a field is its branching logic; texts are HTML in which
``[name]`` pipes in another answer: ``markup`` encodes all of it away.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Page, Question
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.fields import Field, fields
from mce_utaut.survey.redcap.columns import (
    DIGEST_LABEL,
    DIGEST_NAME,
    LANGUAGE_LABEL,
    LANGUAGE_NAME,
    RECORD,
    choices,
    form_name,
    label,
    name_of,
    text_of,
)

HEADINGS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_LONG_LIST = 12  # more choices than these are a dropdown
_TYPES = {"choice": "radio", "multi": "checkbox", "long_text": "notes", "array": "radio"}
_VALIDATION = {"integer": "integer", "number": "number", "date": "date_ymd"}
_FORMULA = "=+-@"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the dictionary."""

    name: str
    type: str
    label: str
    section: str = ""
    choices: str = ""
    note: str = ""
    validation: str = ""
    minimum: str = ""
    maximum: str = ""
    identifier: bool = False
    branching: str = ""
    required: bool = False
    matrix: str = ""
    annotation: str = ""

    def cells(self, form: str) -> list[str]:
        """The 18 cells."""
        return [
            self.name,
            form,
            self.section,
            self.type,
            self.label,
            self.choices,
            self.note,
            self.validation,
            self.minimum,
            self.maximum,
            "y" if self.identifier else "",
            self.branching,
            "y" if self.required else "",
            "",
            "",
            self.matrix,
            "",
            self.annotation,
        ]


def markup(text: str) -> str:
    """``text`` as HTML that shows it as it is, in a cell that is no formula to a spreadsheet."""
    text = html.escape(text.replace("\r\n", "\n").strip(), quote=False)
    text = text.replace("[", "&#91;").replace("]", "&#93;").replace("\n", "<br>")
    return f"&#{ord(text[0])};{text[1:]}" if text[:1] in _FORMULA and text else text


def write(instrument: Instrument, language: str) -> bytes:
    """The dictionary in one language (CSV, UTF-8 with byte order mark)."""
    form = form_name(instrument)
    rows = _Dictionary(instrument, language).rows()
    return write_rows([HEADINGS, *(row.cells(form) for row in rows)])


class _Dictionary:
    def __init__(self, instrument: Instrument, language: str) -> None:
        self.instrument = instrument
        self.language = language
        self.wording = instrument.wordings[language]
        self.fields = fields(instrument)

    def rows(self) -> Iterator[Row]:
        """All rows: the record, what travels with the form, the pages."""
        yield Row(RECORD, "text", "Record ID")
        for name, shown, value in (
            (DIGEST_NAME, DIGEST_LABEL, self.instrument.digest),
            (LANGUAGE_NAME, LANGUAGE_LABEL, self.language),
        ):
            yield Row(name, "text", shown, annotation=f"@HIDDEN @DEFAULT='{value}'")
        if self.wording.get("survey.welcome"):
            yield Row("welcome_text", "descriptive", markup(self.wording.get("survey.welcome")))
        gate = ""
        for page in self.instrument.pages:
            section = self._section(page)
            for question in page.questions:
                shown = _all(gate, self._shown(page.condition), self._shown(question.condition))
                rows = [replace(row, branching=_all(shown, row.branching)) for row in self._question(question)]
                if rows and (section or rows[0].section):
                    joined = "<br><br>".join(part for part in (section, rows[0].section) if part)
                    rows[0] = replace(rows[0], section=joined)
                    section = ""
                yield from rows
                if self.instrument.consent and question.code == self.instrument.consent.question:
                    gate = self._shown(self.instrument.consent)
                    yield from self._declined(self.instrument.consent)

    def _section(self, page: Page) -> str:
        title = markup(self.wording.get(f"page.{page.id}.title"))
        parts = (f"<b>{title}</b>" if title else "", markup(self.wording.get(f"page.{page.id}.text")))
        return "<br><br>".join(part for part in parts if part)

    def _declined(self, consent: Condition) -> Iterator[Row]:
        text = self.wording.get("survey.declined")
        if text:
            name = consent.question.lower()
            refused = _all(f"[{name}] <> ''", *(f"[{name}] <> '{code}'" for code in consent.among))
            yield Row("declined_text", "descriptive", markup(text), branching=refused)

    def _shown(self, condition: Condition | None) -> str:
        """The condition as branching logic, in parentheses where it has several terms."""
        if condition is None:
            return ""
        asked = self.instrument.question(condition.question)
        name = asked.code.lower()
        if asked.type == "multi":
            terms = [f"[{name}({code})] = '1'" for code in condition.among]
        else:
            terms = [f"[{name}] = '{code}'" for code in condition.among]
        return terms[0] if len(terms) == 1 else f"({' or '.join(terms)})"

    def _question(self, question: Question) -> list[Row]:
        own = [field for field in self.fields if field.question.code == question.code]
        note = markup(self.wording.get(f"question.{question.code}.help"))
        text = markup(self.wording.get(f"question.{question.code}.text"))
        if question.type == "info":
            return [Row(f"info_{question.code.lower()}", "descriptive", text)]
        if question.type == "array":
            rows = [self._row(field) for field in own]
            matrix = question.code.lower()
            stem = f"{text}<br><br><i>{note}</i>" if note else text
            return [replace(row, matrix=matrix, section=stem if place == 0 else "") for place, row in enumerate(rows)]
        first = replace(self._row(own[0]), note=note)
        others = [self._other(field, own[0]) for field in own[1:]]
        return [first, *others]

    def _row(self, field: Field) -> Row:
        question = field.question
        codes = choices(self.instrument, field)
        kind = _TYPES.get(question.type, "text")
        if question.type == "choice" and len(codes) > _LONG_LIST:
            kind = "dropdown"
        tags = []
        if question.from_link:
            tags.append("@HIDDEN-SURVEY")
        if question.type == "multi" and CANNOT_JUDGE_CODE in codes:
            tags.append(f"@NONEOFTHEABOVE='{CANNOT_JUDGE_CODE}'")
        return Row(
            name=name_of(field),
            type=kind,
            label=markup(text_of(self.instrument, field, self.language)),
            choices=" | ".join(
                f"{code}, {markup(label(self.instrument, field, target, self.language))}"
                for code, target in codes.items()
            ),
            validation=_VALIDATION.get(question.type, ""),
            minimum="" if question.minimum is None else f"{question.minimum:g}",
            maximum="" if question.maximum is None else f"{question.maximum:g}",
            identifier=question.personal,
            required=question.required == "hard" and not question.from_link,
            annotation=" ".join(tags),
        )

    def _other(self, field: Field, asked: Field) -> Row:
        code = next(code for code, target in choices(self.instrument, asked).items() if target == OTHER)
        name = name_of(asked)
        chosen = f"[{name}({code})] = '1'" if asked.kind == "multi" else f"[{name}] = '{code}'"
        shown = markup(text_of(self.instrument, field, self.language))
        return Row(name_of(field), "text", shown, branching=chosen, identifier=field.question.personal)


def _all(*conditions: str) -> str:
    return " and ".join(condition for condition in conditions if condition)
