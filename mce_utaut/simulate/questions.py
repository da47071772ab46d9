"""Answers to questions that are no arrays: options, counts, dates and words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Question, Scale
from mce_utaut.simulate.factors import FactorModel
from mce_utaut.simulate.items import cut_points, loading_of
from mce_utaut.simulate.population import Population, QuestionTruth, RolePopulation
from mce_utaut.simulate.reading import option_of
from mce_utaut.simulate.respondents import Respondents
from mce_utaut.simulate.streams import Streams

LARGEST_COUNT = 50
_MULTI_SHARE = 0.3
_OBSERVED_LOADING = 1.0
_NOTHING = QuestionTruth()


def draw_question(
    question: Question,
    instrument: Instrument,
    population: Population,
    role: RolePopulation,
    people: Respondents,
    factors: FactorModel,
    scores: np.ndarray,
    earlier: Mapping[str, np.ndarray],
    streams: Streams,
) -> np.ndarray:
    """Answers (n,) of ``people`` with factor ``scores`` (n, m) to ``question``, as option codes (several
    joined by ``|``), numbers or texts; None for a text that nobody writes.

    ``earlier`` holds answers by question code. Where the population says nothing, options are evenly
    likely and counts small.
    """
    rng = streams.of(question.code)
    n = len(people.language)
    truth = role.questions.get(question.code, _NOTHING)
    scale = instrument.scales[question.scale] if question.scale else None
    if question.purpose == "consent" and instrument.consent is not None and scale is not None:
        return _consent(instrument, question, scale, people)
    if question.purpose == "hei" and role.universities and scale is not None:
        codes = [_code(scale, word) for word in role.universities]
        return np.array(codes, dtype=object)[people.university]
    if question.purpose == "wave" and scale is not None:
        return np.full(n, _code(scale, role.wave), dtype=object)
    if question.purpose == "link_code":
        return _link_codes(n, rng)
    latent = _latent(question, role, truth, factors, scores, rng)
    if question.type == "choice" and scale is not None:
        cuts = cut_points(scale, population.cuts) if question.construct else None
        return _choice(scale, truth, latent, cuts, rng)
    if question.type == "multi" and scale is not None:
        return _multi(scale, truth, n, rng)
    if question.type in ("integer", "number"):
        return _number(question, truth, latent, earlier, n, rng)
    if question.type == "date":
        back = rng.integers(1, 730, n)
        days = np.datetime64(population.day, "D") - back.astype("timedelta64[D]")
        return days.astype(str).astype(object)
    return _words(truth, people, rng)


def _code(scale: Scale, word: str) -> str:
    found = option_of(scale, word)
    return scale.options[0].code if found is None else found.code


def _consent(instrument: Instrument, question: Question, scale: Scale, people: Respondents) -> np.ndarray:
    among = instrument.consent.among if instrument.consent and instrument.consent.question == question.code else ()
    yes = next((o.code for o in scale.options if o.code in among), scale.options[0].code)
    no = next((o.code for o in scale.options if o.code not in among), scale.options[-1].code)
    return np.where(people.consent, yes, no).astype(object)


def _link_codes(n: int, rng: np.random.Generator) -> np.ndarray:
    """Codes as the questionnaires ask for them: two letters, the two digits of a day, one more letter."""
    letters = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"))
    first, second = rng.choice(letters, n), rng.choice(letters, n)
    days, last = np.divmod(rng.integers(0, 31 * len(letters), n), len(letters))
    parts = zip(first, second, days + 1, letters[last], strict=True)
    return np.array([f"{a}{b}{day:02d}{c}" for a, b, day, c in parts], dtype=object)


def _latent(
    question: Question,
    role: RolePopulation,
    truth: QuestionTruth,
    factors: FactorModel,
    scores: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """What decides the answer, standard normal up to the mean of the construct measured, (n,)."""
    noise = rng.standard_normal(len(scores))
    if question.construct is not None:
        own = role.items.get(question.code)
        stated = own is not None and own.loading is not None
        _, loading = loading_of(role, question.code, question.construct)
        weight = loading if stated or question.construct in role.loadings else _OBSERVED_LOADING
        centre = weight * role.means.get(question.construct, 0.0) + (own.shift if own else 0.0)
        score = scores[:, factors.names.index(question.construct)]
        return weight * score + np.sqrt(1 - weight**2) * noise + centre
    if truth.follows is not None:
        score = scores[:, factors.names.index(truth.follows)]
        if truth.mean is not None:
            return score
        return truth.r * score + np.sqrt(1 - truth.r**2) * noise
    return noise


def _choice(
    scale: Scale, truth: QuestionTruth, latent: np.ndarray, cuts: np.ndarray | None, rng: np.random.Generator
) -> np.ndarray:
    codes = np.array([option.code for option in scale.options], dtype=object)
    shares = np.full(len(codes), 1 / len(codes))
    unsure = 0.0
    if truth.shares is not None:
        by_code = {_code(scale, word): share for word, share in truth.shares.items()}
        unsure = by_code.get(CANNOT_JUDGE_CODE, 0.0)
        shares = np.array([by_code.get(code, 0.0) for code in codes])
        cuts = None
    if cuts is None:
        total = max(shares.sum(), 1e-12)
        cuts = ndtri(np.clip(np.cumsum(shares)[:-1] / total, 0, 1))
    answers = codes[np.searchsorted(cuts, latent, side="right")]
    answers[rng.random(len(answers)) < unsure] = CANNOT_JUDGE_CODE
    return answers


def _multi(scale: Scale, truth: QuestionTruth, n: int, rng: np.random.Generator) -> np.ndarray:
    shares = {_code(scale, word): share for word, share in (truth.shares or {}).items()}
    chosen = [rng.random(n) < shares.get(option.code, _MULTI_SHARE) for option in scale.options]
    answers = np.empty(n, dtype=object)
    for row in range(n):
        answers[row] = "|".join(option.code for option, ticks in zip(scale.options, chosen) if ticks[row]) or None
    return answers


def _number(
    question: Question,
    truth: QuestionTruth,
    latent: np.ndarray,
    earlier: Mapping[str, np.ndarray],
    n: int,
    rng: np.random.Generator,
) -> np.ndarray:
    low = question.minimum if question.minimum is not None else 0.0
    high = question.maximum if question.maximum is not None else LARGEST_COUNT
    if truth.part_of is not None and truth.part_of in earlier:
        whole = np.array([float(value) if value else 0.0 for value in earlier[truth.part_of]]).astype(int)
        values = rng.binomial(np.maximum(whole, 0), truth.share)
    else:
        mean = 1.0 if truth.mean is None else truth.mean
        rate = np.exp(np.log(max(mean, 1e-9)) + truth.slope * latent - truth.slope**2 / 2)
        values = rng.poisson(rate)
    clipped = np.clip(values, np.ceil(low), np.floor(high)).astype(int)
    return clipped.astype(str).astype(object)


def _words(truth: QuestionTruth, people: Respondents, rng: np.random.Generator) -> np.ndarray:
    answers = np.full(len(people.language), None, dtype=object)
    writes = rng.random(len(answers)) < truth.share
    picks = rng.random(len(answers))
    for row in np.flatnonzero(writes & ~people.careless):
        known = (truth.texts or {}).get(people.language[row], [])
        if known:
            answers[row] = known[int(picks[row] * len(known))]
    return answers
