"""Which column of a file holds which of our fields.

A heading is tried as a tool's code, as our code or name, and as the wording of any language, and it may
never be guessed: two columns for one field, one heading for two fields and a missing item are problems,
all reported at once with what to do.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import lacking
from mce_utaut.survey.contract import Column, ColumnMap, ReadOptions
from mce_utaut.survey.fields import Field, fields
from mce_utaut.survey.shown_texts import is_text, shown_texts
from mce_utaut.survey.spelling import dense, normal


def _only(heading: str) -> Iterable[str]:
    return (heading,)


def _none(column: Column, language: str) -> Iterable[str]:
    return ()


def _never(heading: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a tool writes headings.

    ``codes`` gives code-like headings of a column besides its own; ``wordings`` headings in words besides
    ``Column.texts``; ``readings`` the spellings to try for one heading of a file (without group names,
    without a code in front). ``meta`` maps headings (compared ignoring case) to what the tool's reader
    calls them; ``personal`` tells a heading of personal data; ``silent`` a heading that never holds an
    answer of ours (texts, timings), which needs no mention.
    """

    codes: Callable[[Column], Iterable[str]] = lambda column: ()
    wordings: Callable[[Column, str], Iterable[str]] = _none
    readings: Callable[[str], Iterable[str]] = _only
    meta: Mapping[str, str] = field(default_factory=dict)
    personal: Callable[[str], bool] = _never
    silent: Callable[[str], bool] = _never

    def any_reading(self, test: Callable[[str], bool], heading: str) -> bool:
        """Whether ``test`` holds for ``heading`` in any of its readings."""
        return any(test(reading) for reading in self.readings(normal(heading)))


@dataclass(frozen=True, slots=True)
class Matched:
    """Where everything stands in a table, by column index: ``answers`` pairs an index with the column of
    the map; ``meta`` gives the index of each kind of metadata; ``personal`` is to be dropped;
    ``unknown`` was not understood; ``absent`` names the fields without a column."""

    answers: tuple[tuple[int, Column], ...]
    meta: Mapping[str, int]
    personal: tuple[int, ...]
    unknown: tuple[int, ...]
    absent: tuple[str, ...]


def match(
    headings: Sequence[str],
    column_map: ColumnMap,
    instrument: Instrument,
    layout: Layout,
    options: ReadOptions,
    name: str,
    *,
    placed: Mapping[int, Column | str] | None = None,
) -> Matched:
    """Which heading is what; texts of the questionnaire that ask nothing are passed over. ``placed`` holds what
    the tool's reader knows already (an index to a column of the map, or to a kind of metadata). Raises
    ``ImportProblem`` with every problem of the headings."""
    problems: list[Problem] = []
    wanted, texts = fields(instrument), shown_texts(instrument)
    fielded = {field_.name for field_ in wanted}
    ours = [column for column in column_map.columns if column.field in fielded]
    index = _Index(ours, column_map.languages, layout)
    found: dict[int, Column] = {}
    meta: dict[str, int] = {}
    personal: list[int] = []
    unknown: list[int] = []
    several: dict[int, tuple[Column, ...]] = {}
    for key, what in (placed or {}).items():
        if isinstance(what, Column):
            found[key] = what
        else:
            meta.setdefault(what, key)
    renamed, elsewhere = _renamed(headings, column_map, wanted, options, name, problems)
    found.update(renamed)
    for position, heading in enumerate(headings):
        if position in found or position in meta.values():
            continue
        columns, kind = index.look_up(heading)
        if len(columns) == 1:
            found[position] = columns[0]
        elif columns:
            several[position] = columns
        elif kind and kind not in meta:
            meta[kind] = position
            if layout.any_reading(layout.personal, heading):
                personal.append(position)
        elif layout.any_reading(layout.personal, heading):
            personal.append(position)
        elif not kind and not layout.any_reading(layout.silent, heading) and not is_text(heading, texts):
            unknown.append(position)
    found.update(_in_order(headings, several, found, options, name, problems))
    _refuse_doubles(headings, found, name, problems)
    present = {column.field for column in found.values()}
    lost = [heading for heading, column in elsewhere.items() if column.field not in present]
    problems += [_not_there(heading, headings, name) for heading in lost]
    answers, absent = _complete(headings, found, unknown, wanted, column_map, options, name, problems)
    if problems:
        raise ImportProblem(problems)
    unnamed = [position for position in unknown if headings[position].strip()]
    return Matched(answers, meta, tuple(personal), tuple(unnamed), absent)


def without_empty(matched: Matched, columns: Sequence[np.ndarray]) -> Matched:
    """``matched`` without the unknown columns that have no cell: nothing is lost with them, and many tools
    give every text of the questionnaire an empty column."""
    return replace(matched, unknown=tuple(position for position in matched.unknown if any(columns[position])))


class _Index:
    """Headings that the tool may write, to the columns they can mean."""

    def __init__(self, columns: Sequence[Column], languages: Sequence[str], layout: Layout) -> None:
        self.layout = layout
        self.meta = {normal(heading).casefold(): kind for heading, kind in layout.meta.items()}
        self.exact: dict[str, list[Column]] = defaultdict(list)
        self.folded: dict[str, list[Column]] = defaultdict(list)
        self.texts: dict[str, list[Column]] = defaultdict(list)
        for column in columns:
            own = [column.heading, *layout.codes(column)]
            if not column.option:
                own.append(column.field)
            for heading in dict.fromkeys(own):
                self.exact[normal(heading)].append(column)
                self.folded[normal(heading).casefold()].append(column)
            texts = [text for text in column.texts.values()]
            texts += [text for language in languages for text in layout.wordings(column, language)]
            for key in {dense(text) for text in texts}:
                self.texts[key].append(column)

    def look_up(self, heading: str) -> tuple[tuple[Column, ...], str]:
        """The columns that ``heading`` can mean, or the kind of metadata it is."""
        spelled = normal(heading)
        if spelled in self.exact:
            return tuple(self.exact[spelled]), ""
        if spelled.casefold() in self.meta:
            return (), self.meta[spelled.casefold()]
        for reading in self.layout.readings(spelled):
            for index, key in ((self.exact, reading), (self.folded, reading.casefold()), (self.texts, dense(reading))):
                if key and key in index:
                    return tuple(index[key]), ""
            if reading.casefold() in self.meta:
                return (), self.meta[reading.casefold()]
        return (), ""


def _renamed(
    headings: Sequence[str],
    column_map: ColumnMap,
    wanted: Sequence[Field],
    options: ReadOptions,
    name: str,
    problems: list[Problem],
) -> tuple[dict[int, Column], dict[str, Column]]:
    """The columns that the user named, and the headings that this one of several files has not, which is a problem
    only where it lacks their field too."""
    found, elsewhere = {}, {}
    spelled = [normal(heading) for heading in headings]
    by_field = {column.field.casefold(): column for column in column_map.columns if not column.option}
    for column in column_map.columns:
        by_field.setdefault(column.heading.casefold(), column)
    for heading, target in options.rename.items():
        if normal(heading) not in spelled and not (options.shared and target.casefold() in by_field):
            problems.append(_not_there(heading, headings, name))
        elif target.casefold() not in by_field:
            near = _near(target, [field.name for field in wanted])
            hint = f"Did you mean {near}?" if near else "Name an item or question of the questionnaire."
            problems.append(Problem(f"there is no item or question {target}.", hint, name, where="rename"))
        elif normal(heading) not in spelled:
            elsewhere[heading] = by_field[target.casefold()]
        else:
            found[spelled.index(normal(heading))] = by_field[target.casefold()]
    return found, elsewhere


def _not_there(heading: str, headings: Sequence[str], name: str) -> Problem:
    near = _near(heading, headings)
    return Problem(f"there is no heading “{heading}” to rename.", near and f"Did you mean “{near}”?", name)


def _in_order(
    headings: Sequence[str],
    several: Mapping[int, tuple[Column, ...]],
    found: Mapping[int, Column],
    options: ReadOptions,
    name: str,
    problems: list[Problem],
) -> dict[int, Column]:
    """Equal headings of several fields, told apart by their order, which only the column map of the
    export warrants."""
    settled: dict[int, Column] = {}
    groups: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    taken = {(column.field, column.option) for column in found.values()}
    for position, columns in several.items():
        free = [column for column in columns if (column.field, column.option) not in taken]
        distinct = {(column.field, column.option): column for column in free or columns}
        if len(distinct) == 1:
            settled[position] = next(iter(distinct.values()))
        else:
            groups[tuple(distinct)].append(position)
    for keys, positions in groups.items():
        columns = {(c.field, c.option): c for position in positions for c in several[position]}
        if options.column_map is not None and len(keys) == len(positions):
            settled.update({position: columns[key] for position, key in zip(positions, keys)})
            continue
        problems.append(
            Problem(
                f"the heading stands for {_list([key[0] for key in keys])}.",
                "Export with codes as headings, or give the column map of the export (--columns), or say "
                f'which it is: --rename "{headings[positions[0]]}={keys[0][0]}".',
                name,
                where=f"“{headings[positions[0]]}”",
            )
        )
    return settled


def _refuse_doubles(headings: Sequence[str], found: dict[int, Column], name: str, problems: list[Problem]) -> None:
    """Two columns of one field are a problem, but for the summary column of a multi question."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    ticked = {column.field for column in found.values() if column.option}
    for position, column in sorted(found.items()):
        if not column.option and column.field in ticked:
            del found[position]
            continue
        places[column.field, column.option].append(position)
    for (target, _), positions in places.items():
        if len(positions) > 1:
            named = _list([f"“{headings[position]}” (column {position + 1})" for position in positions])
            problems.append(Problem(f"{named} are all {target}.", "Keep one of them, delete the others.", name))


def _complete(
    headings: Sequence[str],
    found: Mapping[int, Column],
    unknown: Sequence[int],
    wanted: Sequence[Field],
    column_map: ColumnMap,
    options: ReadOptions,
    name: str,
    problems: list[Problem],
) -> tuple[tuple[tuple[int, Column], ...], tuple[str, ...]]:
    """The answer columns in the order of the fields, and the fields without one."""
    by_field: dict[str, list[tuple[int, Column]]] = defaultdict(list)
    for position, column in sorted(found.items()):
        by_field[column.field].append((position, column))
    known = {field.name for field in wanted}
    for target in options.absent:
        if target not in known:
            problems.append(Problem(f"there is no item or question {target}.", "", name, where="absent"))
    missing = [field for field in wanted if field.name not in by_field and field.name not in options.absent]
    free = [headings[position] for position in unknown if headings[position].strip()]
    if found or not missing:
        problems += lacking.problems_of(missing, free, wanted, column_map, name)
    else:
        problems.append(_nothing_found(headings, wanted, name))
    answers = tuple(pair for field in wanted for pair in by_field.get(field.name, ()))
    return answers, tuple(field.name for field in wanted if field.name not in by_field)


def _nothing_found(headings: Sequence[str], wanted: Sequence[Field], name: str) -> Problem:
    first = ", ".join(f"“{heading[:40]}”" for heading in headings[:4])
    if name.casefold().endswith((".xlsx", ".xlsm")):
        remedy = "The first sheet is read, its first row as headings: move the answers there, or name another file."
    elif len(headings) == 1:
        remedy = "There is only one column: the delimiter may be another one (say which with --delimiter)."
    else:
        remedy = "Either the file belongs to another questionnaire or its first row holds no headings."
    return Problem(f"no column is known ({first}); expected {wanted[0].name} and others.", remedy, name)


def _near(text: str, among: Sequence[str]) -> str:
    best = difflib.get_close_matches(text, list(among), n=1, cutoff=0.6)
    return best[0] if best else ""


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
