"""The remarks of the study, its roles and their analyses, and which of the analysed wording is not approved."""

from __future__ import annotations

from markupsafe import Markup

from mce_utaut.notes import Note
from mce_utaut.report.fits import PRIMARY
from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role
from mce_utaut.report.sections.sensitivity import analysis_label


def remarks(page: Page) -> list[tuple[str, Note]]:
    """Every remark once, with what it is about: "" the study, a role, or analyses of a role that stand beside the
    main one."""
    found: dict[Note, str] = {note: "" for note in page.result.notes}
    for role in page.result.roles:
        title = short(role.title, 60)
        beside: dict[Note, dict[str, None]] = {}
        for note in role.notes:
            found.setdefault(note, title)
        for model in role.models:
            for note in model.notes:
                if model.analysis == PRIMARY:
                    found.setdefault(note, title)
                elif note not in found:
                    beside.setdefault(note, {})[analysis_label(page, model.analysis)] = None
        for note, analyses in beside.items():
            found.setdefault(note, f"{title}, {', '.join(analyses)}")
    return [(about, note) for note, about in found.items()]


def drafts(page: Page) -> Markup | None:
    """The sentence on analysed wording that is not approved, if there is any."""
    found = [
        f"{short(role.title, 60)}: {short(each['sentence'], 300)}"
        for role, found in by_role(page, "wording_status") for each in found["languages"] if each["status"] == "draft"
    ]  # fmt: skip
    return page.words("limits.draft", texts=" ".join(found).rstrip(".")) if found else None
