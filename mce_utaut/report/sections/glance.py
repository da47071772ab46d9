"""At a glance: a card per role, in sentences, without a p value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.notes import Note
from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.figures.intention import draw_intention
from mce_utaut.report.page import Page
from mce_utaut.study.result import RoleResult

_BAR_WIDTH = 300.0


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows."""

    role: RoleResult
    mark: Mark
    size: str
    intention: str | None
    interval: str
    bar: Markup
    method: str


def build(page: Page) -> Mapping[str, Any]:
    """Cards and the remarks about the study as a whole."""
    return {
        "cards": [_card(page, role) for role in page.result.roles],
        "remarks": [note for note in page.result.notes if _is_remark(note)],
        "lead": _lead(page),
    }


def _lead(page: Page) -> Markup:
    roles = page.result.roles
    total = sum(role.n for role in roles)
    people = page.numbers.integer(total)
    if len(roles) == 1:
        return page.about("glance.lead_one", n=total, people=people)
    return page.about("glance.lead", people=people, roles=page.numbers.integer(len(roles)))


def _is_remark(note: Note) -> bool:
    return note.level in ("caution", "problem")


def _card(page: Page, role: RoleResult) -> Card:
    words, numbers = page.words, page.numbers
    value = role.intention
    point, ends = numbers.integer(value.estimate), ""
    if value.lower is not None and value.upper is not None:
        ends = words.text(
            "glance.interval", level=round(100 * value.level), lower=numbers.integer(value.lower),
            upper=numbers.integer(value.upper),
        )  # fmt: skip
    size = words.text("glance.size", n=numbers.integer(role.n))
    if role.n_universities:
        size = words.text(
            "glance.size_universities", people=size, n=role.n_universities,
            universities=numbers.integer(role.n_universities),
        )  # fmt: skip
    else:
        size = words.text("glance.size_unknown", people=size)
    title = page.about("glance.bar_title", role=role.title).unescape()
    frame = Frame(
        f"intention-{page.slug(role.role)}", _BAR_WIDTH, title,
        words.text("glance.bar_text", value=point, interval=ends),
    )  # fmt: skip
    bar = draw_intention(frame, page.mark(role.role), value, "0", "100").markup()
    return Card(
        role, page.mark(role.role), size, point if value.estimate is not None else None, ends, bar,
        words.text(f"method.{role.method.kind}"),
    )  # fmt: skip
