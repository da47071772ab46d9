"""What a study file names that only questionnaires and answers know: constructs, universities, those asked."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from mce_utaut.errors import Problem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.study.config import SMALL_PREDICTORS, StudyConfig


def unknown_constructs(config: StudyConfig, instruments: Mapping[str, Instrument]) -> Iterator[Problem]:
    """One problem per construct that the study file names and no questionnaire asks. The default predictors of small
    roles may be missing from a questionnaire of somebody's own."""
    asked = list(dict.fromkeys(name for each in instruments.values() for name in each.constructs))
    named = [("marker", config.marker)] if config.marker else []
    if config.small_sample_predictors != SMALL_PREDICTORS:
        named += [("small_sample_predictors", name) for name in config.small_sample_predictors]
    for key, name in named:
        if instruments and name not in asked:
            what = f"no questionnaire asks the construct {name!r}."
            yield Problem(what, f"Name one of the questionnaire: {', '.join(asked)}.", where=key)


def wrong_invitations(
    config: StudyConfig, instruments: Mapping[str, Instrument], responses: Mapping[str, Responses]
) -> Iterator[Problem]:
    """One problem per university under `invited` that the questionnaire does not list, and per role that answered more
    often than it was invited: no share of those invited can be told then."""
    for role, invited in config.invited.items():
        if isinstance(invited, Mapping):
            yield from _unlisted(role, invited, instruments[role])
        total = sum(invited.values()) if isinstance(invited, Mapping) else invited
        answered = responses[role].n
        if answered > total:
            what = f"{total} invited, but {answered} answered."
            yield Problem(what, "Write how many were asked, or delete the role here.", where=f"invited.{role}")


def _unlisted(role: str, invited: Mapping[str, int], instrument: Instrument) -> Iterator[Problem]:
    question = next((each for each in instrument.questions() if each.purpose == "hei"), None)
    listed = [each.name for each in instrument.scales[question.scale].options] if question and question.scale else []
    for name in invited:
        if listed and name not in listed:
            near = difflib.get_close_matches(name.casefold(), listed, n=1)
            remedy = f"Did you mean {near[0]!r}?" if near else f"Write one of {', '.join(listed)}."
            what = f"the questionnaire {instrument.id} lists no university {name!r}."
            yield Problem(what, remedy, where=f"invited.{role}")
