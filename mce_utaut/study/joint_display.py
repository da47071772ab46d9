"""Section ``joint_display``: construct by role, numbers beside themes, and the inference that a person wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from mce_utaut.responses.pseudonyms import pseudonym
from mce_utaut.study.coded import CodedAnswers
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.disclosure import shown
from mce_utaut.study.headline import role_title
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.structure import PRIMARY
from mce_utaut.triangulation.agreement import Agreement, cohen_kappa, judge, krippendorff_alpha
from mce_utaut.triangulation.codes import AGREED, OUTSIDE, SIGNS, SOURCES, Code
from mce_utaut.triangulation.themes import RoleThemes, decisions, pairs, presence, themes_of

_REPLICATES = 2000
Row = dict[str, Any]


def joint_display(
    works: Sequence[RoleWork],
    coded: CodedAnswers | None,
    secret: bytes,
    config: StudyConfig,
    outcome: str,
    say: Sentences,
) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); nothing without coded answers. Codes on respondents whom the study
    left out are not counted."""
    if coded is None or not coded.codes:
        return {}
    by_role = {work.result.role: work for work in works}
    kept = {role: _respondents(work, secret) for role, work in by_role.items()}
    codes = [code for code in coded.codes if code.source != SOURCES[0] or code.respondent in kept.get(code.role, ())]
    roles = {}
    for role in dict.fromkeys((*by_role, *(code.role for code in codes))):
        found = themes_of(codes, role)
        if found.persons:
            roles[role] = _role(role, by_role.get(role), found, codes, coded, config, outcome, say)
    return {
        "note": say("joint.note", most=config.disclosure_limit - 1),
        "left_out": len(coded.codes) - len(codes),
        "coders": len({code.coder for code in codes} - {AGREED}),
        "roles": roles,
        "agreement": _agreement(codes, config, say),
    }


def _respondents(work: RoleWork, secret: bytes) -> set[str]:
    """The pseudonyms of those whom the study analyses."""
    return {pseudonym(work.result.role, str(key), secret) for key in work.screened.included.data.index}


def _role(
    role: str,
    work: RoleWork | None,
    found: RoleThemes,
    codes: Sequence[Code],
    coded: CodedAnswers,
    config: StudyConfig,
    outcome: str,
    say: Sentences,
) -> Row:
    limit = config.disclosure_limit
    # A role too small to show anything of shows no themes either.
    small = len(found.persons) < limit or (work is not None and work.result.n < limit)
    return {
        "title": role_title(role, say),
        "persons": None if small else len(found.persons),
        "units": None if small else found.units,
        "disputed": None if small else found.disputed,
        "refusal": say("joint.small", limit=limit) if small else "",
        "rows": [] if small else list(_rows(work, found, coded.inferences.get(role, {}), limit, outcome)),
        "themes": [] if small else list(_themes(found, limit)),
        "quotes": [] if small else _quotes(role, codes),
    }


def _rows(
    work: RoleWork | None, found: RoleThemes, inferences: Mapping[str, Any], limit: int, outcome: str
) -> Iterator[Row]:
    """Per construct that somebody spoke of, or that a number or an inference stands for."""
    spoken = {construct for construct, _ in found.signs}
    scales = {} if work is None else {scale.construct: scale for scale in work.result.scales}
    paths = {}
    if work is not None:
        own = [path for path in work.result.paths if path.analysis == PRIMARY and path.model == work.model.name]
        paths = {path.predictor: path for path in own if path.outcome == outcome}
    named = [name for name in scales if name in spoken or name in paths or name in inferences or name == outcome]
    rest = sorted((spoken | set(inferences)) - set(named) - {OUTSIDE})
    for construct in (*named, *rest, *([OUTSIDE] if OUTSIDE in spoken else [])):
        scale, path, inference = scales.get(construct), paths.get(construct), inferences.get(construct)
        yield {
            "construct": construct,
            "n": None if scale is None else scale.n_scored,
            "mean": None if scale is None else scale.pomp.estimate,
            "mean_lower": None if scale is None else scale.pomp.lower,
            "mean_upper": None if scale is None else scale.pomp.upper,
            "path": None if path is None else path.standardised.estimate,
            "path_lower": None if path is None else path.standardised.lower,
            "path_upper": None if path is None else path.standardised.upper,
            "path_method": None if path is None else path.method,
            **{word: _count(len(found.signs.get((construct, sign), ())), limit) for sign, word in SIGNS.items()},
            "judgement": None if inference is None else inference.judgement,
            "inference": None if inference is None else inference.text,
            "inference_language": "" if inference is None else inference.language,
        }


def _count(n: int, limit: int) -> int | None:
    """Persons may have several signs, so no total gives a hidden one away: it stands alone."""
    return None if 0 < n < limit else n


def _themes(found: RoleThemes, limit: int) -> Iterator[Row]:
    """Themes of one construct and sign, hidden with their complement: who said none of the others is the rest of
    those with that sign. All are hidden where those are too few."""
    for (construct, sign), persons in found.signs.items():
        own = [theme for theme in found.themes if (theme.construct, theme.sign) == (construct, sign)]
        alone = [len(theme.persons) for theme in own]
        cells = [None] * len(own) if len(persons) < limit else shown(alone, limit)
        for theme, cell in zip(own, cells, strict=True):
            yield {"construct": construct, "sign": SIGNS[sign], "theme": theme.theme, "persons": cell}


def _quotes(role: str, codes: Sequence[Code]) -> list[Row]:
    """What was cleared for printing, without a word on who said it, in an order that tells nothing either."""
    rows = {
        (code.construct, code.sign, code.theme, code.quote): {
            "construct": code.construct,
            "sign": SIGNS.get(code.sign, ""),
            "theme": code.theme,
            "source": code.source.replace(" ", "_"),
            "quote": code.quote,
            "language": code.language,
            "translation": code.translation,
        }
        for code in codes
        if code.role == role and code.cleared and code.construct
    }
    return [rows[key] for key in sorted(rows)]


def _agreement(codes: Sequence[Code], config: StudyConfig, say: Sentences) -> Row:
    """How far coders agree on the units that two of them coded: on whole units, and on each code."""
    coders, units = decisions(codes)
    if not units:
        return {"units": 0, "sentence": say("joint.one_coder"), "coefficients": [], "codes": []}
    level = config.confidence

    def alpha(rows: Sequence[Sequence[Any]]) -> Agreement:
        return krippendorff_alpha(rows, np.random.default_rng(config.seed), level=level, replicates=_REPLICATES)

    overall = alpha(units)
    coefficients = [{"coefficient": "alpha", "coders": len(coders), **_row(overall)}]
    coefficients += [
        {"coefficient": "kappa", "coders": 2, **_row(cohen_kappa(one, other, level))}
        for _, _, one, other in pairs(coders, units)
    ]
    every = sorted({code for row in units for each in row if each for code in each.split(" ")} - {"–"})
    by_code = [{"code": code, **_row(alpha(presence(units, code)))} for code in every]
    total = len({code.unit for code in codes})
    verdict = say(f"joint.verdict.{judge(overall.estimate)}", alpha=_written(overall.estimate, say))
    sentence = say("joint.double", n=len(units), total=total, share=say.numbers.percent(len(units) / total))
    return {"units": len(units), "sentence": f"{sentence} {verdict}", "coefficients": coefficients, "codes": by_code}


def _row(found: Agreement) -> Row:
    row = {key: value if key == "n" else defined(value) for key, value in asdict(found).items()}
    return row | {"judgement": judge(found.estimate)}


def _written(value: float, say: Sentences) -> str:
    return "" if defined(value) is None else say.numbers.bounded(value)
