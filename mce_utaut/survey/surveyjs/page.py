"""The page that fields a questionnaire from any web server: one HTML file without network or library.

It draws the model of ``survey.surveyjs.model``; what SurveyJS has no words for (pages in random order,
reminders, rows without "cannot judge") it takes from ``extras``. Texts are data in it, never markup or code.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from mce_utaut.instrument.model import Instrument
from mce_utaut.own_text import with_source
from mce_utaut.survey import exporting
from mce_utaut.survey.fields import offers_cannot_judge

_SCRIPTS = ("logic.js", "view.js", "app.js")


def write(instrument: Instrument, languages: Sequence[str], model: Mapping[str, Any]) -> bytes:
    """The page of ``model`` (UTF-8). A language without messages of its own has them in English."""
    style = _part("page.css")
    script = "\n".join(_part(name) for name in _SCRIPTS)
    spoken = {language: dict(with_source(__package__, "messages", language)) for language in languages}
    title = model["title"]
    credit = " ".join(part for part in (instrument.credit, instrument.license) if part)
    return filled(
        _part("page.html"),
        {
            "lang": languages[0],
            "title": html.escape(title if isinstance(title, str) else title["default"]),
            "noscript": "<br>".join(html.escape(one["noscript"]) for one in spoken.values()),
            "credit": html.escape(credit),
            "style": style,
            "style_hash": _hash(style),
            "script": script,
            "script_hash": _hash(script),
            "model": embedded(model),
            "extras": embedded(extras(instrument, languages)),
            "messages": embedded(spoken),
        },
    ).encode()


def filled(template: str, values: Mapping[str, str]) -> str:
    """``template`` with each ``@name@`` replaced, once and from left to right, so that nothing in a value is
    taken for a name."""
    parts = template.split("@")
    return "".join(values.get(part, f"@{part}@") if place % 2 else part for place, part in enumerate(parts))


def embedded(document: object) -> str:
    """``document`` as JSON that cannot end the script element in which it stands."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def extras(instrument: Instrument, languages: Sequence[str]) -> dict[str, Any]:
    """What the page needs besides the model."""
    strict: dict[str, list[str]] = {}
    for question, item in instrument.items():
        if not item.cannot_judge and offers_cannot_judge(instrument, question):
            strict.setdefault(question.code, []).append(item.code)
    questions = list(instrument.questions())
    return {
        "id": instrument.id,
        "digest": instrument.digest,
        "languages": {language: exporting.LANGUAGE_NAMES.get(language, language) for language in languages},
        "soft": [question.code for question in questions if question.required == "soft"],
        "links": [question.code for question in questions if question.from_link],
        "groups": {f"page_{page.id}": page.random_group for page in instrument.pages if page.random_group},
        "strict": strict,
    }


def _part(name: str) -> str:
    return resources.files("mce_utaut.survey.surveyjs").joinpath("runtime", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source expression of a content security policy that allows this text alone."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
