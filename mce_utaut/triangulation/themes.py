"""From the codes of several coders to persons: who said what, counted once, and what coders still dispute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from mce_utaut.triangulation.codes import AGREED, Code

Unit = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of a construct with its sign; ``persons`` said it (pseudonyms)."""

    construct: str
    sign: str
    theme: str
    persons: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoleThemes:
    """What the people of one role said: all whose words were coded, and per (construct, sign) and per theme
    those who said it. ``disputed`` units have codes on which coders have not agreed: these are not counted."""

    persons: frozenset[str]
    signs: Mapping[tuple[str, str], frozenset[str]]
    themes: tuple[Theme, ...]
    units: int
    disputed: int


def themes_of(codes: Sequence[Code], role: str) -> RoleThemes:
    """The themes of a role. A unit of several coders counts with the rows of the coder ``agreed`` where it has
    any, else with the codes that more than half of its coders gave. Themes are told apart without regard to
    case."""
    signs: dict[tuple[str, str], set[str]] = defaultdict(set)
    themes: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    disputed = 0
    units = by_unit([code for code in codes if code.role == role])
    for (_, person, _, _), coders in units.items():
        chosen = {AGREED: coders[AGREED]} if AGREED in coders else coders
        disputed += len({_signs(given) for given in chosen.values()}) > 1
        for key in _majority([_signs(given) for given in chosen.values()]):
            signs[key].add(person)
        for construct, sign, theme in _majority([_themes(given) for given in chosen.values()]):
            themes[construct, sign, theme].add(person)
        names |= {code.theme.casefold(): code.theme for given in coders.values() for code in given if code.theme}
    found = [Theme(c, s, names[t], frozenset(persons)) for (c, s, t), persons in themes.items()]
    found.sort(key=lambda each: (each.construct, each.sign, -len(each.persons), each.theme))
    return RoleThemes(
        persons=frozenset(person for _, person, _, _ in units),
        signs={key: frozenset(persons) for key, persons in sorted(signs.items())},
        themes=tuple(found),
        units=len(units),
        disputed=disputed,
    )


def by_unit(codes: Iterable[Code]) -> dict[Unit, dict[str, list[Code]]]:
    """Unit -> coder -> that coder's codes, in order of unit and coder."""
    found: dict[Unit, dict[str, list[Code]]] = defaultdict(lambda: defaultdict(list))
    for code in codes:
        found[code.unit][code.coder].append(code)
    return {unit: dict(sorted(found[unit].items())) for unit in sorted(found)}


def decisions(codes: Sequence[Code]) -> tuple[tuple[str, ...], list[list[str | None]]]:
    """The coders (without ``agreed``), and per unit of at least two of them what each decided: the codes
    (construct and sign) of the unit as one category, None where a coder did not see it. A strict reading: sets that
    share a code but are not the same disagree."""
    coders = tuple(sorted({code.coder for code in codes} - {AGREED}))
    rows: list[list[str | None]] = []
    for given in by_unit(codes).values():
        row = [_category(given[coder]) if coder in given else None for coder in coders]
        if sum(each is not None for each in row) >= 2:
            rows.append(row)
    return coders, rows


def pairs(coders: Sequence[str], rows: Sequence[Sequence[str | None]]) -> list[tuple[int, int, list[str], list[str]]]:
    """Each pair of coders (their places) with what both decided, in the order of the units both saw."""
    found = []
    for i, j in combinations(range(len(coders)), 2):
        both = [(row[i], row[j]) for row in rows if row[i] is not None and row[j] is not None]
        if both:
            found.append((i, j, [str(one) for one, _ in both], [str(other) for _, other in both]))
    return found


def presence(rows: Sequence[Sequence[str | None]], code: str) -> list[list[bool | None]]:
    """Per unit and coder whether the unit got ``code`` ("PE+")."""
    return [[None if each is None else code in each.split(" ") for each in row] for row in rows]


def _category(given: Sequence[Code]) -> str:
    return " ".join(sorted({f"{code.construct}{code.sign}" for code in given if code.construct})) or "–"


def _signs(given: Sequence[Code]) -> frozenset[tuple[str, str]]:
    return frozenset((code.construct, code.sign) for code in given if code.construct)


def _themes(given: Sequence[Code]) -> frozenset[tuple[str, str, str]]:
    return frozenset((code.construct, code.sign, code.theme.casefold()) for code in given if code.construct)


def _majority(sets: Sequence[frozenset[Hashable]]) -> set:
    counts: dict[Hashable, int] = defaultdict(int)
    for each in sets:
        for key in each:
            counts[key] += 1
    return {key for key, count in counts.items() if 2 * count > len(sets)}
