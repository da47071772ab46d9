"""The table that `import` prints adds up, also where files overlap."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_utaut.cli import main

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
