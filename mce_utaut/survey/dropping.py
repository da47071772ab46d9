"""Respondents that a person leaves out by name: a form sent twice, a test, consent withdrawn later."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.responses.model import Responses
from mce_utaut.responses.screening import leave_out
from mce_utaut.survey.contract import ReadOptions


def without_named(parts: Sequence[Responses], options: Sequence[ReadOptions]) -> list[Responses]:
    """Each of ``parts`` without the respondents that its options name under ``drop``, logged as "dropped" with the
    reason given.

    Raises ``ImportProblem`` with every key that is nobody's: of its part, or of all parts where options are shared."""
    kept, problems = [], []
    everybody = [str(key) for part in parts for key in part.data.index]
    for part, own in zip(parts, options, strict=True):
        reasons = dict(own.drop)
        known = everybody if own.shared else [str(key) for key in part.data.index]
        problems += [_nobody(key, known, part, own) for key in reasons if key not in known]
        named = part.data.index[part.data.index.isin(list(reasons))]
        kept.append(leave_out(part, named, "dropped", reasons.__getitem__))
    if problems:
        raise ImportProblem(list(dict.fromkeys(problems)))
    return kept


def _nobody(key: str, known: Sequence[str], part: Responses, options: ReadOptions) -> Problem:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return Problem(
        f"no respondent who is kept has the key “{key}”, so nobody can be dropped by it.",
        f"{hint}Keys stand in the column respondent of the CSV that import writes.",
        None if options.shared else part.sources[0].name,
    )
