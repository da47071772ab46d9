"""A reviewer's questions, each answered from the result or said not to be answered, with links to the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from mce_utaut.report.fits import EQUIVALENT
from mce_utaut.report.page import Page, by_sentence, short
from mce_utaut.report.sections.cutoffs import cutoff_sentences
from mce_utaut.report.sections.fit_table import fit_sentences
from mce_utaut.report.sections.regression import allowing_for_universities
from mce_utaut.report.sections.sensitivity import complete_answers
from mce_utaut.study.method_choice import LEAST_CLUSTERS, LEAST_FOR_REGRESSION

Status = Literal["done", "partly", "missing", "not_applicable"]
FACILITATING = "FC"
LANGUAGE = "language"  # the moderator whose groups are the language versions


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question stands, what is said, an anchor that every report has, and patterns of the tables and figures
    that hold the numbers."""

    status: Status
    said: tuple[str | Markup, ...]
    anchor: str
    shown: tuple[str, ...] = ()


def build(page: Page) -> Mapping[str, Any]:
    """The questions in the order in which reviewers ask them."""
    found = []
    for name, answer_of in QUESTIONS:
        answer = answer_of(page)
        if answer is None:
            continue
        found.append({
            "name": name, "question": page.words(f"reviewer.questions.{name}"),
            "status": page.words(f"reviewer.status.{answer.status}"), "said": answer.said,
            "where": page.places(answer.anchor, *answer.shown),
        })  # fmt: skip
    return {"questions": found}


def _say(page: Page, key: str, **values: object) -> Markup:
    return page.words(f"reviewer.answers.{key}", **values)


def _of_roles(page: Page, said: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Sentences of the roles, each said once."""
    return tuple(f"{titles}: {text}" for titles, text in by_sentence((short(t, 60), short(s, 600)) for t, s in said))


def _section(page: Page, name: str) -> list[tuple[str, Mapping[str, Any]]]:
    """(role's title, what a section holds of it)."""
    found = page.result.sections.get(name, {}).get("roles", {})
    return [(role.title, found[role.role]) for role in page.result.roles if role.role in found]


def _sample_size(page: Page) -> Answer:
    reasons = _of_roles(page, ((role.title, role.method.reason) for role in page.result.roles))
    simulated = _section(page, "planning")
    power = _of_roles(page, ((title, each["sentence"]) for title, each in simulated)) or (_say(page, "no_power"),)
    status: Status = "done" if len(simulated) == len(page.result.roles) else "partly"
    return Answer(status, (*power, *reasons), "sureness-method", ("table-method_by_role", "figure-forest"))


def _wording(page: Page) -> Answer:
    found = _section(page, "wording_status")
    if not found:
        return Answer("missing", (_say(page, "wording_unknown"),), "methods-provenance")
    told = _of_roles(page, ((title, each["sentence"]) for title, of in found for each in of["languages"]))
    statuses = {each["status"] for _, of in found for each in of["languages"]}
    if statuses & {"draft", "absent"}:
        return Answer("missing", (*told, _say(page, "wording_draft")), "methods-provenance", ("table-wording_status",))
    if "source" in statuses:
        return Answer("partly", (*told, _say(page, "wording_source")), "methods-provenance", ("table-wording_status",))
    return Answer("done", told, "methods-provenance", ("table-wording_status",))


def _non_response(page: Page) -> Answer:
    found = _section(page, "response")
    rates = [(t, page.numbers.percent(each["rr2"])) for t, each in found if each.get("rr2") is not None]
    late = _of_roles(page, ((t, each.get("early_late_sentence") or "") for t, each in found if each.get("early_late")))
    if not rates and not late:
        return Answer("missing", (_say(page, "non_response"),), "sample", ("figure-flow",))
    said = [_say(page, "rates", rates="; ".join(f"{short(t, 60)} {rate}" for t, rate in rates))] if rates else []
    missing = [_say(page, name) for name, there in (("no_rate", rates), ("no_early_late", late)) if not there]
    shown = ("table-response", "table-early_late")
    return Answer("partly" if missing else "done", (*said, *late, *missing), "sample", shown)


def _missing(page: Page) -> Answer:
    found = _section(page, "screening")
    if not found:
        return Answer("missing", (_say(page, "no_screening"),), "sample")
    said = _of_roles(page, ((title, (each.get("little") or {}).get("sentence") or "") for title, each in found))
    shown = ("figure-missingness-*", "table-missing_answers")
    beside = complete_answers(page) or [_say(page, "missing_beside")]
    return Answer("done", (*said, _say(page, "missing"), *beside), "sample", shown)


def _careless(page: Page) -> Answer:
    if not _section(page, "screening"):
        return Answer("missing", (_say(page, "no_screening"),), "sample")
    return Answer("done", (_say(page, "careless"),), "sample", ("table-screening", "figure-sensitivity-*"))


def _common_method(page: Page) -> Answer:
    found = _section(page, "common_method")
    before = _of_roles(page, ((t, each["sentence"]) for t, each in _section(page, "remedies")))
    if not found:
        none = _say(page, "no_common_method", least=LEAST_FOR_REGRESSION)
        return Answer("partly" if before else "missing", (*before, none), "measurement")
    said = _of_roles(page, ((title, each.get("sentence") or "") for title, each in found))
    factor = _of_roles(page, ((t, (each.get("method_factor") or {}).get("sentence") or "") for t, each in found))
    shown = ("table-common_method*", "table-method_checks*", "table-marker_*")
    return Answer("done", (*before, *said, *factor, _say(page, "common_method")), "measurement", shown)


def _distinct(page: Page) -> Answer:
    judged = [role for role in page.result.roles if role.discriminant is not None]
    if not judged:
        return Answer("not_applicable", (_say(page, "no_model"),), "measurement")
    said = [
        (role.title, " ".join(role.discriminant.findings) or page.words.text("measurement.no_overlap"))
        for role in judged if role.discriminant is not None
    ]  # fmt: skip
    return Answer("done", _of_roles(page, said), "measurement", ("figure-discriminant-*",))


def _invariance(page: Page) -> Answer:
    if len(page.result.roles) < 2:
        return Answer("not_applicable", (_say(page, "one_role"),), "comparison")
    section = page.result.sections.get("comparison")
    if not section:
        return Answer("missing", (_say(page, "no_invariance"),), "comparison")
    ladder = section.get("ladder", section)
    gates = [(section.get(name) or {}).get("refusal") or "" for name in ("paths", "latent_means")]
    said = [ladder.get("refusal") or ladder.get("sentence") or "", *gates]
    kept = tuple(short(text, 600) for text in dict.fromkeys(said) if text)
    return Answer("done", kept, "comparison", ("figure-invariance", "table-invariance"))


def _languages(page: Page) -> Answer:
    tables = [t for role in page.result.roles for t in role.composition if t.variable == "language"]
    names = {count.label for table in tables for count in table.rows if count.n != 0}
    if len(names) < 2:
        return Answer("not_applicable", (_say(page, "one_language"),), "sample")
    given = _say(page, "languages", k=len(names))
    said = _of_roles(page, _language_versions(page))
    if not said:
        return Answer("missing", (given, _say(page, "languages_untested")), "sample", ("table-composition",))
    shown = ("table-composition", "table-moderation_*")
    return Answer("partly", (given, *said, _say(page, "languages_means")), "drivers-moderators", shown)


def _language_versions(page: Page) -> Iterator[tuple[str, str]]:
    """(role's title, how far loadings are equal over language versions, or why that could not be tested)."""
    for title, section in _section(page, "moderation"):
        for each in section["moderators"]:
            if each["moderator"] == LANGUAGE and each["steps"] and not each["refusal"]:
                verdict = page.words.text(f"invariance.verdicts.{each['steps'][-1]['verdict'].replace(' ', '_')}")
                yield title, page.words.text("reviewer.answers.languages_equal", verdict=verdict)
            elif each["moderator"] == LANGUAGE:
                yield title, each["refusal"]


def _small_groups(page: Page) -> Answer:
    small = [role for role in page.result.roles if role.method.kind != "sem"]
    if not small:
        return Answer("not_applicable", (_say(page, "no_small"),), "sureness-method")
    said = _of_roles(page, ((role.title, role.method.reason) for role in small))
    return Answer("done", (*said, _say(page, "small")), "sureness-method", ("table-method_by_role", "table-small_*"))


def _placement(page: Page) -> Answer | None:
    """The question is one of UTAUT's versions: nobody asks it where there are no facilitating conditions."""
    if all(page.construct(role, FACILITATING) is None for role in page.result.roles):
        return None
    compared = any(each.get("differences") for _, each in _section(page, "model_comparison"))
    shown = ("table-models", "table-model_differences")
    key, status = ("placement", "done") if compared else ("no_placement", "missing")
    return Answer(status, (_say(page, key),), "drivers-fit", shown)  # type: ignore[arg-type]


def _fit(page: Page) -> Answer:
    said = (*fit_sentences(page), *cutoff_sentences(page))
    if not said:
        return Answer("not_applicable", (_say(page, "no_model"),), "drivers-fit")
    return Answer("done", said, "drivers-fit", ("table-fit", "table-cutoffs", "table-local_fit"))


def _equivalent(page: Page) -> Answer:
    roles = page.result.roles
    noted = [(r.title, n.text) for r in roles for m in r.models for n in m.notes if n.code == EQUIVALENT]
    said = _of_roles(page, dict.fromkeys(noted))
    return Answer("done", (page.words("limits.equivalent"), *said), "sureness-limits", ("table-fit",))


def _time(page: Page) -> Answer:
    joined = _section(page, "waves")
    if joined:
        said = _of_roles(page, ((title, each.get("sentence") or "") for title, each in joined))
        return Answer("partly", said, "drivers-hypotheses", ("table-waves*",))
    return Answer("missing", (page.words("limits.cross_section"), page.words("limits.causal")), "sureness-limits")


def _clusters(page: Page) -> Answer:
    told = [(title, each["clusters"]) for title, each in _section(page, "regression") if each.get("clusters")]
    if not told:
        return Answer("missing", (_say(page, "no_clusters"),), "drivers-regression")
    said = _of_roles(page, ((title, _likeness(page, each)) for title, each in told))
    beside = _of_roles(page, ((title, text) for title, each in _section(page, "regression")
                              for text in _beside(page, each["analyses"])))  # fmt: skip
    whole = all(each["universities"] >= LEAST_CLUSTERS for _, each in told) and _clusters_allowed_for(page)
    shown = ("table-regression_*", "table-universities")
    return Answer("done" if whole else "partly", (*said, *beside), "drivers-regression", shown)


def _likeness(page: Page, found: Mapping[str, Any]) -> str:
    universities = page.numbers.integer(found["universities"])
    if found["universities"] < LEAST_CLUSTERS:
        return page.words.text("reviewer.answers.clusters_few", universities=universities, least=LEAST_CLUSTERS)
    return page.words.text(
        "reviewer.answers.clusters", universities=universities,
        icc=page.numbers.bounded(found["icc"]), effect=page.numbers.number(found["design_effect"]),
    )  # fmt: skip


def _beside(page: Page, analyses: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The analyses of a role that allow for universities: those that were run, and why others were not."""
    ways = allowing_for_universities(analyses)
    run = [short(each["title"], 120) for each in ways if not each["refusal"]]
    if run:
        yield page.words.text("reviewer.answers.clusters_beside", analyses="; ".join(run))
    elif ways:
        yield page.words.text("reviewer.answers.clusters_none")
    reasons: dict[str, list[str]] = {}
    for each in ways:
        if each["refusal"]:
            reasons.setdefault(short(each["refusal"], 400), []).append(short(each["title"], 120))
    for reason, titles in reasons.items():
        yield page.words.text("reviewer.answers.clusters_not_run", analyses="; ".join(titles), reason=reason)


def _clusters_allowed_for(page: Page) -> bool:
    """Whether no regression beside the plain one was refused."""
    regressed = [allowing_for_universities(each["analyses"]) for _, each in _section(page, "regression")]
    return not any(each["refusal"] for analyses in regressed for each in analyses)


def _many_tests(page: Page) -> Answer:
    said = [page.words("choices.tests.text")]
    if _section(page, "moderation"):
        said.append(_say(page, "many_moderators"))
    return Answer("done", tuple(said), "drivers-hypotheses", ("table-hypotheses", "table-moderation_*"))


def _sensitivity(page: Page) -> Answer:
    links = page.links("figure-sensitivity-*")
    if not links:
        return Answer("missing", (_say(page, "no_sensitivity"),), "sureness-sensitivity")
    return Answer("done", (_say(page, "sensitivity"),), "sureness-sensitivity", ("figure-sensitivity-*",))


QUESTIONS: tuple[tuple[str, Callable[[Page], Answer | None]], ...] = (
    ("sample_size", _sample_size),
    ("wording", _wording),
    ("non_response", _non_response),
    ("missing", _missing),
    ("careless", _careless),
    ("common_method", _common_method),
    ("distinct", _distinct),
    ("fit", _fit),
    ("equivalent", _equivalent),
    ("placement", _placement),
    ("invariance", _invariance),
    ("languages", _languages),
    ("small_groups", _small_groups),
    ("clusters", _clusters),
    ("time", _time),
    ("many_tests", _many_tests),
    ("sensitivity", _sensitivity),
)
