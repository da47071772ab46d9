"""A study made by hand: three roles of 400, 112 and 14 people, with an improper fit, a refused model and
suppressed cells. The numbers are invented but agree with each other where the report relates them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mce_utaut.notes import Note
from mce_utaut.study.result import (
    ConstructInfo,
    Count,
    CountTable,
    DiscriminantValidity,
    FlowStep,
    HypothesisResult,
    InputFile,
    Interval,
    ItemStatistics,
    MatrixTable,
    MethodChoice,
    ModelFit,
    PathEstimate,
    Provenance,
    RoleResult,
    ScaleStatistics,
    StudyResult,
)

CONSTRUCTS = {
    "PE": (
        "Performance expectancy",
        "How far people expect that micro-credentials help them reach their goals.",
    ),
    "EE": ("Effort expectancy", "How easy people expect taking part to be."),
    "SI": ("Social influence", "How far people who matter to them think that they should take part."),
    "FC": ("Facilitating conditions", "How far people expect the means and the help that taking part needs."),
    "BI": ("Behavioural intention", "How firmly people intend to take part in the next 12 months."),
    "COM": ("Compatibility", "How well micro-credentials fit people's values, needs and past experience."),
    "TRI": ("Trialability", "How easily micro-credentials can be tried on a small scale."),
    "OBS": ("Observability", "How visible the results of micro-credentials are to others."),
}
TEXTS = {
    "PE": (
        "Micro-credentials are useful for my personal and professional development.",
        "Micro-credentials help me reach my goals faster.",
        "Micro-credentials raise the quality of what I achieve.",
        "Micro-credentials offer me something that degree programmes do not.",
    ),
    "EE": (
        "Taking part in micro-credentials is easy for me.",
        "It is clear to me what I have to do to take part in a micro-credential and to complete it "
        "within the time that is offered.",
        "Finding my way around a micro-credential takes little effort.",
        "It is easy for me to become good at learning in this way.",
    ),
    "SI": (
        "People who are important to me think that I should take part in micro-credentials.",
        "People who influence my decisions support my taking part.",
        "People whose opinion I value would like me to take part.",
        "My university values taking part in micro-credentials.",
    ),
    "FC": (
        "I have the resources that I need to take part.",
        "I have the knowledge that I need to take part.",
        "Somebody helps me when I have difficulties with a micro-credential.",
        "Micro-credentials work with the systems and tools that I already use.",
    ),
    "BI": (
        "I intend to take part in a micro-credential in the next 12 months.",
        "I plan to take part in a micro-credential in the next 12 months.",
        "I expect that I will take part in a micro-credential in the next 12 months.",
    ),
    "COM": (
        "Micro-credentials fit my idea of good education.",
        "Micro-credentials meet needs that I have.",
        "Micro-credentials fit the way I have studied so far.",
    ),
    "TRI": (
        "I can try a micro-credential on a small scale first.",
        "I can leave without losing anything.",
        "I can look at examples before I decide.",
    ),
    "OBS": (
        "I can see what others have gained from micro-credentials.",
        "Others can see what I have achieved, for instance by a badge.",
        "It is easy to explain to others what micro-credentials are good for.",
    ),
}
LABELS = (
    "Strongly disagree",
    "Disagree",
    "Somewhat disagree",
    "Neither agree nor disagree",
    "Somewhat agree",
    "Agree",
    "Strongly agree",
)
SHAPES = {"PE": (4, 9, 22, 60, 110, 120, 60), "EE": (8, 20, 45, 80, 110, 85, 37), "SI": (14, 30, 60, 110, 95, 52, 24),
          "FC": (10, 24, 50, 84, 112, 76, 29), "BI": (20, 28, 40, 70, 90, 82, 55), "COM": (6, 14, 32, 76, 118, 96, 43),
          "TRI": (9, 18, 40, 98, 116, 72, 32), "OBS": (12, 26, 52, 112, 98, 58, 27)}  # fmt: skip
OMEGA = {"PE": 0.89, "EE": 0.85, "SI": 0.83, "FC": 0.74, "BI": 0.93}
STRUCTURE = {"PE": 0.446, "EE": 0.118, "SI": 0.212, "FC": 0.097}


def interval(estimate: float, half: float, method: str = "") -> Interval:
    return Interval(estimate, estimate - half, estimate + half, 0.95, method)


def item(construct: str, index: int, n: int, text: str, cannot: int, hide: bool) -> ItemStatistics:
    shape = SHAPES[construct]
    shift = (index * 2) % 5
    raw = [max(0, round(n * c / sum(shape))) for c in shape]
    raw[3], raw[5] = raw[3] + shift, max(0, raw[5] - shift)
    answered = sum(raw)
    mean = sum((v + 1) * c for v, c in enumerate(raw)) / answered
    sd = (sum(c * (v + 1 - mean) ** 2 for v, c in enumerate(raw)) / (answered - 1)) ** 0.5
    counts: list[int | None] = list(raw)
    if hide or raw[0] < 5:
        counts[0] = counts[1] = None
    sides = (sum(raw[:3]), raw[3], sum(raw[4:]))
    return ItemStatistics(
        item=f"{construct}{index + 1}", construct=construct, anchor=True, text=text, n=answered,
        missing=max(cannot, n - answered), cannot_judge=cannot, mean=mean, sd=sd, skewness=-0.41 + 0.07 * index,
        kurtosis=-0.32 + 0.05 * index, floor=None if counts[0] is None else raw[0] / answered,
        ceiling=raw[6] / answered, item_rest=0.58 + 0.04 * index, values=tuple(map(float, range(1, 8))),
        counts=tuple(counts), median=5.0, sides=sides,
    )  # fmt: skip


def items(n: int) -> tuple[ItemStatistics, ...]:
    return tuple(
        item(c, i, n, text, cannot=round(n * 0.02 * (1 + i)) if c in ("FC", "OBS") else 0, hide=False)
        for c, texts in TEXTS.items()
        for i, text in enumerate(texts)
    )


def scales(n: int, *, sem: bool) -> tuple[ScaleStatistics, ...]:
    rows = []
    for position, construct in enumerate(CONSTRUCTS):
        shape = SHAPES[construct]
        mean = sum((v + 1) * c for v, c in enumerate(shape)) / sum(shape)
        omega = OMEGA.get(construct, 0.79)
        half = 2.3 / n**0.5
        rows.append(ScaleStatistics(
            construct=construct, items=tuple(f"{construct}{i + 1}" for i in range(len(TEXTS[construct]))),
            n_scored=n - position, mean=interval(mean, half, "t"), sd=1.21,
            pomp=interval((mean - 1) / 6 * 100, half / 6 * 100, "t"), n_alpha=n - 3 - position,
            alpha=Interval(omega - 0.005, omega - 0.03, omega + 0.02, 0.95, "Feldt"), alpha_note="",
            omega=Interval(omega, omega - 0.03, omega + 0.02, 0.95, "delta") if sem
            else Interval(None, None, None),
            cr=omega - 0.002 if sem else None, ave=(omega - 0.26 if sem else None), mean_interitem=0.55,
        ))  # fmt: skip
    return tuple(rows)


def discriminant(k: tuple[str, ...] = ("PE", "EE", "SI", "FC", "BI")) -> DiscriminantValidity:
    def value(i: int, j: int) -> float:
        if {k[i], k[j]} == {"EE", "FC"}:
            return 0.871
        return 0.31 + 0.06 * ((i * 3 + j * 2 + i * j) % 6)

    htmt = tuple(tuple(value(i, j) if j < i else None for j in range(len(k))) for i in range(len(k)))
    fornell = tuple(
        tuple((OMEGA[k[i]] - 0.26) ** 0.5 if i == j else value(max(i, j), min(i, j)) - 0.02 for j in range(len(k)))
        for i in range(len(k))
    )
    pairs = tuple((k[j], k[i], interval(value(i, j) - 0.02, 0.07, "delta")) for i in range(len(k)) for j in range(i))
    return DiscriminantValidity(
        MatrixTable(k, htmt),
        MatrixTable(k, fornell),
        pairs,
        (
            "Effort expectancy and facilitating conditions overlap: their HTMT of .87 is above the strict "
            "guide of .85, so the two are hard to tell apart in these answers.",
        ),
    )


def parameter(lhs: str, op: str, rhs: str, est: float, se: float | None, std: float, **more: Any) -> dict[str, Any]:
    free = more.pop("free", 1)
    z = est / se if se else None
    return {
        "lhs": lhs, "op": op, "rhs": rhs, "group": 1, "label": more.get("label", ""), "free": free, "est": est,
        "se": se, "z": z, "pvalue": more.get("pvalue", 0.0004 if z and abs(z) > 3.3 else 0.21),
        "ci_lower": est - 1.96 * se if se else None, "ci_upper": est + 1.96 * se if se else None,
        "std_lv": std, "std_all": std, "std_all_se": 0.04, "std_all_ci_lower": std - 0.08,
        "std_all_ci_upper": std + 0.08,
    }  # fmt: skip


def fit(n: int, *, structural: bool, proper: bool = True, chisq: float = 268.41) -> Mapping[str, Any]:
    rows = []
    for construct in ("PE", "EE", "SI", "FC", "BI"):
        for index in range(len(TEXTS[construct])):
            loading = 0.71 + 0.05 * index if proper or (construct, index) != ("FC", 0) else 1.07
            marker = index == 0
            rows.append(parameter(construct, "=~", f"{construct}{index + 1}", 1.0 if marker else 0.94 + 0.05 * index,
                                  None if marker else 0.06, loading, free=0 if marker else 1))  # fmt: skip
    if structural:
        for predictor, beta in STRUCTURE.items():
            rows.append(parameter("BI", "~", predictor, beta * 1.1, 0.07, beta, label=f"b{predictor}"))
    return {
        "model": "mce_intention", "estimator": "ML", "engine": "semopy", "missing": "listwise", "n": n,
        "groups": [{"label": "", "n": n}], "converged": True, "proper": proper, "parameters": rows,
        "fit": {"chisq": chisq, "df": 142, "pvalue": 0.00001, "baseline_chisq": 4210.2, "baseline_df": 171,
                "cfi": 0.962, "tli": 0.954, "rmsea": 0.047, "rmsea_ci_lower": 0.038, "rmsea_ci_upper": 0.056,
                "rmsea_pvalue": 0.71, "srmr": 0.041, "logl": -9120.44, "aic": 18344.88, "bic": 18551.2},
        "r2": {"1": {"BI": 0.52} if structural else {}}, "notes": [],
    }  # fmt: skip


def path(role: str, n: int, predictor: str, beta: float, half: float, method: str = "sem") -> PathEstimate:
    sem = method == "sem"
    return PathEstimate(
        role=role, model="mce_intention" if sem else "", analysis="primary", outcome="BI", predictor=predictor,
        label=f"b{predictor}", method=method, n=n,  # type: ignore[arg-type]
        estimate=interval(beta * 1.1, half * 1.1) if method != "correlation" else Interval(None, None, None),
        standardised=interval(beta, half), se=half / 1.96 if method != "correlation" else None,
        p=0.0002 if abs(beta) > 2 * half else (0.013 if abs(beta) > half else 0.118),
    )  # fmt: skip


def hypotheses(role: str, paths: tuple[PathEstimate, ...], *, testable: bool) -> tuple[HypothesisResult, ...]:
    rows = []
    for number, predictor in enumerate(STRUCTURE, start=1):
        found = next((p for p in paths if p.predictor == predictor), None)
        name = CONSTRUCTS[predictor][0].lower()
        if not testable or found is None:
            verdict, sentence = (
                "not_testable",
                "Not testable: 14 answers are too few for a model of five constructs.",
            )
        elif predictor == "FC":
            verdict, sentence = (
                "undecided",
                f"Undecided: the interval for {name} holds zero and effects that matter.",
            )
        elif found.standardised.lower is not None and found.standardised.lower > 0:
            verdict, sentence = "supported", f"Supported: where {name} is higher, intention is higher."
        else:
            verdict, sentence = (
                "not_supported",
                f"Not supported: these answers do not show that {name} goes with intention.",
            )
        rows.append(HypothesisResult(
            id=f"H{number}", role=role, claim=f"{CONSTRUCTS[predictor][0]} goes with intention.",
            expected="positive", source="Venkatesh et al. (2003)", verdict=verdict,  # type: ignore[arg-type]
            path=found if verdict != "not_testable" else None, sentence=sentence,
        ))  # fmt: skip
    return tuple(rows)


def composition(n: int, limit: int) -> tuple[CountTable, ...]:
    def table(variable: str, title: str, shares: Mapping[str, float]) -> CountTable:
        raw = {label: round(n * share) for label, share in shares.items()}
        small = any(0 < count < limit for count in raw.values())
        rows = []
        for label, count in raw.items():
            hidden = small and count < 4 * limit
            rows.append(Count(label, None if hidden else count, None if hidden else count / n))
        return CountTable(variable, title, tuple(rows), 0)

    universities = (
        "FernUni Hagen",
        "KTU",
        "UAb",
        "OUNL",
        "Uninettuno",
        "UNED",
        "KU Leuven",
        "UOC",
        "HOU",
        "OUC",
    )
    return (
        table(
            "hei",
            "University",
            dict(zip(universities, (0.14, 0.12, 0.11, 0.1, 0.1, 0.1, 0.09, 0.09, 0.08, 0.07))),
        ),
        table("language", "Language of the questionnaire", {"English": 0.62, "Italian": 0.38}),
        table("gender", "Gender", {"Female": 0.55, "Male": 0.42, "Other": 0.01, "Prefer not to say": 0.02}),
    )


def adopters(n: int) -> CountTable:
    shares = (0.04, 0.17, 0.36, 0.29, 0.14)
    labels = ("Innovators", "Early adopters", "Early majority", "Late majority", "Laggards")
    counts = [round(n * share) for share in shares]
    return CountTable("adopter", "Adopter category", tuple(
        Count(label, c if c >= 5 else None, c / n if c >= 5 else None) for label, c in zip(labels, counts)
    ), 3)  # fmt: skip


def flow(received: int, consent: int, attention: int) -> tuple[FlowStep, ...]:
    return (
        FlowStep("", received, 0, "Answers received"),
        FlowStep("no_consent", received - consent, consent, "Did not give consent"),
        FlowStep("not_submitted", received - consent, 0, "Did not submit the questionnaire"),
        FlowStep("attention", received - consent - attention, attention, "Failed an attention check"),
    )


def role(
    name: str, title: str, n: int, *, method: str, models: tuple[ModelFit, ...], paths: tuple[PathEstimate, ...],
    headline: tuple[str, ...], reason: str, refused: tuple[str, ...] = (), notes: tuple[Note, ...] = (),
) -> RoleResult:  # fmt: skip
    sem = method == "sem"
    stats = (
        items(n)
        if n >= 30
        else tuple(dataclasses.replace(i, counts=(None,) * 7, sides=None, floor=None, ceiling=None) for i in items(n))
    )
    return RoleResult(
        role=name, title=title, n=n, n_universities=10 if n > 20 else 7, headline=headline,
        intention=interval(61.3, 112 / n**0.5 / 2, "t"), flow=flow(n + 32 if n > 20 else n + 2, 9 if n > 20 else 0,
        23 if n > 20 else 2), composition=composition(n, 5),
        constructs=tuple(
            ConstructInfo(c, label, definition, "latent", tuple(f"{c}{i + 1}" for i in range(len(TEXTS[c]))),
                          tuple(f"{c}{i + 1}" for i in range(len(TEXTS[c]))), c in ("COM", "TRI", "OBS"))
            for c, (label, definition) in CONSTRUCTS.items()
        ),
        scale_labels=tuple((float(v), label) for v, label in enumerate(LABELS, start=1)), items=stats,
        scales=scales(n, sem=sem), discriminant=discriminant() if sem else None,
        method=MethodChoice(method, n, reason, refused),  # type: ignore[arg-type]
        models=models, paths=paths, hypotheses=hypotheses(name, paths, testable=sem), adopters=adopters(n),
        notes=notes,
    )  # fmt: skip


SYNTAX = "PE =~ PE1 + PE2 + PE3 + PE4\nBI =~ BI1 + BI2 + BI3\nBI ~ bPE*PE + bEE*EE + bSI*SI + bFC*FC\n"
E1 = Note(
    "equivalent_to_cfa",
    "The structural model fits exactly as well as the measurement model, because it "
    "leaves no relation among constructs out: its fit says nothing about the paths.",
    "info",
    "mce_intention",
)


def student() -> RoleResult:
    paths = tuple(path("student", 391, c, b, 0.09 + 0.01 * i) for i, (c, b) in enumerate(STRUCTURE.items()))
    models = (
        ModelFit("mce_intention", "cfa", "primary", SYNTAX, 400, 391, fit(391, structural=False), ""),
        ModelFit("mce_intention", "structural", "primary", SYNTAX, 400, 391, fit(391, structural=True), "", (E1,)),
        ModelFit(
            "utaut2003",
            "structural",
            "alternative",
            SYNTAX,
            400,
            388,
            fit(388, structural=True, chisq=301.7),
            "",
        ),
    )
    return role("student", "Students", 400, method="sem", models=models, paths=paths,
                headline=("400 students of ten universities answered, 391 of them on every question of the model.",
                          "Performance expectancy is the strongest predictor: .45 [.36, .54].",
                          "Whether facilitating conditions matter cannot be said: the interval holds zero."),
                reason="391 complete answers are enough for a structural equation model (100 or more).")  # fmt: skip


def professor() -> RoleResult:
    paths = tuple(path("professor", 109, c, b * 0.9, 0.19 + 0.02 * i) for i, (c, b) in enumerate(STRUCTURE.items()))
    heywood = Note(
        "heywood",
        "The residual variance of FC1 is estimated below zero (Heywood case); its loading exceeds 1.",
        "problem",
        "FC1",
    )
    models = (
        ModelFit(
            "mce_intention",
            "cfa",
            "primary",
            SYNTAX,
            112,
            109,
            fit(109, structural=False, proper=False, chisq=203.9),
            "",
            (heywood,),
        ),
        ModelFit(
            "mce_intention",
            "structural",
            "primary",
            SYNTAX,
            112,
            109,
            fit(109, structural=True, proper=False, chisq=203.9),
            "",
            (heywood, E1),
        ),
        ModelFit(
            "utaut2003",
            "structural",
            "alternative",
            SYNTAX,
            112,
            31,
            None,
            "31 complete answers do not exceed the 20 variables by enough to estimate this model.",
        ),
    )
    return role("professor", "Professors", 112, method="sem", models=models, paths=paths,
                headline=("112 professors of ten universities answered.",
                          "Performance expectancy and social influence go with intention; which is stronger "
                          "cannot be said.", "The model is improper for professors, so its numbers are provisional."),
                reason="109 complete answers allow a small structural equation model (100 to 199).",
                notes=(Note("improper", "The model for professors is improper: read its paths as provisional.",
                            "problem", "professor"),))  # fmt: skip


def manager() -> RoleResult:
    paths = tuple(path("manager", 14, c, b * 0.8, 0.46, "correlation") for c, b in STRUCTURE.items())
    return role("manager", "Managers", 14, method="correlation", models=(), paths=paths,
                headline=("14 managers of seven universities answered.", "Their intention lies near the middle of "
                          "the scale, with a wide interval.",
                          "What drives their intention cannot be said from 14 answers."),
                reason="14 answers allow scale means and rank correlations with intervals (fewer than 60).",
                refused=("Structural equation model", "Confirmatory factor analysis",
                         "Regression with more than two predictors"))  # fmt: skip


def comparison() -> dict[str, Any]:
    """The comparison of roles: an invariance ladder that breaks at the intercepts."""
    levels = [
        {"name": name, "equal": [], "exempt": [], "converged": True, "proper": True, "chisq_scaled": 300.0 + 20 * i,
         "df": 288 + 14 * i, "cfi": 0.99, "cfi_robust": 0.989 - 0.02 * i, "rmsea": 0.03, "srmr": 0.04}
        for i, name in enumerate(("configural", "metric", "scalar", "strict"))
    ]  # fmt: skip
    verdicts = ("holds", "does not hold", "doubtful")
    steps = [
        {"from": before["name"], "to": after["name"], "method": "satorra.bentler.2001", "chisq_diff": 19.1,
         "df_diff": 14, "pvalue": 0.04, "delta_cfi": -0.001, "delta_cfi_robust": -0.02, "delta_rmsea": 0.002,
         "delta_srmr": 0.001, "verdict": verdict}
        for before, after, verdict in zip(levels, levels[1:], verdicts, strict=False)
    ]  # fmt: skip
    differences = [
        {"outcome": "BI", "predictor": "PE", "reference": "student", "group": "professor", "difference": -0.11,
         "se": 0.08, "pvalue": 0.17, "p_holm": 0.34, "ci_lower": -0.27, "ci_upper": 0.05}
    ]  # fmt: skip
    mean = {"construct": "PE", "reference": "student", "group": "manager", "g": 0.2, "g_lower": -0.1, "g_upper": 0.6,
            "p_holm": 0.4, "equivalent": False}  # fmt: skip
    made = {
        "groups": [{"label": "student", "n": 391}, {"label": "professor", "n": 109}], "levels": levels,
        "differences": steps, "freed": [], "refusal": "", "notes": [],
        "sentence": "Loadings are equal: paths may be compared.",
    }  # fmt: skip
    return {
        "anchors": [], "necessary": "", "sesoi": 0.5, "ladder": made,
        "methods": [{"role": "student", "n": 391, "method": "ladder", "reason": "391 are enough for the ladder."},
                    {"role": "manager", "n": 14, "method": "scale_means", "reason": "14 allow means only."}],
        "paths": {"level": "metric", "refusal": "", "differences": differences,
                  "omnibus": {"chisq_diff": 1.5, "df_diff": 4, "pvalue": 0.82}},
        "latent_means": {"refusal": "The intercepts are not equal over the groups."},
        "scale_means": {"note": "Means of scale scores.", "differences": [mean]},
    }  # fmt: skip


def further() -> dict[str, dict[str, Any]]:
    """Screening, common method, indirect effects and universities."""
    sign = {"index": "too_fast", "title": "Less than 2 seconds an item", "n": 416, "assessed": 414, "flagged": None,
            "share": None, "excludes": False, "remark": ""}  # fmt: skip
    little = {
        "n": 368,
        "patterns": 17,
        "chisq": 304.1,
        "df": 285,
        "p": 0.21,
        "sentence": "Little's test finds no sign.",
    }
    mardia = {"n": 324, "skewness": 35.4, "skewness_chisq": 1913.4, "skewness_df": 1330, "skewness_p": 0.0,
              "kurtosis": 419.4, "kurtosis_z": 6.5, "kurtosis_p": 0.0, "remark": ""}  # fmt: skip
    effect = {"model": "mce_seed", "predictor": "PE", "mediator": "BI", "outcome": "USE3", "effect": "indirect",
              "n": 122, "method": "Monte Carlo", "draws": 5000, "estimate": 0.11, "lower": 0.04, "upper": 0.19,
              "standardised": 0.14, "standardised_lower": 0.06, "standardised_upper": 0.25}  # fmt: skip
    scale = {"construct": "PE", "n": 367, "universities": 10, "typical_size": 36.3, "icc": 0.03, "lower": -0.01,
             "upper": 0.14, "design_effect": 2.04, "effective_n": 179.6}  # fmt: skip
    return {
        "screening": {"note": "None of these signs proves it.", "roles": {
            "student": {"signs": [sign], "little": little, "mardia": mardia}}},
        "common_method": {"note": "Harman proves nothing.", "limit_vif": 3.3, "roles": {
            "student": {"n": 324, "component_share": 0.32, "factor_share": 0.28, "sentence": "None above 3.3.",
                        "vif": [{"construct": "PE", "n": 367, "vif": 1.36}]}}},
        "local_fit": {"note": "Residual correlations.", "limit": 0.1, "roles": {"student": {
            "n": 368, "pairs": 171, "beyond": 2, "largest": [
                {"first": "EE2", "second": "FC1", "residual": 0.14},
                {"first": "PE1", "second": "SI3", "residual": -0.11},
            ]}}},
        "indirect": {"note": "Products of paths.", "roles": {"student": {"effects": [effect]}}},
        "universities": {"note": "Rough with ten.", "roles": {"student": {"scales": [scale]}}},
    }  # fmt: skip


def waves() -> dict[str, Any]:
    """Students joined in a number that carries one of two models, professors in one that carries neither."""
    ends = {"estimate": 0.41, "lower": 0.22, "upper": 0.6, "p": 0.0004}
    beta = {"standardised": 0.36, "standardised_lower": 0.2, "standardised_upper": 0.52}
    path = {"model": "mce_seed", "outcome": "USE3", "predictor": "BI", "n": 180, **ends, **beta}
    rank = {"before": "BI", "after": "USE3", "n": 176, "rho": 0.38, "lower": 0.24, "upper": 0.5, "p": 0.0001}
    few = {"n": 12, "refusal": "12 persons answered both before and after; the model needs 100.", "usable": False}
    return {"note": "Waves are never pooled.", "roles": {
        "student": {"before": 400, "after": 240, "coded_before": 301, "coded_after": 222, "repeated_codes": 3,
                    "joined": 180, "sentence": "180 persons were joined.", "paths": [path], "correlations": [rank],
                    "models": [{"model": "mce_seed", "n": 180, "refusal": "", "usable": True},
                               {"model": "utaut_ext", "n": 179, "refusal": "", "usable": False}]},
        "professor": {"before": 112, "after": 31, "coded_before": 40, "coded_after": 19, "repeated_codes": 0,
                      "joined": 12, "sentence": "12 persons were joined.", "paths": [], "correlations": [],
                      "models": [{"model": "mce_seed", **few}]},
    }}  # fmt: skip


def cutoffs() -> dict[str, Any]:
    """Cut-offs of two levels for students, one of them at 90 % and one missing; none for professors."""
    shares = {"cfi_share": 0.95, "rmsea_share": 0.95, "srmr_share": 0.9}
    first = {"level": 1, "added": ["FC =~ EE4"], "replicates": 500, "cfi": None, "rmsea": 0.031, "srmr": 0.034}
    second = {"level": 2, "added": ["FC =~ EE4", "PE =~ SI4"], "replicates": 498, "cfi": 0.962, "rmsea": 0.045,
              "srmr": 0.047}  # fmt: skip
    return {"note": "Cut-offs simulated for this very model.", "roles": {
        "student": {"n": 368, "observed": {"cfi": 0.978, "rmsea": 0.036, "srmr": 0.048}, "refusal": "",
                    "true": {"cfi": [0.985, 0.996, 1.0], "rmsea": [0.0, 0.014, 0.027], "srmr": [0.027, 0.03, 0.033]},
                    "levels": [{**first, **shares, "cfi_share": None}, {**second, **shares}]},
        "professor": {"n": 104, "observed": {"cfi": 0.94, "rmsea": 0.06, "srmr": 0.07}, "levels": [],
                      "refusal": "Dynamic cut-offs need a proper solution: a residual variance is not positive."},
    }}  # fmt: skip


def sections() -> dict[str, dict[str, Any]]:
    """The optional analyses, as docs/study-result.md describes them."""
    rows = [
        {
            "predictor": c,
            "points": 1.1 * b,
            "lower": b - 0.1,
            "upper": b + 0.3,
            "sentence": f"{c} goes with {b} points.",
        }
        for c, b in STRUCTURE.items()
    ]
    spots = [
        {"construct": c, "label": CONSTRUCTS[c][0], "importance": b, "importance_lower": b - 0.1,
         "importance_upper": b + 0.1, "performance": 50.0 + 30 * b, "performance_lower": 48.0 + 30 * b,
         "performance_upper": 52.0 + 30 * b}
        for c, b in STRUCTURE.items()
    ]  # fmt: skip
    regressed = [
        {"analysis": "hc3", "predictor": c, "n": 380, "estimate": b, "lower": b - 0.1, "upper": b + 0.1, "se": 0.05,
         "df": 375.0, "p": 0.0004, "beta": 0.9 * b, "beta_lower": b - 0.2, "beta_upper": b + 0.05, "vif": 1.4}
        for c, b in STRUCTURE.items()
    ]  # fmt: skip
    analyses = [
        {"analysis": "hc3", "title": "All respondents", "n": 380, "refusal": "", "r2": 0.34, "r2_adjusted": 0.33,
         "r2_universities": None},
        {"analysis": "cr2", "title": "By university", "n": None, "refusal": "Only 4 universities; CR2 needs 5."},
    ]  # fmt: skip
    adopter_rows = [
        {"category": c, "n": 20, "share": s, "lower": s - 0.03, "upper": s + 0.03, "joint_lower": s - 0.05,
         "joint_upper": s + 0.05, "rogers": 0.2}
        for c, s in zip(("innovator", "early_adopter", "early_majority", "late_majority", "laggard"),
                        (0.04, 0.17, 0.36, 0.29, 0.14))
    ]  # fmt: skip
    attribute = {"attribute": "compatibility", "label": "Compatibility",
                 "construct": "COM", "reversed": False, "n": 390,
                 "mean": 65.0, "lower": 62.0, "upper": 68.0, "rho": 0.41, "rho_lower": 0.33, "rho_upper": 0.49,
                 "rho_n": 390}  # fmt: skip
    return {
        "raw_points": {"outcome": "BI", "note": "Points of the answer scale.", "roles": {
            "student": {"method": "sem", "n": 391, "minimum": 1.0, "maximum": 7.0, "rows": rows}}},
        "importance_performance": {"outcome": "BI", "note": "It shows where to look first.", "roles": {
            "student": {"method": "sem", "n": 391, "mean_importance": 0.22, "mean_performance": 56.0, "first": ["SI"],
                        "sentence": "Above average in importance and below in level: social influence.",
                        "rows": spots}}},
        "regression": {"outcome": "BI", "note": "Scores hold measurement error.", "roles": {
            "student": {"n": 380, "predictors": list(STRUCTURE), "reason": "", "analyses": analyses, "rows": regressed,
                        "beside": [], "clusters": {"universities": 10, "n": 380, "typical_size": 38.0, "icc": 0.03,
                                                   "icc_lower": -0.01, "icc_upper": 0.12, "design_effect": 2.1}},
            "manager": {"n": 14, "predictors": [], "reason": "14 people are too few; a regression needs 60.",
                        "analyses": [], "rows": [], "beside": [], "clusters": None}}},
        "diffusion": {"adopters": {"student": adopter_rows}, "rogers": {}, "note": "People placed themselves.",
                      "adopter_tests": {"student": {"n": 397, "sentence": "The shares differ from those of Rogers."}},
                      "attributes": {"student": [attribute]}},
        "comparison": comparison(),
        **further(),
        "waves": waves(),
        "dynamic_cutoffs": cutoffs(),
        "an_analysis_of_tomorrow": {"note": "", "roles": {}},
        "model_comparison": {"roles": {"student": {"models": [], "differences": [
            {"model": "utaut2003", "within": "utaut_ext", "paths": ["BI ~ FC"], "chisq_diff": 1.61, "df_diff": 1,
             "pvalue": 0.205, "method": "ML"}]}}},
    }  # fmt: skip


def study(**changes: Any) -> StudyResult:
    """The study, with some of its fields replaced."""
    made = StudyResult(
        schema=1, id="mce_study", title="Acceptance of micro-credentials at ten universities", language="en",
        primary_model="mce_intention", disclosure_limit=5, roles=(student(), professor(), manager()), sections={},
        notes=(Note("simulated", "These are simulated respondents: the study shows the method, not people.",
                    "caution", ""),),
        provenance=Provenance(
            versions={"mce_utaut": "0.1.0", "python": "3.11.7", "numpy": "2.4.0", "semopy": "2.3.11"},
            inputs=(InputFile("study.yaml", "study", "3f" * 32), InputFile("mce_student.csv", "responses", "a7" * 32)),
            seed=20240501, run_date=None,
            instruments={"student": ("mce_student", "1.0.0", "9c" * 32)},
        ),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


@pytest.fixture(scope="session")
def make_study() -> Callable[..., StudyResult]:
    """The builder of the sample study."""
    return study


@pytest.fixture(scope="session")
def make_sections() -> Callable[[], dict[str, dict[str, Any]]]:
    """The builder of the optional analyses."""
    return sections
