"""Files as people and attackers send them: read right, or refused with one sentence, in bounded memory."""

from __future__ import annotations

import io
import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from types import ModuleType

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import plain, spss
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.tables import Table, read_table
from mce_utaut.survey.workbooks import write_sheets

ROWS = [["a", "b", "c"], ["1", "x;y, z", ""], ["2", 'say "hi"\nthere', "é"]]


def cells(table: Table) -> list[list[str]]:
    return [list(table.headings), *([str(column[row]) for column in table.columns] for row in range(table.n))]


def csv_text(delimiter: str, end: str = "\n") -> str:
    lines = ['"' + f'"{delimiter}"'.join(cell.replace('"', '""') for cell in row) + '"' for row in ROWS]
    return end.join(lines) + end


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_found_out(delimiter: str, encoding: str, end: str) -> None:
    table = read_table(csv_text(delimiter, end).encode(encoding), "x.csv")
    assert cells(table) == ROWS
    assert table.numbers.tolist() == [2, 3]


def test_blank_lines_count_as_rows_of_the_spreadsheet() -> None:
    table = read_table(b"a,b\n1,2\n\n,\n3,4\n\n", "x.csv")
    assert cells(table)[1:] == [["1", "2"], ["3", "4"]]
    assert table.numbers.tolist() == [2, 5]


def test_the_beginning_of_a_file_ends_with_a_whole_row() -> None:
    """Rows so long that the sample that tells a tool holds fewer than were asked for."""
    content = b"a,b,c\n" + b"".join(b"%d,%b,1\n" % (row, b"x" * 9000) for row in range(60))
    head = read_table(content, "x.csv", head=60)
    assert 20 < head.n < 60
    assert set(head.columns[2]) == {"1"}


def test_spss_files_are_read_by_name_and_code() -> None:
    frame = pd.DataFrame({"PE1": [4.0, 99.0, np.nan, 2.5], "liked": ["=SUM(A1)", "", "è", "x"]})
    frame["day"] = pd.to_datetime(["2025-05-01 10:11", None, None, None])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sav"
        pyreadstat.write_sav(frame, path, variable_value_labels={"PE1": {4.0: "Agree"}}, missing_ranges={"PE1": [99.0]})
        content = path.read_bytes()
    table = read_table(content, "x.csv")
    assert table.form == "sav"
    assert cells(table) == [
        ["PE1", "liked", "day"],
        ["4", "=SUM(A1)", "2025-05-01 10:11:00"],
        ["99", "", ""],
        ["", "è", ""],
        ["2.5", "x", ""],
    ]
    assert read_table(content, "x.sav", head=3).n == 2


def test_a_separator_line_of_excel_names_the_delimiter() -> None:
    table = read_table(b"sep=;\na;b\n1,5;2\n", "x.csv")
    assert cells(table) == [["a", "b"], ["1,5", "2"]]
    assert table.numbers.tolist() == [3]


def test_codes_stay_text() -> None:
    table = read_table(b"a,b,c,d\nNA,None,001,1e5\n", "x.csv")
    assert cells(table)[1] == ["NA", "None", "001", "1e5"]


def test_cells_that_excel_left_out_at_the_end_of_rows_are_blank() -> None:
    table = read_table(b"a,b,c\n1\n2,3\n4,5,6\n", "x.csv")
    assert cells(table)[1:] == [["1", "", ""], ["2", "3", ""], ["4", "5", "6"]]


def test_latin1_needs_to_be_told() -> None:
    content = "a,b\n1,perché\n".encode("cp1252")
    with pytest.raises(FileProblem, match=r"x\.csv: is not UTF-8: byte 0xE9 in line 2 .*--encoding cp1252"):
        read_table(content, "x.csv")
    assert cells(read_table(content, "x.csv", encoding="cp1252"))[1] == ["1", "perché"]


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, parts.get(entry.rpartition("/")[2].replace(".", "_"), old.read(entry)))
    return stream.getvalue()


def test_workbook_cells_become_text() -> None:
    table = read_table(workbook([["n", "f", "t", "b"], [4.0, 12.5, "=SUM(A1)", True], [7, None, "==X", "é"]]), "x.xlsx")
    assert cells(table) == [["n", "f", "t", "b"], ["4", "12.5", "=SUM(A1)", "TRUE"], ["7", "", "=X", "é"]]


def test_our_workbooks_hold_no_formula() -> None:
    content = write_sheets({"data": [["a"], ["=SUM(A1)"], ["+1"], ["007"]]})
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [("=SUM(A1)", "s"), ("+1", "s"), ("007", "s")]
    assert content == write_sheets({"data": [["a"], ["=SUM(A1)"], ["+1"], ["007"]]})


def test_a_zip_with_one_csv_is_that_csv() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("form/submissions.csv", "a,b\n1,2\n")
    assert cells(read_table(stream.getvalue(), "x.zip")) == [["a", "b"], ["1", "2"]]


XLSX = workbook([["a", "b"], [1, 2]])
BOMB = zlib.compressobj(9, zlib.DEFLATED, -15)


def zeros(name: str, size: int) -> bytes:
    """A zip whose part ``name`` unpacks to ``size`` zero bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(size >> 20):
                part.write(bytes(1 << 20))
    return stream.getvalue()


def lying(content: bytes) -> bytes:
    """The zip with its declared sizes set to 100 bytes."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        position = archive.start_dir
        for _ in archive.namelist():
            struct.pack_into("<I", changed, position + 24, 100)
            lengths = struct.unpack_from("<HHH", changed, position + 28)
            position += 46 + sum(lengths)
    return bytes(changed)


def with_parts(content: bytes, count: int) -> bytes:
    """The zip with ``count`` more parts, empty ones."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(count):
            archive.writestr(f"xl/x{number}.bin", b"")
    return stream.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
FAR_ROW = SHEET % b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
FAR_COLUMN = SHEET % b'<row r="1"><c r="ZZZ1"><v>1</v></c></row>'
BEYOND = SHEET % b'<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'
WIDE = SHEET % (b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>")
PREFIXED = WIDE.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")

HOSTILE = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\n", "is empty"),
    "only_delimiters": (b",,,\n,,,\n", "has no rows"),
    "nul": (b"a,b\n1,\x00\n", "NUL character in line 2"),
    "old_excel": (b"\xd0\xcf\x11\xe0" + bytes(600), "old .xls workbook or one with a password"),
    "pdf": (b"%PDF-1.7\n", "is a PDF"),
    "png": (b"\x89PNG\r\n", "is a picture"),
    "gzip": (b"\x1f\x8b\x08", "gzip"),
    "spss": (b"$FL2@(#)", "damaged SPSS file"),
    "web_page": (b"\n<!DOCTYPE html><html></html>", "web page"),
    "xml": ('<?xml version="1.0"?><a/>'.encode("utf-16"), "is XML"),
    "truncated_xlsx": (XLSX[:-40], "truncated or damaged workbook"),
    "half_xlsx": (XLSX[: len(XLSX) // 2], "truncated or damaged workbook"),
    "fake_xlsx": (b"PK\x03\x04 this is no zip", "truncated or damaged workbook"),
    "broken_part": (repacked(XLSX, sheet1_xml=b"<worksheet"), "damaged workbook|no spreadsheet program"),
    "no_sheets": (repacked(XLSX, workbook_xml=b"<workbook/>"), "damaged workbook|has no rows"),
    "entities": (repacked(XLSX, sheet1_xml=ENTITIES), "holds XML that no spreadsheet program writes"),
    "entities_utf16": (
        repacked(XLSX, sheet1_xml=ENTITIES.decode().encode("utf-16")),
        "holds XML that no spreadsheet program writes",
    ),
    "far_row": (repacked(XLSX, sheet1_xml=FAR_ROW), "blank rows below each other"),
    "far_column": (repacked(XLSX, sheet1_xml=FAR_COLUMN), "has a sheet of more than"),
    "wide_row": (repacked(XLSX, sheet1_xml=WIDE), "a row of more than 8192 cells"),
    "wide_row_prefixed": (repacked(XLSX, sheet1_xml=PREFIXED), "a row of more than 8192 cells"),
    "many_parts": (with_parts(XLSX, 2000), "more than 2000 parts"),
    "beyond_columns": (repacked(XLSX, sheet1_xml=BEYOND), "damaged workbook"),
    "bomb": (zeros("xl/sharedStrings.xml", 300 << 20), "would unpack to 300 MiB"),
    "bomb_sheet": (zeros("xl/worksheets/sheet1.xml", 100 << 20), "would unpack to 100 MiB"),
    "lying_bomb": (lying(zeros("xl/worksheets/sheet1.xml", 20 << 20)), "damaged"),
    "ods": (repacked(XLSX, workbook_xml=b"<x/>").replace(b"xl/", b"zz/"), "is a zip archive|damaged"),
    "million_columns": (b"," * 1_000_000 + b"\n", "has no rows|has 1000001 columns"),
    "million_named_columns": (b"a," * 1_000_000 + b"\n1\n", "has 1000001 columns"),
    "open_quote": (b'a,b\n1,"never closed\n' + b"x,y\n" * 50_000, "quote is not closed"),
    "cut_in_quotes": (b'a,b\n1,"cut off he', "ends inside a quoted cell"),
    "cut_in_row": (b"a,b,c\n1,2,3\n4,5", "last row has 2 of 3 cells"),
    "text_after_quote": (b'a,b\n1,"say "hi" to"\n', "a quote inside a cell must be doubled"),
    "too_many_cells": (b"a,b\n1,2\n3,4,5\n6,7,8\n", "more cells than the 2 headings"),
    "binary": (bytes(range(256)) * 40, "NUL|UTF-8"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_refused_with_a_sentence(name: str, suffix: str) -> None:
    """Whatever the name claims."""
    content, sentence = HOSTILE[name]
    tracemalloc.start()
    try:
        with pytest.raises(FileProblem, match=sentence) as caught:
            read_table(content, f"responses{suffix}")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 150 << 20
    assert str(caught.value).startswith(f"responses{suffix}:")
    assert str(caught.value).count("\n") == 0


def test_unknown_encoding_and_delimiter_are_refused() -> None:
    with pytest.raises(FileProblem, match="no encoding named 'latin-eleven'"):
        read_table(b"a,b\n", "x.csv", encoding="latin-eleven")
    with pytest.raises(FileProblem, match="'::' is no delimiter"):
        read_table(b"a,b\n", "x.csv", delimiter="::")
    assert read_table(b"a|b\n1|2\n", "x.csv", delimiter="|").headings == ("a", "b")


def test_a_wrong_delimiter_is_named_as_the_cause(sample: Instrument) -> None:
    from mce_utaut.errors import ImportProblem

    with pytest.raises(ImportProblem, match=r"only one column: the delimiter may be another one.*--delimiter"):
        plain.read(sample, b"PE1|PE2\n1|2\n", "x.csv")


def test_a_workbook_named_csv_is_read_as_a_workbook(
    made: ModuleType, fill: dict[str, ModuleType], mini: Instrument
) -> None:
    table = fill["plain"].export(mini, made.answers(mini), "code", "en")
    responses = plain.read(mini, write_sheets({"data": table}), "data.csv", ReadOptions())
    assert responses.n == len(table) - 1


def test_a_reader_that_a_file_brings_down_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "reader.py"
    program.write_text("import os, sys; sys.stdin.buffer.read(); os._exit(139)")
    monkeypatch.setattr(spss, "_READER", program)
    with pytest.raises(FileProblem, match="damaged SPSS file"):
        read_table(b"$FL2@(#)", "x.sav")
