"""Who opens the questionnaire: language, university, and with how much care they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mce_utaut.simulate.population import RolePopulation
from mce_utaut.simulate.streams import Streams

ATTENTIVE, STRAIGHT, RANDOM = "attentive", "straight", "random"
_CARELESS_PACE = 0.35  # of an attentive respondent's time
_REFUSAL_SECONDS = 20.0
_STRAIGHT_LEVELS = (0.0, 0.5, 0.67, 0.84, 1.0)  # place on the scale of the one answer given throughout
_STRAIGHT_SHARES = (0.08, 0.42, 0.20, 0.15, 0.15)


@dataclass(frozen=True, slots=True, eq=False)
class Respondents:
    """n people in the order in which they came; every field is an array (n,).

    ``language``: code. ``university``: position in the role's universities. ``consent``, ``submitted``:
    bool; those who refuse submit. ``pages``: how many pages they sent. ``manner``: "attentive", "straight"
    or "random"; ``level``: place on any scale, 0 to 1, of a straight-liner's answer. ``seconds``: whole
    seconds from first page to last.
    """

    language: np.ndarray
    university: np.ndarray
    consent: np.ndarray
    submitted: np.ndarray
    pages: np.ndarray
    manner: np.ndarray
    level: np.ndarray
    seconds: np.ndarray

    @property
    def careless(self) -> np.ndarray:
        """Who does not read the questions, (n,) bool."""
        return self.manner != ATTENTIVE


def draw_respondents(role: RolePopulation, pages: int, streams: Streams) -> Respondents:
    """The people of ``role`` who open a questionnaire of ``pages`` pages.

    How many refuse, send nothing, stop half-way, tick one answer throughout or tick at random is exact
    (rounded); who does is drawn. Nobody does two of these. Who stops half-way sends at least two pages.
    """
    rng = streams.of("respondents")
    shares = (role.refused, role.only_opened, role.not_submitted, role.careless.straight, role.careless.random)
    refused, opened, stopped, straight, random = (round(share * role.n) for share in shares)
    diligent = role.n - stopped - straight - random
    kinds = rng.permutation(np.repeat(np.arange(6), [refused, opened, stopped, straight, random, diligent]))
    n = len(kinds)
    manner = np.select([kinds == 3, kinds == 4], [STRAIGHT, RANDOM], ATTENTIVE).astype(object)
    stop = rng.integers(min(2, pages - 1), max(pages, 2), n)
    sent = np.select([kinds == 1, kinds == 2], [0, stop], pages)
    minutes = max(role.duration.median, 0.1) * np.exp(role.duration.spread * rng.standard_normal(n))
    seconds = 60 * minutes * np.where(manner == ATTENTIVE, 1.0, _CARELESS_PACE) * sent / pages
    seconds = np.where(kinds == 0, _REFUSAL_SECONDS, seconds)
    return Respondents(
        language=np.array(list(role.languages), dtype=object)[_positions(role.languages, n, rng)],
        university=_positions(role.universities, n, rng),
        consent=kinds != 0,
        submitted=(kinds != 1) & (kinds != 2),
        pages=sent,
        manner=manner,
        level=rng.choice(_STRAIGHT_LEVELS, n, p=_STRAIGHT_SHARES),
        seconds=np.round(seconds).astype(int),
    )


def _positions(shares: Mapping[str, float], n: int, rng: np.random.Generator) -> np.ndarray:
    if not shares:
        return np.zeros(n, dtype=int)
    edges = np.cumsum(list(shares.values()))
    return np.minimum(np.searchsorted(edges / edges[-1], rng.random(n), side="right"), len(shares) - 1)
