"""Section ``remedies``: what the questionnaire itself does against common-method variance.

These are the procedural remedies of Podsakoff et al. (2003, doi:10.1037/0021-9010.88.5.879) that can be read from a
questionnaire: measures apart from each other, order, and whether respondents stay unnamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.instrument.model import Instrument
from mce_utaut.study.model_text import ModelText
from mce_utaut.study.sentences import Sentences


def remedies(
    instruments: Mapping[str, Instrument], model: ModelText, outcome: str, say: Sentences
) -> dict[str, Any]:
    """The section (keys in docs/study-result.md), for every role that is asked items of the model."""
    found = {role: _role(each, model, outcome, say) for role, each in instruments.items()}
    roles = {role: each for role, each in found.items() if each is not None}
    return {"note": say("remedies.note"), "roles": roles} if roles else {}


def _role(instrument: Instrument, model: ModelText, outcome: str, say: Sentences) -> dict[str, Any] | None:
    pages: dict[str, set[str]] = {"outcome": set(), "predictors": set()}
    shuffled = []
    for factor, items in model.factors.items():
        for page in instrument.pages:
            for question in page.questions:
                if any(item.code in items for item in question.items):
                    pages["outcome" if factor == outcome else "predictors"].add(page.id)
                    shuffled.append(question.random_items)
    if not shuffled:
        return None
    n = len(pages["outcome"] | pages["predictors"])
    apart, random = not pages["outcome"] & pages["predictors"], all(shuffled)
    unnamed = not any(each.personal and each.purpose != "link_code" for each in instrument.questions())
    code = any(each.purpose == "link_code" for each in instrument.questions())
    who = ("unnamed_code" if code else "unnamed") if unnamed else "named"
    told = [
        say("remedies.pages", n=n),
        say("remedies.apart" if apart else "remedies.together"),
        say("remedies.random" if random else "remedies.fixed"),
        say(f"remedies.{who}"),
    ]
    return {"pages": n, "apart": apart, "random": random, "unnamed": unnamed, "sentence": " ".join(told)}
