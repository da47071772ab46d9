"""Rows of text from CSV bytes: encoding, delimiter and quoting found out, not assumed."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Sequence

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey.limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS

DELIMITERS = (",", ";", "\t")
_NAMED = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t"}
_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_rows(
    content: bytes, name: str, delimiter: str | None, encoding: str | None, head: int | None
) -> tuple[list[list[str]], list[int]]:
    """The rows of cells that are not empty, and their numbers (the first row of the file is 1).

    Raises ``FileProblem`` where the encoding is not UTF-8 or UTF-16 and none is given, where there are NUL
    characters, where quotes are not closed, or where the file is too large.
    """
    cut = head is not None and len(content) > _SAMPLE
    content = content[:_SAMPLE] if cut else content
    text = decode(content, name, encoding, cut=head is not None)
    text, delimiter, skipped = _delimiter(text, name, delimiter)
    rows: list[list[str]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(itertools.islice(reader, head or MOST_ROWS + 1), start=1 + skipped):
            if not rows and len(row) > MOST_COLUMNS:
                raise _too_large(name, f"has {len(row)} columns")
            if any(row):
                rows.append(row)
                numbers.append(number)
    except csv.Error as error:
        if head is None or not rows:
            raise _malformed(name, reader.line_num, str(error)) from None
    if len(rows) > MOST_ROWS:
        raise _too_large(name, f"has more than {MOST_ROWS} rows")
    if cut and 1 < len(rows) < (head or 0):  # the sample ends inside its last row
        del rows[-1], numbers[-1]
    return rows, numbers


def decode(content: bytes, name: str, encoding: str | None = None, *, cut: bool = False) -> str:
    """``content`` as text without byte order mark. ``cut`` tells that its end may stand inside a
    character. Raises ``FileProblem`` for an unknown or wrong encoding and for NUL characters."""
    found = encoding or _encoding(content)
    try:
        decoder = codecs.getincrementaldecoder(found)()
        text = decoder.decode(content, final=not cut)
    except LookupError:
        raise FileProblem(
            Problem(f"there is no encoding named {found!r}.", "Use utf-8, utf-16, cp1252 or iso-8859-1.", name)
        ) from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if encoding:
            what = f"is not {encoding}: byte 0x{content[error.start]:02X} in line {line} does not fit."
            raise FileProblem(Problem(what, "Leave --encoding out, or name another.", name)) from None
        what = f"is not UTF-8: byte 0x{content[error.start]:02X} in line {line} does not fit."
        remedy = (
            "Save it as “CSV UTF-8”, or say what it is: --encoding cp1252 for a file of a Western European "
            "Windows (Latin-1), cp1257 for a Baltic, cp1253 for a Greek one."
        )
        raise FileProblem(Problem(what, remedy, name)) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileProblem(
            Problem(f"has a NUL character in line {line}: it is no text file.", "Export it again as CSV.", name)
        )
    return text.removeprefix("\ufeff")


def _encoding(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    sample = content[:2000]
    if len(sample) >= 4 and sample[1::2].count(0) > 0.4 * len(sample) / 2 and not sample[::2].count(0):
        return "utf-16-le"
    if len(sample) >= 4 and sample[::2].count(0) > 0.4 * len(sample) / 2 and not sample[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _delimiter(text: str, name: str, asked: str | None) -> tuple[str, str, int]:
    """The text without an ``sep=`` line, the delimiter, and the number of lines taken away."""
    skipped = 0
    if text[:4].casefold() == "sep=" and len(text) > 4:
        first, _, text = text.partition("\n")
        asked, skipped = asked or first[4:5], 1
    if asked:
        delimiter = _NAMED.get(asked, asked)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise FileProblem(Problem(f"{asked!r} is no delimiter.", "Use comma, semicolon or tab.", name))
        return text, delimiter, skipped
    return text, sniff(text), skipped


def sniff(text: str) -> str:
    """The delimiter of a CSV text: the candidate that splits the first rows most evenly, then most often."""
    sample = text[:_SAMPLE]
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter, len(sample) < len(text)))


def _evenness(sample: str, delimiter: str, cut: bool) -> tuple[float, int]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in itertools.islice(reader, 40):
            if row:
                rows.append(row)
    except csv.Error:
        if not cut:
            return (0.0, 0)
    if not rows or len(rows[0]) < 2:
        return (0.0, 0)
    even = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
    return (even, len(rows[0]))


def _malformed(name: str, line: int, reason: str) -> FileProblem:
    if "field larger" in reason:
        what = f"has a cell of more than {LONGEST_CELL} characters: a quote is not closed."
    elif "end of data" in reason:
        what = "ends inside a quoted cell: it was cut off, or a quote is not closed."
    elif "expected after" in reason:
        what = "has text after a closing quote: a quote inside a cell must be doubled."
    else:
        what = f"cannot be read as CSV ({reason})."
    return FileProblem(Problem(what, "Export it again, or name the delimiter with --delimiter.", name, line))


def _too_large(name: str, what: str) -> FileProblem:
    return FileProblem(Problem(f"{what}: this cannot be a file of responses.", "Export it again.", name))


def write_rows(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """CSV bytes of ``rows``: UTF-8 with byte order mark (spreadsheets need it), LF at the end of rows."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    quoting = csv.writer(stream, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        # The writer quotes LF, but not a lone CR, which ends a row for every reader.
        (quoting if any("\r" in cell for cell in row) else writer).writerow(row)
    return stream.getvalue().encode("utf-8-sig")
