"""A questionnaire as SurveyJS model: one JSON with all languages."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Page, Question
from mce_utaut.survey import exporting
from mce_utaut.survey.surveyjs.columns import DIGEST_KEY, LANGUAGE_KEY, codes_of

_LONG_LIST = 12  # more answers than these are a dropdown
Json = dict[str, Any]


def build(instrument: Instrument, languages: Sequence[str], draft: bool) -> Json:
    """The model of ``instrument``, the first language being the default."""
    return _Model(instrument, languages, draft).build()


def markup(text: str) -> str:
    """``text`` as HTML that shows it as it is, a blank line beginning a paragraph. Braces, which pipe in
    other answers, are encoded."""
    escaped = html.escape(text.replace("\r\n", "\n").strip(), quote=False)
    escaped = escaped.replace("{", "&#123;").replace("}", "&#125;")
    parts = [part.strip().replace("\n", "<br>") for part in escaped.split("\n\n") if part.strip()]
    return "".join(f"<p>{part}</p>" for part in parts)


def value(codes: Sequence[str], code: str) -> int | str:
    """The value of an answer: a number where all codes of its scale are whole numbers."""
    numeric = all(one.isdecimal() and str(int(one)) == one for one in codes)
    return int(code) if numeric else code


class _Model:
    def __init__(self, instrument: Instrument, languages: Sequence[str], draft: bool) -> None:
        self.instrument = instrument
        self.languages = languages
        self.draft = draft

    def build(self) -> Json:
        """The whole model."""
        found: Json = {
            "title": self._by_language(
                [exporting.title(self.instrument, language, self.draft) for language in self.languages]
            ),
            "showProgressBar": True,
            "progressBarType": "pages",
            "clearInvisibleValues": "onComplete",
            "completedHtml": self._html("survey.end") or "<p></p>",
            "calculatedValues": [
                {"name": DIGEST_KEY, "expression": f"'{self.instrument.digest}'", "includeIntoResult": True},
                {"name": LANGUAGE_KEY, "expression": "{locale}", "includeIntoResult": True},
            ],
        }
        if self.languages[0] != "en":
            found["locale"] = self.languages[0]
        consent = self.instrument.consent
        if consent and self._said("survey.declined"):
            refused = f"{{{consent.question}}} notempty and {self._negated(consent)}"
            found["completedHtmlOnCondition"] = [{"expression": refused, "html": self._html("survey.declined")}]
        found["pages"] = list(self._pages())
        return found

    def _said(self, key: str) -> bool:
        return any(self.instrument.wordings[language].get(key) for language in self.languages)

    def _by_language(self, texts: Sequence[str]) -> str | Json:
        """One text, or the texts by language with the first as default."""
        if len(set(texts)) == 1:
            return texts[0]
        return {("default" if place == 0 else self.languages[place]): text for place, text in enumerate(texts)}

    def _text(self, key: str) -> str | Json:
        return self._by_language([self.instrument.wordings[language].get(key) for language in self.languages])

    def _html(self, key: str) -> str | Json:
        return self._by_language([markup(self.instrument.wordings[language].get(key)) for language in self.languages])

    def _pages(self) -> Iterator[Json]:
        gate = ""
        for number, page in enumerate(self.instrument.pages):
            page_gate = gate
            elements: list[Json] = []
            if number == 0 and self._said("survey.welcome"):
                elements.append({"type": "html", "name": "welcome_text", "html": self._html("survey.welcome")})
            if self._said(f"page.{page.id}.text"):
                text = self._html(f"page.{page.id}.text")
                elements.append({"type": "html", "name": f"text_{page.id}", "html": text})
            for question in page.questions:
                inner = "" if gate == page_gate else gate
                shown = _all(inner, self._condition(question.condition))
                elements.append(self._element(question) | ({"visibleIf": shown} if shown else {}))
                if self.instrument.consent and question.code == self.instrument.consent.question:
                    gate = self._condition(self.instrument.consent)
            yield self._page(page, page_gate, elements)

    def _page(self, page: Page, gate: str, elements: list[Json]) -> Json:
        found: Json = {"name": f"page_{page.id}"}
        if self._said(f"page.{page.id}.title"):
            found["title"] = self._text(f"page.{page.id}.title")
        shown = _all(gate, self._condition(page.condition))
        if shown:
            found["visibleIf"] = shown
        return {**found, "elements": elements}

    def _element(self, question: Question) -> Json:
        if question.type == "info":
            return {"type": "html", "name": question.code, "html": self._html(f"question.{question.code}.text")}
        found: Json = {
            "type": self._type(question),
            "name": question.code,
            "title": self._text(f"question.{question.code}.text"),
        }
        if self._said(f"question.{question.code}.help"):
            found["description"] = self._text(f"question.{question.code}.help")
        if question.required == "hard":
            found["isRequired"] = True
        if question.from_link:
            found["clearIfInvisible"] = "none"
        if question.type == "array":
            return found | self._matrix(question)
        if question.scale:
            return found | self._choices(question)
        return found | self._input(question)

    def _type(self, question: Question) -> str:
        if question.type == "choice":
            return "dropdown" if len(codes_of(self.instrument, question)) > _LONG_LIST else "radiogroup"
        return {"array": "matrix", "multi": "checkbox", "long_text": "comment"}.get(question.type, "text")

    def _options(self, question: Question) -> list[Json]:
        codes = codes_of(self.instrument, question)
        return [{"value": value(codes, code), "text": self._text(f"scale.{question.scale}.{code}")} for code in codes]

    def _matrix(self, question: Question) -> Json:
        rows = [{"value": item.code, "text": self._text(f"item.{item.code}")} for item in question.items]
        found: Json = {"columns": self._options(question), "rows": rows, "alternateRows": True}
        if question.required == "hard":
            found["eachRowRequired"] = True
        if question.random_items:
            found["rowsOrder"] = "random"
        return found

    def _choices(self, question: Question) -> Json:
        found: Json = {"choices": self._options(question)}
        if question.type == "multi":
            for option in found["choices"]:
                if str(option["value"]) == CANNOT_JUDGE_CODE:
                    option["isExclusive"] = True
        if question.random_options:
            found["choicesOrder"] = "random"
        if question.other:
            found |= {"showOtherItem": True, "otherText": self._text(f"question.{question.code}.other")}
        return found

    def _input(self, question: Question) -> Json:
        if question.type == "date":
            return {"inputType": "date"}
        if question.type not in ("integer", "number"):
            return {}
        found: Json = {"inputType": "number"}
        if question.minimum is not None:
            found["min"] = question.minimum
        if question.maximum is not None:
            found["max"] = question.maximum
        if question.type == "integer":
            found["validators"] = [{"type": "regex", "regex": "^-?[0-9]+$"}]
        else:
            found["step"] = "any"
        return found

    def _condition(self, condition: Condition | None) -> str:
        if condition is None:
            return ""
        terms = self._terms(condition, "contains", "=")
        return terms[0] if len(terms) == 1 else f"({' or '.join(terms)})"

    def _negated(self, condition: Condition) -> str:
        return " and ".join(self._terms(condition, "notcontains", "<>"))

    def _terms(self, condition: Condition, several: str, one: str) -> list[str]:
        asked = self.instrument.question(condition.question)
        codes = codes_of(self.instrument, asked)
        operator = several if asked.type == "multi" else one
        values = [value(codes, code) for code in condition.among]
        return [f"{{{asked.code}}} {operator} {each if isinstance(each, int) else repr(each)}" for each in values]


def _all(*conditions: str) -> str:
    return " and ".join(condition for condition in conditions if condition)
