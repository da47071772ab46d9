"""A whole study from responses in memory: what each size of a role gets, and what never gets out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mce_utaut.errors import StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.tables import tables

MakeInstrument = Callable[..., Instrument]
Make = Callable[..., Responses]
MakeInputs = Callable[..., Any]
SIZES = {"student": 260, "professor": 80, "manager": 30, "dean": 8, "visitor": 3}


@pytest.fixture(scope="module")
def study(make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs) -> StudyResult:
    parts = {}
    for seed, (role, n) in enumerate(SIZES.items(), start=3):
        instrument = make_instrument(role)
        failed = [1] * (n // 20) + [0] * (n - n // 20)
        parts[role] = (instrument, make_responses(instrument, n, seed, meta={"attention_failed": failed}))
    return compute_study(make_inputs(parts), versions={"numpy": "2"}, run_date="2026-01-31")


def of(study: StudyResult, role: str):
    return next(each for each in study.roles if each.role == role)


def test_each_role_gets_what_its_size_allows(study: StudyResult) -> None:
    kinds = {role.role: role.method.kind for role in study.roles}
    assert kinds == {
        "student": "sem",
        "professor": "regression",
        "manager": "correlation",
        "dean": "none",
        "visitor": "none",
    }
    assert {path.method for path in of(study, "student").paths} == {"sem"}
    assert {path.predictor for path in of(study, "professor").paths} == {"PE", "SI"}
    assert {path.predictor for path in of(study, "manager").paths} == {"PE", "EE", "SI", "FC"}
    assert of(study, "dean").paths == ()


def test_a_role_of_eight_shows_no_interval(study: StudyResult) -> None:
    dean = of(study, "dean")
    assert dean.scales[0].mean.estimate is not None and dean.scales[0].mean.lower is None
    assert dean.scales[0].alpha.estimate is None


def test_a_role_below_the_limit_shows_nothing_but_its_size(study: StudyResult) -> None:
    visitor = of(study, "visitor")
    assert visitor.n == 3
    assert visitor.composition == () and visitor.scales == () and visitor.adopters is None
    assert all(item.mean is None for item in visitor.items)
    assert visitor.intention.estimate is None


def test_the_structural_fit_that_repeats_the_cfa_is_called_so(study: StudyResult) -> None:
    models = {(model.name, model.variant, model.analysis): model for model in of(study, "student").models}
    structural = models["mce_intention", "structural", "primary"]
    cfa = models["mce_intention", "cfa", "primary"]
    assert structural.fit["fit"]["df"] == cfa.fit["fit"]["df"]
    assert "equivalent_to_cfa" in [note.code for note in structural.notes]
    assert "equivalent_to_cfa" not in [note.code for note in models["mce_seed", "structural", "primary"].notes]
    assert "one_wave" in [note.code for note in models["mce_seed", "structural", "primary"].notes]


def test_exclusions_are_told_and_undone_as_a_sensitivity_run(study: StudyResult) -> None:
    student = of(study, "student")
    assert student.n == 260 - 13
    runs = {model.analysis: model.n for model in student.models if model.variant == "structural"}
    assert runs["sensitivity: without exclusions"] == 260
    manager = {path.analysis: path.n for path in of(study, "manager").paths}
    assert manager == {"primary": 29, "sensitivity: without exclusions": 30}


def test_verdicts_follow_from_the_size(study: StudyResult) -> None:
    verdicts = {role.role: {each.id: each.verdict for each in role.hypotheses} for role in study.roles}
    assert verdicts["student"]["H1"] == "supported"
    assert verdicts["student"]["H6"] == "not_testable"
    assert verdicts["professor"]["H1"] == "supported"
    assert verdicts["professor"]["H2"] == "not_testable"
    assert set(verdicts["manager"].values()) == {"not_testable"}
    assert set(verdicts["dean"].values()) == {"not_testable"}


def test_no_sentence_says_cause_or_no_effect(study: StudyResult) -> None:
    sentences = [
        sentence
        for role in study.roles
        for sentence in (*role.headline, *(each.sentence for each in role.hypotheses), role.method.reason)
    ]
    for sentence in sentences:
        lowered = sentence.lower()
        assert "no effect" not in lowered and "influenc" not in lowered.replace("social influence", "")
        assert "because of" not in lowered and "leads to" not in lowered and "proves" not in lowered
        assert "{" not in sentence


def test_models_meet_only_on_equal_rows_and_variables(study: StudyResult) -> None:
    section = study.sections["model_comparison"]["roles"]["student"]
    sets = {row["model"]: row["set"] for row in section["models"]}
    assert sets["mce_seed"] == sets["utaut_ext"] != sets["mce_intention"]
    (difference,) = section["differences"]
    assert (difference["model"], difference["within"], difference["df_diff"]) == ("mce_seed", "utaut_ext", 1)
    assert difference["paths"] == ["USE3 ~ FC"]


def test_the_json_reads_back_as_the_same_study(study: StudyResult) -> None:
    content = to_json(study)
    assert from_json(content) == study
    assert to_json(from_json(content)) == content
    assert tables(from_json(content)) == tables(study)
    assert b"NaN" not in content and b"Infinity" not in content


def test_equal_input_gives_equal_bytes(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    instrument = make_instrument()
    one, other = (
        to_json(compute_study(make_inputs({"student": (instrument, make_responses(instrument, 120))}), versions={}))
        for _ in range(2)
    )
    assert one == other


def test_json_of_another_schema_is_refused(study: StudyResult) -> None:
    tree = json.loads(to_json(study))
    with pytest.raises(StudyError, match="schema 0"):
        from_json(json.dumps({**tree, "schema": 0}))
    with pytest.raises(StudyError, match="is not JSON"):
        from_json(b"{")
    del tree["roles"]
    with pytest.raises(StudyError, match="no complete study"):
        from_json(json.dumps(tree))


def test_nothing_personal_reaches_an_output(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    planted = ("maria.rossi@example.org", "192.0.2.77", "Giovanna Bianchi", "AB12-link", "=HYPERLINK(1)")
    instrument = make_instrument()
    n = 120
    responses = make_responses(
        instrument,
        n,
        data={"open_benefit": [planted[0], planted[2], planted[4]] * (n // 3), "hei_other": [planted[2]] * n},
        meta={
            "link_code": [planted[3]] * n,
            "hei": ["ktu"] * 100 + [planted[2]] * 20,
            "pilot_id": [planted[1]] * n,
            "language": ["en"] * n,
        },
    )
    result = compute_study(make_inputs({"student": (instrument, responses)}), versions={})
    outputs = {"study.json": to_json(result), **tables(result)}
    for name, content in outputs.items():
        for secret in planted:
            assert secret.encode() not in content, f"{secret} is in {name}"


def test_no_printed_cell_of_a_table_is_below_the_limit(study: StudyResult) -> None:
    for role in study.roles:
        for table in (*role.composition, *([role.adopters] if role.adopters else [])):
            for cell in (row.n for row in table.rows):
                assert cell is None or cell == 0 or cell >= study.disclosure_limit
        for item in role.items:
            for cell in (*item.counts, *(item.sides or ())):
                assert cell is None or cell == 0 or cell >= study.disclosure_limit


def test_an_item_that_too_many_cannot_judge_leaves_the_model(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    instrument = make_instrument()
    n = 150
    full = make_responses(instrument, n)
    answers = full.data["FC2"].to_numpy().copy()
    answers[:60] = np.nan
    responses = make_responses(instrument, n, data={"FC2": answers}, missing={"FC2": ["cannot_judge"] * 60 + [""] * 90})
    result = compute_study(make_inputs({"student": (instrument, responses)}), versions={})
    role = result.roles[0]
    assert "FC2" not in role.models[0].syntax
    assert role.models[0].n == n  # nobody is lost for an item that is not in the model
    assert [note.where for note in role.notes if note.code == "item_left_model"] == ["student"]


def test_an_improper_solution_gives_no_path_and_no_verdict(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    instrument = make_instrument()
    n = 150
    base = make_responses(instrument, n)
    rng = np.random.default_rng(5)
    # SI1 goes with SI2 and SI3 more than these with each other: a negative residual variance of SI1.
    core = base.data["SI1"].to_numpy() - base.data["SI1"].mean()
    noise = rng.normal(0, 1.15, (2, n))
    two = np.clip(np.round(4 + 0.75 * core + noise[0]), 1, 7)
    three = np.clip(np.round(4 + 0.75 * core - 0.35 * noise[0] + noise[1]), 1, 7)
    responses = make_responses(instrument, n, data={"SI2": two, "SI3": three})
    role = compute_study(make_inputs({"student": (instrument, responses)}), versions={}).roles[0]
    structural = next(m for m in role.models if m.variant == "structural" and m.analysis == "primary")
    assert structural.fit is None or not structural.fit["proper"]
    assert not [path for path in role.paths if path.analysis == "primary" and path.model == "mce_intention"]
    assert {each.verdict for each in role.hypotheses} == {"not_testable"}
    assert any("no solution that may be interpreted" in sentence for sentence in role.headline)


def test_progress_counts_to_the_end(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    from mce_utaut.study.run import _Steps

    told: list[tuple[str, int, int]] = []
    instrument = make_instrument()
    inputs = make_inputs({"student": (instrument, make_responses(instrument, 20))})
    steps = _Steps(lambda *step: told.append(step), 5)
    compute_study(inputs, versions={}, steps=steps, per_role=5)
    assert told[0] == ("Students", 0, 5) and told[-1] == ("", 5, 5)


def test_a_model_that_names_an_unknown_item_is_refused(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    from dataclasses import replace

    from mce_utaut.study.inputs import NamedModel
    from mce_utaut.study.model_text import read_model

    instrument = make_instrument()
    inputs = make_inputs({"student": (instrument, make_responses(instrument, 120))})
    wrong = NamedModel("own", read_model("PE =~ PE1 + PE2 + PE33\nBI =~ BI1 + BI2 + BI3\nBI ~ PE\n"))
    with pytest.raises(StudyError, match=r"own names PE33.*Did you mean PE3\?"):
        compute_study(replace(inputs, models=(wrong,)), versions={})


def test_semopy_and_the_native_engine_agree(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 150)
    native, semopy = (
        compute_study(make_inputs({"student": (instrument, responses)}, engine=engine), versions={}).roles[0]
        for engine in ("native", "semopy")
    )
    for one, other in zip(native.paths, semopy.paths, strict=True):
        assert one.estimate.estimate == pytest.approx(other.estimate.estimate, abs=1e-6)
        assert one.se == pytest.approx(other.se, rel=1e-5)


def test_incomplete_answers_stay_under_fiml_and_the_other_estimators_stand_beside(
    make_instrument: MakeInstrument, make_responses: Make, make_inputs: MakeInputs
) -> None:
    instrument = make_instrument()
    n = 260
    full = make_responses(instrument, n)
    gaps = {}
    for i, code in enumerate(("PE1", "EE2", "SI3")):
        gaps[code] = full.data[code].to_numpy().copy()
        gaps[code][i * 15 : i * 15 + 15] = np.nan
    responses = make_responses(instrument, n, data=gaps)
    inputs = make_inputs({"student": (instrument, responses)}, estimator="MLR", missing="fiml")
    result = compute_study(inputs, versions={})
    role = result.roles[0]
    runs = {
        model.analysis: model
        for model in role.models
        if model.variant == "structural" and model.name == "mce_intention"
    }
    assert runs["primary"].n == role.method.n == n
    assert runs["primary"].fit["missing"] == "fiml" and runs["primary"].fit["estimator"] == "MLR"
    assert runs["sensitivity: ML on complete answers"].n == n - 45
    assert runs["sensitivity: WLSMV on complete answers"].fit["estimator"] == "WLSMV"
    opinions = [note for note in runs["sensitivity: ML on complete answers"].notes if note.code == "second_opinion"]
    assert opinions and opinions[0].level == "info"
    assert role.method.cases == "260 respondents"
    assert "complete" not in [step.code for step in role.flow]
    (difference,) = result.sections["model_comparison"]["roles"]["student"]["differences"]
    assert difference["method"] == "satorra.bentler.2001"
    assert role.discriminant is not None and len(role.discriminant.htmt_intervals) == 10
    listwise = compute_study(make_inputs({"student": (instrument, responses)}), versions={}).roles[0]
    assert listwise.models[0].n == n - 45 and listwise.flow[-1].removed == 45
    assert "sensitivity: MLR with FIML" in [model.analysis for model in listwise.models]
