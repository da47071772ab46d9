"""Responses joined to pilots by pilot id: descriptors belong to pilots and are never typed in by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mce_utaut.notes import Note
from mce_utaut.pilots.checking import pilot_key
from mce_utaut.pilots.descriptors import PilotDescriptors
from mce_utaut.pilots.template import NO_PILOT
from mce_utaut.responses.model import Responses

LEAST_SHARED = 5  # respondents
Match = Literal["matched", "none", "unmatched", "blank"]


@dataclass(frozen=True, slots=True)
class JoinedRespondent:
    """One respondent: ``match`` tells whether the pilot id is that of a proposal, ``none`` (no pilot, which
    is legal), of no proposal, or blank. ``pilot`` is there where it matched."""

    key: str
    hei: str | None
    wave: str | None
    pilot_id: str | None
    match: Match
    pilot: PilotDescriptors | None


@dataclass(frozen=True, slots=True)
class Joined:
    """The respondents of one instrument with their pilots."""

    instrument_id: str
    role: str
    respondents: tuple[JoinedRespondent, ...]
    notes: tuple[Note, ...]

    def count(self, match: Match) -> int:
        """How many respondents matched in this way."""
        return sum(each.match == match for each in self.respondents)

    @property
    def by_pilot(self) -> dict[str, int]:
        """The number of respondents of each pilot that has any, by id."""
        return dict(Counter(each.pilot.pilot_id for each in self.respondents if each.pilot is not None))

    @property
    def unmatched(self) -> dict[str, int]:
        """The ids that no proposal has, as written, with their numbers of respondents."""
        return dict(Counter(each.pilot_id or "" for each in self.respondents if each.match == "unmatched"))


def join(responses: Responses, pilots: Sequence[PilotDescriptors]) -> Joined:
    """``responses`` with the descriptors of their pilots. Ids are compared without case and blanks."""
    known = {pilot_key(pilot.pilot_id): pilot for pilot in pilots}
    rows = zip(
        responses.meta.index,
        *(([_text(value) for value in responses.meta[name]]) for name in ("hei", "wave", "pilot_id")),
    )
    respondents = tuple(_joined(str(key), hei, wave, pilot_id, known) for key, hei, wave, pilot_id in rows)
    return Joined(responses.instrument_id, responses.role, respondents, tuple(_notes(respondents, responses.role)))


def _joined(
    key: str, hei: str | None, wave: str | None, pilot_id: str | None, known: dict[str, PilotDescriptors]
) -> JoinedRespondent:
    if pilot_id is None:
        return JoinedRespondent(key, hei, wave, None, "blank", None)
    folded = pilot_key(pilot_id)
    pilot = known.get(folded)
    match: Match = "matched" if pilot else ("none" if folded == NO_PILOT else "unmatched")
    return JoinedRespondent(key, hei, wave, pilot_id, match, pilot)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _notes(respondents: Sequence[JoinedRespondent], role: str) -> Iterator[Note]:
    unmatched = Counter(each.pilot_id or "" for each in respondents if each.match == "unmatched")
    if unmatched:
        # What fewer persons wrote may be their own words: the joined table has it, notes do not.
        named = [f"{name} ({n})" for name, n in unmatched.items() if n >= LEAST_SHARED]
        rare = sum(n for n in unmatched.values() if n < LEAST_SHARED)
        parts = [*named, *([f"ids that fewer than {LEAST_SHARED} wrote ({rare})"] if rare else [])]
        text = f"Pilot ids of {role}s that no proposal has: {', '.join(parts)}."
        yield Note("unmatched_pilots", text, "caution", role)
    elsewhere = sum(each.pilot is not None and each.hei not in (None, "other", each.pilot.hei) for each in respondents)
    if elsewhere:
        text = f"{elsewhere} {role}s name a pilot of another university than their own."
        yield Note("other_university", text, "caution", role)
