"""`sem` from the command line: the numbers of a fit, and one sentence for each mistake."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from mce_utaut.cli import _run

ONE_FACTOR = "f =~ x1 + x2 + x3\n"
# Covariances of a one-factor population with loadings 1, .8, .6 and residuals .5: the model fits exactly.
EXACT = "x1,x2,x3\n1.5,,\n.8,1.14,\n.6,.48,.86\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.lav").write_text(ONE_FACTOR)
    (tmp_path / "cov.csv").write_text(EXACT)
    rows = ["1,2,3", "2,1,3", "3,4,4", "4,5,4", "5,4,6", "2,2,1", "4,3,5", "1,1,2"]
    (tmp_path / "d.csv").write_text("x1,x2,x3\n" + "\n".join(rows) + "\n")
    (tmp_path / "few.csv").write_text("x1,x2,x3\n" + "\n".join(rows[:3]) + "\n")
    return tmp_path


def test_an_exact_covariance_gives_its_loadings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["sem", "m.lav", "--sample-cov", "cov.csv", "--n", "200", "--json", "fit.json"]) == 0
    form = json.loads((folder / "fit.json").read_text())
    loadings = {row["rhs"]: row["est"] for row in form["parameters"] if row["op"] == "=~"}
    assert loadings == pytest.approx({"x1": 1.0, "x2": 0.8, "x3": 0.6}, abs=1e-8)
    assert form["n"] == 200 and form["converged"] and form["proper"]
    assert "converged" in capsys.readouterr().out


def test_json_goes_to_stdout_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["sem", "m.lav", "d.csv", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 8


def test_a_json_file_is_not_replaced_silently(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "fit.json").write_text("mine")
    assert _run(["sem", "m.lav", "d.csv", "--json", "fit.json"]) == 1
    assert (folder / "fit.json").read_text() == "mine"
    assert "--overwrite" in capsys.readouterr().err


def test_decimal_commas_and_semicolons_are_read_and_noted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "d.csv").read_text().replace(",", ";").replace("\n1;2;3", "\n1,5;2;3")
    (folder / "comma.csv").write_text(text)
    assert _run(["sem", "m.lav", "comma.csv", "--json", "a.json"]) == 0
    assert "decimal comma" in json.loads((folder / "a.json").read_text())["notes"][0]["text"]


@pytest.mark.parametrize(
    ("model", "data", "options", "code", "said"),
    [
        ("f =~ x1 + x2 +\n", "d.csv", (), 1, "m.lav:1:"),
        ("f =~ x1 + a*x2 + x3\na*a == -1\n", "d.csv", (), 4, "a*a == -1 could not be met"),
        ("f =~ x1 + x2 + x9\n", "d.csv", (), 1, "no column x9. The file has x1, x2, x3"),
        (ONE_FACTOR, "nothere.csv", (), 1, "does not exist"),
        (ONE_FACTOR, "d.csv", ("--estimator", "XYZ"), 2, "'XYZ'"),
        (ONE_FACTOR, "d.csv", ("--group", "school"), 1, "no column school"),
        ("f =~ x1 + x2\n", "d.csv", (), 3, "not identified"),
        ("a > 0\nf =~ a*x1 + x2 + x3\n", "d.csv", (), 1, "nequality"),
        ("f =~ x1 + a*x2 + b*x3\na = b\n", "d.csv", (), 1, "m.lav:2:3: a single ="),
        ("f =~ x1 + x2 + x3\nx1 ~*~ x1\n", "d.csv", (), 1, "m.lav:2:8: x1 is not ordered"),
        ("f =~ x1 + x2 + x3\nx1 | t1 + t9\n", "d.csv", (), 1, "m.lav:2:11: x1 has 5 categories, and no threshold t9"),
        ("f =~ x1 + x2 + x3\nx1 | t1\n", "d.csv", ("--estimator", "ML"), 2, "ML is not for ordered"),
        (ONE_FACTOR, "d.csv", ("--n", "100"), 2, "--n does nothing without --sample-cov"),
        (ONE_FACTOR, "d.csv", ("--bootstrap-ci", "bca"), 2, "--bootstrap-ci does nothing without --bootstrap"),
        (ONE_FACTOR, "d.csv", ("--group-partial", "x1~1"), 2, "does nothing without --group-equal"),
        (ONE_FACTOR, "few.csv", ("--ordered", "all"), 3, "3 complete cases, 3 variables"),
        (ONE_FACTOR, "d.csv", ("--bootstrap", "3"), 2, "3 bootstrap replicates are too few"),
    ],
)
def test_a_mistake_gets_one_sentence_and_its_exit_code(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    model: str,
    data: str,
    options: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    (folder / "m.lav").write_text(model)
    assert _run(["sem", "m.lav", data, *options]) == code
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_words_in_a_numeric_column_are_named_with_their_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "d.csv").write_text("x1,x2,x3\n1,2,3\n1,agree,3\n")
    assert _run(["sem", "m.lav", "d.csv"]) == 1
    assert "d.csv:3: x2: 'agree' is not a number" in capsys.readouterr().err


def loadings_and_n(file: str) -> tuple[list[float], int, list[str]]:
    form = json.loads(Path(file).read_text())
    return [row["est"] for row in form["parameters"]], form["n"], [note["code"] for note in form["notes"]]


CODED = (Path("coded.csv"), Path("empty.csv"))


@pytest.fixture
def coded(folder: Path) -> Path:
    rows = (folder / "d.csv").read_text() + "99,3,4\n3,-9,4\n"
    CODED[0].write_text(rows)
    CODED[1].write_text(rows.replace("99", "").replace("-9", ""))
    return folder


@pytest.mark.parametrize("options", [("--na", "99,-9"), ("--na", "99", "--na", "-9"), ("--na=-9.0,99",)])
def test_codes_that_are_named_are_missing(coded: Path, options: tuple[str, ...]) -> None:
    assert _run(["sem", "m.lav", "coded.csv", "--json", "a.json", *options]) == 0
    assert _run(["sem", "m.lav", "empty.csv", "--json", "b.json"]) == 0
    named, empty = loadings_and_n("a.json"), loadings_and_n("b.json")
    assert named[:2] == empty[:2] and named[1] == 8
    assert "missing_codes" in named[2] and "likely_missing_code" not in named[2]


def test_a_likely_code_is_a_number_with_a_caution(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["sem", "m.lav", "coded.csv", "--json", "a.json"]) in (0, 4)
    assert loadings_and_n("a.json")[1] == 10
    assert loadings_and_n("a.json")[2].count("likely_missing_code") == 2
    out = capsys.readouterr().out
    assert "x1 holds 99 (1 times)" in out and "add --na -9" in out


def test_our_own_file_has_no_99_among_its_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = Path(__file__).parents[2] / "simulated" / "mce_study" / "professors.csv"
    assert _run(["import", "mce_professor", str(answers), "--out", "in"]) == 0
    own = Path("in/mce_professor.responses.csv")
    Path("pe.lav").write_text("PE =~ PE1 + PE2 + PE3 + PE4\n")
    assert _run(["sem", "pe.lav", str(own), "--json", "own.json"]) == 0
    assert "cannot judge" in capsys.readouterr().out
    Path("plain.csv").write_text(own.read_text().replace("meta.role", "role"))
    assert _run(["sem", "pe.lav", "plain.csv", "--json", "named.json", "--na", "99"]) == 0
    assert loadings_and_n("own.json")[:2] == loadings_and_n("named.json")[:2]
    assert "cannot_judge_missing" in loadings_and_n("own.json")[2]


def test_covariances_of_several_groups_fit_like_their_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    factor = rng.normal(size=(120, 1))
    values = factor + rng.normal(size=(120, 4)) * 0.7
    school = np.repeat(["north", "south"], 60)
    lines = ["x1,x2,x3,x4,school"] + [",".join(map(repr, map(float, v))) + f",{s}" for v, s in zip(values, school)]
    (folder / "raw.csv").write_text("\n".join(lines) + "\n")
    (folder / "four.lav").write_text("f =~ x1 + x2 + x3 + x4\n")
    for name in ("north", "south"):
        own = values[school == name]
        np.savetxt(folder / f"{name}.csv", np.cov(own.T), delimiter=",", header="x1,x2,x3,x4", comments="")
        np.savetxt(folder / f"{name}-m.csv", own.mean(axis=0)[None], delimiter=",", header="x1,x2,x3,x4", comments="")
    equal = ["--group-equal", "loadings,intercepts", "--json"]
    moments = [v for n in ("north", "south") for v in ("--sample-cov", f"{n}.csv", "--sample-mean", f"{n}-m.csv")]
    assert _run(["sem", "four.lav", "raw.csv", "--group", "school", *equal, "raw.json"]) == 0
    assert _run(["sem", "four.lav", *moments, "--n", "60", "--n", "60", *equal, "moments.json"]) == 0
    raw, given = (json.loads((folder / f"{name}.json").read_text()) for name in ("raw", "moments"))
    for mine, theirs in zip(given["groups"], raw["groups"], strict=True):
        assert mine == theirs | {"chisq": pytest.approx(theirs["chisq"], abs=1e-8)}
    assert given["fit"]["chisq"] == pytest.approx(raw["fit"]["chisq"], abs=1e-8)
    assert given["fit"]["df"] == raw["fit"]["df"]
    capsys.readouterr()
    assert _run(["sem", "four.lav", *moments, "--n", "60"]) == 2
    assert "once for each file" in capsys.readouterr().err
    assert _run(["sem", "four.lav", *moments, "--n", "60", "--n", "60", "--group", "school"]) == 2
    assert "one a file" in capsys.readouterr().err


def test_correlations_in_place_of_covariances_are_told(folder: Path) -> None:
    (folder / "cor.csv").write_text("x1,x2,x3\n1,,\n.6,1,\n.5,.4,1\n")
    for name, told in (("cor", True), ("cov", False)):
        assert _run(["sem", "m.lav", "--sample-cov", f"{name}.csv", "--n", "200", "--json", f"{name}.json"]) == 0
        notes = json.loads((folder / f"{name}.json").read_text())["notes"]
        assert ("correlations_given" in [note["code"] for note in notes]) == told


def test_what_was_asked_stands_in_the_json(folder: Path) -> None:
    values = np.column_stack([one_factor(120, 4), np.arange(120) // 3])
    write_columns(folder / "four.csv", values, "place", "ab" * 60)
    (folder / "four.lav").write_text("f =~ x1 + x2 + x3 + x4\n")
    assert _run(["sem", "four.lav", "four.csv", "--group", "place", "--cluster", "x5", "--json", "a.json"]) == 0
    form = json.loads((folder / "a.json").read_text())
    assert (form["group"], form["cluster"], form["clusters"]) == ("place", "x5", [40, 40])
    assert (form["ordered"], form["parameterization"], form["se"]) == ([], None, "robust.cluster")
    told = (Path(__file__).parents[2] / "docs" / "sem.md").read_text(encoding="utf-8")
    told = told[told.index("## What the JSON holds") : told.index("## From Python")]
    assert not [key for key in (*form, *form["parameters"][0]) if not re.search(rf"\b{key}\b", told)]


def one_factor(n: int, items: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return rng.normal(size=(n, 1)) + rng.normal(size=(n, items))


def write_columns(path: Path, values: np.ndarray, heading: str = "", words: str = "") -> None:
    names = [f"x{i + 1}" for i in range(values.shape[1])] + [heading] * bool(heading)
    rows = [[f"{value:.4f}" for value in row] + list(words[i : i + 1]) for i, row in enumerate(values)]
    path.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")


def test_written_thresholds_make_a_variable_ordered(folder: Path) -> None:
    values = one_factor(200, 4)
    values[:, 0] = np.digitize(values[:, 0], [-1.0, 0.5])
    write_columns(folder / "mixed.csv", values)
    (folder / "plain.lav").write_text("f =~ x2 + x1 + x3 + x4\n")
    (folder / "written.lav").write_text("f =~ x2 + x1 + x3 + x4\nx1 | t1 + t2\n")
    assert _run(["sem", "plain.lav", "mixed.csv", "--ordered", "x1", "--json", "a.json"]) == 0
    assert _run(["sem", "written.lav", "mixed.csv", "--json", "b.json"]) == 0
    named, written = (json.loads((folder / name).read_text()) for name in ("a.json", "b.json"))
    assert written["estimator"] == named["estimator"] == "WLSMV"
    assert written["fit"]["chisq_scaled"] == pytest.approx(named["fit"]["chisq_scaled"])


def test_the_printed_fit_stands_side_by_side_with_its_scaled_and_robust_values(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_columns(folder / "four.csv", one_factor(160, 4), "place", "ab" * 80)
    (folder / "four.lav").write_text("f =~ x1 + x2 + x3 + x4\n")
    asked = ["--group", "place", "--estimator", "MLR", "--modindices", "--json", "a.json"]
    assert _run(["sem", "four.lav", "four.csv", *asked]) == 0
    fit, out = json.loads((folder / "a.json").read_text())["fit"], capsys.readouterr().out.splitlines()
    cells = {line[:22].rstrip(): line[22:].split() for line in out}
    assert cells["chi-square"] == [f"{fit[name]:.3f}" for name in ("chisq", "chisq_scaled")]
    assert cells["df"] == ["4", "4"]
    assert cells["CFI"] == [f"{fit[name]:.3f}" for name in ("cfi", "cfi_scaled", "cfi_robust")]
    assert cells["SRMR"] == [f"{fit['srmr']:.3f}"]
    assert any(f"SABIC {fit['bic2']:.3f}" in line for line in out)
    assert "free parameters: 24; standard errors: robust.huber.white" in out[1]
    shares = [group["chisq"] for group in json.loads((folder / "a.json").read_text())["groups"]]
    assert sum(shares) == pytest.approx(fit["chisq"]) and min(shares) > 0
    assert f"Group 2: b (n = 80; {shares[1]:.3f} of the chi-square)" in out
    assert any(line.endswith("  in b") and " ~~ " in line for line in out)


def test_printed_bootstrap_errors_say_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_columns(folder / "three.csv", one_factor(100, 3))
    assert _run(["sem", "m.lav", "three.csv", "--bootstrap", "40", "--bootstrap-ci", "bc"]) == 0
    assert "of 40 replicates, bc intervals)" in capsys.readouterr().out
