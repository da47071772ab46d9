"""What to say where a file lacks columns: renamed, not asked, or the answers to another questionnaire."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.errors import Problem
from mce_utaut.survey.contract import Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.spelling import dense

_NEAR = 0.8
_LEAST_FOREIGN = 2  # items of another role that make a file another questionnaire's
_MOST_NAMED = 12
_WORD = re.compile(r"[A-Za-z0-9]+")
_CODE = re.compile(r"([A-Z]+)([a-z]?)(\d+)R?")


@dataclass(frozen=True, slots=True)
class _ItemCodes:
    """The item codes of a questionnaire, ``<construct><role><number>``: ``names`` and ``constructs``
    ignoring case, ``roles`` the letters that stand for its own role."""

    names: frozenset[str]
    constructs: frozenset[str]
    roles: frozenset[str]

    @classmethod
    def of(cls, wanted: Sequence[Field]) -> _ItemCodes:
        parts = [_CODE.fullmatch(field.name) for field in wanted if field.item is not None]
        return cls(
            frozenset(field.name.casefold() for field in wanted if field.item is not None),
            frozenset(part[1].casefold() for part in parts if part),
            frozenset(part[2] for part in parts if part and part[2]),
        )

    def in_heading(self, heading: str) -> list[tuple[str, str]]:
        """The words of ``heading`` that look like item codes of a questionnaire of ours, with the letter
        of their role ("" none)."""
        if not self.constructs:
            return []
        constructs = "|".join(sorted(map(re.escape, self.constructs), key=len, reverse=True))
        shape = re.compile(rf"(?:{constructs})([a-z]?)\d+r?", re.IGNORECASE)
        matches = ((word, shape.fullmatch(word)) for word in _WORD.findall(heading))
        return [(word, match[1].casefold()) for word, match in matches if match]

    def foreign(self, headings: Sequence[str]) -> list[str]:
        """The item codes of another role among ``headings``."""
        found = [
            word
            for heading in headings
            for word, role in self.in_heading(heading)
            if role and role not in self.roles and word.casefold() not in self.names
        ]
        return list(dict.fromkeys(found)) if self.roles else []

    def other_than(self, name: str, heading: str) -> bool:
        """Whether ``heading`` carries the code of an item, and not that of the item ``name``."""
        words = [word.casefold() for word, _ in self.in_heading(heading)]
        return bool(words) and name.casefold() not in words


def problems_of(
    missing: Sequence[Field], free: Sequence[str], wanted: Sequence[Field], column_map: ColumnMap, name: str
) -> list[Problem]:
    """Problems for items without a column, and for other fields where a heading is nearly theirs.

    ``free`` are the headings of the file that were not understood: where a remedy may be to rename one of
    them, they are named at the end. Where the file looks like answers to another questionnaire, that comes
    first, and the items are counted instead of being listed one by one."""
    codes = _ItemCodes.of(wanted)
    items = [field for field in missing if field.item is not None]
    foreign = codes.foreign(free)
    if len(foreign) >= _LEAST_FOREIGN and items:
        return [_other_role(foreign, column_map, name), _counted(items, wanted, name)]
    total = sum(field.item is not None for field in wanted)
    problems = []
    if total > 3 and 2 * len(items) > total and len(free) >= len(items):
        problems.append(_other_wording(items, free, total, column_map, name))
    columns: Mapping[str, list[Column]] = defaultdict(list)
    for column in column_map.columns:
        columns[column.field].append(column)
    unsettled = False
    for field in missing:
        near = _near(field, columns[field.name], free, codes)
        if field.item is None and not near:
            continue
        rename = f'--rename "{near or "HEADING"}={field.name}"'
        hint = f"If it is “{near}”: {rename}." if near else f"If it has another heading: {rename}."
        unsettled = unsettled or not near
        problems.append(
            Problem(
                "has no column in this file.",
                f"{hint} If it was not asked: --absent {field.name}.",
                name,
                where=field.name,
            )
        )
    if unsettled and free:
        what = f"these headings were not understood: {_quoted(free)}."
        problems.append(Problem(what, "One of them may be what is missing: say which with --rename.", name))
    return problems


def _other_role(foreign: Sequence[str], column_map: ColumnMap, name: str) -> Problem:
    return Problem(
        f"looks like answers to another questionnaire than {column_map.instrument_id}: it has the items "
        f"{_some(foreign)}, which are another role's.",
        "Name the questionnaire that was fielded, or give the other file.",
        name,
    )


def _counted(items: Sequence[Field], wanted: Sequence[Field], name: str) -> Problem:
    total = sum(field.item is not None for field in wanted)
    what = f"{len(items)} of the {total} items have no column: {_some([field.name for field in items])}."
    return Problem(what, "", name)


def _other_wording(
    items: Sequence[Field], free: Sequence[str], total: int, column_map: ColumnMap, name: str
) -> Problem:
    return Problem(
        f"looks like answers to another questionnaire than {column_map.instrument_id}: {len(items)} of its {total} "
        f"items have no column, and these headings are not of it: {_quoted(free)}.",
        "Name the questionnaire that was fielded. If it is this one, its headings were changed: export again with "
        "codes as headings.",
        name,
    )


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + rest


def _quoted(headings: Sequence[str]) -> str:
    return _some([f"“{heading[:40]}”" for heading in headings])


def _near(field: Field, columns: Sequence[Column], free: Sequence[str], codes: _ItemCodes) -> str:
    """The heading that is nearly that of ``field``, or "": never one with the code of another item."""
    with_code = _with_code(field.name, free)
    if with_code:
        return with_code
    spellings = [field.name]
    for column in columns:
        spellings += [column.heading, *column.texts.values()]
    if field.item is not None:
        free = [heading for heading in free if not codes.other_than(field.name, heading)]
    return _near_any(spellings, free)


def _with_code(name: str, free: Sequence[str]) -> str:
    """A heading in which the name stands as a word of its own, or ""."""
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE)
    return next((heading for heading in free if word.search(heading)), "")


def _near_any(spellings: Sequence[str], free: Sequence[str]) -> str:
    keys = {dense(heading): heading for heading in free}
    for spelling in dict.fromkeys(dense(spelling) for spelling in spellings):
        best = difflib.get_close_matches(spelling, keys, n=1, cutoff=_NEAR)
        if best:
            return keys[best[0]]
    return ""
