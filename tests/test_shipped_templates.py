"""The shipped templates (case collection, pilot proposal) ask what the founding report's forms ask."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mce_utaut.instrument.load import CheckReport, check_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import decode_yaml
from mce_utaut.survey import registry

FOLDER = Path(__file__).parents[1] / "instruments"
TEMPLATES = ("mce_case", "mce_pilot")


@cache
def report(template: str) -> CheckReport:
    names = sorted(path.name for path in FOLDER.glob(f"{template}.*.yaml"))
    texts = [decode_yaml(name, (FOLDER / name).read_bytes()) for name in names]
    return check_instrument(decode_yaml(f"{template}.yaml", (FOLDER / f"{template}.yaml").read_bytes()), texts)


def instrument(template: str) -> Instrument:
    loaded = report(template).instrument
    assert loaded is not None, "\n".join(map(str, report(template).problems))
    return loaded


@pytest.mark.parametrize("template", TEMPLATES)
def test_loads_without_a_remark_in_nine_languages(template: str) -> None:
    assert report(template).problems == () and report(template).warnings == ()
    assert instrument(template).kind == "template"
    assert set(instrument(template).languages) == {"en", "it", "de", "es", "ca", "pt", "nl", "lt", "el"}
    for language, wording in instrument(template).wordings.items():
        assert {text.status for text in wording.strings.values()} == ({"source"} if language == "en" else {"draft"})


def test_the_case_template_has_the_28_questions_in_the_order_of_the_report() -> None:
    text = (FOLDER / "mce_case.yaml").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"# Q(\d+)$", text, re.MULTILINE)] == list(range(1, 29))
    assert len(instrument("mce_case").pages) == 4


@pytest.mark.parametrize(
    ("template", "fields"),
    [
        (
            "mce_case",
            "hei_name country department title awarding_type workload_ects learning_outcomes online_score sync_score "
            "origin assessment_types duration_weeks supervision internal_accreditation external_accreditation "
            "stackability",
        ),
        (
            "mce_pilot",
            "pilot_id hei country title eqf_level ects subject topics_description duration_weeks engagement_mode "
            "univ_collaboration_scope origin funding_level free_for_students fee_eur professor_incentive "
            "learning_outcomes online_rate sync_rate assessment_approach supervision assessment_setting "
            "expected_students n_professors_reachable n_managers_reachable stackability",
        ),
    ],
)
def test_what_the_report_needs_is_required(template: str, fields: str) -> None:
    required = {question.name for question in instrument(template).questions() if question.required == "hard"}
    assert required == set(fields.split())


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_detail_follows_the_answer_that_calls_for_it(template: str) -> None:
    asked = {question.code: question for question in instrument(template).questions()}
    for question in asked.values():
        if question.name.endswith(("_details", "_timing", "_agency")) and question.condition is not None:
            assert asked[question.condition.question].type in ("choice", "multi")
    conditional = {question.code for question in asked.values() if question.condition is not None}
    wanted = {"mce_case": {"PRETXT", "CODWHO", "INTTIM", "EXTAGY", "STUSAT"}, "mce_pilot": {"FEE", "COLWHO", "EXTBOD"}}
    assert wanted[template] <= conditional


@pytest.mark.parametrize("tool", registry.TOOLS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_tool_can_field_it(template: str, tool: str) -> None:
    asked = instrument(template)
    exported = registry.tool(tool).export(asked)
    assert exported.column_map.languages == asked.languages
    fields = {column.field for column in exported.column_map.columns}
    assert {question.name for question in asked.questions()} <= fields
