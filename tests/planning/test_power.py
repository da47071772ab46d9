"""Planned power: the target is what a large sample gives, sizes get their analysis, the seed decides everything."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mce_utaut.cli import main
from mce_utaut.errors import UsageError
from mce_utaut.planning.power import PathPower, Thresholds, plan_power
from mce_utaut.planning.samples import Planned, draw_sample, planned_role, scale_scores
from mce_utaut.shipped import shipped
from mce_utaut.simulate.reading import read_population

THRESHOLDS = Thresholds(10, 60, 100)
MODEL = "PE =~ PE1 + PE2 + PE3 + PE4\nSI =~ SI1 + SI2 + SI3\nBI =~ BI1 + BI2 + BI3\nBI ~ PE + SI\n"


@pytest.fixture(scope="module")
def make() -> Callable[..., Planned]:
    from mce_utaut.cli.questionnaire import load

    where = shipped("simulated") / "mce_study" / "population.yaml"
    population = read_population(where.read_bytes(), where.name)
    instrument = load("mce_student")

    def make(text: str = MODEL, **values: float) -> Planned:
        return planned_role("student", population, instrument, text, **values)

    return make


def paths(planned: Planned, n: int, samples: int, seed: int = 1) -> dict[str, PathPower]:
    (found,) = plan_power(planned, [n], samples, seed, THRESHOLDS, ("PE", "SI"))
    return {path.predictor: path for path in found.paths}


def test_a_sample_has_the_answers_asked_for(make: Callable[..., Planned]) -> None:
    planned = make(missing=0.2, icc=0.0)
    sample = draw_sample(planned, 2000, np.random.default_rng(1))
    answers = np.column_stack(list(sample.values()))
    assert np.isnan(answers).mean() == pytest.approx(0.2, abs=0.02)
    assert set(np.unique(answers[~np.isnan(answers)])) == {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0}
    scores = scale_scores(planned, {**sample, "SI1": np.full(2000, np.nan), "SI2": np.full(2000, np.nan)})
    assert np.isnan(scores["SI"]).all() and not np.isnan(scores["PE"]).all()


def test_the_structural_model_recovers_the_planted_paths_and_scores_are_smaller(make: Callable[..., Planned]) -> None:
    planned = make(missing=0.0, icc=0.0)
    structural, scored = paths(planned, 150, 25), paths(planned, 80, 25)
    for name in ("PE", "SI"):
        assert abs(structural[name].mean - structural[name].target) < 4 * structural[name].sd / 5
        assert structural[name].coverage > 0.75 and structural[name].power >= scored[name].power - 0.2
    # With EE and FC left out of this model, the target is the marginal path, above the planted one.
    assert structural["PE"].target > structural["PE"].planted == 0.43
    assert scored["PE"].target < structural["PE"].target


def test_a_size_gets_its_analysis_and_the_seed_decides(make: Callable[..., Planned]) -> None:
    planned = make(missing=0.0)
    first = plan_power(planned, [20, 70], 5, 3, THRESHOLDS, ("PE",))
    assert [size.method for size in first] == ["correlation", "regression"]
    assert [path.predictor for path in first[1].paths] == ["PE"]
    assert first[0].paths[0].mean_se is None
    assert plan_power(planned, [70], 5, 3, THRESHOLDS, ("PE",))[0] == first[1]
    assert plan_power(planned, [70], 5, 4, THRESHOLDS, ("PE",))[0] != first[1]


def test_universities_widen_the_spread(make: Callable[..., Planned]) -> None:
    planned = replace(make(missing=0.0, icc=0.4), universities=np.array([0.5, 0.5]))
    assert paths(planned, 90, 40)["PE"].sd > paths(make(missing=0.0, icc=0.0), 90, 40)["PE"].sd


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MODEL + "USE3 ~ BI\n", "observed variable USE3"),
        ("PE =~ PE1 + PE2\n", "no path"),
        (MODEL.replace("BI3", "BI9"), "BI9"),
    ],
)
def test_models_that_cannot_be_planned_are_refused(make: Callable[..., Planned], text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make(text)


def test_the_command_prints_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: object) -> object:
        monkeypatch.setattr("sys.argv", ["mce_utaut", "plan", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    out = tmp_path / "power.json"
    assert run("--role", "manager", "--n", "20,30", "--samples", "5", "--json", out) == 0
    form = json.loads(out.read_text("utf-8"))
    assert [size["n"] for size in form["roles"]["manager"]["sizes"]] == [20, 30] and form["seed"] == 1
    assert "rank correlations" in capsys.readouterr().out
    assert run("--n", "5") == 2 and run("--role", "dean") == 2 and run("--model", "nothing") == 2
