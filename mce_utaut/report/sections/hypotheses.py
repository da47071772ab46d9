"""Hypotheses and verdicts: one table with the roles side by side, and every verdict in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mce_utaut.report.page import Page, short
from mce_utaut.report.table import Cell, Column, Table, missing_cell, row
from mce_utaut.study.result import HypothesisResult, RoleResult

_SIGN = '<svg class="sign" viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">{}</svg>'
_RING = '<circle class="sign-ring" cx="6" cy="6" r="4.6"/>'
SIGNS = {
    "supported": Markup(_SIGN.format('<circle class="sign-fill" cx="6" cy="6" r="5"/>')),
    "not_supported": Markup(_SIGN.format(_RING)),
    "undecided": Markup(_SIGN.format(_RING + '<path class="sign-fill" d="M6 1.4a4.6 4.6 0 0 0 0 9.2z"/>')),
    "not_testable": Markup(_SIGN.format('<path class="sign-ring" d="M2 6h8"/>')),
}


@dataclass(frozen=True, slots=True)
class HypothesisLine:
    """A verdict in words, with the ids of the hypotheses that it is about."""

    ids: str
    sentence: str
    exploratory: bool


def hypothesis_table(page: Page) -> Table | None:
    """Hypotheses as rows, roles as columns, the verdict and the estimate in the cell."""
    roles = [role for role in page.result.roles if role.hypotheses]
    if not roles:
        return None
    words = page.words
    claims = {h.id: h for role in roles for h in role.hypotheses}
    columns = [Column(words("hypotheses.hypothesis"), align="text", name="hypothesis")]
    columns += [Column(short(role.title, 40), align="text", name=role.role) for role in roles]
    columns.append(Column(words("hypotheses.source"), align="text", name="source"))
    rows, sources = [], dict[str, str]()
    rivals = _rivals(claims.values())
    for name, claim in claims.items():
        head = words("hypotheses.claim", id=short(name, 12), claim=short(claim.claim, 400))
        others = [short(other, 12) for group in rivals if name in group for other in group if other != name]
        if others:
            head += " " + words("hypotheses.rival", ids=", ".join(others))
        cells = [_cell(page, role, name) for role in roles]
        letters = [sources.setdefault(each, _letter(len(sources))) for each in _works(claim.source)]
        rows.append(row(head, [*cells, Cell(", ".join(letters) or "—", claim.source)]))
    named = [Markup("<i>{}</i>: {}.").format(letter, short(each, 300)) for each, letter in sources.items()]
    told = [words("hypotheses.rivals", ids=", ".join(short(each, 12) for each in group)) for group in rivals]
    notes = (*told, words("hypotheses.note"), *([words("hypotheses.sources")] if named else []), *named)
    return page.table(Table("hypotheses", words("hypotheses.title"), tuple(columns), tuple(rows), notes))


def _rivals(claims: Iterable[HypothesisResult]) -> list[tuple[str, ...]]:
    """The ids of claims about one path that expect different things of it, one of them that it is negligible."""
    by_path: dict[tuple[str, str], dict[str, str]] = {}
    for claim in claims:
        if claim.path is not None and not claim.exploratory:
            by_path.setdefault((claim.path.outcome, claim.path.predictor), {})[claim.id] = claim.expected
    return [tuple(found) for found in by_path.values() if "zero" in found.values() and len({*found.values()}) > 1]


def _works(source: str) -> list[str]:
    """The works that a source names, which semicolons part."""
    return [each.strip() for each in source.split(";") if each.strip()]


def _letter(index: int) -> str:
    """a ... z, then aa, ab, ..."""
    return (_letter(index // 26 - 1) if index >= 26 else "") + chr(ord("a") + index % 26)


def _cell(page: Page, role: RoleResult, name: str) -> Cell:
    found = next((h for h in role.hypotheses if h.id == name), None)
    if found is None:
        return missing_cell()
    verdict = page.words.text(f"verdict.{found.verdict}")
    estimate = ""
    path = found.path if found.verdict != "not_testable" else None
    if path is not None and path.standardised.estimate is not None:
        estimate = page.numbers.estimate(path.standardised, 2, bounded=True)
        if path.model not in ("", page.result.primary_model):
            estimate += f" ({short(path.model, 40)})"
    text = Markup('<span class="verdict v-{}">{} {}</span>').format(found.verdict, SIGNS[found.verdict], verdict)
    if estimate:
        text += Markup('<br><span class="figures">{}</span>').format(estimate)
    return Cell(text, f"{verdict} {estimate}".strip())


def hypothesis_lines(page: Page) -> list[tuple[str, list[HypothesisLine]]]:
    """(role, its verdicts in words, each sentence once)."""
    return [(role.title, _lines(role.hypotheses)) for role in page.result.roles if role.hypotheses]


def _lines(hypotheses: Sequence[HypothesisResult]) -> list[HypothesisLine]:
    ids: dict[tuple[str, bool], list[str]] = {}
    for each in hypotheses:
        ids.setdefault((each.sentence, each.exploratory), []).append(short(each.id, 12))
    return [HypothesisLine(", ".join(named), sentence, exploratory) for (sentence, exploratory), named in ids.items()]
