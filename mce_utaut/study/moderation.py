"""Section ``moderation``: whether paths to the intention differ between groups, or along a number, and the verdicts on
the hypotheses that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mce_utaut.sem.path_comparison import holm
from mce_utaut.study.config import Moderator, StudyConfig
from mce_utaut.study.fitting import options_for
from mce_utaut.study.inputs import NamedModel, moderator_claims
from mce_utaut.study.method_choice import LEAST_FOR_SEM
from mce_utaut.study.moderator_groups import compare_groups
from mce_utaut.study.moderator_slopes import slopes_along
from mce_utaut.study.moderator_verdicts import moderator_verdicts
from mce_utaut.study.moderators import LANGUAGE, moderator_title, resolve
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences


def moderation(
    works: Sequence[RoleWork], models: Sequence[NamedModel], config: StudyConfig, outcome: str, say: Sentences
) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where the study names no moderator and no hypothesis is about
    one."""
    roles: dict[str, Any] = {}
    for work in works:
        found = [_moderator(each, work, config, outcome, say) for each in config.moderators if _concerns(each, work)]
        _adjust(found)
        claims = moderator_claims(models, work.result.role)
        named = {claim.moderator: _inside(claim.moderator, work, say) for claim in claims}
        verdicts = moderator_verdicts(claims, found, config, named | dict(work.labels), say)
        if found or verdicts:
            roles[work.result.role] = {"moderators": found, "verdicts": verdicts}
    if not roles:
        return {}
    return {"note": say("moderation.note"), "outcome": outcome, "sesoi": config.sesoi, "roles": roles}


def _inside(name: str, work: RoleWork, say: Sentences) -> str:
    """A moderator's title as it stands inside a sentence."""
    title = moderator_title(name, [work.instrument], say)
    return title if say.language == "de" else title[:1].lower() + title[1:]  # German nouns keep their capital


def _concerns(moderator: Moderator, work: RoleWork) -> bool:
    return not moderator.roles or work.result.role in moderator.roles


def _moderator(
    moderator: Moderator, work: RoleWork, config: StudyConfig, outcome: str, say: Sentences
) -> dict[str, Any]:
    model, data = work.model.text, work.data
    form: dict[str, Any] = {"moderator": moderator.name, "title": moderator.name, "kind": "", "refusal": ""}
    form |= {"groups": [], "steps": [], "freed": [], "differences": [], "interactions": []}
    form |= {"level": "", "omnibus": None, "wald": None}
    responses = work.screened.included
    found = resolve(moderator, work.instrument, responses, work.scores, model, say)
    if found is None:
        return {**form, "refusal": say("moderation.not_asked")}
    short = f"composition.{moderator.name}"
    if found.kind == "groups" and moderator.name == LANGUAGE:
        named = {key: say(f"language.{key}") if say.has(f"language.{key}") else key for key in found.labels or {}}
        found = replace(found, labels=named)
    form |= {"title": say(short) if say.has(short) else found.title, "kind": found.kind}
    if work.result.method.kind != "sem":
        return {**form, "refusal": say("moderation.role_small", cases=work.result.method.cases, least=LEAST_FOR_SEM)}
    asked = [path.predictor for path in model.paths if path.outcome == outcome and path.predictor in model.factors]
    predictors = [name for name in asked if not moderator.predictors or name in moderator.predictors]
    options = options_for(config)
    if found.kind == "groups":
        limit = config.disclosure_limit
        return form | compare_groups(found, model, data, options, predictors, outcome, limit, say)
    form["interactions"] = slopes_along(
        moderator.name, found, model, data, options, predictors, outcome, say
    )
    return form


def _adjust(found: Sequence[Mapping[str, Any]]) -> None:
    """p values adjusted by Holm over every test of the role: all its moderators are one family (rule E8)."""
    tests = [row for each in found for row in (*each["differences"], *each["interactions"])]
    known = [float("nan") if row["p"] is None else row["p"] for row in tests]
    for row, adjusted in zip(tests, holm(known), strict=True):
        row["p_holm"] = adjusted if adjusted == adjusted else None
