"""The folder of the shipped questionnaires, models and simulated study.

In a checkout they stand at the top level, where people look for them; an installed package carries a
copy of its own.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# The program's own sentences: those of the report, of the study, of the page that fields a questionnaire, of the
# printed one. A report needs the first two whole; a page says in English what a language lacks.
OWN_TEXTS = {
    "report": "report/wording",
    "study": "study/text",
    "page": "survey/surveyjs/messages",
    "paper": "survey/paper/phrases",
}


def own_texts(part: str) -> Path:
    """The folder with the program's own sentences of ``part``, one of ``OWN_TEXTS``."""
    return _PACKAGE / OWN_TEXTS[part]


def shipped(kind: str) -> Path:
    """The folder of ``kind``: "instruments", "models" or "simulated"."""
    inside = _PACKAGE / "shipped" / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind
