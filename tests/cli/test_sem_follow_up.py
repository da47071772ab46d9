"""What `sem` tells of the fit on request: residual correlations, effects, corrected tests, factor scores."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from mce_utaut.cli import _run

PATHS = "f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\ng ~ a*f\nout ~ b*g\nthrough := a*b\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(11)
    f = rng.normal(size=150)
    g = 0.6 * f + rng.normal(size=150)
    table = [f[:, None] + 0.6 * rng.normal(size=(150, 3)), g[:, None] + 0.6 * rng.normal(size=(150, 3))]
    table.append(0.5 * g[:, None] + rng.normal(size=(150, 1)))
    lines = ["place,x1,x2,x3,y1,y2,y3,out"]
    for number, row in enumerate(np.hstack(table)):
        cells = [f"{value:.4f}" for value in row]
        if number == 1:
            cells[0] = "NA"
        lines.append(",".join([("south", "north")[number % 2], *cells]))
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "m.lav").write_text(PATHS)
    return tmp_path


def test_effects_residuals_and_corrected_tests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--effects", "--residuals", "--small-samples", "--bollen-stine", "50", "--json", "f.json"]
    assert _run(["sem", "m.lav", "d.csv", *asked]) == 0
    form = json.loads((folder / "f.json").read_text())
    defined = next(row for row in form["parameters"] if row["op"] == ":=")
    indirect = [row for row in form["effects"] if row["kind"] == "indirect" and row["est"]]
    (through,) = (row for row in indirect if row["outcome"] == "out")
    assert (through["predictor"], through["est"]) == ("f", pytest.approx(defined["est"]))
    assert through["se"] == pytest.approx(defined["se"])
    assert set(form["small_samples"]) == {"swain", "bartlett"}
    assert form["small_samples"]["swain"]["chisq"] < form["fit"]["chisq"]
    assert 0 <= form["bollen_stine"]["pvalue"] <= 1 and form["bollen_stine"]["replicates"] == 50
    (group,) = form["residual_correlations"]
    assert np.array(group["bentler"]).shape == (7, 7) and group["names"][0] == "x1"
    out = capsys.readouterr().out
    for line in ("Swain's chi-square", "Bollen-Stine p", "residual correlation", "indirect effect of f on out"):
        assert line in out


def test_scores_keep_the_rows_of_the_data_and_the_groups(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cfa.lav").write_text("f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\n")
    options = ["--group", "place", "--scores", "s.csv", "--score-method", "bartlett"]
    assert _run(["sem", "cfa.lav", "d.csv", *options]) == 0
    rows = list(csv.DictReader((folder / "s.csv").read_text().splitlines()))
    assert list(rows[0]) == ["row", "place", "f", "g"]
    assert [row["row"] for row in rows[:3]] == ["1", "3", "4"]
    assert [row["place"] for row in rows[:3]] == ["south", "south", "north"]
    assert _run(["sem", "cfa.lav", "d.csv", "--scores", "s.csv"]) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert _run(["sem", "cfa.lav", "d.csv", "--scores", "s.csv", "--missing", "fiml", "--overwrite"]) == 0
    assert len((folder / "s.csv").read_text().splitlines()) == 151


def test_scores_are_refused_before_anything_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "paths.lav").write_text("out ~ x1 + x2\n")
    assert _run(["sem", "paths.lav", "d.csv", "--scores", "s.csv", "--json", "f.json"]) == 2
    assert "no latent variable" in capsys.readouterr().err
    assert not (folder / "s.csv").exists() and not (folder / "f.json").exists()


def test_scores_and_numbers_need_files_of_their_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["sem", "m.lav", "d.csv", "--scores", "out", "--json", "./out", "--overwrite"]) == 2
    assert "--scores and --json name one file" in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_a_file_in_the_way_is_told_before_others_are_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cfa.lav").write_text("f =~ x1 + x2 + x3\ng =~ y1 + y2 + y3\n")
    (folder / "old.json").write_text("{}")
    assert _run(["sem", "cfa.lav", "d.csv", "--scores", "s.csv", "--json", "old.json"]) == 1
    told = capsys.readouterr()
    assert "old.json: exists already" in told.err and not told.out
    assert not (folder / "s.csv").exists()


def test_a_negative_seed_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["sem", "m.lav", "d.csv", "--monte-carlo", "1000", "--seed", "-1"]) == 2
    assert "--seed" in capsys.readouterr().err


def test_means_can_be_left_out_of_groups(folder: Path) -> None:
    (folder / "cfa.lav").write_text("f =~ x1 + x2 + x3\n")
    base = ["sem", "cfa.lav", "d.csv", "--group", "place", "--json"]
    assert _run([*base, "with.json"]) == 0 and _run([*base, "without.json", "--no-meanstructure"]) == 0
    flags = [json.loads((folder / name).read_text())["meanstructure"] for name in ("with.json", "without.json")]
    assert flags == [True, False]


def test_rows_without_a_cluster_are_left_out_and_said(folder: Path) -> None:
    text = (folder / "d.csv").read_text().replace("south,", "NA,", 1)
    (folder / "d.csv").write_text(text)
    base = ["sem", "m.lav", "d.csv", "--cluster", "place", "--se", "none", "--test", "standard"]
    assert _run([*base, "--json", "f.json"]) == 0
    texts = [note["text"] for note in json.loads((folder / "f.json").read_text())["notes"]]
    assert "1 of 150 rows have no value of place and were left out." in texts
    assert any(text.startswith("1 of 150 rows are incomplete") for text in texts)


def test_a_negative_implied_variance_leaves_residual_correlations_empty(folder: Path) -> None:
    (folder / "odd.lav").write_text("f =~ 1*x1 + 1*x2 + 1*x3\nx1 ~~ -9*x1\n")
    options = ["--estimator", "ULS", "--residuals", "--modindices", "--json", "f.json"]
    assert _run(["sem", "odd.lav", "d.csv", *options]) == 0
    form = json.loads((folder / "f.json").read_text())
    assert form["fit"]["crmr"] is None and form["fit"]["srmr"] > 0 and not form["proper"]
    (group,) = form["residual_correlations"]
    assert group["bollen"][0][1] is None and group["bollen"][1][2] is not None
    assert None not in group["bentler"][0]


def test_residuals_of_ordered_variables_are_those_of_their_latent_responses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draws = np.random.default_rng(1)
    factor = draws.normal(size=200)
    items = np.clip(np.round(factor[:, None] + 0.7 * draws.normal(size=(200, 3))), -1, 1).astype(int)
    rows = "\n".join(",".join(map(str, row)) + f",{value:.4f}" for row, value in zip(items, factor, strict=True))
    (tmp_path / "d.csv").write_text(f"a,b,c,x\n{rows}\n")
    (tmp_path / "m.lav").write_text("f =~ a + b + c\n")
    base = ["sem", str(tmp_path / "m.lav"), str(tmp_path / "d.csv"), "--residuals", "--json", "-", "--ordered"]
    assert _run([*base, "all"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["residual_correlations"]
    assert np.abs(group["bentler"]).max() < 1e-6  # three items of one factor: the model fits exactly
    (tmp_path / "m.lav").write_text("f =~ a + b + c\nf ~ x\n")
    assert _run([*base, "a,b,c"]) == 2
    assert "given exogenous ones" in capsys.readouterr().err
