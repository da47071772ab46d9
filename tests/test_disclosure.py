"""Secrets planted in responses reach no byte of any output that is meant to be shared."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mce_utaut.cli.app import run_app
from mce_utaut.shipped import shipped

pytestmark = pytest.mark.slow  # a whole study, from import to sheet
SIZES = {"student": 60, "professor": 12, "manager": 4}
PERSONAL = {"email": "canary{n}@mail.example", "ipaddr": "10.77.{n}.9", "lastname": "Canarysurname{n}"}
TYPED = {
    "PILOT": "Canarypilot{n}",
    "HEI[other]": "Canaryuniversity{n}",
    "GENDER[other]": "Canarygender{n}",
    "LCODE": "CANARYLINK{n}",
    "O1": "Canaryopen{n} wrote this",
    "O2": "Canaryopen{n} and this",
}
OWN_NAMES = {"PILOT": "pilot_id", "HEI[other]": "hei_other", "LCODE": "link_code"}
OWN_NAMES |= {"O1": "open_benefit", "O2": "open_effort"}
STUDY = """
id: planted
title: Planted
instruments:
  student: {here}/mce_student.yaml
  professor: {here}/mce_professor.yaml
  manager: {here}/mce_manager.yaml
responses:
  - {{file: students.csv, role: student, pilot: ktu-01}}
  - {{file: professors.csv, role: professor}}
  - {{file: managers.csv, role: manager}}
compare: []
sensitivity: false
replicates: 100
codes: codes.csv
"""


def plant(name: str, keep: int) -> tuple[bytes, list[dict[str, str]]]:
    """A shipped file's first rows with secrets in every cell that could tell who somebody is."""
    text = (shipped("simulated") / "mce_study" / name).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))[:keep]
    own = "respondent" in rows[0]
    for number, row in enumerate(rows, start=100):
        secrets = PERSONAL | {OWN_NAMES.get(key, key) if own else key: cell for key, cell in TYPED.items()}
        row.update({key: cell.format(n=number) for key, cell in secrets.items() if key in row or key in PERSONAL})
        for key in ("HEI[other]", "GENDER[other]", "hei_other"):
            if key in row:
                row[key.replace("[other]", "").replace("_other", "")] = "-oth-" if "[" in key else "*other*"
        if "HEI" in row and number % 2:
            row["HEI"] = "FERN"  # so that a page of this university shows something
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(), rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    here = tmp_path_factory.mktemp("planted")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        for role, keep in SIZES.items():
            content, _ = plant(f"{role}s.csv", keep)
            (here / f"{role}s.csv").write_bytes(content)
        (here / "codes.csv").write_text(
            "respondent,role,construct,theme,sign,coder,source,quote,cleared\n"
            + "".join(f"Canaryguest{i},external,PE,useful,+,Canarycoder,interview,Canaryquote,no\n" for i in range(9))
        )
        (here / "study.yaml").write_text(STUDY.format(here=shipped("instruments").absolute()))
        assert run_app(["import", "mce_student", "students.csv", "--out", "imported"]) == 0
        assert run_app(["fit", "study.yaml", "--quiet", "--out", "fitted"]) == 0
        assert run_app(["report", "--hei", "fernuni", "study.yaml", "--quiet", "--out", "university"]) == 0
        assert run_app(["report", "fitted", "--overwrite"]) == 0
        assert run_app(["archive", "mce_student", "students.csv", "--out", "archived", "--least", "1"]) == 0
        assert run_app(["codes", "study.yaml", "--out", "sheet.xlsx"]) == 0
        yield here


def texts(path: Path) -> str:
    """Everything that stands in a file or folder, zips unpacked, whatever the encoding."""
    found = []
    for file in sorted(each for each in ([path] if path.is_file() else path.rglob("*")) if each.is_file()):
        content = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                content = b"\n".join(archive.read(name) for name in archive.namelist())
        found.append(content.decode("latin-1"))
        found.append(content.decode("utf-16-le", "ignore"))
    return "\n".join(found)


@pytest.mark.parametrize("output", ["fitted", "university", "archived"])
def test_no_planted_secret_is_in_what_is_shared(folder: Path, output: str) -> None:
    assert not re.findall(r"(?i)canary\w*", texts(folder / output))


@pytest.mark.parametrize("output", ["fitted", "university", "archived", "imported", "sheet.xlsx"])
def test_link_codes_and_their_digests_are_nowhere(folder: Path, output: str) -> None:
    content = texts(folder / output)
    key = (folder / "study.key").read_text().strip()
    assert key not in content and hashlib.sha256(key.encode()).hexdigest() not in content
    for number in range(100, 160):
        code = f"canarylink{number}"
        assert hashlib.sha256(code.encode()).hexdigest()[:12] not in content
        assert code.upper() not in content.upper()


@pytest.mark.parametrize("output", ["imported", "sheet.xlsx"])
def test_what_the_team_keeps_has_words_but_no_persons(folder: Path, output: str) -> None:
    found = set(re.findall(r"(?i)canary[a-z]*", texts(folder / output)))
    assert "Canaryopen" in found
    assert not found & {"canary", "Canarysurname", "CANARYLINK"}
    assert "10.77." not in texts(folder / output)


def test_a_role_below_the_limit_shows_no_answer(folder: Path) -> None:
    import json

    study = json.loads((folder / "fitted" / "study.json").read_text("utf-8"))
    manager = next(role for role in study["roles"] if role["role"] == "manager")
    assert manager["n"] < 5
    assert all(item["mean"] is None and set(item["counts"]) <= {None} for item in manager["items"])
    assert all(scale["mean"]["estimate"] is None and scale["sd"] is None for scale in manager["scales"])
    tests = study["sections"].get("moderation", {}).get("roles", {}).get("manager", {"moderators": [], "verdicts": []})
    assert not tests["moderators"] and all(each["estimate"] is None for each in tests["verdicts"])
    for name, section in study["sections"].items():
        if name not in ("comparison", "joint_display", "moderation", "remedies"):  # the last tells of questionnaires
            assert "manager" not in section.get("roles", {}), name


def test_no_count_of_people_from_one_to_four_is_shown(folder: Path) -> None:
    import json

    study = json.loads((folder / "fitted" / "study.json").read_text("utf-8"))
    for role in study["roles"]:
        counts = [row["n"] for table in role["composition"] for row in table["rows"]]
        counts += [n for item in role["items"] for n in item["counts"]]
        counts += [n for item in role["items"] for n in item["sides"] or ()]
        counts += [row["n"] for row in (role["adopters"] or {"rows": []})["rows"]]
        assert counts and not [n for n in counts if n is not None and 0 < n < 5], role["role"]
