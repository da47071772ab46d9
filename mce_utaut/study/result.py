"""``StudyResult``: everything a study found, as one immutable value. The report reads nothing else.

Numbers are at full precision (floats, None where undefined); texts of the questionnaire are in the
study's language; ``to_json``/``from_json`` live in ``study.json_form``. A fit is kept in the JSON form of
``sem`` (see ``sem.as_json``), so that study.json and the ``sem`` command speak the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mce_utaut.notes import Note
from mce_utaut.study.model_text import INTENTION

SCHEMA = 1  # of study.json: rises whenever a reader of the old form would go wrong

Verdict = Literal["supported", "not_supported", "undecided", "not_testable"]
MethodKind = Literal["none", "descriptive", "correlation", "regression", "sem"]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval; ``level`` is the confidence level, ``method`` how it was made."""

    estimate: float | None
    lower: float | None
    upper: float | None
    level: float = 0.95
    method: str = ""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name without folder, what it served as, and its sha256 (hex)."""

    name: str
    # study | instrument | wording | model | hypotheses | responses | column map | sidecar | codes | inferences
    purpose: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the result comes from: versions of the software (name -> version), inputs, seed, run date
    (ISO, or None), and per role instrument id, version and digest."""

    versions: Mapping[str, str]
    inputs: tuple[InputFile, ...]
    seed: int
    run_date: str | None
    instruments: Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step from received to analysed: ``removed`` respondents left at this step for ``reason``
    (stable code, "" for the first step), ``n`` remain; ``text`` says it in a sentence."""

    code: str
    n: int
    removed: int
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """A cell of a frequency table; ``n`` and ``share`` are None where the cell is suppressed."""

    label: str
    n: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class CountTable:
    """Frequencies of one variable within a role (``variable`` stable, ``title`` for people);
    ``n_missing`` did not answer. Shares are of those who did."""

    variable: str
    title: str
    rows: tuple[Count, ...]
    n_missing: int | None


@dataclass(frozen=True, slots=True)
class ConstructInfo:
    """A construct as it was asked in a role: label, definition, kind, item codes, anchors."""

    id: str
    label: str
    definition: str
    kind: str
    items: tuple[str, ...]
    anchors: tuple[str, ...]
    rogers: bool


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item in one role. ``counts`` are the answers per scale value in ``values`` order (None where
    suppressed); shares are of answers given. ``anchor`` tells whether the item is in the construct's score (its
    anchors, or all items of a latent construct without any); ``item_rest`` is the corrected item-total correlation
    within these; skewness and kurtosis are of type G1 and G2. Floor and ceiling are None where their count is
    suppressed. ``sides`` are the answers below, at and above the middle of a scale with a middle (each None where
    suppressed): what a Likert figure can always draw. Every number is None for a role smaller than the disclosure
    limit; below 100 answers an item with hidden counts has mean and sd to one decimal, ``item_rest`` to two, and
    neither single counts nor higher moments."""

    item: str
    construct: str
    anchor: bool
    text: str
    n: int
    missing: int
    cannot_judge: int | None  # None where suppressed
    mean: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    floor: float | None
    ceiling: float | None
    item_rest: float | None
    values: tuple[float, ...]
    counts: tuple[int | None, ...]
    median: float | None = None
    sides: tuple[int | None, int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class ScaleStatistics:
    """One latent construct in one role: the score (mean of answered anchors, at least 2/3 answered) with
    a t interval, and reliability and validity from the measurement model where it could be fitted."""

    construct: str
    items: tuple[str, ...]
    n_scored: int
    mean: Interval
    sd: float | None
    pomp: Interval  # 0-100: percent of maximum possible
    n_alpha: int
    alpha: Interval
    alpha_note: str
    omega: Interval
    cr: float | None
    ave: float | None
    mean_interitem: float | None


@dataclass(frozen=True, slots=True)
class MatrixTable:
    """A square table over constructs; ``values[i][j]`` is None where undefined or not shown."""

    names: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class DiscriminantValidity:
    """HTMT (Henseler, Ringle & Sarstedt 2015) below the diagonal, Fornell-Larcker (square root of AVE on
    the diagonal, latent correlations off it), latent correlations with their intervals, and sentences
    for every pair that crosses a threshold; ``htmt_intervals`` holds each ratio with its bootstrap
    interval (first construct, second construct, ratio)."""

    htmt: MatrixTable
    fornell_larcker: MatrixTable
    correlations: tuple[tuple[str, str, Interval], ...]
    findings: tuple[str, ...]
    htmt_intervals: tuple[tuple[str, str, Interval], ...] = ()


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """What the number of analysable respondents allows (method rule G1, decision 15), and why. ``cases``
    says in words what ``n`` counts ("324 complete answers", under FIML "368 respondents")."""

    kind: MethodKind
    n: int
    reason: str
    refused: tuple[str, ...]
    cases: str = ""


@dataclass(frozen=True, slots=True)
class Moments:
    """What a model of complete rows can be re-estimated from: names of the k variables, number of rows,
    covariance (k, k) with divisor n - 1, means (k)."""

    names: tuple[str, ...]
    n: int
    covariance: tuple[tuple[float, ...], ...]
    means: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ModelFit:
    """A fitted model. ``name`` is the model file's stem, ``variant`` is "cfa" or "structural", ``analysis``
    names the run ("primary", "sensitivity: ..."); ``fit`` is the JSON form of the fit, or None with the
    ``refusal`` sentence where it could not be estimated. ``moments`` are those of a fit by ML to complete
    rows (of the primary model, never of a role below the disclosure limit)."""

    name: str
    variant: Literal["cfa", "structural"]
    analysis: str
    syntax: str
    n_before: int
    n: int
    fit: Mapping[str, Any] | None
    refusal: str
    notes: tuple[Note, ...] = ()
    moments: Moments | None = None


@dataclass(frozen=True, slots=True)
class PathEstimate:
    """A regression path of one role and one analysis: unstandardised and standardised with intervals. ``f2`` is Cohen's
    f-squared of a path of a structural model (``sem.effect_sizes``), else None."""

    role: str
    model: str
    analysis: str
    outcome: str
    predictor: str
    label: str
    method: MethodKind
    n: int
    estimate: Interval
    standardised: Interval
    se: float | None
    p: float | None
    f2: float | None = None


@dataclass(frozen=True, slots=True)
class HypothesisResult:
    """A hypothesis in one role: verdict, the path it rests on (or None), and the verdict in a sentence."""

    id: str
    role: str
    claim: str
    expected: Literal["positive", "negative", "zero"]
    source: str
    verdict: Verdict
    path: PathEstimate | None
    sentence: str
    exploratory: bool = False


@dataclass(frozen=True, slots=True)
class RoleResult:
    """Everything about one role. ``headline`` is a handful of plain sentences for the first page: who answered, the
    level where ``intention`` has an estimate, then what it goes with."""

    role: str
    title: str
    n: int
    n_universities: int | None
    headline: tuple[str, ...]
    intention: Interval  # behavioural intention on 0-100
    flow: tuple[FlowStep, ...]
    composition: tuple[CountTable, ...]
    constructs: tuple[ConstructInfo, ...]
    scale_labels: tuple[tuple[float, str], ...]  # value -> label of the agreement scale
    items: tuple[ItemStatistics, ...]
    scales: tuple[ScaleStatistics, ...]
    discriminant: DiscriminantValidity | None
    method: MethodChoice
    models: tuple[ModelFit, ...]
    paths: tuple[PathEstimate, ...]
    hypotheses: tuple[HypothesisResult, ...]
    adopters: CountTable | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class StudyResult:
    """The whole study. ``sections`` holds the results of optional analyses by stable name (comparison of
    roles, screening, diffusion, joint display, ...), each a plain JSON-able mapping that the report
    section of the same name draws. ``outcome`` is the construct that it is about, mostly the intention (BI);
    ``confidence`` the level of its intervals (RMSEA's are of 90 %, as usual)."""

    schema: int
    id: str
    title: str
    language: str
    primary_model: str
    disclosure_limit: int
    roles: tuple[RoleResult, ...]
    sections: Mapping[str, Mapping[str, Any]]
    notes: tuple[Note, ...]
    provenance: Provenance
    outcome: str = INTENTION
    confidence: float = 0.95
