"""Respondents of one role with every answer, and why a cell is blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Question
from mce_utaut.simulate.factors import FactorModel, draw_factors, factor_model
from mce_utaut.simulate.items import ItemPopulation, draw_item, draw_latent, item_population
from mce_utaut.simulate.population import Population, RolePopulation
from mce_utaut.simulate.questions import draw_question
from mce_utaut.simulate.respondents import Respondents, draw_respondents
from mce_utaut.simulate.streams import Streams, streams_from

_ALWAYS_ANSWERED = ("consent", "hei", "wave", "pilot", "link_code")


@dataclass(frozen=True, slots=True, eq=False)
class DrawnColumn:
    """The cells of one field: ``answers`` (n,) as option codes (several joined by ``|``), numbers or texts,
    None where blank; ``missing`` (n,) the kind of missing as ``Responses`` names it, "" where answered."""

    answers: np.ndarray
    missing: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRole:
    """Everybody who opened the questionnaire of one role, n rows including those who refused.

    ``columns`` go by item code or question name, in the questionnaire's order. ``factors``, ``scores``
    (n, m) and ``items`` are the truth behind the answers.
    """

    role: str
    instrument: Instrument
    people: Respondents
    columns: Mapping[str, DrawnColumn]
    factors: FactorModel
    scores: np.ndarray
    items: ItemPopulation

    @property
    def n(self) -> int:
        """How many opened the questionnaire."""
        return len(self.people.language)


def draw_role(name: str, population: Population, instrument: Instrument, rng: np.random.Generator) -> DrawnRole:
    """Respondents of the role ``name`` of ``population``, answering ``instrument``.

    Takes one number from ``rng``; everything else follows from it (see ``streams``). The population has
    passed ``reading.check_instruments``. Raises ``StudyError`` where its factors cannot exist.
    """
    role = population.roles[name]
    streams = streams_from(rng)
    factors = factor_model(role, instrument.constructs)
    people = draw_respondents(role, len(instrument.pages), streams)
    scores = draw_factors(factors, people.university, role.icc, streams)
    items = item_population(role, instrument, factors, population.cuts)
    drawing = _Drawing(population, role, instrument, people, factors, scores, items, streams)
    return DrawnRole(name, instrument, people, drawing.columns(), factors, scores, items)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    """What every answer of one role depends on."""

    population: Population
    role: RolePopulation
    instrument: Instrument
    people: Respondents
    factors: FactorModel
    scores: np.ndarray
    items: ItemPopulation
    streams: Streams

    def columns(self) -> dict[str, DrawnColumn]:
        chances = self._chance_of_blank_items()
        columns: dict[str, DrawnColumn] = {}
        given: dict[str, np.ndarray] = {}  # answers by question code, for conditions
        for position, page in enumerate(self.instrument.pages):
            reached = (self.people.pages > position) & self._met(page.condition, given)
            if not self._asks_consent(position):
                reached &= self.people.consent
            for question in page.questions:
                shown = reached & self._met(question.condition, given)
                if question.type == "array":
                    for item in question.items:
                        columns[item.code] = self._item_column(question, item.code, shown, chances)
                elif question.type != "info":
                    column = self._question_column(question, shown, given)
                    columns[question.name] = column
                    given[question.code] = column.answers
                    if question.other:
                        columns[f"{question.name}_other"] = _nothing(shown)
        return columns

    def _item_column(self, question: Question, code: str, shown: np.ndarray, chances: np.ndarray) -> DrawnColumn:
        item = next(item for item in question.items if item.code == code)
        latent = cuts = None
        if item.kind != "attention":
            row = self.items.items.index(code)
            latent = draw_latent(self.items, row, self.factors, self.scores, self.streams)
            cuts = self.items.cuts[row]
        answers = draw_item(item, question, self.instrument, self.role, latent, cuts, self.people, self.streams)
        skips = self.streams.of(f"{code} blank").random(len(answers)) < chances
        if question.required == "hard" or item.kind == "attention":
            skips[:] = False
        return _with_gaps(answers, shown, skips, unsure=item.cannot_judge)

    def _question_column(self, question: Question, shown: np.ndarray, given: Mapping[str, np.ndarray]) -> DrawnColumn:
        answers = self._answers(question, given)
        skips = self.streams.of(f"{question.code} blank").random(len(answers)) < self.role.missing.questions
        if question.required == "hard" or question.purpose in _ALWAYS_ANSWERED:
            skips[:] = False
        return _with_gaps(answers, shown, skips, unsure=question.scale is not None)

    def _answers(self, question: Question, given: Mapping[str, np.ndarray]) -> np.ndarray:
        return draw_question(
            question,
            self.instrument,
            self.population,
            self.role,
            self.people,
            self.factors,
            self.scores,
            given,
            self.streams,
        )

    def _chance_of_blank_items(self) -> np.ndarray:
        """The chance (n,) that a respondent leaves an item blank; on average the share asked for."""
        missing = self.role.missing
        n = len(self.people.language)
        if missing.mechanism == "mcar" or missing.by is None or missing.items in (0.0, 1.0):
            return np.full(n, missing.items)
        driver = self.instrument.question(missing.by)
        scale = self.instrument.scales[str(driver.scale)]
        places = {option.code: float(i) for i, option in enumerate(scale.options)}
        middle = (len(places) - 1) / 2
        place = np.array([places.get(code, middle) - middle for code in self._answers(driver, {})])
        tilt = np.log(max(missing.odds, 1e-6)) * place
        intercept = brentq(lambda start: float(expit(start + tilt).mean()) - missing.items, -60, 60)
        return expit(intercept + tilt)

    def _asks_consent(self, position: int) -> bool:
        consent = self.instrument.consent
        if consent is None:
            return True
        pages = [any(q.code == consent.question for q in page.questions) for page in self.instrument.pages]
        return position <= pages.index(True)

    def _met(self, condition: Condition | None, given: Mapping[str, np.ndarray]) -> np.ndarray:
        if condition is None:
            return np.ones(len(self.people.language), dtype=bool)
        answers = given.get(condition.question)
        if answers is None:
            return np.zeros(len(self.people.language), dtype=bool)
        wanted = set(condition.among)
        return np.array([answer is not None and bool(wanted & set(answer.split("|"))) for answer in answers])


def _with_gaps(answers: np.ndarray, shown: np.ndarray, skips: np.ndarray, *, unsure: bool) -> DrawnColumn:
    """``answers`` (n,) with blanks; ``unsure`` tells whether code 99 means "cannot judge"."""
    blank = np.array([answer is None for answer in answers], dtype=bool) | skips | ~shown
    judged_not = np.array([unsure and answer == CANNOT_JUDGE_CODE for answer in answers], dtype=bool)
    missing = np.select([~shown, blank, judged_not], ["not_shown", "no_answer", "cannot_judge"], "").astype(object)
    kept = answers.copy()
    kept[blank] = None
    return DrawnColumn(kept, missing)


def _nothing(shown: np.ndarray) -> DrawnColumn:
    answers = np.full(len(shown), None, dtype=object)
    return DrawnColumn(answers, np.where(shown, "no_answer", "not_shown").astype(object))
