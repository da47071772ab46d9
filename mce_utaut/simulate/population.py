"""``Population``: what is true of the respondents that are drawn, role by role, as a YAML file says it.

Every latent answer is standardised: an item's is loading · factor + residual with variance 1, a factor
has variance 1, paths and correlations are standardised. docs/population-file.md explains each key. The
parts know their place in the file (``Marked``), so that a mistake found later can still point at it.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from mce_utaut.instrument.reading import Plain
from mce_utaut.instrument.shape import Code, Language, Marked, Name, Text


def _within(low: float, high: float, meaning: str, example: str, whole: bool = False) -> BeforeValidator:
    """A validator of an unquoted number between ``low`` and ``high``, bounds included."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        written = isinstance(value, Plain) and re.fullmatch(r"[-+]?\d{1,12}(\.\d{1,12})?", value) is not None
        number = float(value) if written else None
        if number is None or not low <= number <= high or (whole and number != int(number)):
            raise _misfit(value, meaning, example)
        return int(number) if whole else number

    return BeforeValidator(check)


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise _misfit(value, "a day", "2026-03-02") from None
    return value


def _misfit(value: str, meaning: str, example: str) -> PydanticCustomError:
    shown = value if len(value) <= 40 else value[:37] + "..."
    context = {"value": f"`{shown}`", "meaning": meaning, "example": example}
    return PydanticCustomError("no_match", "{value} is not {meaning}.", context)


Share = Annotated[float, _within(0, 1, "a share: a number from 0 to 1", "0.05")]
Weight = Annotated[float, _within(-0.999, 0.999, "a standardised number between -1 and 1", "0.30")]
Shift = Annotated[float, _within(-5, 5, "a number of standard deviations from -5 to 5", "0.25")]
Positive = Annotated[float, _within(0, 1000, "a number from 0 to 1000", "1.5")]
Size = Annotated[int, _within(1, 10_000_000, "a whole number from 1 to 10000000", "400", whole=True)]
Seed = Annotated[int, _within(0, 999_999_999_999, "a whole number from 0 to 999999999999", "13", whole=True)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Layout = Literal["limesurvey", "plain"]
CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)([-+0]) (\S.*)")


def _code(value: Any) -> Any:
    if isinstance(value, str) and CODE.fullmatch(value) is None:
        raise _misfit(value, "a code: construct, sign and theme", "PE+ useful at work")
    return value


CodeText = Annotated[str, BeforeValidator(_code)]


class Pair(Marked):
    """The correlation of two exogenous constructs."""

    between: list[Name] = Field(min_length=2, max_length=2)
    r: Weight


class Correlations(Marked):
    """Correlations of the constructs that no path leads to: ``default`` for every pair not in ``pairs``."""

    default: Weight = 0.0
    pairs: list[Pair] = Field(default_factory=list)


class ItemTruth(Marked):
    """What holds for one item instead of its construct's values. ``measures`` makes an item that has no
    construct in the questionnaire depend on one; ``shift`` moves its latent answer up (more agreement)."""

    measures: Name | None = None
    loading: Weight | None = None
    shift: Shift = 0.0
    cannot_judge: Share | None = None


class Careless(Marked):
    """Shares of respondents who give one answer throughout (``straight``) or any (``random``)."""

    straight: Share = 0.0
    random: Share = 0.0


class MissingAnswers(Marked):
    """Shares of answers left blank: of array ``items`` and of other ``questions``. ``mar``: the odds for
    items change by the factor ``odds`` from one option of the question ``by`` to the next."""

    items: Share = 0.0
    questions: Share = 0.0
    mechanism: Literal["mcar", "mar"] = "mcar"
    by: Code | None = None
    odds: Positive = 1.5


class Duration(Marked):
    """Minutes from first page to last: ``median``, and ``spread`` (standard deviation of the logarithm)."""

    median: Positive = 9.0
    spread: Positive = 0.35


class QuestionTruth(Marked):
    """What holds for one question that is no array.

    ``shares`` are the options' frequencies (their names or codes; 99 for "cannot judge"). Answers in the
    options' order follow the construct ``follows`` with correlation ``r``. A count has ``mean``, its
    logarithm rising by ``slope`` with a standard deviation of ``follows``, or is a ``share`` of the count
    ``part_of``. A text is given by a ``share``, one of ``texts`` in the respondent's language.
    """

    shares: dict[str, Share] | None = None
    follows: Name | None = None
    r: Weight = 0.0
    mean: Positive | None = None
    slope: Weight = 0.0
    part_of: Code | None = None
    share: Share = 1.0
    texts: dict[Language, list[Text]] | None = None


class RolePopulation(Marked):
    """One role: who answers, what is true of them, and how carelessly they answer.

    ``n`` respondents consent; on top of them come those who refuse (``refused``) and those who send no
    page (``only_opened``). These, ``not_submitted`` and ``careless`` are shares of n, met exactly up to
    rounding; ``attention_slips`` is the chance that an attentive respondent fails an attention item.
    ``icc`` is the share of every factor's variance between universities.
    """

    instrument: Text
    file: Text
    layout: Layout = "plain"
    n: Size
    wave: Literal["pre", "post", "single"] = "single"
    languages: dict[Language, Share]
    universities: dict[str, Share] = Field(default_factory=dict)
    icc: Share = 0.0
    loadings: dict[Name, Weight] = Field(default_factory=dict)
    means: dict[Name, Shift] = Field(default_factory=dict)
    correlations: Correlations = Field(default_factory=Correlations)
    paths: dict[Name, dict[Name, Weight]] = Field(default_factory=dict)
    items: dict[Code, ItemTruth] = Field(default_factory=dict)
    questions: dict[Code, QuestionTruth] = Field(default_factory=dict)
    cannot_judge: dict[Name, Share] = Field(default_factory=dict)
    missing: MissingAnswers = Field(default_factory=MissingAnswers)
    careless: Careless = Field(default_factory=Careless)
    attention_slips: Share = 0.0
    refused: Share = 0.0
    only_opened: Share = 0.0
    not_submitted: Share = 0.0
    duration: Duration = Field(default_factory=Duration)

    def loading_of(self, construct: str) -> float:
        """The standardised loading of the items of ``construct`` that have none of their own."""
        return self.loadings.get(construct, self.loadings.get("default", DEFAULT_LOADING))


class Coding(Marked):
    """How open answers are coded into ``file``. ``texts`` holds the codes of each text that respondents may write (a
    text without: none), as "PE+ theme": construct, sign (+ for, - against, 0 neither), theme. The first of ``coders``
    reads all, the others the share ``double``; each misses a code with the chance ``slip``. ``quoted`` are texts that
    may be printed."""

    file: Text = "codes.csv"
    coders: list[Name] = Field(default_factory=lambda: ["ada"])
    double: Share = 0.0
    slip: Share = 0.0
    texts: dict[Text, list[CodeText]]
    quoted: list[Text] = Field(default_factory=list)


class Population(Marked):
    """A study's population. ``day`` is when it is asked (answers with a date lie before it). ``cuts`` are
    the cut points of the latent answer by scale id, in standard deviations, one fewer than the scale has
    options; a scale without gets evenly likely options. ``coding`` says how open answers are coded (None: they are
    not)."""

    id: Name
    title: Text = ""
    seed: Seed
    day: Day
    cuts: dict[Name, list[Shift]] = Field(default_factory=dict)
    roles: dict[Name, RolePopulation]
    coding: Coding | None = None


DEFAULT_LOADING = 0.75
