"""The plan of a study: complete, honest about data that exist, text stays text, same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mce_utaut.errors import StudyError
from mce_utaut.shipped import shipped
from mce_utaut.study.config import Moderator
from mce_utaut.study.inputs import PlanInputs, gather_plan
from mce_utaut.study.on_disk import FolderFiles
from mce_utaut.study.plan import PlanBlock, PlanTable, plan_study
from mce_utaut.study.plan_documents import plan_docx, plan_html
from mce_utaut.study.study_file import parse_study
from mce_utaut.study.template import study_template


@pytest.fixture
def inputs(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> PlanInputs:
    instrument = make_instrument()
    made: Any = make_inputs({"student": (instrument, make_responses(instrument, 5))}, planned_n={"student": 250})
    config = replace(made.config, title="Tom & <script>alert(1)</script> {{ 7 }}")
    return PlanInputs(config, made.instruments, made.models, (), 0)


def test_the_plan_holds_what_was_decided(inputs: PlanInputs) -> None:
    page = plan_html(plan_study(inputs)).decode()
    for told in ("H5a", "Claim H1.", "BI ~ PE", "Statement PE1.", "250", "utaut_ext", "Estimator ML", "20230424"):
        assert told in page
    assert "did not exist when" in page
    assert "failed an attention item are left out" in page and "2 seconds" not in page


def test_hypotheses_about_moderators_are_planned_only_where_the_study_names_them() -> None:
    text = study_template("mine", {"professor": "mce_professor.yaml"}, {"professor": "a.csv"})
    config = replace(parse_study(text), language="it", moderators=(Moderator("gender"), Moderator("VOL")))
    files = FolderFiles(shipped("instruments"), shipped("models"))
    block = plan_study(gather_plan(config, files)).blocks[1]
    rows = {row[0]: row for row in block.tables[0].rows}
    assert rows["H1g"][2:4] == ("BI ~ PE × Genere", "più forte: Uomo")
    assert rows["H3v"][3] == "più forte: ai valori più bassi"
    assert not {"H1a", "H2a", "H3a", "H2e", "H3e"} & set(rows)
    assert "H1a, H2a, H2e, H3a e H3e" in block.lines[0] and "(Età; Esperienza)" in block.lines[0]
    everything = plan_study(gather_plan(config, files)).blocks
    told = " ".join(line for each in everything for line in each.lines)
    assert "massima verosimiglianza a informazione completa" in told and "native" not in told
    assert {row[0] for row in everything[-1].tables[0].rows} == {"modello", "ipotesi", "questionario", "testo"}
    whole = plan_study(gather_plan(replace(config, moderators=()), files)).blocks[1]
    assert "H1g" in whole.lines[0] and not any("×" in row[2] for row in whole.tables[0].rows)


def test_data_that_are_there_are_told(inputs: PlanInputs) -> None:
    assert "no registration before the data" in plan_html(plan_study(replace(inputs, responses_there=1))).decode()


def test_text_stays_text_and_bytes_stay_the_same(inputs: PlanInputs) -> None:
    plan = plan_study(inputs)
    page = plan_html(plan)
    assert b"<script" not in page and b"http" not in page and b"{{ 7 }}" in page
    assert page == plan_html(plan) and plan_docx(plan) == plan_docx(plan)


def test_only_words_too_long_for_a_column_may_break(inputs: PlanInputs) -> None:
    table = PlanTable(("Role", "sha256"), (("Students", "3f" * 32),))
    plan = replace(plan_study(inputs), blocks=(PlanBlock("Files", tables=(table,)),))
    assert f'<td>Students</td><td class="long">{"3f" * 32}</td>' in plan_html(plan).decode()


def test_the_word_document_has_real_tables(inputs: PlanInputs) -> None:
    from docx import Document

    content = plan_docx(plan_study(inputs))
    document = Document(io.BytesIO(content))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"H1", "Claim H1.", "Statement PE1.", "250"} <= cells
    assert {info.date_time[0] for info in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {2000}


def test_a_template_is_a_study_that_can_be_planned(tmp_path: Path) -> None:
    roles = {"student": "mce_student.yaml", "manager": "mce_manager.yaml"}
    text = study_template("mine", roles, {role: f"{role}s.csv" for role in roles})
    config = parse_study(text)
    assert not config.planned_n and not config.exclude.too_fast
    files = FolderFiles(shipped("instruments"), shipped("models"))
    for language in ("en", "it"):
        plan = plan_study(gather_plan(replace(config, language=language), files))
        assert all(cell or i > 3 for table in plan.blocks[1].tables for row in table.rows for i, cell in enumerate(row))
        assert all(row[3] for table in plan.blocks[3].tables for row in table.rows)


def test_a_plan_names_every_missing_questionnaire(tmp_path: Path) -> None:
    config = parse_study(study_template("mine", {"student": "no.yaml"}, {"student": "a.csv"}))
    with pytest.raises(StudyError, match=r"no\.yaml"):
        gather_plan(config, FolderFiles(tmp_path, shipped("models")))
