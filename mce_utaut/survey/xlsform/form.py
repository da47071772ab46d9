"""A questionnaire as XLSForm workbook: sheets survey, choices and settings, all languages side by side.

Every page is a group, every array a group within it. What an XLSForm has no word for is told by
``notes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Page, Question
from mce_utaut.notes import Note
from mce_utaut.survey import exporting
from mce_utaut.survey.fields import Field, fields
from mce_utaut.survey.losses import fixed_order, soft_mandatory
from mce_utaut.survey.workbooks import write_sheets
from mce_utaut.survey.xlsform.columns import DIGEST_NAME, choices, name_of

_TYPES = {
    "integer": "integer",
    "number": "decimal",
    "text": "text",
    "long_text": "text",
    "date": "date",
    "info": "note",
}
Row = dict[str, str]


def write(instrument: Instrument, languages: Sequence[str], draft: bool) -> bytes:
    """The XLSForm (.xlsx) of ``instrument``; every cell is text."""
    form = _Form(instrument, languages)
    survey = list(form.survey())
    settings = {
        "form_title": _plain(exporting.title(instrument, languages[0], draft)),
        "form_id": instrument.id,
        "version": f"{instrument.version}-{instrument.digest[:8]}",
        "default_language": _language(languages[0]),
        "style": "pages",
    }
    return write_sheets(
        {
            "survey": _sheet(survey, ["type", "name", *form.headed("label")]),
            "choices": _sheet(list(form.choices()), ["list_name", "name", *form.headed("label")]),
            "settings": _sheet([settings], []),
        }
    )


def _sheet(rows: Sequence[Row], first: Sequence[str]) -> list[list[str]]:
    headings = list(dict.fromkeys([*first, *(key for row in rows for key in row)]))
    return [headings, *([row.get(heading, "") for heading in headings] for row in rows)]


def _language(code: str) -> str:
    return f"{exporting.LANGUAGE_NAMES.get(code, code)} ({code})"


def _plain(text: str) -> str:
    """``text`` without ``${``, which XLSForm takes for a reference to another question."""
    return text.replace("${", "$ {")


class _Form:
    """The rows of the form, from the questionnaire and the languages chosen."""

    def __init__(self, instrument: Instrument, languages: Sequence[str]) -> None:
        self.instrument = instrument
        self.languages = languages
        self.fields = fields(instrument)

    def headed(self, column: str) -> list[str]:
        """The headings of a translated column."""
        return [f"{column}::{_language(language)}" for language in self.languages]

    def texts(self, column: str, key: str, default: str = "") -> Row:
        """A translated column's cells."""
        return {
            heading: _plain(self.instrument.wordings[language].get(key, default))
            for heading, language in zip(self.headed(column), self.languages)
        }

    def survey(self) -> Iterator[Row]:
        """The rows of the sheet "survey"."""
        yield {"type": "start", "name": "start"}
        yield {"type": "end", "name": "end"}
        yield {"type": "calculate", "name": DIGEST_NAME, "calculation": f"'{self.instrument.digest}'"}
        gate = ""
        for number, page in enumerate(self.instrument.pages):
            page_gate = gate
            yield self._group(f"page_{page.id}", self._title(page), _all(page_gate, self._relevant(page.condition)))
            if number == 0 and self._said("survey.welcome"):
                yield {"type": "note", "name": "welcome_text", **self.texts("label", "survey.welcome")}
            if self._said(f"page.{page.id}.text"):
                yield {"type": "note", "name": f"text_{page.id}", **self.texts("label", f"page.{page.id}.text")}
            for question in page.questions:
                inner = "" if gate == page_gate else gate
                yield from self._question(question, _all(inner, self._relevant(question.condition)))
                if self.instrument.consent and question.code == self.instrument.consent.question:
                    gate = self._relevant(self.instrument.consent)
            yield {"type": "end_group"}
        yield from self._end(gate)

    def _end(self, gate: str) -> Iterator[Row]:
        notes = []
        if self._said("survey.end"):
            notes.append({"type": "note", "name": "end_text", **self.texts("label", "survey.end"), "relevant": gate})
        if gate and self.instrument.consent and self._said("survey.declined"):
            refused = f"${{{self.instrument.consent.question}}} != '' and not({gate})"
            text = self.texts("label", "survey.declined")
            notes.append({"type": "note", "name": "declined_text", **text, "relevant": refused})
        if notes:
            yield self._group("page_last", self.texts("label", "survey.title", self.instrument.id), "")
            yield from notes
            yield {"type": "end_group"}

    def _said(self, key: str) -> bool:
        return any(self.instrument.wordings[language].get(key) for language in self.languages)

    def _title(self, page: Page) -> Row:
        key = f"page.{page.id}.title"
        return self.texts("label", key if self._said(key) else "survey.title", self.instrument.id)

    def _group(self, name: str, label: Row, relevant: str, appearance: str = "field-list") -> Row:
        return {"type": "begin_group", "name": name, **label, "relevant": relevant, "appearance": appearance}

    def _question(self, question: Question, relevant: str) -> Iterator[Row]:
        own = [field for field in self.fields if field.question.code == question.code]
        text = self.texts("label", f"question.{question.code}.text")
        common: Row = {"relevant": relevant}
        if self._said(f"question.{question.code}.help"):
            common |= self.texts("hint", f"question.{question.code}.help")
        required = "yes" if question.required == "hard" else ""
        if question.type == "array":
            yield self._group(question.code, text, relevant, "")
            for field in own:
                assert field.item is not None
                label = self.texts("label", f"item.{field.item.code}")
                kind = f"select_one {self._list(field)}"
                yield {"type": kind, "name": name_of(field), **label, "required": required, "appearance": "likert"}
            yield {"type": "end_group"}
            return
        if question.type == "info":
            yield {"type": "note", "name": question.code, **text, **common}
            return
        row = {"type": self._type(question, own[0]), "name": name_of(own[0]), **text, **common, "required": required}
        row |= self._limits(question)
        if question.type == "long_text":
            row["appearance"] = "multiline"
        if question.random_options and question.scale:
            row["parameters"] = "randomize=true"
        yield row
        for field in own[1:]:
            label = self.texts("label", f"question.{question.code}.other")
            chosen = next(name for name, code in choices(own[0]).items() if code.startswith("*"))
            yield {
                "type": "text",
                "name": name_of(field),
                **label,
                "relevant": f"selected(${{{question.code}}}, '{chosen}')",
            }

    def _type(self, question: Question, field: Field) -> str:
        if question.type in ("choice", "multi"):
            return f"select_{'one' if question.type == 'choice' else 'multiple'} {self._list(field)}"
        return _TYPES[question.type]

    def _limits(self, question: Question) -> Row:
        low, high = question.minimum, question.maximum
        if question.type == "multi" and any(
            field.cannot_judge for field in self.fields if field.question.code == question.code
        ):
            alone = f"not(selected(., '{CANNOT_JUDGE_CODE}') and count-selected(.) > 1)"
            return {"constraint": alone}
        if low is None and high is None:
            return {}
        terms = ([] if low is None else [f". >= {low:g}"]) + ([] if high is None else [f". <= {high:g}"])
        message = f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}".strip()
        return {
            "constraint": " and ".join(terms),
            **{heading: message for heading in self.headed("constraint_message")},
        }

    def _relevant(self, condition: Condition | None) -> str:
        if condition is None:
            return ""
        asked = self.instrument.question(condition.question)
        if asked.type == "multi":
            terms = [f"selected(${{{asked.code}}}, '{code}')" for code in condition.among]
        else:
            terms = [f"${{{asked.code}}} = '{code}'" for code in condition.among]
        return terms[0] if len(terms) == 1 else f"({' or '.join(terms)})"

    def _list(self, field: Field) -> str:
        """The name of the list of a field's choices: one for each scale, with and without "cannot
        judge", and one for each question with "other"."""
        assert field.scale is not None
        name = field.scale.id + ("_cj" if field.cannot_judge else "")
        return f"{name}_{field.question.code}" if field.question.other else name

    def choices(self) -> Iterator[Row]:
        """The rows of the sheet "choices"."""
        done = set()
        for field in self.fields:
            if field.scale is None or self._list(field) in done:
                continue
            done.add(self._list(field))
            for name, code in choices(field).items():
                if code.startswith("*"):
                    label = self.texts("label", f"question.{field.question.code}.other")
                else:
                    label = self.texts("label", f"scale.{field.scale.id}.{code}")
                yield {"list_name": self._list(field), "name": name, **label}


def _all(*conditions: str) -> str:
    return " and ".join(condition for condition in conditions if condition)


def notes(instrument: Instrument) -> list[Note]:
    """What an XLSForm cannot express, and what has to be done by hand."""
    found: list[Note] = []
    found += soft_mandatory(instrument, "XLSForm")
    found += fixed_order(instrument, "XLSForm", options=False)
    linked = [question.code for question in instrument.questions() if question.from_link]
    if linked:
        text = (
            f"{', '.join(linked)} are asked; to fill them by the link of a web form, append "
            + "&".join(f"d[{_path(instrument, code)}]=VALUE" for code in linked)
            + " to its address."
        )
        found.append(Note("link_parameters", text))
    found.append(
        Note(
            "times_recorded",
            "The form records when it was begun and ended, to tell how long it took; the import keeps the "
            "duration and drops the times.",
        )
    )
    if any("${" in text.text for wording in instrument.wordings.values() for text in wording.strings.values()):
        found.append(Note("references", "“${” in texts is written “$ {”, since XLSForm reads it as a reference."))
    return found


def _path(instrument: Instrument, code: str) -> str:
    return f"/data/page_{instrument.page_of(code).id}/{code}"
