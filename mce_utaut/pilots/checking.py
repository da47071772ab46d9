"""What is wrong with proposals: contradictions are problems, gaps in the collection are cautions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.notes import Note
from mce_utaut.pilots.descriptors import FormatCuts
from mce_utaut.pilots.template import ALONE, NO_PILOT
from mce_utaut.responses.records import Record

LEAST_PROPOSALS = 2  # per university, section 4.2 of the founding report
WEEKS_OFF = 1.0  # how far the stated duration may be from the dates
_ID = re.compile(r"[a-z][a-z0-9]*-\d{1,3}")


def check_pilots(pilots: Sequence[Record], cuts: FormatCuts | None = None) -> tuple[Note, ...]:
    """What should be known of ``pilots``. Raises ``ImportProblem`` with every contradiction in them."""
    problems = [problem for pilot in pilots for problem in _contradictions(pilot)]
    problems += _repeated(pilots)
    if problems:
        raise ImportProblem(problems)
    return (*_gaps(pilots), *(note for pilot in pilots for note in _doubts(pilot, cuts or FormatCuts())))


def pilot_key(text: str) -> str:
    """The form in which pilot ids are compared: without blanks around, in small letters."""
    return text.strip().casefold()


def _contradictions(pilot: Record) -> Iterator[Problem]:
    name = pilot.text("pilot_id")
    if name is None:
        yield _problem(pilot, "has no pilot_id.", "Give it one, such as uned-01.")
    elif pilot_key(name) == NO_PILOT:
        what = f"its pilot_id is {NO_PILOT}, which means “no pilot” in the questionnaires."
        yield _problem(pilot, what, "Give it another, such as uned-01.")
    if not pilot.reports("hei"):
        yield _problem(pilot, "does not say which university proposes it.", "Fill in hei.")
    yield from _about_dates(pilot)
    yield from _about_fee(pilot)
    for field, alone in ALONE.items():
        chosen = pilot.options(field) or ()
        if alone in chosen and len(chosen) > 1:
            others = ", ".join(option for option in chosen if option != alone)
            yield _problem(pilot, f"{field} is {alone}, and also {others}.", f"Delete {alone}, or the rest.")


def _about_dates(pilot: Record) -> Iterator[Problem]:
    start, end = _date(pilot, "start_date"), _date(pilot, "end_date")
    weeks = pilot.number("duration_weeks")
    if start is None or end is None:
        return
    if end < start:
        yield _problem(pilot, f"ends on {end}, before it starts on {start}.", "Exchange the dates, or correct them.")
        return
    spanned = ((end - start).days + 1) / 7
    if weeks is not None and abs(spanned - weeks) > WEEKS_OFF:
        what = f"lasts {weeks:g} weeks, but {start} to {end} are {spanned:.1f}."
        yield _problem(pilot, what, f"Correct the dates or the duration ({WEEKS_OFF:g} week more or less is fine).")


def _about_fee(pilot: Record) -> Iterator[Problem]:
    free, fee = pilot.text("free_for_students"), pilot.number("fee_eur")
    if free == "no" and not fee:
        yield _problem(pilot, "is not free, but no fee is given.", "Fill in fee_eur.")
    if free == "yes" and fee:
        yield _problem(pilot, f"is free, but costs {fee:g} euros.", "Correct one of the two.")


def _repeated(pilots: Sequence[Record]) -> Iterator[Problem]:
    first: dict[str, Record] = {}
    for pilot in pilots:
        name = pilot.text("pilot_id")
        if name is None:
            continue
        earlier = first.setdefault(pilot_key(name), pilot)
        if earlier is not pilot:
            place = earlier.where if earlier.file == pilot.file else f"{earlier.file}, {earlier.where}"
            yield _problem(pilot, f"has the pilot_id {name} of {place}.", "Give each proposal its own.")


def _gaps(pilots: Sequence[Record]) -> Iterator[Note]:
    proposals = Counter(pilot.named("hei") for pilot in pilots)
    few = sorted(str(hei) for hei, n in proposals.items() if n < LEAST_PROPOSALS)
    if few:
        text = f"Each university was asked for {LEAST_PROPOSALS} proposals; there is one of: {', '.join(few)}."
        yield Note("few_proposals", text, "caution")


def _doubts(pilot: Record, cuts: FormatCuts) -> Iterator[Note]:
    name, hei = pilot.text("pilot_id") or "", pilot.text("hei") or ""
    if not _ID.fullmatch(name) or (hei != "other" and name.split("-")[0] != hei):
        text = f"The pilot_id {name} is not the university's short name and a number, such as {_example(hei)}."
        yield Note("pilot_id_form", text, "info", name)
    stated, rate = pilot.text("delivery_format"), pilot.number("online_rate")
    if stated is not None and rate is not None and stated != cuts.format(rate):
        text = f"{name} is said to be {stated}, with {rate:g} % online; the format as stated is kept."
        yield Note("format_and_rate", text, "caution", name)


def _example(hei: str) -> str:
    return f"{hei if hei and hei != 'other' else 'uned'}-01"


def _date(pilot: Record, field: str) -> date | None:
    text = pilot.text(field)
    return None if text is None else date.fromisoformat(text)


def _problem(pilot: Record, what: str, remedy: str) -> Problem:
    name = pilot.text("pilot_id")
    where = f"{pilot.where} ({name})" if name else pilot.where
    return Problem(what, remedy, pilot.file, where=where)
