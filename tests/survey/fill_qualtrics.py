"""Writes answers as a Qualtrics export would, from the .qsf that was exported."""

from __future__ import annotations

import csv
import html
import io
import json
from typing import Any

START = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished")
START += ("RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail")
START += ("ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage")


def form(files: Any) -> Any:
    """The .qsf as Python objects."""
    return json.loads(next(content for name, content in files.items() if name.endswith(".qsf")))


def questions(document: Any) -> list[Any]:
    """The payloads of the questions, in the order of the blocks."""
    elements = document["SurveyElements"]
    blocks = next(one["Payload"] for one in elements if one["Element"] == "BL")
    by_id = {one["PrimaryAttribute"]: one["Payload"] for one in elements if one["Element"] == "SQ"}
    return [by_id[one["QuestionID"]] for block in blocks for one in block["BlockElements"]]


def export(
    instrument: Any,
    files: Any,
    rows: list[dict[str, Any]],
    language: str,
    tags: str = "number",
    words: bool = False,
    split: bool = False,
) -> list[list[str]]:
    """Three rows of headings and the answers. ``tags``: statements by "number" (PE_1), "tag" (PE1) or
    "both" (PE_PE1), or "own" (the user renamed all questions). ``words``: choice texts instead of numbers;
    ``split``: a column for each answer of a multi question."""
    document = form(files)
    by_code = {question.code: question for question in instrument.questions()}
    columns: list[tuple[str, str, str, Any]] = []
    for place, payload in enumerate(questions(document), start=1):
        if payload["QuestionType"] == "DB":
            continue
        question = by_code[payload["DataExportTag"]]
        columns += _columns(question, payload, language, tags, words, split, place)
    digest = document["SurveyElements"][1]["Payload"]["Flow"][0]["EmbeddedData"][0]
    columns.append((digest["Field"], digest["Field"], digest["Field"], lambda row: digest["Value"]))
    heads = [[*START], [f"Meta {name}" for name in START], [json.dumps({"ImportId": name}) for name in START]]
    for name, text, import_id, _ in columns:
        heads[0].append(name)
        heads[1].append(text)
        heads[2].append(json.dumps({"ImportId": import_id}))
    body = []
    for number, row in enumerate(rows, start=1):
        status = "IP Address" if words else "0"
        done = "True" if words else "1"
        meta = ["2025-05-01 10:00:00", "2025-05-01 10:11:00", status, "192.0.2.1", "100", "660", done]
        meta += [
            "2025-05-01 10:11:01",
            f"R_{number:015d}",
            "",
            "",
            "",
            "",
            "44.5",
            "11.3",
            "anonymous",
            language.upper(),
        ]
        body.append([*meta, *(cell(row) for *_, cell in columns)])
    return [*heads, *body]


def _columns(question: Any, payload: Any, language: str, tags: str, words: bool, split: bool, place: int) -> list[Any]:
    tag = f"Q{place}" if tags == "own" else question.code
    local = payload["Language"].get(language.upper() if language != "es" else "ES-ES") if payload["Language"] else None
    local = local or payload
    stem = _plain(local["QuestionText"])
    qid = payload["QuestionID"]
    is_matrix = payload["QuestionType"] == "Matrix"
    answers = local.get("Answers" if is_matrix else "Choices", {})
    numbered = payload.get("RecodeValues", {})
    by_label = {place: _plain(one["Display"]) for place, one in answers.items()}
    shown = by_label if words else numbered
    codes = _codes(question, payload, is_matrix)
    if is_matrix:
        found = []
        for row, code in payload["ChoiceDataExportTags"].items():
            name = {"number": f"{tag}_{row}", "own": f"{tag}_{row}", "tag": code, "both": f"{tag}_{code}"}[tags]
            text = f"{stem[:97]} - {_plain(local['Choices'][row]['Display'])}"
            cell = _answer(code, codes, shown)
            found.append((name, text, f"{qid}_{row}", cell))
        return found
    found = []
    if split and question.type == "multi":
        for position, number in shown.items():
            cell = _tick(question.name, codes, position, number if words else "1")
            found.append((f"{tag}_{position}", f"{stem} - {by_label[position]}", f"{qid}_{position}", cell))
        return found
    suffix = "_TEXT" if payload["QuestionType"] == "TE" else ""
    found.append((tag, stem, f"{qid}{suffix}", _answer(question.name, codes, shown)))
    for position, one in payload.get("Choices", {}).items():
        if one.get("TextEntry"):
            text = f"{stem} - {by_label[position]} - Text"
            name = f"{question.name}_other"
            found.append(
                (f"{tag}_{position}_TEXT", text, f"{qid}_{position}_TEXT", lambda row, name=name: row.get(name) or "")
            )
    return found


def _codes(question: Any, payload: Any, is_matrix: bool) -> dict[str, str]:
    """Our option codes to the places of the answers: in order, "other" where a text is entered, 99 by its
    recode value."""
    answers = payload.get("Answers" if is_matrix else "Choices", {})
    found = {}
    for place, one in answers.items():
        number = payload["RecodeValues"][place]
        found["99" if number == "99" else ("OTHER" if one.get("TextEntry") else place)] = place
    return found


def _answer(name: str, codes: dict[str, str], shown: dict[str, str]) -> Any:
    def cell(row: dict[str, Any]) -> str:
        answer = row.get(name)
        if answer is None:
            return ""
        if isinstance(answer, float):
            return f"{answer:.10g}"
        if not shown:
            return answer
        return ",".join(shown[codes[one]] for one in (answer if isinstance(answer, tuple) else (answer,)))

    return cell


def _tick(name: str, codes: dict[str, str], position: str, mark: str) -> Any:
    return lambda row: mark if position in [codes[one] for one in row.get(name) or ()] else ""


def _plain(text: str) -> str:
    """What an export shows of a text with markup."""
    for tag in ("<strong>", "</strong>", "<em>", "</em>"):
        text = text.replace(tag, "")
    return html.unescape(text.replace("<br>", " "))


def by_place(instrument: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with option codes replaced by their places, as the .qsf counts them."""
    found = []
    for row in rows:
        new = dict(row)
        for question in instrument.questions():
            scale = instrument.scales[question.scale] if question.scale else None
            if scale is None:
                continue
            places = {option.code: str(place) for place, option in enumerate(scale.options, start=1)}
            for name in [item.code for item in question.items] or [question.name]:
                answer = new.get(name)
                if isinstance(answer, tuple):
                    new[name] = tuple(places.get(one, one) for one in answer)
                elif answer is not None:
                    new[name] = places.get(answer, answer)
        found.append(new)
    return found


def as_csv(table: list[list[str]]) -> bytes:
    """Comma, quotes where needed, LF, with BOM."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(table)
    return stream.getvalue().encode("utf-8-sig")


def as_tsv(table: list[list[str]]) -> bytes:
    """Tabs, UTF-16 with BOM, CRLF."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter="\t", lineterminator="\r\n").writerows(table)
    return stream.getvalue().encode("utf-16")
