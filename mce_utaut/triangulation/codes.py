"""``codes.csv``: what coders found in people's words, read and checked, every problem with row and column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mce_utaut.errors import Problem, StudyError
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.spelling import guard, unguard
from mce_utaut.survey.tables import Table, read_table

NOTHING = "none"  # construct of a row that says: read, and nothing in it belongs to the code book
OUTSIDE = "other"  # construct of a theme that no construct covers
AGREED = "agreed"  # the coder of rows that coders settled on together
SIGNS = {"+": "positive", "-": "negative", "0": "neutral"}
SOURCES = ("open question", "interview", "focus group", "case")
NEEDED = ("respondent", "construct", "theme", "sign", "coder")
OPTIONAL = ("role", "source", "question", "quote", "cleared", "language", "translation")
SHOWN_TO_CODERS = ("asked", "answer", "key")  # columns of the coding sheet that the codes do not need
_SIGN_WORDS = {
    **{word: "+" for word in ("+", "positive", "pos")},
    **{word: "-" for word in ("-", "−", "–", "negative", "neg")},
    **{word: "0" for word in ("0", "neutral", "mixed", "+-", "±")},
}
_KEY = re.compile("[0-9a-f]{4}|none")
_FEW = 2  # pseudonyms that may all be mistyped
_YES = ("yes", "true", "1", "x", "sì", "si")
_NO = ("", "no", "false", "0")
# E-mail, web and IP addresses, and eight figures in a row as in telephone and student numbers.
_ADDRESS = re.compile(
    r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://|www\.|(?:\d{1,3}\.){3}\d{1,3}|\+?\d(?:[\s/()-]?\d){7,}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what ``coder`` found in the words of ``respondent`` (a pseudonym). ``construct`` is "" where the
    coder found nothing; ``sign`` is "+", "-" or "0"; ``cleared`` says that ``quote`` may be printed."""

    respondent: str
    role: str
    source: str
    question: str
    coder: str
    construct: str
    sign: str
    theme: str
    quote: str = ""
    cleared: bool = False
    language: str = ""
    translation: str = ""

    @property
    def unit(self) -> tuple[str, str, str, str]:
        """What was coded as one: somebody's answer to one question, or what they said in one conversation."""
        return self.role, self.respondent, self.source, self.question


@dataclass(frozen=True, slots=True)
class CodeBook:
    """What codes may say: the construct ids of each role, and the pseudonyms of those with open answers (None:
    not known, so not checked). ``key`` is the fingerprint of the key of these pseudonyms ("" not known)."""

    constructs: Mapping[str, Collection[str]]
    respondents: Mapping[str, Collection[str]] | None = None
    key: str = ""


def read_codes(content: bytes, name: str, book: CodeBook) -> tuple[Code, ...]:
    """The codes in a CSV or XLSX file (docs/triangulation.md); rows that nobody coded yet are left out. Raises
    ``StudyError`` with every problem, and ``FileProblem`` where the file is no table."""
    table = read_table(content, name)
    at, problems = _columns(table)
    if problems:
        raise StudyError(problems)
    found: list[Code] = []
    coded = []
    for row, number in enumerate(table.numbers):
        cells = {heading: unguard(str(table.columns[column][row]).strip()) for heading, column in at.items()}
        if any(cells.get(key) for key in ("construct", "theme", "sign")):
            coded.append((int(number), cells))
    if other := _of_another_key([cells for _, cells in coded], book, name):
        problems.append(other)
        book = replace(book, respondents=None)
    for number, cells in coded:
        say = _speaker(name, number, at)
        troubles = list(_troubles(cells, book, say))
        problems += troubles
        if not troubles:
            found.append(_code(cells, book))
    if problems:
        raise StudyError(problems)
    return tuple(dict.fromkeys(found))


def _of_another_key(coded: Sequence[Mapping[str, str]], book: CodeBook, name: str) -> Problem | None:
    """What is wrong with the pseudonyms of a sheet as a whole: by the fingerprint that it carries, or because they are
    all unknown."""
    remedy = (
        "Put the study.key of whoever wrote the sheet beside study.yaml, and use it for everything that belongs to the "
        "study (docs/triangulation.md)."
    )
    marks = sorted({cells.get("key", "") for cells in coded if _KEY.fullmatch(cells.get("key", ""))} - {book.key})
    if book.key and marks:
        what = f"was written with another key: its fingerprint is {', '.join(marks)}, that of this study is {book.key}."
        return Problem(what, remedy, name)
    if book.respondents is None:
        return None
    known = {each for names in book.respondents.values() for each in names}
    persons = {cells["respondent"] for cells in coded if _source(cells) == SOURCES[0]} - {""}
    if len(persons) > _FEW and not persons & known:
        what = f"holds {len(persons)} pseudonyms, none of which is of this study: it was written with another key, or "
        return Problem(f"{what}for another study.", remedy, name)
    return None


def codes_csv(codes: Sequence[Code]) -> bytes:
    """The codes as CSV (UTF-8, LF) that ``read_codes`` reads back."""
    rows = [
        (
            *(each.respondent, each.construct or NOTHING, each.theme, SIGNS.get(each.sign, ""), each.coder),
            *(each.role, each.source, each.question, each.quote, "yes" if each.cleared else ""),
            *(each.language, each.translation),
        )
        for each in codes
    ]
    return write_rows([[*NEEDED, *OPTIONAL], *([guard(cell) for cell in row] for row in rows)])


def _columns(table: Table) -> tuple[dict[str, int], list[Problem]]:
    """Column name -> its place, and what is wrong with the headings."""
    known = (*NEEDED, *OPTIONAL, *SHOWN_TO_CODERS)
    at: dict[str, int] = {}
    problems = []
    for column, heading in enumerate(table.headings):
        key = heading.strip().casefold().replace(" ", "_")
        place = {"file": table.name, "line": 1, "column": column + 1, "where": heading.strip() or "(no heading)"}
        if key in at:
            problems.append(Problem("stands twice.", "Keep one of the columns.", **place))
        elif key in known:
            at[key] = column
        elif key or any(str(cell).strip() for cell in table.columns[column]):
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known columns: {', '.join(known)}."
            problems.append(Problem("is not a column of coded answers.", hint, **place))
    for key in NEEDED:
        if key not in at and not problems:
            problems.append(Problem(f"has no column {key}.", f"Needed are {', '.join(NEEDED)}.", table.name, 1))
    return at, problems


Say = Callable[[str, str, str], Problem]


def _speaker(name: str, number: int, at: Mapping[str, int]) -> Say:
    def say(key: str, what: str, remedy: str) -> Problem:
        column = at[key] + 1 if key in at else None
        return Problem(what, remedy, file=name, line=number, column=column, where=key)

    return say


def _role(cells: Mapping[str, str], book: CodeBook) -> str:
    """The role of a row: as written, else of the respondent, else the only one; "" where it stays open."""
    if cells.get("role"):
        return cells["role"]
    among = [role for role, names in (book.respondents or {}).items() if cells["respondent"] in names]
    return among[0] if len(among) == 1 else next(iter(book.constructs)) if len(book.constructs) == 1 else ""


def _source(cells: Mapping[str, str]) -> str:
    return re.sub(r"[_-]+", " ", cells.get("source", "").casefold()) or SOURCES[0]


def _troubles(cells: Mapping[str, str], book: CodeBook, say: Say) -> Iterator[Problem]:
    for key in ("respondent", "coder"):
        if not cells[key]:
            yield say(key, "is empty.", f"Write the {'pseudonym' if key == 'respondent' else 'coder'} in every row.")
    role, source = _role(cells, book), _source(cells)
    if source not in SOURCES:
        yield say("source", f"{cells['source']!r} is no source.", f"Write {_either(SOURCES)}.")
    if role not in book.constructs:
        what = f"{role!r} is not a role of the study." if role else "is not given, and the respondent does not tell it."
        yield say("role", what, f"Write {_either(tuple(book.constructs))}.")
    else:
        yield from _code_troubles(cells, role, book, say)
        yield from _unknown_respondent(cells, role, source, book, say)
    yield from _quote_troubles(cells, say)


def _code_troubles(cells: Mapping[str, str], role: str, book: CodeBook, say: Say) -> Iterator[Problem]:
    construct = cells["construct"]
    if construct.casefold() == NOTHING:
        if cells["theme"] or cells["sign"]:
            yield say("construct", f"{construct} goes with an empty theme and sign.", "Either name the construct or "
                      "empty the two cells.")  # fmt: skip
        return
    known = (*book.constructs[role], OUTSIDE)
    if construct not in known:
        what = f"{construct!r} is not a construct of the role {role}." if construct else "is empty."
        yield say("construct", what, f"Write {_either(known)}, or {NOTHING} where nothing was found.")
    if cells["sign"].casefold() not in _SIGN_WORDS:
        what = f"{cells['sign']!r} is no sign." if cells["sign"] else "is empty."
        yield say("sign", what, "Write + (positive), - (negative) or 0 (neutral or mixed).")
    if not cells["theme"]:
        yield say("theme", "is empty.", "Name what was said in a few words, the same each time.")
    elif _ADDRESS.search(cells["theme"]) or (cells["respondent"] and cells["respondent"] in cells["theme"]):
        yield say("theme", "holds an address, a number to call or a pseudonym.", "Name it without telling who spoke.")


def _unknown_respondent(
    cells: Mapping[str, str], role: str, source: str, book: CodeBook, say: Say
) -> Iterator[Problem]:
    """Answers to open questions are those of respondents; people of a conversation need not have answered."""
    if source != SOURCES[0] or book.respondents is None or not cells["respondent"]:
        return
    names = book.respondents.get(role)
    if names is None or cells["respondent"] in names:
        return
    near = difflib.get_close_matches(cells["respondent"], list(names), n=1, cutoff=0.8)
    hint = f"Did you mean {near[0]}?" if near else (
        "Use the pseudonyms of the sheet that `codes` wrote for this study; for other material name the source."
    )  # fmt: skip
    yield say("respondent", f"nobody with an open answer among {role} has this pseudonym.", hint)


def _quote_troubles(cells: Mapping[str, str], say: Say) -> Iterator[Problem]:
    cleared = cells.get("cleared", "").casefold()
    if cleared not in _YES + _NO:
        what = f"{cells['cleared']!r} is neither yes nor no."
        yield say("cleared", what, "Write yes where the quote may be printed.")
    if cleared not in _YES:
        return
    if not cells.get("quote"):
        yield say("cleared", "there is no quote to clear.", "Either copy the words into quote or empty this cell.")
    for key in ("quote", "translation"):
        text = cells.get(key, "")
        if _ADDRESS.search(text) or (cells["respondent"] and cells["respondent"] in text):
            what = "holds an address, a number to call or a pseudonym, and is cleared for printing."
            yield say(key, what, "Either take it out of the quote (write […]) or do not clear the quote.")


def _code(cells: Mapping[str, str], book: CodeBook) -> Code:
    nothing = cells["construct"].casefold() == NOTHING
    return Code(
        respondent=cells["respondent"],
        role=_role(cells, book),
        source=_source(cells),
        question=cells.get("question", ""),
        coder=cells["coder"].casefold() if cells["coder"].casefold() == AGREED else cells["coder"],
        construct="" if nothing else cells["construct"],
        sign="" if nothing else _SIGN_WORDS[cells["sign"].casefold()],
        theme="" if nothing else " ".join(cells["theme"].split()),
        quote=cells.get("quote", ""),
        cleared=cells.get("cleared", "").casefold() in _YES,
        language=cells.get("language", ""),
        translation=cells.get("translation", ""),
    )


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
