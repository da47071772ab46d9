"""``StudyConfig``: what a study decides before it sees data; ``study.yaml`` says it (docs/study-file.md).

Paths are kept as written: relative to the study file's folder. Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen

Engine = Literal["semopy", "native"]
Estimator = Literal["ML", "MLR", "WLSMV"]
Missing = Literal["listwise", "fiml"]
Wave = Literal["pre", "post", "single"]

STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class ResponseFile:
    """A file of responses: where it is, whose they are, and how it is read. ``hei``, ``wave`` and ``pilot``
    hold for rows that do not say otherwise; ``rename`` maps a heading of the file to our column;
    ``absent`` names columns of the questionnaire that were not fielded; ``drop`` maps the keys of respondents who are
    left out by name to the reason."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    file: Annotated[str, MinLen(1)]
    role: Annotated[str, MinLen(1)]
    tool: str | None = None
    hei: str | None = None
    wave: Wave | None = None
    pilot: str | None = None
    language: str | None = None
    column_map: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    drop: Mapping[str, Annotated[str, MinLen(1)]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExclusionRules:
    """Which respondents stay out (each rule on or off); refused consent is never optional. The last three are signs
    of careless answering (``responses.careless``), off unless the study asks for them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    not_submitted: bool = True
    failed_attention: bool = True
    too_fast: bool = False
    long_string: bool = False
    straight_lining: bool = False


@dataclass(frozen=True, slots=True)
class Moderator:
    """What may change the slope of the intention on its predictors. ``name`` is a question's name or code, or a
    construct. ``groups`` joins options into groups (label -> options); ``values`` gives options a number (midpoints of
    age bands); ``at`` are the values of the simple slopes. ``predictors`` and ``roles`` narrow what is tested (empty:
    all)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    name: Annotated[str, MinLen(1)]
    groups: Mapping[str, Annotated[tuple[str, ...], MinLen(1)]] = field(default_factory=dict)
    values: Mapping[str, Annotated[float, Gt(-1e9), Lt(1e9)]] = field(default_factory=dict)
    at: tuple[Annotated[float, Gt(-1e9), Lt(1e9)], ...] = ()
    predictors: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PilotFile:
    """A table of pilots (``pilots.csv``) and the descriptors whose part in the intention is asked, in order."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    file: Annotated[str, MinLen(1)]
    descriptors: Annotated[tuple[str, ...], MinLen(1)]


@dataclass(frozen=True, slots=True)
class Prior:
    """A normal prior of a standardised slope: its mean and standard deviation."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    mean: Annotated[float, Gt(-1), Lt(1)]
    sd: Annotated[float, Gt(0), Le(2)]


SHIPPED_VERSIONS = ("mce_seed", "utaut2003", "utaut_ext")
SMALL_PREDICTORS = ("PE", "SI")  # benefit and social influence: the strongest in the literature


@dataclass(frozen=True, slots=True)
class StudyConfig:
    """Every decision of a study.

    ``titles`` are the title in other languages, by language; ``instruments`` maps a role to its questionnaire, in the
    order of the report. ``model`` is a shipped model's name or a path ending in ``.lav``, and so are those of
    ``compare`` (None: the three versions of UTAUT beside a shipped model, nothing beside one of somebody's own).
    ``cannot_judge_limit`` is the share of "cannot
    judge" above which an item leaves the model; ``confidence`` the level of every interval; ``sesoi`` the
    standardised path that is too small to matter, ``sesoi_difference`` the same for a difference between roles, in
    standard deviations; ``small_sample_predictors`` the two constructs of the regression of a role too small for a
    model (method rule G1), ``priors`` what is believed of their standardised slopes beforehand. ``planned_n`` is the
    number of respondents aimed at, by role, ``power`` the simulation of their power; ``invited`` how many were asked,
    by role or by role and university; ``arrival_order`` says that rows of the files stand in the order in which
    answers came; ``pilots`` joins descriptors by pilot id; ``moderators`` are tested two-way; ``marker`` is a
    construct unrelated to the others in theory; ``codes`` is the file of coded answers, ``inferences`` the one in
    which a person writes what numbers and themes say together. ``replicates`` are those of bootstrap and Monte Carlo
    intervals;
    ``dynamic_cutoffs`` those of simulated cut-offs of fit (0: none).
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    id: Annotated[str, MinLen(1)]
    instruments: Annotated[Mapping[str, str], MinLen(1)]
    responses: Annotated[tuple[ResponseFile, ...], MinLen(1)]
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    model: str = "mce_intention"
    compare: tuple[str, ...] | None = None
    engine: Engine = "native"
    estimator: Estimator = "MLR"
    missing: Missing = "fiml"
    wave: Wave | None = None
    exclude: ExclusionRules = ExclusionRules()
    sensitivity: bool = True
    cannot_judge_limit: Annotated[float, Ge(0), Le(1)] = 0.20
    disclosure_limit: Annotated[int, Ge(1), Le(100)] = 5
    confidence: Annotated[float, Gt(0.5), Lt(1)] = 0.95
    sesoi: Annotated[float, Gt(0), Lt(1)] = 0.10
    sesoi_difference: Annotated[float, Gt(0), Lt(3)] = 0.50
    small_sample_predictors: tuple[str, ...] = SMALL_PREDICTORS
    priors: Mapping[str, Prior] = field(default_factory=dict)
    moderators: tuple[Moderator, ...] = ()
    marker: str = ""
    planned_n: Mapping[str, Annotated[int, Ge(1)]] = field(default_factory=dict)
    invited: Mapping[str, Annotated[int, Ge(1)] | Mapping[str, Annotated[int, Ge(1)]]] = field(default_factory=dict)
    arrival_order: bool = False
    pilots: PilotFile | None = None
    power: str | None = None
    codes: str | None = None
    inferences: str | None = None
    replicates: Annotated[int, Ge(100), Le(100_000)] = 5000
    dynamic_cutoffs: Annotated[int, Ge(0), Le(10_000)] = 0
    seed: Annotated[int, Ge(0)] = 20230424

    @property
    def shown_title(self) -> str:
        """The title in the study's language."""
        return self.titles.get(self.language) or self.title or self.id

    @property
    def models(self) -> tuple[str, ...]:
        """The primary model and those it is compared with, in order and without repetition."""
        own = self.model.endswith(".lav")
        compared = self.compare if self.compare is not None else () if own else SHIPPED_VERSIONS
        return tuple(dict.fromkeys((self.model, *compared)))
