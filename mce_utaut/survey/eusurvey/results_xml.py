"""The XML of EUSurvey's results as the grid that its XLSX would be.

``<Results><Survey><Elements lang>`` hold the wording with ids (``id``) and shortnames (``bid``), ``<Answers>``
one ``<AnswerSet>`` for each respondent, whose ``<Answer qid aid>`` point to them. Only attributes and texts are
read, wherever the elements stand inside these; a document type, the door of entity attacks, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey.limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from mce_utaut.survey.spelling import normal
from mce_utaut.survey.tables import Grid

SEPARATOR = ";"
_ROOT = "Results"
_META = {
    "id": "Contribution Id",
    "invitation": "Invitation Number",
    "user": "User Name",  # an address
    "userlogin": "User Name",
    "create": "Creation Date",
    "last": "Last Update",
}
_LANGUAGE = "Languages"
_QUESTIONS = ("Question", "MatrixQuestion", "RatingQuestion", "TableQuestion")
_ANSWERS = ("Answer", "MatrixAnswer", "TableAnswer")
_MOST_ANSWERS = 100 * MOST_COLUMNS  # answer options of all questions in all languages
_NOBODY = "anonymous"  # what stands for the id of every answer where they are not to be told apart
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(slots=True)
class _Reader:
    """What has been read: texts of elements by id (those of the first language), questions in order, and one
    mapping a respondent from heading or question id to cells."""

    name: str
    questions: dict[str, str] = field(default_factory=dict)  # id -> heading
    answers: dict[str, str] = field(default_factory=dict)  # id -> label with its shortname
    rows: list[dict[str, list[str]]] = field(default_factory=list)
    matrix: str = ""
    path: list[str] = field(default_factory=list)
    text: list[tuple[str, dict[str, str], list[str]]] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.path and tag != _ROOT:
            raise _refused(self.name, f"is XML of another kind (<{tag[:40]}>), not results of EUSurvey.")
        if len(self.path) > 50:
            raise _refused(self.name, "holds elements more than 50 deep: EUSurvey does not write such XML.")
        if tag == "AnswerSet":
            if len(self.rows) >= MOST_ROWS:
                raise _refused(self.name, f"has more than {MOST_ROWS} answer sets.")
            row = {heading: [attributes[key]] for key, heading in _META.items() if attributes.get(key)}
            if row.get(_META["id"], [""])[0].casefold() == _NOBODY:
                del row[_META["id"]]
            if attributes.get("lang"):
                row[_LANGUAGE] = [attributes["lang"]]
            self.rows.append(row)
        self.path.append(tag)
        self.text.append((tag, attributes, []))

    def end(self, _: str) -> None:
        self.path.pop()
        tag, attributes, pieces = self.text.pop()
        text = "".join(pieces)
        if "AnswerSet" in self.path:
            if tag == "Answer":
                self._given(attributes, text)
        elif "Elements" in self.path:
            self._element(tag, attributes, normal(_MARKUP.sub(" ", text)))

    def characters(self, data: str) -> None:
        if self.text:
            pieces = self.text[-1][2]
            pieces.append(data)
            if len(pieces) > 1000:  # long texts arrive in pieces
                pieces[:] = ["".join(pieces)]
                if len(pieces[0]) > LONGEST_CELL:
                    raise _refused(self.name, f"an element has more than {LONGEST_CELL} characters.")

    def _element(self, tag: str, attributes: dict[str, str], text: str) -> None:
        key, shortname = attributes.get("id", ""), attributes.get("bid", "").strip()
        if tag == "MatrixTitle":
            self.matrix = text
        elif tag in _QUESTIONS and key:
            before = f"{self.matrix}: " if tag == "MatrixQuestion" and self.matrix else ""
            heading = f"{before}{text} ({shortname})" if shortname else f"{before}{text}"
            self.questions.setdefault(key, heading)
            if len(self.questions) > MOST_COLUMNS:
                raise _refused(self.name, f"has more than {MOST_COLUMNS} questions.")
        elif tag in _ANSWERS and key:
            self.answers.setdefault(key, f"{text} {shortname}".strip())
            if len(self.answers) > _MOST_ANSWERS:
                raise _refused(self.name, f"has more than {_MOST_ANSWERS} answer options.")

    def _given(self, attributes: dict[str, str], text: str) -> None:
        question, chosen = attributes.get("qid", ""), attributes.get("aid", "")
        if question not in self.questions:
            what = f"an answer points to a question that is not in the file (qid {question[:60]!r})."
            raise _refused(self.name, what, f"answer set {len(self.rows)}")
        if chosen and chosen not in self.answers:
            what = f"an answer points to an option that is not in the file (aid {chosen[:60]!r})."
            raise _refused(self.name, what, f"answer set {len(self.rows)}")
        typed = text.strip() or not chosen  # the cells of a table have an option and a text
        self.rows[-1].setdefault(question, []).append(text if typed else self.answers[chosen])

    def doctype(self, *_: object) -> None:
        raise _refused(self.name, "has a document type, which EUSurvey does not write.")


def is_results(content: bytes) -> bool:
    """Whether ``content`` begins as the XML of results."""
    start = content[:4096].replace(b"\0", b"")
    return b"<Results" in start and (b"<Survey" in start or b"<Elements" in start)


def read_grid(content: bytes, name: str) -> Grid:
    """Headings as ``question (shortname)`` and ``matrix: row (shortname)``, cells as ``label shortname``, several
    options joined by ``SEPARATOR``; behind them what is told of the respondent. The first row is the headings,
    row k+1 the k-th answer set. Raises ``FileProblem`` where the file is damaged, hostile or of another kind."""
    reader = _Reader(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.characters, reader.doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        what = f"is damaged XML ({expat.ErrorString(error.code)})."
        raise FileProblem(Problem(what, "Export the results again.", name, error.lineno)) from None
    except (LookupError, ValueError) as error:
        raise _refused(name, f"is XML in an encoding that is not known ({error}).") from None
    if not reader.questions:
        raise _refused(name, "holds no questions: expected <Elements> with ids.")
    told = [
        heading for heading in dict.fromkeys((*_META.values(), _LANGUAGE)) if any(heading in row for row in reader.rows)
    ]
    keys = [*reader.questions, *told]
    headings = [*reader.questions.values(), *told]
    rows = [[SEPARATOR.join(row.get(key, ())) for key in keys] for row in reader.rows]
    return Grid([headings, *rows], list(range(1, len(rows) + 2)))


def _refused(name: str, what: str, where: str = "") -> FileProblem:
    return FileProblem(Problem(what, "Export the results of the survey again, as XLSX or XML.", name, where=where))
