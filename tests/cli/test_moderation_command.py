"""`moderation`: one latent interaction with its slopes, as text and JSON, and refusals in a sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mce_utaut.cli import _run

SCHOOL = Path(__file__).parents[1] / "oracles" / "data" / "hs1939.csv"
MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual\n"
BASE = ["moderation", "m.lav", "d.csv", "--interaction"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.lav").write_text(MODEL)
    shutil.copy(SCHOOL, tmp_path / "d.csv")
    return tmp_path


def test_interaction_slopes_and_region_are_printed_and_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--at", "-1,0,0.5", "--meanstructure", "--json", "out.json"]
    assert _run([*BASE, "speed ~ visual:textual", *more]) == 0
    form = json.loads((folder / "out.json").read_text())
    oracle = json.loads((SCHOOL.parents[1] / "sem_interaction.json").read_text())["cases"][0]
    slopes = form["interaction"]["simple_slopes"]
    assert [row["est"] for row in slopes] == pytest.approx([row["est"] for row in oracle["slopes"]], abs=1e-5)
    assert form["estimator"] == "MLR" and form["fit"]["chisq_scaled"] == pytest.approx(oracle["chisq"], abs=1e-4)
    assert form["interaction"]["product_items"] == ["x1.x4", "x2.x5", "x3.x6"]
    region = form["interaction"]["johnson_neyman"]
    assert region["significant"] == "between" and region["lower"] < 0 < region["upper"]
    said = capsys.readouterr().out
    assert "Interaction speed ~ visual:textual" in said and "Johnson-Neyman: the slope of visual" in said


@pytest.mark.parametrize(
    ("interaction", "options", "code", "said"),
    [
        ("speed = visual", (), 2, "write it as"),
        ("speed ~ visual:x9", (), 2, "must have speed ~ x9"),
        ("speed ~ visual:textual", ("--at", "one"), 2, "--at is 'one'"),
        ("speed ~ visual:textual", ("--pairs", "x1-x4"), 2, "--pairs is 'x1-x4'"),
        ("speed ~ visual:textual", ("--ordered", "x1"), 2, "ordered items"),
        ("speed ~ visual:textual", ("--std-lv",), 2, "leave std_lv"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], interaction: str, options: tuple[str, ...], code: int, said: str
) -> None:
    assert _run([*BASE, interaction, *options]) == code
    message = capsys.readouterr().err
    assert said in message and "Traceback" not in message


def test_an_observed_moderator_is_told_on_its_own_scale(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "m.lav").write_text("visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nspeed ~ visual + sex + x5\n")
    assert _run([*BASE, "speed ~ visual:sex", "--json", "out.json"]) == 0
    form = json.loads((folder / "out.json").read_text())["interaction"]
    assert form["moderator_has_two_values"] and form["moderator_mean"] == pytest.approx(1.515, abs=1e-3)
    said = capsys.readouterr().out
    assert "where sex is 1.000 (" in said and "where sex is 2.000 (" in said and "Johnson-Neyman" not in said
    assert _run([*BASE, "speed ~ visual:x5", "--json", "-"]) == 0
    told = capsys.readouterr()
    form = json.loads(told.out)["interaction"]
    assert f"where x5 is {form['moderator_mean']:.3f} (mean, +0.000 from its mean)" in told.err
    assert "Johnson-Neyman" in told.err and "measured from" not in told.err


def test_a_fixed_slope_is_told_without_a_test(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "fixed.lav").write_text(MODEL.replace("~ visual", "~ 0.3*visual"))
    asked = ["--interaction", "speed ~ visual:textual", "--json", "out.json"]
    assert _run(["moderation", "fixed.lav", "d.csv", *asked]) == 0
    low, mean, high = json.loads((folder / "out.json").read_text())["interaction"]["simple_slopes"]
    assert (mean["est"], mean["se"], mean["z"], mean["pvalue"]) == (0.3, 0, None, None)
    assert low["pvalue"] < 1 and low["se"] == pytest.approx(high["se"])
    assert "0.300 (fixed)" in capsys.readouterr().out
