"""Item and scale tables of a role as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mce_utaut.study.result import Interval, MatrixTable, RoleResult


def score_text(role: RoleResult) -> str:
    """The text of a role's scores."""
    return "\n".join([*_flow(role), *_items(role), *_scales(role), *_discriminant(role)])


def _flow(role: RoleResult) -> Iterator[str]:
    yield f"{role.title}: n = {role.n}"
    for step in role.flow:
        yield f"  {step.text}"


def _items(role: RoleResult) -> Iterator[str]:
    yield ""
    yield f"{'item':<8}{'construct':<10}{'n':>6}{'missing':>9}{'no view*':>9}{'mean':>7}{'SD':>7}{'item-rest':>10}"
    for item in role.items:
        counts = f"{_count(item.n):>6}{_count(item.missing):>9}{_count(item.cannot_judge):>9}"
        cells = f"{counts}{_two(item.mean):>7}{_two(item.sd):>7}"
        yield f"{item.item:<8}{item.construct:<10}{cells}{_two(item.item_rest):>10}"
    yield "* chose “cannot judge”; also counted as missing. item-rest: correlation with the other items of the scale."
    if any(None in (item.n, item.missing, item.cannot_judge) for item in role.items):
        yield "few: a count that is not shown, none included, as it could tell of single persons."


def _scales(role: RoleResult) -> Iterator[str]:
    yield ""
    yield f"{'scale':<8}{'n':>6}{'mean':>7}{'SD':>7}  {'alpha':<19}{'omega':<19}{'CR':>6}{'AVE':>6}"
    for scale in role.scales:
        cells = f"{_count(scale.n_scored):>6}{_two(scale.mean.estimate):>7}{_two(scale.sd):>7}"
        yield (
            f"{scale.construct:<8}{cells}  {_interval(scale.alpha):<19}{_interval(scale.omega):<19}"
            f"{_two(scale.cr):>6}{_two(scale.ave):>6}"
        )
        if scale.alpha_note:
            yield f"        {scale.alpha_note}"


def _discriminant(role: RoleResult) -> Iterator[str]:
    if role.discriminant is None:
        yield ""
        yield f"No HTMT and Fornell-Larcker: they rest on the measurement model. {role.method.reason}"
        return
    yield from _matrix("HTMT", role.discriminant.htmt)
    yield from _matrix("Fornell-Larcker (root of AVE on the diagonal)", role.discriminant.fornell_larcker)
    yield from role.discriminant.findings


def _matrix(title: str, matrix: MatrixTable) -> Iterator[str]:
    yield ""
    yield title
    yield " " * 8 + "".join(f"{name:>7}" for name in matrix.names)
    for name, row in zip(matrix.names, matrix.values):
        yield f"{name:<8}" + "".join(f"{_two(value):>7}" for value in row)


def _count(value: int | None) -> str:
    return "few" if value is None else str(value)


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _interval(interval: Interval) -> str:
    if interval.estimate is None:
        return "-"
    if interval.lower is None:
        return _two(interval.estimate)
    return f"{interval.estimate:.2f} [{interval.lower:.2f}, {interval.upper:.2f}]"
