"""`invariance`, and what `sem` gives on request: one table, JSON, and refusals in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mce_utaut.cli import _run

MODEL = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ a*f\nindirect := a*2\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(5)
    lines = ["place,x1,x2,x3,x4,y1,y2,y3,gap"]
    for place, shift in (("north", 0.0), ("south", 1.5)):
        f = rng.normal(size=400)
        g = 0.5 * f + rng.normal(size=400)
        x = f[:, None] * [1, 0.9, 0.8, 0.7] + 0.6 * rng.normal(size=(400, 4)) + [0, 0, shift, 0]
        y = g[:, None] * [1, 0.9, 0.8] + 0.6 * rng.normal(size=(400, 3))
        for a, b in zip(x, y, strict=True):
            lines.append(place + "," + ",".join(f"{v:.4f}" for v in (*a, *b)) + ",")
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "m.lav").write_text(MODEL.replace("a*f", "f").replace("indirect := a*2\n", ""))
    (tmp_path / "labels.lav").write_text(MODEL)
    return tmp_path


def test_ladder_is_printed_and_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["invariance", "m.lav", "d.csv", "--group", "place", "--partial", "--json", "i.json"]) == 0
    form = json.loads((folder / "i.json").read_text())
    assert [group["label"] for group in form["groups"]] == ["north", "south"]
    assert form["freed"][0]["item"] == "x3"
    assert form["freed"][0]["expected_changes"][0]["epc"] == pytest.approx(1.5, abs=0.3)
    assert {row["factor"] for row in form["latent_means"]} == {"f", "g"}
    assert form["paths"]["omnibus"]["df_diff"] == 1
    out = capsys.readouterr().out
    assert "partial scalar" in out
    assert "freed at scalar: x3" in out
    assert "Largest item differences" in out


def test_ladder_says_why_means_are_not_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["invariance", "m.lav", "d.csv", "--group", "place", "--estimator", "MLR"]) == 0
    out = capsys.readouterr().out
    assert "does not hold" in out
    assert "\nLatent means are not compared: the level scalar does not hold" in out


def test_ladder_that_breaks_names_the_items_to_free(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["invariance", "m.lav", "d.csv", "--group", "place", "--json"]
    assert _run([*base, "alone.json"]) == 0
    out = capsys.readouterr().out
    assert "Items that could be freed at scalar, the most different first (--partial" in out
    assert _run([*base, "freed.json", "--partial"]) == 0
    alone, freed = (json.loads((folder / name).read_text()) for name in ("alone.json", "freed.json"))
    assert not alone["freed"] and not freed["release_candidates"]
    first = alone["release_candidates"][0]
    assert first["item"] == "x3" and f"  x3 (score test {first['score_chisq']:.2f}, df 1" in out
    assert {key: value for key, value in freed["freed"][0].items() if key != "verdict_after"} == first
    assert first["score_chisq"] == max(each["score_chisq"] for each in alone["release_candidates"])


def test_levels_after_one_that_fails_are_not_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows = (folder / "d.csv").read_text().splitlines()
    for i, row in enumerate(rows):
        cells = row.split(",")
        if cells[0] == "south":
            cells[3] = f"{float(cells[3]) - 1.6 * float(cells[1]):.4f}"
        rows[i] = ",".join(cells)
    (folder / "broken.csv").write_text("\n".join([head, *rows]) + "\n")
    assert _run(["invariance", "m.lav", "broken.csv", "--group", "place", "--json", "i.json"]) == 0
    steps = json.loads((folder / "i.json").read_text())["differences"]
    assert [step["verdict"] for step in steps] == ["does not hold", "not judged", "not judged"]
    assert [step["broken_before"] for step in steps] == [None, "metric", "metric"]
    said = capsys.readouterr().out
    assert said.count("not judged (metric failed)") == 2
    assert "hold where CFI falls by more and RMSEA or SRMR rises by more; anything between is doubtful." in said


def test_rows_that_are_left_out_are_told_above_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, first, *rows = (folder / "d.csv").read_text().splitlines()
    place, _, *others = first.split(",")
    (folder / "gap.csv").write_text("\n".join([head, ",".join([place, "", *others]), *rows]) + "\n")
    assert _run(["invariance", "m.lav", "gap.csv", "--group", "place"]) == 0
    said = capsys.readouterr().out
    told = f"note: 1 of {len(rows) + 1} rows are incomplete on the model's variables and were left out"
    assert said.index("groups: ") < said.index(told) < said.index("level ")


def test_steps_can_be_chosen_and_are_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["invariance", "m.lav", "d.csv", "--group", "place", "--steps"]
    assert _run([*base, "configural,metric", "--json", "-"]) == 0
    assert [level["name"] for level in json.loads(capsys.readouterr().out)["levels"]] == ["configural", "metric"]
    assert _run([*base, "weak"]) == 2
    assert "configural, metric, scalar" in capsys.readouterr().err


def test_an_unknown_group_column_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["invariance", "m.lav", "d.csv", "--group", "Place"]) == 1
    assert "place" in capsys.readouterr().err


def test_two_step_paths_and_intervals_stand_beside_the_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sem", "labels.lav", "d.csv", "--sam", "--croon", "--monte-carlo", "2000", "--json", "f.json"]
    assert _run(arguments) == 0
    form = json.loads((folder / "f.json").read_text())
    paths = [form[key]["parameters"][0]["est"] for key in ("sam", "croon")]
    assert paths == pytest.approx([0.5, 0.5], abs=0.15)
    (interval,) = form["monte_carlo"]
    assert interval["ci_lower"] < interval["est"] < interval["ci_upper"]
    out = capsys.readouterr().out
    assert "SAM: g ~ f" in out and "Croon: g ~ f" in out and "Monte Carlo interval of indirect" in out


def test_what_is_not_defined_is_said_to_be_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "log.lav").write_text("f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ a*f\nlogarithm := log(a - 10)\n")
    assert _run(["sem", "log.lav", "d.csv", "--sam", "--croon", "--monte-carlo", "1000"]) == 0
    out = capsys.readouterr().out
    assert "Monte Carlo interval of logarithm: none [none, none]" in out
    assert out.count("none (undefined, standardised none)") == 2


def test_dynamic_cutoffs_come_with_their_level(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cfa.lav").write_text("f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\n")
    assert _run(["sem", "cfa.lav", "d.csv", "--dynamic-cutoffs", "60", "--json", "f.json"]) == 0
    form = json.loads((folder / "f.json").read_text())["dynamic_cutoffs"]
    assert form["replicates"] == 60
    assert len(form["levels"]) == 1
    assert "dynamic cut-offs, level 1" in capsys.readouterr().out


def test_two_step_estimation_is_refused_in_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "paths.lav").write_text("y1 ~ x1 + x2\n")
    assert _run(["sem", "paths.lav", "d.csv", "--sam"]) == 2
    assert "no factors" in capsys.readouterr().err


def test_factors_of_one_block_keep_the_covariances_of_their_items(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "joined.lav").write_text(MODEL + "x2 ~~ y2\n")
    base = ["sem", "joined.lav", "d.csv", "--sam", "--json", "-"]
    notes = []
    for more in ([], ["--sam-block", "f,g"]):
        assert _run([*base, *more]) == 0
        notes.append([note["code"] for note in json.loads(capsys.readouterr().out)["sam"]["notes"]])
    assert "residual_covariances_left_out" in notes[0] and "residual_covariances_left_out" not in notes[1]
    assert _run([*base, "--sam-block", "f,h"]) == 2
    assert "each of f, g exactly once" in capsys.readouterr().err


def test_two_step_paths_tell_their_group_and_fixed_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["sem", "m.lav", "d.csv", "--sam", "--effects", "--group", "place"]) == 0
    out = capsys.readouterr().out
    for place in ("north", "south"):
        assert f"SAM: g ~ f in {place} " in out and f"direct effect of f on g in {place}: " in out
    (folder / "fixed.lav").write_text("f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ 0.5*f\n")
    assert _run(["sem", "fixed.lav", "d.csv", "--sam", "--croon", "--effects"]) == 0
    assert "SAM: g ~ f 0.500 (fixed, standardised" in capsys.readouterr().out
