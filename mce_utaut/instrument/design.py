"""Checks of a questionnaire's design: constructs, length and order of what is asked."""

from __future__ import annotations

from collections import defaultdict

from mce_utaut.instrument.findings import Findings
from mce_utaut.instrument.shape import ItemShape, QuestionShape, StructureShape
from mce_utaut.instrument.structure import items, questions

MOST_AGREEMENT_ITEMS = 40
MOST_CLOSED_ITEMS = 55
MOST_REVERSED = 1
LATENT_TARGET = (4, 6)


def check_design(structure: StructureShape, found: Findings) -> None:
    """Adds what would make the study hard to answer or to analyse: mostly warnings (instrument design
    rules I1, I3 and I5); a latent construct of one item is a problem."""
    _check_measures(structure, found)
    if structure.kind == "survey":
        _check_length(structure, found)
        _check_order(structure, found)
    _check_consent(structure, found)
    _check_unused_scales(structure, found)


def _check_measures(structure: StructureShape, found: Findings) -> None:
    measures: dict[str, list[tuple[QuestionShape, ItemShape | None]]] = defaultdict(list)
    for _, question in questions(structure):
        if question.measures is not None:
            measures[question.measures].append((question, None))
    for question, item in items(structure):
        if item.measures is not None and item.kind != "attention":
            measures[item.measures].append((question, item))
    for name, construct in structure.constructs.items():
        where, at, rows = f"construct {name}", construct.at(), measures[name]
        if construct.kind == "latent":
            _check_latent(len(rows), where, at, found)
            scales = {question.scale for question, _ in rows if question.scale}
            if len(scales) > 1:
                text = f"The items of {name} use different scales: {', '.join(sorted(scales))}."
                found.warn("mixed_scales", at, where, text)
            nominal = [scale for scale in sorted(scales & set(structure.scales)) if _is_nominal(structure, scale)]
            if nominal:
                what = f"a latent construct cannot be measured on the nominal scale {nominal[0]}."
                found.problem(at, where, what, "Use an ordinal scale, or another kind of construct.")
        elif not rows:
            found.warn("unmeasured_construct", at, where, f"No item or question measures {name}.")
    reversed_items = [item for _, item in items(structure) if item.reverse]
    if len(reversed_items) > MOST_REVERSED:
        codes = ", ".join(item.code for item in reversed_items)
        text = f"{len(reversed_items)} items are reversed ({codes}); more than one makes a method factor likely."
        found.warn("reversed_items", reversed_items[1].at("reverse"), "", text)


def _is_nominal(structure: StructureShape, scale: str) -> bool:
    return structure.scales[scale].kind == "nominal"


def _check_latent(count: int, where: str, at: object, found: Findings) -> None:
    if count < 2:
        what = f"a latent construct needs at least two items and has {count or 'none'}."
        found.problem(at, where, what, "Add items, or make its kind `observed`.")
    elif count < LATENT_TARGET[0]:
        said = "identified only through other factors" if count == 2 else "just identified"
        text = f"The construct has {count} items and is {said}; four or five are the target."
        found.warn("few_items", at, where, text)
    elif count > LATENT_TARGET[1]:
        found.warn("many_items", at, where, f"The construct has {count} items; four or five are the target.")


def _check_length(structure: StructureShape, found: Findings) -> None:
    agreement = [
        item
        for question, item in items(structure)
        if item.kind != "attention"
        and question.scale in structure.scales
        and not _is_nominal(structure, question.scale)
    ]
    if len(agreement) > MOST_AGREEMENT_ITEMS:
        text = f"There are {len(agreement)} agreement items; more than {MOST_AGREEMENT_ITEMS} tire respondents."
        found.warn("many_agreement_items", None, "", text)
    closed = sum(1 for _ in items(structure)) + sum(
        question.type in ("choice", "multi") and not question.from_link and question.purpose != "consent"
        for _, question in questions(structure)
    )
    if closed > MOST_CLOSED_ITEMS:
        text = f"There are {closed} closed questions and items; more than {MOST_CLOSED_ITEMS} tire respondents."
        found.warn("many_closed_items", None, "", text)


def _check_order(structure: StructureShape, found: Findings) -> None:
    """Demographics stand after the constructs."""
    ordered = [question for _, question in questions(structure)]
    last = max(
        (
            index
            for index, question in enumerate(ordered)
            if question.measures or any(i.measures for i in question.items)
        ),
        default=-1,
    )
    for question in ordered[: max(last, 0)]:
        if question.purpose == "demographic" and not question.from_link:
            text = "A demographic question stands before the items of a construct; ask demographics last."
            found.warn("early_demographic", question.at(), f"question {question.code}", text)


def _check_consent(structure: StructureShape, found: Findings) -> None:
    asking = [(page, question) for page, question in questions(structure) if question.purpose == "consent"]
    if structure.consent is None:
        for _, question in asking:
            text = "Consent is asked, but nothing depends on it: add `consent: {question: ..., among: [...]}`."
            found.warn("consent_without_effect", question.at(), f"question {question.code}", text)
        return
    where, code = "consent", structure.consent.question
    for page, question in questions(structure):
        if question.code == code:
            if question.condition is not None or page.condition is not None:
                what = f"question {code} is shown to some people only."
                found.problem(structure.consent.at("question"), where, what, "Ask everybody for consent.")
            return
        if question.type != "info" and not question.from_link:
            text = f"It is asked before consent is given ({code})."
            found.warn("asked_before_consent", question.at(), f"question {question.code}", text)


def _check_unused_scales(structure: StructureShape, found: Findings) -> None:
    used = {question.scale for _, question in questions(structure)}
    for name, scale in structure.scales.items():
        if name not in used:
            found.warn("unused_scale", scale.at(), f"scale {name}", "No question uses this scale.", "info")
