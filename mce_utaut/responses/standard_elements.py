"""The standard elements that describe a micro-credential, and how completely a record gives them.

Source: European approach to micro-credentials, COM(2021) 770, adopted as Council Recommendation
2022/C 243/02; Table 1 of the founding report (doi 10.5281/zenodo.7848371).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mce_utaut.responses.records import Record

State = Literal["given", "no", "not_reported"]


@dataclass(frozen=True, slots=True)
class StandardElement:
    """One element. ``of_programme`` is False where it exists only for an issued credential (the learner,
    the date, the grade), so that no description of a programme can give it."""

    code: str
    title: str
    mandatory: bool
    of_programme: bool = True


STANDARD_ELEMENTS = (
    StandardElement("T1M01", "identification of the learner", True, False),
    StandardElement("T1M02", "title", True),
    StandardElement("T1M03", "country or region of the issuer", True),
    StandardElement("T1M04", "awarding body", True),
    StandardElement("T1M05", "date of issuing", True, False),
    StandardElement("T1M06", "learning outcomes", True),
    StandardElement("T1M07", "notional workload (ECTS)", True),
    StandardElement("T1M08", "level (EQF, QF-EHEA)", True),
    StandardElement("T1M09", "type of assessment", True),
    StandardElement("T1M10", "form of participation", True),
    StandardElement("T1M11", "type of quality assurance", True),
    StandardElement("T1O01", "prerequisites", False),
    StandardElement("T1O02", "supervision and identity verification", False),
    StandardElement("T1O03", "grade achieved", False, False),
    StandardElement("T1O04", "integration or stackability", False),
    StandardElement("T1O05", "further information", False),
)
PROGRAMME_MANDATORY = tuple(e.code for e in STANDARD_ELEMENTS if e.mandatory and e.of_programme)


@dataclass(frozen=True, slots=True)
class ElementRule:
    """Where a template asks for an element. It is given where every field (``every``) or any of them is
    reported with an answer that is not among ``no_answers``; it is "no" where every field has such an
    answer; else it is not reported."""

    element: str
    fields: tuple[str, ...]
    every: bool = False
    no_answers: tuple[str, ...] = ()

    def state(self, record: Record) -> State:
        """Whether ``record`` gives the element."""
        answered = [record.options(name) or record.answers.get(name) for name in self.fields]
        refused = [answer is not None and self._says_no(answer) for answer in answered]
        given = [answer is not None and not no for answer, no in zip(answered, refused)]
        if all(given) if self.every else any(given):
            return "given"
        return "no" if all(refused) else "not_reported"

    def _says_no(self, answer: object) -> bool:
        return isinstance(answer, tuple) and set(answer) <= set(self.no_answers)


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which standard elements one record gives. ``states`` has the elements that its template asks for."""

    key: str
    title: str
    states: Mapping[str, State]

    @property
    def given(self) -> int:
        """The number of mandatory elements of a programme that are given."""
        return sum(self.states.get(code) == "given" for code in PROGRAMME_MANDATORY)

    @property
    def share(self) -> float:
        """``given`` as a share of the nine mandatory elements that a programme can have."""
        return self.given / len(PROGRAMME_MANDATORY)


def completeness(record: Record, rules: Sequence[ElementRule]) -> Completeness:
    """The completeness of a record, by the rules of its template."""
    states = {rule.element: rule.state(record) for rule in rules}
    return Completeness(record.key, record.text("title") or "", states)
