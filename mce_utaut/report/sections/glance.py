"""At a glance: a card per role, in sentences, without a p value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.notes import Note
from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.figures.intention import draw_intention
from mce_utaut.report.page import Page
from mce_utaut.report.sections.remarks import drafts
from mce_utaut.study.method_choice import LEAST_FOR_EVERYTHING
from mce_utaut.study.result import RoleResult

_BAR_WIDTH = 300.0


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. ``about`` tells what the outcome is in this role, ``reserve`` with what reservation it is
    analysed ("": none)."""

    role: RoleResult
    mark: Mark
    size: str
    intention: str | None
    interval: str
    bar: Markup
    about: str
    sentences: tuple[str, ...]
    method: str
    reserve: str


def build(page: Page) -> Mapping[str, Any]:
    """Cards, what holds of all of them, and the remarks about the study as a whole."""
    roles = page.result.roles
    shared = _shared(roles)
    return {
        "cards": [_card(page, role, shared) for role in roles],
        "shared": shared,
        "terms": _terms(page),
        "has_paths": any(role.paths for role in roles),
        "drafts": drafts(page),
        "remarks": [note for note in page.result.notes if _is_remark(note)],
        "lead": _lead(page),
    }


def _sentences(role: RoleResult) -> tuple[str, ...]:
    """What follows on who answered; the sentence on the level is left out, since the card shows it in large."""
    return role.headline[1 if role.intention.estimate is None else 2 :]


def _shared(roles: Sequence[RoleResult]) -> list[str]:
    """The sentences that every card would repeat."""
    if len(roles) < 2:
        return []
    return [said for said in _sentences(roles[0]) if all(said in _sentences(role) for role in roles)]


def _terms(page: Page) -> list[tuple[str, str]]:
    """(label, definition) of every predictor, as the first role that has it defines it."""
    found: dict[str, tuple[str, str]] = {}
    for role in page.result.roles:
        for name in dict.fromkeys(path.predictor for path in role.paths if path.outcome == page.result.outcome):
            construct = page.construct(role, name)
            if construct is not None and construct.definition:
                label, definition = page.short(construct.label, 80), page.short(construct.definition, 400)
                found.setdefault(name, (label, definition))
    return list(found.values())


def _lead(page: Page) -> Markup:
    roles = page.result.roles
    total = sum(role.n for role in roles)
    people = page.numbers.integer(total)
    if len(roles) == 1:
        return page.about("glance.lead_one", n=total, people=people)
    return page.about("glance.lead", people=people, roles=page.numbers.integer(len(roles)))


def _is_remark(note: Note) -> bool:
    return note.level in ("caution", "problem")


def _card(page: Page, role: RoleResult, shared: Sequence[str]) -> Card:
    words, numbers = page.words, page.numbers
    value = role.intention
    point, ends = numbers.integer(value.estimate), ""
    if value.lower is not None and value.upper is not None:
        ends = words.text(
            "glance.interval", lower=numbers.integer(value.lower), upper=numbers.integer(value.upper)
        )
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
    outcome = page.construct(role, page.result.outcome)
    return Card(
        role, page.mark(role.role), size, point if value.estimate is not None else None, ends, bar,
        page.short(outcome.definition, 240) if outcome is not None else "",
        tuple(said for said in _sentences(role) if said not in shared), words.text(f"method.{role.method.kind}"),
        role.method.reason if role.method.kind == "sem" and role.method.n < LEAST_FOR_EVERYTHING else "",
    )  # fmt: skip
