"""The folder of the shipped questionnaires, models and simulated study.

In a checkout they stand at the top level, where people look for them; an installed package carries a
copy of its own.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def own_texts(part: str) -> Path:
    """The folder with the program's own sentences of ``part``: "report" or "study"."""
    return _PACKAGE / part / {"report": "wording", "study": "text"}[part]


def shipped(kind: str) -> Path:
    """The folder of ``kind``: "instruments", "models" or "simulated"."""
    inside = _PACKAGE / "shipped" / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind
