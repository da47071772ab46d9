"""A population and its questionnaires -> the files of a simulated study, with the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from mce_utaut.instrument.model import Instrument
from mce_utaut.simulate.draw import DrawnRole, draw_role
from mce_utaut.simulate.layouts import LAYOUTS
from mce_utaut.simulate.population import Population
from mce_utaut.simulate.reading import check_instruments
from mce_utaut.simulate.streams import role_generator

TRUTH_FILE = "truth.json"
_DIGITS = 10


def simulate_study(
    population: Population, instruments: Mapping[str, Instrument], name: str = "population.yaml"
) -> dict[str, bytes]:
    """The response file of every role, and ``truth.json``, by file name.

    ``instruments`` holds the questionnaires by their id. The same population, questionnaires and numpy
    give the same bytes; a role's file does not depend on the other roles. Raises ``StudyError`` where the
    population (in the file ``name``) and a questionnaire contradict each other.
    """
    check_instruments(population, instruments, name)
    drawn = {
        role: draw_role(role, population, instruments[truth.instrument], role_generator(population.seed, role))
        for role, truth in population.roles.items()
    }
    files = {truth.file: LAYOUTS[truth.layout](drawn[role]) for role, truth in population.roles.items()}
    text = json.dumps(truth_of(population, drawn), ensure_ascii=False, indent=1, sort_keys=True)
    return files | {TRUTH_FILE: (text + "\n").encode("utf-8")}


def truth_of(population: Population, drawn: Mapping[str, DrawnRole]) -> dict[str, Any]:
    """What is true of the population and of those ``drawn`` (by role), as plain JSON values.

    Per role: standardised ``paths`` and ``r2``, ``factor_correlations`` as the paths imply them,
    ``loadings``, ``centres`` and ``cuts`` of the latent answers, and how many people did what. Paths and
    loadings are those of the latent answers: a model that takes seven options as numbers aims at slightly
    smaller loadings.
    """
    return {
        "population": population.id,
        "title": population.title,
        "seed": population.seed,
        "generator": "PCG64, one stream for each role and field",
        "metric": "latent responses; factors and latent responses have variance 1",
        "roles": {role: _truth_of_role(population, role, answers) for role, answers in drawn.items()},
    }


def _truth_of_role(population: Population, role: str, drawn: DrawnRole) -> dict[str, Any]:
    truth, factors, items = population.roles[role], drawn.factors, drawn.items
    people = drawn.people
    loadings = {
        code: {factors.names[at]: _number(items.loadings[row, at]) for at in np.flatnonzero(items.loadings[row])}
        for row, code in enumerate(items.items)
    }
    absent = sorted({*truth.items, *truth.questions} - _codes(drawn.instrument))
    return {
        "instrument": truth.instrument,
        "file": truth.file,
        "layout": truth.layout,
        "counts": {
            "rows": drawn.n,
            "only_opened": int(np.sum(people.pages == 0)),
            "refused": int(np.sum(~people.consent)),
            "not_submitted": int(np.sum(people.consent & ~people.submitted & (people.pages > 0))),
            "straight": int(np.sum(people.manner == "straight")),
            "random": int(np.sum(people.manner == "random")),
        },
        "icc": truth.icc,
        "paths": {outcome: dict(causes) for outcome, causes in truth.paths.items()},
        "r2": {outcome: _number(factors.r2(outcome)) for outcome in truth.paths},
        "factor_means": dict(truth.means),
        "factor_correlations": {
            f"{factors.names[i]} {factors.names[j]}": _number(factors.correlation[i, j])
            for i in range(len(factors.names))
            for j in range(i + 1, len(factors.names))
        },
        "loadings": loadings,
        "centres": {code: _number(centre) for code, centre in zip(items.items, items.centres)},
        "cuts": {code: [_number(cut) for cut in cuts] for code, cuts in zip(items.items, items.cuts)},
        "not_in_questionnaire": absent,
    }


def _codes(instrument: Instrument) -> set[str]:
    return {question.code for question in instrument.questions()} | {item.code for _, item in instrument.items()}


def _number(value: float) -> float:
    return round(float(value), _DIGITS)
