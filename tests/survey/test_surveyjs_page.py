"""The page in a real browser, answered as a respondent would."""

from __future__ import annotations

import base64
import hashlib
import html
import http.server
import json
import re
import shutil
import subprocess
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import surveyjs
from mce_utaut.survey.contract import ReadOptions

pytestmark = pytest.mark.slow  # a browser is started for each
Fill = dict[str, ModuleType]
DRIVER = Path(__file__).with_name("drive_page.js")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync --virtual-time-budget=8000 --dump-dom"


def answered(tmp_path: Path, instrument: Instrument, answers: dict[str, Any], query: str = "", stop: int = -1) -> Any:
    """What the browser reports after ``answers`` were given on the page."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed")
    files = surveyjs.export(instrument).files
    shown = next(content for name, content in files.items() if name.endswith(".html")).decode()
    driven = json.dumps({"answers": answers, "stop": stop}).replace("<", "\\u003c")
    driver = f"window.driven={driven};{DRIVER.read_text(encoding='utf-8')}"
    digest = base64.b64encode(hashlib.sha256(driver.encode()).digest()).decode()
    shown = shown.replace("script-src '", f"script-src 'sha256-{digest}' '")  # the page's own rules hold
    shown = shown.replace("</body>", f"<script>{driver}</script></body>")
    place = tmp_path / "page.html"
    place.write_text(shown, encoding="utf-8")
    command = [browser, *FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}", f"{place.as_uri()}{query}"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    out = re.search('<pre id="out"[^>]*>(.*?)</pre>', done.stdout, re.DOTALL)
    assert out, done.stderr[-2000:]
    return json.loads(html.unescape(out[1]))


@pytest.mark.parametrize(
    ("name", "number", "language"),
    [
        ("sample", 3, "en"),
        ("sample", 9, "it"),
        ("utaut_kobo", 2, "it"),
        ("mce_student", 5, "el"),
        ("mce_manager", 7, "lt"),
    ],
)
def test_answers_come_back(
    tmp_path: Path,
    made: ModuleType,
    fill: Fill,
    instruments: dict[str, Instrument],
    name: str,
    number: int,
    language: str,
) -> None:
    instrument = instruments[name]
    files = surveyjs.export(instrument).files
    row = _possible(instrument, dict(made.answers(instrument)[number]))
    [answers] = fill["surveyjs"].results(instrument, files, [row], None)
    report = answered(tmp_path, instrument, answers, f"?lang={language}&seed=5")
    assert report.get("stuck") is None
    assert report["missing"] == []
    responses = surveyjs.read(instrument, report["answers"].encode(), "x.json", ReadOptions(keep_personal=True))
    wanted = made.expected(instrument, [row])
    for field, values in wanted.items():
        assert made.found(responses.data, field) == values, field
    assert responses.meta["language"].tolist() == [language]
    assert responses.meta["submitted"].tolist() == [True]
    assert responses.sources[0].instrument_digest == instrument.digest
    assert responses.sources[0].unknown_columns == ()
    assert instrument.wordings[language].get("survey.end").split("\n")[0] not in report["text"]


def _possible(instrument: Instrument, row: dict[str, Any]) -> dict[str, Any]:
    """The row as far as a respondent can give it: whatever must be answered is, a line of text has no line
    breaks, and "cannot judge" is only where it is offered."""
    for question in instrument.questions():
        scale = instrument.scales[question.scale] if question.scale else None
        for item in question.items or (None,):
            name = item.code if item else question.name
            if scale and question.required == "hard" and name in row:
                row[name] = row[name] or scale.options[0].code
        for name in (question.name, f"{question.name}_other"):
            if question.type != "long_text" and isinstance(row.get(name), str) and scale is None:
                row[name] = row[name].replace("\n", " ")
            if name.endswith("_other") and row.get(name):
                row[name] = row[name].replace("\n", " ")
    return row


def test_refusing_leaves_nothing(tmp_path: Path, sample: Instrument) -> None:
    report = answered(tmp_path, sample, {"CONSENT": "N"}, "?lang=it")
    assert len(report["pages"]) == 1
    assert re.findall(r"\d+", report["place"]) == ["1", str(len(sample.pages))]  # before the consent was refused
    assert report["answers"] is None
    assert sample.wordings["it"]["survey.declined"] in report["text"]


def test_required_reminders_and_ranges(tmp_path: Path, sample: Instrument) -> None:
    report = answered(tmp_path, sample, {})
    assert report["stuck"]
    assert [error.split(":")[0] for error in report["errors"]] == ["q-CONSENT-error"]
    report = answered(tmp_path, sample, {"CONSENT": "Y", "USE1": "51", "USE2": "7,5"}, "?lang=en")
    assert report["reminders"] == 3  # two arrays that are only asked for again, and the number
    assert "q-USE1-error: Please enter 50 or less." in report["errors"]
    assert report["stuck"]


def test_links_conditions_and_order(tmp_path: Path, sample: Instrument) -> None:
    answers = {"CONSENT": "Y", "USE1": 2, "USE3": 2, "USE4": "2025-03-02", "SUP": ["TUT", "ADV"], "TUTORS": 4}
    first, again, other = (answered(tmp_path, sample, answers, f"?HEI=uoc&lang=en&seed={seed}") for seed in (5, 5, 8))
    shown = [name for page in first["pages"] for name in page["names"]]
    assert "HEI" not in shown and "USE4" in shown and "TUTORS" in shown
    found = json.loads(first["answers"])
    assert (found["HEI"], found["USE4"], found["SUP"], found["TUTORS"]) == ("UOC", "2025-03-02", ["ADV", "TUT"], 4)
    assert "PEQ" not in found
    rows = [report["pages"][1]["rows"] for report in (first, again, other)]
    assert rows[0] == rows[1] != rows[2]
    assert sorted(rows[0]) == sorted(["PE1", "PE2", "PE3", "PE4", "PEs1", "CHK1"])
    asked = answered(tmp_path, sample, {"CONSENT": "Y"}, "?HEI=nowhere&lang=en")
    assert "HEI" in asked["pages"][0]["names"]


def test_pages_of_a_group_change_places(tmp_path: Path, instruments: dict[str, Instrument]) -> None:
    student = instruments["mce_student"]
    orders = set()
    for seed in (1, 2):
        report = answered(tmp_path, student, {"CONSENT": "Y"}, f"?WAVEQ=PRE&seed={seed}&lang=en")
        names = [next(name for name in page["names"] if not name.startswith("text_")) for page in report["pages"]]
        assert sorted(names[2:6]) == ["EEQ", "FCQ", "PEQ", "SIQ"]
        assert names[6:8] == ["ATTRQ", "BIQ"]
        orders.add(tuple(names[2:6]))
    assert len(orders) > 1


def test_answers_are_sent_where_the_address_says(tmp_path: Path, sample: Instrument) -> None:
    got: list[dict[str, Any]] = []

    class Receiver(http.server.BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
            self.end_headers()

        def do_OPTIONS(self) -> None:
            self._reply()

        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._reply()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        answers = {"CONSENT": "Y", "O1": "Ünï 'q' \"d\"\n=1"}
        report = answered(tmp_path, sample, answers, f"?lang=en&post=http://127.0.0.1:{server.server_port}/in")
        answered(tmp_path, sample, answers, "?lang=en&post=http://elsewhere.example/in")
    finally:
        server.shutdown()
        server.server_close()
    assert len(got) == 1
    assert got[0] == json.loads(report["answers"])
    assert got[0]["O1"] == answers["O1"]
    again = surveyjs.read(sample, json.dumps(got).encode(), "x.json")
    assert again.data["open_benefit"].tolist() == [answers["O1"]]
