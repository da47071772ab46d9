"""The rows of a file of ``import`` that ``sem``, ``invariance`` and ``moderation`` take."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mce_utaut.cli import _run

HEAD = "respondent,meta.role,meta.hei,meta.wave,meta.submitted,meta.attention_failed,meta.attention_asked"
ITEMS = "x1,x2,x3,z"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.lav").write_text("f =~ x1 + x2 + x3\n")
    (tmp_path / "path.lav").write_text("f =~ x1 + x2 + x3\nx4 ~ f + z\n")
    return tmp_path


def answers(n: int) -> list[str]:
    rng = np.random.default_rng(5)
    factor = rng.normal(size=n)
    columns = [*(0.8 * factor + 0.6 * rng.normal(size=n) for _ in range(3)), rng.normal(size=n)]
    columns.append(0.5 * factor + 0.3 * columns[3] + 0.4 * factor * columns[3] + 0.6 * rng.normal(size=n))
    return [",".join(f"{value:.4f}" for value in row) for row in zip(*columns, strict=True)]


def written(path: Path, waves: tuple[str, ...] = ("single",)) -> None:
    """120 rows, of which the first four were not submitted (one of them failed an item too), the next three failed one;
    of the next the tool does not say."""
    lines = [f"{HEAD},{ITEMS},x4"]
    for at, row in enumerate(answers(120)):
        submitted = "False" if at < 4 else ("" if at == 7 else "True")
        failed = 1 if 3 <= at < 7 else 0
        place = f"{'ktu' if at % 2 else 'uoc'},{waves[at % len(waves)]}"
        lines.append(f"r{at},student,{place},{submitted},{failed},2,{row}")
    path.write_text("\n".join(lines) + "\n")
    (path.parent / "taken.csv").write_text("\n".join([lines[0], *lines[8:]]).replace("meta.role", "role") + "\n")


def found(*command: str) -> dict:
    assert _run([*command, "--json", "out.json", "--overwrite"]) == 0
    return json.loads(Path("out.json").read_text())


COMMANDS = [
    ("sem", "m.lav", ()),
    ("invariance", "m.lav", ("--group", "meta.hei")),
    ("moderation", "path.lav", ("--interaction", "x4 ~ f:z")),
]


@pytest.mark.parametrize(("command", "model", "options"), COMMANDS)
def test_all_rows_are_taken_with_a_caution_or_those_of_fit(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, model: str, options: tuple[str, ...]
) -> None:
    written(folder / "d.csv")
    everybody = found(command, model, "d.csv", *options)
    said = capsys.readouterr().out
    assert sum(group["n"] for group in everybody["groups"]) == 120
    assert everybody["notes"][0]["code"] == "rows_of_fit" and everybody["notes"][0]["level"] == "caution"
    told = "7 of its 120 rows are analysed here that `fit` leaves out (4 not submitted, 3 failed an attention item)."
    assert told in said and said.index(told) < said.index("CFI")

    taken = found(command, model, "d.csv", "--analysed", *options)
    assert "7 of its 120 rows were left out, as `fit` does" in capsys.readouterr().out
    assert [note["code"] for note in taken["notes"][:2]] == ["rows_of_fit", "submission_unknown"]
    by_hand = found(command, model, "taken.csv", *options)
    assert sum(group["n"] for group in taken["groups"]) == 113
    assert {**taken, "notes": 0} == {**by_hand, "notes": 0}


def test_several_waves_are_told_unless_they_are_the_groups(folder: Path) -> None:
    written(folder / "d.csv", ("pre", "post"))
    codes = [note["code"] for note in found("sem", "m.lav", "d.csv")["notes"]]
    assert "several_waves" in codes
    codes = [note["code"] for note in found("sem", "m.lav", "d.csv", "--group", "meta.wave")["notes"]]
    assert "several_waves" not in codes


@pytest.mark.parametrize(
    ("removed", "said"),
    [
        ("meta.role", "--analysed is for files that import wrote; d.csv is none"),
        ("meta.", "--analysed is for files that import wrote"),
        ("meta.submitted meta.attention_failed", "d.csv has neither"),
    ],
)
def test_the_option_is_refused_where_nothing_tells_whom_to_leave_out(
    folder: Path, capsys: pytest.CaptureFixture[str], removed: str, said: str
) -> None:
    written(folder / "d.csv")
    text = (folder / "d.csv").read_text()
    for name in removed.split():
        text = text.replace(name, name.replace("meta.", "my_"))
    (folder / "d.csv").write_text(text)
    assert _run(["sem", "m.lav", "d.csv", "--analysed"]) == 2
    assert said in capsys.readouterr().err


def test_a_column_that_is_not_there_is_answered_by_the_nearest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(folder / "d.csv")
    text = (folder / "d.csv").read_text().splitlines()
    more = [f"{text[0]},use_involvement,k1,k2", *(f"{row},1,2,3" for row in text[1:])]
    (folder / "d.csv").write_text("\n".join(more))
    (folder / "use.lav").write_text("f =~ x1 + x2 + USE3\n")
    assert _run(["sem", "use.lav", "d.csv"]) == 1
    error = capsys.readouterr().err
    assert "The file has use_involvement, " in error and "and 3 more." in error
    assert _run(["sem", "m.lav", "d.csv", "--group", "university"]) == 1
    assert "the university is meta.hei" in capsys.readouterr().err


def test_the_codes_of_the_questionnaire_are_known_beside_the_file_that_import_wrote(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = Path(__file__).parents[2] / "simulated" / "mce_study" / "professors.csv"
    assert _run(["import", "mce_professor", str(shipped), "--out", "in"]) == 0
    own = "in/mce_professor.responses.csv"
    (folder / "code.lav").write_text("EE =~ EE1 + EE2 + EE3\nUSE3 ~ EE\n")
    (folder / "construct.lav").write_text("EE =~ EE1 + EE2 + EE3\nUSE ~ EE\n")
    (folder / "column.lav").write_text("EE =~ EE1 + EE2 + EE3\nuse_involvement ~ EE\n")
    by = {name: found("sem", f"{name}.lav", own, "--analysed") for name in ("code", "construct", "column")}
    assert by["code"]["fit"] == by["construct"]["fit"] == by["column"]["fit"]
    assert f"By the codes of the questionnaire, USE3 is use_involvement in {own}." in capsys.readouterr().out
    by_code, by_name = (found("sem", "code.lav", own, "--group", name)["groups"] for name in ("WAVEQ", "wave"))
    assert [group["label"] for group in by_code] == ["single"] and by_code == by_name
    Path(own).with_suffix(".sidecar.json").unlink()
    assert _run(["sem", "code.lav", own]) == 1
    assert "no column USE3. The file has use_" in capsys.readouterr().err
