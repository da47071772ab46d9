"""A small questionnaire and answers to it, made in memory: two UTAUT scales, use, a university, gender."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.responses.model import META_COLUMNS, Responses, Source

CONSTRUCTS = {"PE": 4, "EE": 3, "SI": 3, "FC": 3, "BI": 3, "COM": 3}
LABELS = {
    "PE": "Performance expectancy",
    "EE": "Effort expectancy",
    "SI": "Social influence",
    "FC": "Facilitating conditions",
    "BI": "Behavioural intention",
    "COM": "Compatibility",
    "USE": "Use",
}
MODEL = """
PE =~ PE1 + PE2 + PE3 + PE4
EE =~ EE1 + EE2 + EE3
SI =~ SI1 + SI2 + SI3
FC =~ FC1 + FC2 + FC3
BI =~ BI1 + BI2 + BI3
BI ~ pe*PE + ee*EE + si*SI + fc*FC
"""


def _structure(role: str, reverse: Sequence[str]) -> str:
    def item(construct: str, number: int) -> str:
        code = f"{construct}{number}"
        turned = ", reverse: true" if code in reverse else ""
        return f"          - {{code: {code}, construct: {construct}, kind: anchor{turned}}}"

    pages = "\n".join(
        f"  - id: {name.lower()}\n    questions:\n      - code: {name}Q\n        type: array\n"
        f"        scale: agree7\n        items:\n" + "\n".join(item(name, number) for number in range(1, count + 1))
        for name, count in CONSTRUCTS.items()
    )
    options = "\n".join(f'      - {{code: "{value}", name: point{value}}}' for value in range(1, 8))
    constructs = "\n".join(
        f"  {name}: {{kind: latent{', rogers: true' if name == 'COM' else ''}}}" for name in CONSTRUCTS
    )
    return f"""
id: small_{role}
version: "1.0.0"
role: {role}
kind: survey
source_language: en
license: CC0
credit: none
scales:
  agree7:
    kind: ordinal
    cannot_judge: true
    options:
{options}
  hei:
    kind: nominal
    options:
      - {{code: KTU, name: ktu}}
      - {{code: UOC, name: uoc}}
  gender:
    kind: nominal
    options:
      - {{code: F, name: female}}
      - {{code: M, name: male}}
  use:
    kind: ordinal
    options:
      - {{code: "0", name: none}}
      - {{code: "1", name: some}}
      - {{code: "2", name: much}}
  adopter:
    kind: nominal
    options:
      - {{code: IN, name: innovator}}
      - {{code: EA, name: early_adopter}}
      - {{code: EM, name: early_majority}}
      - {{code: LM, name: late_majority}}
      - {{code: LA, name: laggard}}
constructs:
{constructs}
  USE: {{kind: observed}}
pages:
{pages}
  - id: about
    questions:
      - {{code: USE3, name: use_involvement, type: choice, scale: use, construct: USE, purpose: use}}
      - {{code: ADOPT, name: adopter, type: choice, scale: adopter, purpose: adopter}}
      - {{code: HEI, name: hei, type: choice, scale: hei, other: true, purpose: hei}}
      - {{code: GENDER, name: gender, type: choice, scale: gender, purpose: demographic}}
      - {{code: O1, name: open_benefit, type: long_text, purpose: open}}
"""


def _wording(role: str) -> str:
    pages = "\n".join(f"  {name.lower()}: {{title: {name}}}" for name in CONSTRUCTS)
    arrays = "\n".join(f"  {name}Q: {{text: How far do you agree?}}" for name in CONSTRUCTS)
    items = "\n".join(
        f'  {name}{number}: "Statement {name}{number}."'
        for name, count in CONSTRUCTS.items()
        for number in range(1, count + 1)
    )
    points = ", ".join(f'"{value}": "Point {value}"' for value in range(1, 8))
    constructs = "\n".join(
        f'  {name}: {{label: "{label}", definition: "What {label} is."}}' for name, label in LABELS.items()
    )
    return f"""
instrument: small_{role}
language: en
status: source
survey: {{title: Small, description: Small, welcome: Hello, end: Thanks, declined: Bye}}
pages:
{pages}
  about: {{title: About you}}
questions:
{arrays}
  USE3: {{text: "How far have you gone?"}}
  ADOPT: {{text: "When do you try new things?"}}
  HEI: {{text: "University", other: "Another"}}
  GENDER: {{text: "Gender"}}
  O1: {{text: "What else?"}}
items:
{items}
scales:
  agree7: {{{points}, "99": "I cannot judge"}}
  hei: {{KTU: Kaunas, UOC: Catalunya}}
  gender: {{F: Female, M: Male}}
  use: {{"0": None so far, "1": Some, "2": Much}}
  adopter: {{IN: First, EA: Early, EM: With many, LM: After many, LA: Last}}
constructs:
{constructs}
"""


@pytest.fixture(scope="session")
def make_instrument() -> Callable[..., Instrument]:
    def make(role: str = "student", reverse: Sequence[str] = ()) -> Instrument:
        structure = TextFile(f"small_{role}.yaml", _structure(role, reverse))
        return load_instrument(structure, [TextFile(f"small_{role}.en.yaml", _wording(role))])

    return make


@pytest.fixture(scope="session")
def instrument(make_instrument: Callable[..., Instrument]) -> Instrument:
    return make_instrument()


@pytest.fixture(scope="session")
def make_responses() -> Callable[..., Responses]:
    """Answers of ``n`` people: factors correlate .3, BI rests on PE (.5) and SI (.3)."""

    def make(
        instrument: Instrument,
        n: int,
        seed: int = 1,
        meta: Mapping[str, Sequence[Any]] | None = None,
        data: Mapping[str, Sequence[Any]] | None = None,
        missing: Mapping[str, Sequence[str]] | None = None,
    ) -> Responses:
        rng = np.random.default_rng(seed)
        names = ["PE", "EE", "SI", "FC", "COM"]
        correlation = np.full((5, 5), 0.3) + 0.7 * np.eye(5)
        factors = dict(zip(names, rng.multivariate_normal(np.zeros(5), correlation, n).T, strict=True))
        factors["BI"] = 0.5 * factors["PE"] + 0.3 * factors["SI"] + 0.7 * rng.standard_normal(n)
        answers: dict[str, Any] = {}
        for question, item in instrument.items():
            latent = 0.8 * factors[question.code[:-1]] + 0.6 * rng.standard_normal(n)
            points = np.clip(np.round(4.3 + 1.3 * latent), 1, 7)
            answers[item.code] = 8 - points if item.reverse else points
        answers["use_involvement"] = np.clip(np.round(1 + 0.5 * factors["BI"] + rng.standard_normal(n)), 0, 2)
        categories = ["innovator", "early_adopter", "early_majority", "late_majority", "laggard"]
        answers["adopter"] = rng.choice(categories, n, p=[0.05, 0.2, 0.35, 0.3, 0.1])
        answers["gender"] = rng.choice(["female", "male"], n)
        answers["open_benefit"] = [None] * n
        index = pd.Index([f"r{i}" for i in range(n)])
        frame = pd.DataFrame(answers, index=index)
        frame["hei"] = np.where(np.arange(n) % 2, "ktu", "uoc")
        frame["hei_other"] = None
        for name, values in (data or {}).items():
            frame[name] = list(values)
        kinds = pd.DataFrame("", index=index, columns=frame.columns)
        for name, values in (missing or {}).items():
            kinds[name] = list(values)
        about = pd.DataFrame(
            {
                "role": instrument.role,
                "hei": frame["hei"],
                "wave": "single",
                "pilot_id": None,
                "link_code": None,
                "language": "en",
                "submitted": True,
                "consent": True,
                "attention_failed": 0,
                "attention_asked": 1,
                "duration_s": 300.0,
                "source": 0,
                "source_row": np.arange(2, n + 2),
            },
            index=index,
        )[list(META_COLUMNS)]
        for name, values in (meta or {}).items():
            about[name] = list(values)
        return Responses(
            instrument_id=instrument.id,
            instrument_version=instrument.version,
            instrument_digest=instrument.digest,
            role=instrument.role,
            data=frame,
            missing=kinds,
            meta=about,
            sources=(Source("answers.csv", "0" * 64, "plain", n, n, {}),),
        )

    return make


@pytest.fixture(scope="session")
def make_inputs() -> Callable[..., Any]:
    """The inputs of a study from responses by role, with the model above and its hypotheses."""
    from mce_utaut.study.config import ResponseFile, StudyConfig
    from mce_utaut.study.hypotheses import Hypothesis, Requires
    from mce_utaut.study.inputs import NamedModel, StudyInputs
    from mce_utaut.study.model_text import read_model

    def make(parts: Mapping[str, tuple[Instrument, Responses]], **choices: Any) -> StudyInputs:
        options = {"engine": "native", "estimator": "ML", "missing": "listwise", "replicates": 200, **choices}
        config = StudyConfig(
            id="demo",
            instruments={role: f"{role}.yaml" for role in parts},
            responses=tuple(ResponseFile(file=f"{role}.csv", role=role) for role in parts),
            **options,
        )
        claims = tuple(
            Hypothesis(name, f"BI ~ {predictor}", expected, {"en": f"Claim {name}."}, predictor.lower())
            for name, predictor, expected in (
                ("H1", "PE", "positive"),
                ("H2", "EE", "positive"),
                ("H3", "SI", "positive"),
                ("H5a", "FC", "zero"),
            )
        )
        use = Hypothesis("H6", "USE3 ~ BI", "positive", {"en": "Use."}, requires=Requires(("pre", "post")))
        models = (
            NamedModel("mce_intention", read_model(MODEL), claims),
            NamedModel("mce_seed", read_model(f"{MODEL}USE3 ~ bi_use*BI\n"), (use,)),
            NamedModel("utaut_ext", read_model(f"{MODEL}USE3 ~ bi_use*BI + fc_use*FC\n")),
        )
        return StudyInputs(
            config=config,
            instruments={role: instrument for role, (instrument, _) in parts.items()},
            responses={role: responses for role, (_, responses) in parts.items()},
            models=models,
            files=(),
        )

    return make
