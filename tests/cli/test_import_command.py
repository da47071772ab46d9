"""The table that `import` prints adds up, also where files overlap."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mce_utaut.cli import _run, main

LIMESURVEY = Path(__file__).resolve().parent.parent / "data" / "limesurvey"


def test_the_table_of_what_came_in_adds_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [LIMESURVEY / "rc" / "lean_en_code_short.csv", LIMESURVEY / "ui" / "lean_spss.sav"]
    command = ["import", str(LIMESURVEY / "utaut_mini.yaml"), *map(str, files), "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["mce_utaut", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr().out
    table = said[said.index("file ") :].splitlines()[:4]
    assert " ".join(table[0].split()) == "file tool rows read kept the same respondent again did not consent"
    assert [line.split() for line in table[1:]] == [
        ["lean_en_code_short.csv", "limesurvey", "11", "9", "0", "2"],
        ["lean_spss.sav", "limesurvey", "11", "0", "9", "2"],
        ["all", "files", "22", "9", "9", "4"],
    ]
    assert "left out of lean_en_code_short.csv, did not consent: row of the file 5, 10" in said
    assert "personal data dropped from lean_spss.sav: seed (11 cells)" in said
    assert "respondents: 9, 3 of them not submitted" in said


PROFESSORS = Path(__file__).resolve().parents[2] / "simulated" / "mce_study" / "professors.csv"


def without(tmp_path: Path, *headings: str) -> str:
    """The first rows of the shipped professors' file, without the columns ``headings``."""
    rows = list(csv.reader(PROFESSORS.read_text("utf-8-sig").splitlines()))[:12]
    kept = [place for place, heading in enumerate(rows[0]) if heading not in headings]
    target = tmp_path / "answers.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[row[place] for place in kept] for row in rows])
    return str(target)


METADATA = ("id", "submitdate", "lastpage", "startlanguage", "seed", "interviewtime")


def test_limesurvey_is_known_without_its_metadata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(["import", "mce_professor", without(tmp_path, *METADATA)]) == 0
    assert "limesurvey" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), ("says its university: where it is the same for all, say it with --hei", "with --wave")),
        (("--hei", "KTU", "--wave", "single"), ()),
        (("--hei", "ktu", "--wave", "SING"), ()),
    ],
)
def test_a_silent_university_and_wave_are_noted(
    options: tuple[str, ...], said: tuple[str, ...], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert _run(["import", "mce_professor", without(tmp_path, "HEI", "HEI[other]", "WAVEQ"), *options]) == 0
    out = capsys.readouterr().out
    assert out.count("No row of answers.csv says") == len(said)
    assert all(words in out for words in said)


def test_rows_without_a_university_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(without(tmp_path))
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    for row in rows[1:3]:
        row[rows[0].index("HEI")] = ""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert _run(["import", "mce_professor", str(path)]) == 0
    assert "; without a university 2\n" in capsys.readouterr().out
    assert _run(["import", "mce_professor", str(path), "--hei", "UTIU", "--out", "again"]) == 0
    out = capsys.readouterr().out
    assert "without a university" not in out
    assert " rows of answers.csv say no university, though the others do: uninettuno was put there" in out


def test_texts_of_the_questionnaire_are_no_headings_that_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(["import", "mce_professor", without(tmp_path, "PEQ[PE1]")]) == 1
    told = capsys.readouterr().err
    assert "PE1: has no column" in told and "DEF" not in told


def test_universities_waves_and_codes_used_twice_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = list(csv.reader(PROFESSORS.read_text("utf-8-sig").splitlines()))[:6]
    place = {heading: rows[0].index(heading) for heading in ("HEI", "WAVEQ", "LCODE")}
    for row, university in zip(rows[1:], ("KTU", "KTU", "UOC", "UOC", "UOC"), strict=True):
        row[place["HEI"]], row[place["WAVEQ"]] = university, "PRE"
        row[place["LCODE"]] = "MA07T" if university == "KTU" else ""
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert _run(["import", "mce_professor", "answers.csv"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "universities: ktu 2, uoc 3" in said
    assert "waves: pre 5" in said
    assert "link codes that stand twice in a wave: 1 (they join nobody over waves)" in said


def test_who_may_be_one_person_is_named_once_and_can_be_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mce_utaut.cli.study_inputs import open_study
    from mce_utaut.study.inputs import gather

    monkeypatch.chdir(tmp_path)
    path = Path(without(tmp_path))
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    rows[2][rows[0].index("LCODE")] = "ABCD1"
    rows.append(rows[2].copy())
    rows[-1][0] = "9999"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert _run(["import", "mce_professor", str(path), "--out", "all"]) == 0
    said = capsys.readouterr().out
    (line,) = [line for line in said.splitlines() if line.startswith("all answers alike and one link code: ")]
    assert "(row 3 of answers.csv) and r" in line and line.endswith("(row 13 of answers.csv)")
    key = said.split('--drop "')[1].split("=")[0]
    assert f"{key} (row 13" in line

    assert _run(["import", "mce_professor", str(path), "--out", "one", "--drop", f"{key}=sent twice"]) == 0
    said = capsys.readouterr().out
    assert "left out of answers.csv, left out individually: row of the file 13" in said
    assert "alike" not in said and "link codes that stand twice" not in said
    assert _run(["import", "mce_professor", str(path), "--out", "two", "--drop", key]) == 2
    assert "has no reason" in capsys.readouterr().err

    shipped = PROFESSORS.parents[2] / "instruments" / "mce_professor.yaml"
    (tmp_path / "study.yaml").write_text(
        f"id: s\ninstruments: {{professor: '{shipped}'}}\n"
        f"responses: [{{file: answers.csv, role: professor, drop: {{{key}: sent twice}}}}]\n"
    )
    study = open_study("study.yaml")
    inputs = gather(study.config, study.files)
    assert [e.detail for e in inputs.responses["professor"].exclusions if e.reason == "dropped"] == ["sent twice"]
    assert key not in inputs.responses["professor"].data.index
