"""The page to print: boxes with their codes, the head of a grid repeated on every sheet, no script."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument
from mce_utaut.own_text import with_source
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.outline import Choice, Entry, item_of, outline
from mce_utaut.survey.paper.columns import printed_code

_LONG_LIST = 9  # more options than these stand in two columns
_MANY_ROWS = 8  # a grid of more rows may go on on the next sheet
_ANSWERS = {"paragraph": "lines", "line": "line", "integer": "short", "number": "short", "date": "short"}


def write(instrument: Instrument, language: str, draft: bool) -> bytes:
    """The page in ``language`` (UTF-8)."""
    title = exporting.title(instrument, language, draft)
    body = "\n".join(_Page(instrument, language, title).lines())
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_text(title)}</title>\n<style>\n{_part('print.css')}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).encode()


def phrases(language: str) -> Mapping[str, str]:
    """The few words of the page that are not the questionnaire's; English where there are none."""
    return {name: str(text) for name, text in with_source(__package__, "phrases", language).items()}


@lru_cache
def _part(name: str) -> str:
    return resources.files("mce_utaut.survey.paper").joinpath(name).read_text(encoding="utf-8")


def _text(text: str) -> str:
    return html.escape(text, quote=False)


def _paragraphs(text: str, kind: str = "") -> Iterator[str]:
    mark = f' class="{kind}"' if kind else ""
    for part in text.split("\n\n"):
        if part.strip():
            yield f"<p{mark}>{_text(part.strip())}</p>".replace("\n", "<br>")


class _Page:
    def __init__(self, instrument: Instrument, language: str, title: str) -> None:
        self.instrument = instrument
        self.wording = instrument.wordings[language]
        self.title = title
        self.phrases = phrases(language)
        self.entries = outline(instrument, language)
        asked = [entry for entry in self.entries if entry.kind not in ("page", "text") and not entry.is_other]
        self.numbers = {entry.code: number for number, entry in enumerate(asked, start=1)}
        self.labels = {(entry.code, one.code.casefold()): one.label for entry in asked for one in entry.options}

    def lines(self) -> Iterator[str]:
        """The lines of the body."""
        yield f'<div class="form">{_text(self.phrases["form"])}<span></span></div>'
        yield f"<h1>{_text(self.title)}</h1>"
        yield from _paragraphs(self.wording.get("survey.welcome"))
        for entry in self.entries:
            if entry.kind == "page":
                if entry.title:
                    yield f"<h2>{_text(entry.title)}</h2>"
                yield from self._route(entry)
                *before, last = ["", *_paragraphs(entry.body)]
                yield from before[1:]
                yield last.replace("<p>", '<p class="intro">', 1)
            elif entry.kind == "text":
                yield from _paragraphs(entry.body)
            elif not entry.is_other:
                yield from self._question(entry)
        yield from _paragraphs(self.wording.get("survey.end"))
        version = f"{self.instrument.id} {self.instrument.version} · {self.instrument.digest[:12]}"
        parts = (version, self.instrument.credit, self.instrument.license)
        yield f"<footer>{' · '.join(_text(part) for part in parts if part)}</footer>"

    def _route(self, entry: Entry) -> Iterator[str]:
        """Who is to answer, beyond those who agreed; what a page says its questions do not repeat."""
        asked = entry.question and self.instrument.page_of(entry.question.code).condition
        for condition in entry.conditions:
            if condition is not self.instrument.consent and (entry.question is None or condition is not asked):
                yield f'<p class="route">{_text(self._phrase("only_if", condition))}</p>'

    def _phrase(self, name: str, condition: Condition) -> str:
        labels = [self.labels[condition.question, code.casefold()] for code in condition.among]
        shown = " / ".join(f"“{label.rstrip('.')}”" for label in labels)
        return self.phrases[name].format(number=self.numbers[condition.question], labels=shown)

    def _question(self, entry: Entry) -> Iterator[str]:
        yield f'<section class="question{" many" if len(entry.rows) > _MANY_ROWS else ""}">'
        yield f"<h3>{self.numbers[entry.code]}. {_text(entry.title)}</h3>"
        yield from self._route(entry)
        yield from _paragraphs(entry.body, "help")
        if entry.kind == "multi":
            yield f'<p class="help">{_text(self.phrases["several"])}</p>'
        if entry.kind == "grid":
            yield from self._grid(entry)
        elif entry.options:
            yield f'<ul class="{"long" if len(entry.options) > _LONG_LIST else "options"}">'
            yield from (_option(entry, option) for option in entry.options)
            yield "</ul>"
        else:
            yield f'<span class="{_ANSWERS[entry.kind]}"></span>'
        yield "</section>"
        if self.instrument.consent and entry.code == self.instrument.consent.question:
            yield f'<p class="stop">{_text(self._phrase("go_on", self.instrument.consent))}</p>'

    def _grid(self, entry: Entry) -> Iterator[str]:
        yield "<table><thead><tr><th></th>"
        for option in entry.options:
            yield f'<th{_apart(option)}>{_text(option.label)}<br><span class="code">{_text(option.code)}</span></th>'
        yield "</tr></thead><tbody>"
        for row in entry.rows:
            yield f'<tr><td>{_text(row.label)} <span class="code">{row.code}</span></td>'
            judged = item_of(entry, row.code).cannot_judge
            for option in entry.options:
                box = '<span class="box"></span>' if judged or option.code != CANNOT_JUDGE_CODE else ""
                yield f"<td{_apart(option)}>{box}</td>"
            yield "</tr>"
        yield "</tbody></table>"


def _apart(option: Choice) -> str:
    return ' class="apart"' if option.code == CANNOT_JUDGE_CODE else ""


def _option(entry: Entry, option: Choice) -> str:
    code = printed_code(option.code, (one.code for one in entry.options))
    line = '<span class="rest"></span>' if option.code == OTHER else ""
    mark = f'<span class="code">{_text(code)}</span>'
    return f'<li><span class="box"></span><span>{_text(option.label)} {mark}</span>{line}</li>'
