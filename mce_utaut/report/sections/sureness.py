"""How sure are we? What the number of answers allowed per role, every reservation, and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mce_utaut.notes import Note
from mce_utaut.report.fits import EQUIVALENT
from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.remarks import drafts, remarks
from mce_utaut.report.sections.sensitivity import complete_answers, sensitivity_figures
from mce_utaut.report.table import Cell, Column, Table, row, text_cell

LIMITS = ("cross_section", "self_report", "selection", "equivalent", "causal")
LIMITS_OF_SEVERAL = ("parallel",)


@dataclass(frozen=True, slots=True)
class Reservation:
    """A remark and what it is about: a role, analyses of it, or the study ("")."""

    about: str
    note: Note


def build(page: Page) -> Mapping[str, Any]:
    """Method by role, reservations, limits."""
    return {
        "ladder": _ladder(page),
        "reservations": _reservations(page),
        "limits": [*filter(None, [drafts(page)]), *(page.words(f"limits.{name}") for name in _limits(page))],
        "sensitivity": sensitivity_figures(page),
        "no_complete": complete_answers(page),
    }


def _limits(page: Page) -> tuple[str, ...]:
    return LIMITS + LIMITS_OF_SEVERAL if len(page.result.roles) > 1 else LIMITS


def _ladder(page: Page) -> Table:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("role"), align="text", name="role"),
        Column("n"),
        Column(words("method.head"), align="text", name="method"),
        Column(words("sureness.reason"), align="text", name="reason"),
        Column(words("sureness.not_done"), align="text", name="not done"),
    )
    rows = [
        row(short(role.title, 60), [
            Cell(numbers.integer(role.method.n), role.method.n), text_cell(words(f"method.{role.method.kind}")),
            text_cell(short(role.method.reason, 600)),
            text_cell("; ".join(short(r, 200) for r in role.method.refused) or "—"),
        ])
        for role in page.result.roles
    ]  # fmt: skip
    return page.table(Table("method_by_role", words("sureness.ladder_title"), columns, tuple(rows)))


def _reservations(page: Page) -> list[Reservation]:
    serious = [
        Reservation(about, note) for about, note in remarks(page) if note.level != "info" and note.code != EQUIVALENT
    ]
    return sorted(serious, key=lambda r: r.note.level != "problem")
