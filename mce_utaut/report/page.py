"""``Page``: what every section is built with (words, numbers, the look of roles), and the numbering of
tables and figures in the order in which sections ask for them."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from markupsafe import Markup, escape

from mce_utaut.report.apa import NumberStyle, style_of
from mce_utaut.report.figures.frame import Frame, Mark, mark
from mce_utaut.report.svg import Drawing, clean
from mce_utaut.report.table import Cell, Table
from mce_utaut.report.words import Words
from mce_utaut.study.model_text import INTENTION
from mce_utaut.study.result import ConstructInfo, Interval, RoleResult, StudyResult
from mce_utaut.study.sentences import inside

WIDE, NARROW, PRINTED = 760.0, 304.0, 660.0  # px; what is printed is drawn so that its text is 8 points high


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure drawn for a wide and a narrow page. ``data`` is its twin, a table below it; ``see`` names a
    numbered table that holds the same numbers instead."""

    name: str
    number: int
    title: str
    caption: str | Markup
    wide: Markup
    narrow: Markup
    data: Table | None
    see: Table | None = None


class Page:
    """The report under construction: one per call of ``compose``. ``widest`` limits the width of drawings."""

    def __init__(self, result: StudyResult, language: str, widest: float = math.inf) -> None:
        self.result = result
        self._widest = widest
        self.words = Words(language, result.confidence)
        self.numbers: NumberStyle = style_of(language)
        self.tables: list[Table] = []
        self.figures: list[Figure] = []
        self.section = ""
        self._sections: dict[str, str] = {}  # anchor of a table or figure -> section
        self._marks = {role.role: mark(i, role.title) for i, role in enumerate(result.roles)}

    def mark(self, role: str) -> Mark:
        """The look of a role: the same in every figure."""
        return self._marks[role]

    def slug(self, role: str) -> str:
        """A role's name as part of an anchor or a file name."""
        index = list(self._marks).index(role) + 1
        return role if re.fullmatch(r"[a-z][a-z0-9_]{0,30}", role) else f"role{index}"

    def table(self, table: Table) -> Table:
        """``table`` with the next number."""
        number = 1 + sum(1 for t in self.tables if t.number)
        numbered = dataclasses.replace(self._told(table), number=number)
        self.tables.append(numbered)
        self._sections[f"table-{table.name}"] = self.section
        return numbered

    def data(self, table: Table) -> Table:
        """``table`` as the data of a figure: without a number of its own."""
        told = self._told(table)
        self.tables.append(told)
        return told

    def _told(self, table: Table) -> Table:
        """``table`` whose caption says what the mark of hidden cells means, where it has some."""
        if not any(cell == self.hidden() for row in table.rows for cell in row.cells):
            return table
        caption = Markup("{} {}").format(table.caption, self.words("suppressed.caption"))
        return dataclasses.replace(table, caption=caption)

    def figure(
        self, name: str, title: str, caption: str | Markup, description: str,
        draw: Callable[[Frame], Drawing | list[Drawing]], *, data: Table | None = None, see: Table | None = None,
        width: float = WIDE,
    ) -> Figure:  # fmt: skip
        """The figure that ``draw`` makes, wide and narrow, with the next number; several drawings are stacked."""
        number = len(self.figures) + 1
        drawn = [
            _markup(draw(Frame(f"{name}-{kind}", size, title, description)))
            for kind, size in (("w", min(width, self._widest)), ("n", NARROW))
        ]
        figure = Figure(name, number, title, caption, drawn[0], drawn[1], data, see)
        self.figures.append(figure)
        self._sections[f"figure-{name}"] = self.section
        return figure

    @staticmethod
    def exact(interval: Interval) -> str | None:
        """An interval at full precision for the CSV; None where an end is undefined."""
        if interval.lower is None or interval.upper is None:
            return None
        return f"[{interval.lower!r}, {interval.upper!r}]"

    def links(self, *names: str) -> dict[str, Markup]:
        """Links to the numbered tables and figures made so far whose anchor ("table-fit", "figure-paths-*") is or
        matches one of ``names``, by the section that they stand in; empty where there is none."""
        made = [(f"table-{t.name}", self.words.text("table.number", number=t.number)) for t in self.tables if t.number]
        made += [(f"figure-{f.name}", self.words.text("figure.number", number=f.number)) for f in self.figures]
        found: dict[str, list[Markup]] = {}
        for anchor, label in dict.fromkeys(each for name in names for each in made if fnmatchcase(each[0], name)):
            link = Markup('<a href="#{}">{}</a>').format(anchor, label)
            found.setdefault(self._sections.get(anchor, ""), []).append(link)
        return {section: Markup(", ").join(links) for section, links in found.items()}

    def places(self, anchor: str, *names: str) -> Markup:
        """A link to the section of ``anchor`` with those of its tables and figures that match ``names``, then every
        other section that holds some."""
        own, shown = anchor.split("-")[0], self.links(*names)
        told = []
        for section in dict.fromkeys((own, *(each for each in shown if each))):
            target = anchor if section == own else section
            place = Markup('<a href="#{}">{}</a>').format(target, self.heading(section, "nav"))
            told.append(place + Markup(": ") + shown[section] if section in shown else place)
        return Markup("; ").join(told)

    def begin_section(self, name: str) -> None:
        """What is made from now on stands in the section ``name``."""
        self.section = name
        self.words.begin_section()

    def hidden(self) -> Cell:
        """The cell of a number that is not shown because it would point at few people."""
        mark = self.words("suppressed.mark")
        return Cell(Markup('<span class="hid">{}</span>').format(mark), None)

    def construct(self, role: RoleResult, name: str) -> ConstructInfo | None:
        """The construct of a role by its code, or None."""
        return next((c for c in role.constructs if c.id == name), None)

    @staticmethod
    def short(text: str, length: int) -> str:
        """``text`` on one line of at most ``length`` characters."""
        return short(text, length)

    def about(self, key: str, /, **values: object) -> Markup:
        """The wording of ``key`` that names the outcome: the intention, or, where the group ``other_outcome`` beside it
        has the key too, another outcome by its label."""
        outcome = self.result.outcome
        section, _, name = key.rpartition(".")
        other = f"{section}.other_outcome.{name}"
        if outcome == INTENTION or not self.words.has(other):
            return self.words(key, **values)
        label = self.label(outcome)
        small = inside(label, self.result.language)
        said = self.words(other, outcome=small, **values)
        return escape(label) + said[len(escape(small)) :] if said.startswith(escape(small)) else said

    def heading(self, section: str, kind: str) -> Markup:
        """A section's ``title``, or its short one for links (``nav``)."""
        return self.about(f"{section}.{kind}")

    def label(self, name: str) -> str:
        """The label of a construct (its code where no role has it), for people."""
        for role in self.result.roles:
            found = self.construct(role, name)
            if found is not None and found.label:
                return short(found.label, 80)
        return short(name, 80)


def by_sentence(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(titles, sentence) from (title, sentence): what holds of several roles is said once, "A, B: ..."."""
    titles: dict[str, list[str]] = {}
    for title, sentence in said:
        titles.setdefault(sentence, []).append(title)
    return [(", ".join(of), sentence) for sentence, of in titles.items() if sentence]


def _markup(drawn: Drawing | list[Drawing]) -> Markup:
    return Markup("").join(drawing.markup() for drawing in (drawn if isinstance(drawn, list) else [drawn]))


def short(text: str, length: int) -> str:
    """``text`` on one line of at most ``length`` characters."""
    text = " ".join(clean(text[: 4 * length]).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
