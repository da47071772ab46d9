"""Files of a simulated study: layouts, truth, reading back, and the study that ships."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.simulate.as_responses import as_responses
from mce_utaut.simulate.draw import draw_role
from mce_utaut.simulate.population import Population
from mce_utaut.simulate.reading import read_population
from mce_utaut.simulate.streams import role_generator
from mce_utaut.simulate.study import simulate_study
from mce_utaut.survey import limesurvey, plain

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "simulated" / "mce_study"
READERS: dict[str, ModuleType] = {"limesurvey": limesurvey, "plain": plain}
GAPS = (
    "    refused: 0.05\n    only_opened: 0.02\n    not_submitted: 0.1\n    careless: {straight: 0.05}\n"
    "    cannot_judge: {default: 0.05}\n    missing: {items: 0.05, questions: 0.05}\n"
    '    questions: {O1: {share: 0.5, texts: {en: ["=SUM(A1)", "a \\"b\\", c"], it: ["è così"]}}}\n'
)


@pytest.fixture(params=sorted(READERS))
def layout(request: pytest.FixtureRequest) -> str:
    return request.param


def population(text: str, layout: str) -> Population:
    text = text.replace("    n: 400\n", f"    n: 200\n    layout: {layout}\n").replace(
        "    means:", GAPS + "    means:"
    )
    return read_population(text)


def test_what_a_survey_reader_finds_is_what_was_drawn(population_text: str, sample: Instrument, layout: str) -> None:
    truth = population(population_text, layout)
    content = simulate_study(truth, {"sample": sample})["students.csv"]
    drawn = draw_role("student", truth, sample, role_generator(truth.seed, "student"))
    expected, reader = as_responses(drawn), READERS[layout]
    assert reader.recognises(content, "students.csv")
    found = reader.read(sample, content, "students.csv")
    personal = [q.name for q in sample.questions() if q.personal or q.purpose == "link_code"]
    pd.testing.assert_frame_equal(
        found.data.reset_index(drop=True), expected.data.drop(columns=personal).reset_index(drop=True)
    )
    known = expected.meta.drop(columns="link_code")
    pd.testing.assert_frame_equal(
        found.meta.drop(columns="link_code").reset_index(drop=True), known.reset_index(drop=True)
    )
    assert [(e.source_row, e.reason) for e in found.exclusions] == [
        (e.source_row, e.reason) for e in expected.exclusions
    ]
    assert {e.reason for e in found.exclusions} == {"no_consent", "empty_row"}
    done = expected.meta["submitted"].to_numpy(dtype=bool)
    for name in ("PE1", "BI1", "age_band", "support"):
        assert found.missing[name].to_numpy()[done].tolist() == expected.missing[name].to_numpy()[done].tolist()


def test_limesurvey_layout_has_the_marks_of_the_tool(population_text: str, sample: Instrument) -> None:
    content = simulate_study(population(population_text, "limesurvey"), {"sample": sample})["students.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b'"\r\n\r\n')
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {"id", "submitdate", "PEQ[PE1]", "SUP[TUT]", "GENDER[other]", "INTRO", "interviewtime"} <= set(rows[0])
    assert {row["submitdate"] for row in rows} == {"", "1980-01-01 00:00:00"}
    assert "'=SUM(A1)" in {row["O1"] for row in rows}
    assert {row["INTRO"] for row in rows} == {""}


def test_a_role_is_the_same_with_and_without_other_roles(population_text: str, sample: Instrument) -> None:
    alone = read_population(population_text)
    head, _, role = population_text.partition("  student:\n")
    both = read_population(head + "  a_first:\n" + role.replace("students.csv", "others.csv") + "  student:\n" + role)
    files = simulate_study(both, {"sample": sample})
    assert simulate_study(alone, {"sample": sample})["students.csv"] == files["students.csv"]
    assert files["others.csv"] != files["students.csv"]


def test_truth_says_what_the_population_file_says(population_text: str, sample: Instrument) -> None:
    text = population_text.replace("BI4:", "ZZ9: {loading: 0.5}\n      BI4:")
    truth = json.loads(simulate_study(read_population(text), {"sample": sample})["truth.json"])["roles"]["student"]
    assert truth["paths"] == {"BI": {"PE": 0.5}, "USE": {"BI": 0.4}}
    assert truth["r2"] == {"BI": pytest.approx(0.25), "USE": pytest.approx(0.16)}
    assert truth["factor_correlations"]["PE USE"] == pytest.approx(0.2)
    assert truth["loadings"]["PE4"] == {"PE": 0.6}
    assert truth["loadings"]["BI3"] == {"BI": -0.8}
    assert truth["centres"]["PE4"] == pytest.approx(0.3 * 0.6 - 0.5)
    assert truth["cuts"]["PE1"] == [-2.0, -1.4, -0.8, -0.2, 0.5, 1.3]
    assert truth["not_in_questionnaire"] == ["ZZ9"]


@pytest.fixture(scope="module")
def shipped_instruments() -> dict[str, Instrument]:
    found = {}
    for path in sorted((ROOT / "instruments").glob("mce_*.yaml")):
        if path.name.count(".") == 1:
            texts = [
                TextFile(p.name, p.read_text(encoding="utf-8")) for p in sorted(path.parent.glob(f"{path.stem}.*.yaml"))
            ]
            found[path.stem] = load_instrument(TextFile(path.name, path.read_text(encoding="utf-8")), texts)
    return found


def test_the_shipped_study_is_what_its_population_gives(shipped_instruments: dict[str, Instrument]) -> None:
    shipped = read_population((SHIPPED / "population.yaml").read_bytes())
    for name, content in simulate_study(shipped, shipped_instruments).items():
        assert (SHIPPED / name).read_bytes() == content, f"{name}: run the command in simulated/README.md"


def test_the_shipped_codes_are_what_its_coders_make_of_the_answers(tmp_path: Path) -> None:
    from mce_utaut.cli.app import run_app

    assert run_app(["simulate", str(SHIPPED / "population.yaml"), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "codes.csv").read_bytes() == (SHIPPED / "codes.csv").read_bytes()


def test_the_shipped_study_has_three_roles_ten_universities_and_small_files(
    shipped_instruments: dict[str, Instrument],
) -> None:
    truth = json.loads((SHIPPED / "truth.json").read_text(encoding="utf-8"))
    consenting = {
        role: facts["counts"]["rows"] - facts["counts"]["refused"] - facts["counts"]["only_opened"]
        for role, facts in truth["roles"].items()
    }
    assert {role: round(n, -1) for role, n in consenting.items()} == {"student": 420, "professor": 130, "manager": 30}
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 500_000
    for role, facts in truth["roles"].items():
        instrument = shipped_instruments[facts["instrument"]]
        found = READERS[facts["layout"]].read(instrument, (SHIPPED / facts["file"]).read_bytes(), facts["file"])
        assert found.n == consenting[role]
        assert found.meta["hei"].nunique() == 10 or role == "manager"
        assert set(found.meta["language"]) == {"en", "it"}
        assert np.all(found.meta["wave"] == "single")
        assert not facts["not_in_questionnaire"]
