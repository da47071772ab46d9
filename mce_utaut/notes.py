"""``Note``: a warning as data, carried by results instead of being printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["info", "caution", "problem"]


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A remark that travels with a result.

    ``code`` is stable and machine-readable (``heywood``, ``draft_wording``); ``text`` is one full
    sentence for people; ``where`` names what it is about (a file, an item, a group); ``level`` says
    whether it informs, cautions, or reports a problem with the result it travels with. ``language`` is that of the
    text; ``values`` are the (name, value) pairs that the text holds, where another language can say it from them.
    """

    code: str
    text: str
    level: Level = "info"
    where: str = ""
    language: str = field(default="en", compare=False)
    values: tuple[tuple[str, str | int], ...] = field(default=(), compare=False)
