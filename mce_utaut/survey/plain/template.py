"""The empty sheet for entering data by hand."""

from __future__ import annotations

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.notes import Note
from mce_utaut.survey.contract import OTHER, ColumnMap
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.plain.columns import KEY
from mce_utaut.survey.spelling import guard
from mce_utaut.survey.workbooks import write_sheets


def headings(column_map: ColumnMap) -> list[str]:
    """The headings of a plain file."""
    return [KEY, *(column.heading for column in column_map.columns)]


def empty_csv(column_map: ColumnMap) -> bytes:
    """A CSV with headings only."""
    return write_rows([headings(column_map)])


def empty_xlsx(column_map: ColumnMap) -> bytes:
    """A workbook with the sheet "data" (headings only) and the sheet "codes"."""
    return write_sheets({"data": [headings(column_map)], "codes": _codes(column_map)})


def _codes(column_map: ColumnMap) -> list[list[str]]:
    """For each column its wording and its answers, in every language."""
    languages = column_map.languages
    rows = [["column", "code", *languages]]
    for column in column_map.columns:
        rows.append([column.heading, "", *(guard(column.texts.get(language, "")) for language in languages)])
        for code in dict.fromkeys(column.values.values()):
            labels = [
                next((label for label, target in column.labels.get(language, {}).items() if target == code), "")
                for language in languages
            ]
            rows.append([column.heading, "other" if code == OTHER else code, *map(guard, labels)])
    return rows


def notes(instrument: Instrument) -> list[Note]:
    """What an empty sheet cannot do."""
    found = [
        Note(
            "nothing_checked",
            "A sheet checks nothing while data are entered: branching, ranges and required answers are "
            "looked at when it is imported.",
        )
    ]
    if any(scale.cannot_judge for scale in instrument.scales.values()):
        found.append(Note("cannot_judge_code", f"“Cannot judge” is entered as {CANNOT_JUDGE_CODE}."))
    return found
