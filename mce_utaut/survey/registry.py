"""The survey tools, and reading files of any of them into one set of responses."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Protocol

from mce_utaut.errors import FileProblem, ImportProblem, Problem, UsageError
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import column_map as column_maps
from mce_utaut.survey import (
    eusurvey,
    googleforms,
    limesurvey,
    moodle,
    msforms,
    paper,
    plain,
    qualtrics,
    redcap,
    surveyjs,
    xlsform,
)
from mce_utaut.survey.contract import ColumnMap, ReadOptions
from mce_utaut.survey.plain import sidecar as sidecars
from mce_utaut.survey.spelling import dense

# In the order in which a file is shown to them; ``plain``, which reads anything with our codes, is last.
TOOLS: Mapping[str, ModuleType] = {
    limesurvey.ID: limesurvey,
    xlsform.ID: xlsform,
    qualtrics.ID: qualtrics,
    redcap.ID: redcap,
    surveyjs.ID: surveyjs,
    paper.ID: paper,
    eusurvey.ID: eusurvey,
    moodle.ID: moodle,
    msforms.ID: msforms,
    googleforms.ID: googleforms,
    plain.ID: plain,
}

_HEAD = 60  # rows that tell a tool


class NamedContent(Protocol):
    """A file that was read: its name without folder, and its bytes."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...


def tool(tool_id: str) -> ModuleType:
    """The module of a tool, by its id or title ignoring case and blanks. Raises ``UsageError`` where there is none."""
    spellings = {dense(name): module for name, module in TOOLS.items()}
    spellings |= {dense(module.TITLE): module for module in TOOLS.values()}
    found = spellings.get(dense(tool_id))
    if found is None:
        near = difflib.get_close_matches(dense(tool_id), spellings, n=1)
        hint = f"Did you mean {spellings[near[0]].ID}? " if near else ""
        raise UsageError(Problem(f"there is no survey tool {tool_id!r}.", f"{hint}There are {', '.join(TOOLS)}."))
    return found


def recognise(content: bytes, name: str, options: ReadOptions | None = None) -> str:
    """The id of the tool whose export ``content`` is, judged by what is in it.

    A table that no tool knows is "plain". Raises ``FileProblem`` where there is no table in it.
    """
    from mce_utaut.survey.tables import form_of, read_table  # needs numpy

    head = None
    form = form_of(content)
    if form == "xml":
        if eusurvey.recognises(content, name, None):
            return eusurvey.ID
        what = "is XML or a web page, but not the results of a survey tool known."
        raise FileProblem(Problem(what, "Export the responses as CSV or XLSX.", name))
    if form != "json":
        options = options or ReadOptions()
        try:
            head = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding, head=_HEAD)
        except FileProblem:
            if eusurvey.recognises(content, name, None):  # its headings do not stand in the first row
                return eusurvey.ID
            raise
    for tool_id, module in TOOLS.items():
        if module.recognises(content, name, head):
            return tool_id
    if head is None:
        raise FileProblem(_odd_json(content, name))
    return plain.ID


def _odd_json(content: bytes, name: str) -> Problem:
    from mce_utaut.survey.delimited import decode

    try:
        json.loads(decode(content, name))
    except json.JSONDecodeError as error:
        what = f"is damaged JSON ({error.msg}): it may have been cut off."
        return Problem(what, "Export or download it again.", name, error.lineno)
    except (ValueError, RecursionError):
        return Problem("is JSON of a kind that no survey tool writes.", "Export the responses again.", name)
    return Problem("is JSON, but no results that are known.", "LimeSurvey and SurveyJS results are read as JSON.", name)


def read_responses(
    instrument: Instrument,
    files: Sequence[NamedContent],
    tool_id: str | None = None,
    options: ReadOptions | Sequence[ReadOptions] | None = None,
) -> Responses:
    """The responses of all ``files`` as one set, each row knowing its file.

    Column maps and sidecars among the files are used for the responses that they belong to. ``tool_id``
    says what all files are, where they should not be judged by content; ``options`` hold for all files, or
    one for each file of responses. A respondent who stands in two files is kept once.

    Raises ``FileProblem`` and ``ImportProblem`` with the problems of every file, where the same file is given twice,
    and where nobody has a key that the options drop.
    """
    from mce_utaut.survey.dropping import without_named
    from mce_utaut.survey.merging import merge  # works with pandas

    answers, maps, beside = _sorted(files)
    chosen = _options(options, len(answers))
    _refuse_same(answers)
    parts: list[Responses] = []
    problems: list[Problem] = []
    for file, own in zip(answers, chosen):
        try:
            parts.append(_read_one(instrument, file, tool_id, own, maps, beside))
        except (FileProblem, ImportProblem) as error:
            problems += error.problems
    if problems:
        raise ImportProblem(problems)
    return merge(without_named(parts, chosen))


def _read_one(
    instrument: Instrument,
    file: NamedContent,
    tool_id: str | None,
    options: ReadOptions,
    maps: Sequence[ColumnMap],
    beside: Mapping[str, bytes],
) -> Responses:
    found = tool_id or (options.column_map.tool if options.column_map else None)
    module = tool(found or recognise(file.content, file.name, options))
    if options.column_map is None:
        fitting = [one for one in maps if one.tool == module.ID and one.instrument_id == instrument.id]
        fitting.sort(key=lambda one: one.instrument_digest == instrument.digest)
        if fitting:
            options = replace(options, column_map=fitting[-1])
    elif options.column_map.instrument_id != instrument.id:
        raise ImportProblem(
            Problem(
                f"the column map is of {options.column_map.instrument_id}, not of {instrument.id}.",
                "Give the map that was exported with this questionnaire.",
                file.name,
            )
        )
    if module is plain:
        own = beside.get(hashlib.sha256(file.content).hexdigest())
        return plain.read(instrument, file.content, file.name, options, own)
    return module.read(instrument, file.content, file.name, options)


def _sorted(
    files: Sequence[NamedContent],
) -> tuple[list[NamedContent], list[ColumnMap], dict[str, bytes]]:
    """The files of responses, the column maps, and the sidecars by the sha256 of their CSV."""
    answers: list[NamedContent] = []
    maps: list[ColumnMap] = []
    beside: dict[str, bytes] = {}
    for file in files:
        if column_maps.recognises(file.content):
            maps.append(column_maps.from_json(file.content, file.name))
        elif sidecars.recognises(file.content):
            beside[sidecars.parse(file.content, file.name).csv_sha256] = file.content
        else:
            answers.append(file)
    if not answers:
        raise UsageError(Problem("no file of responses was given.", "Name at least one."))
    return answers, maps, beside


def _options(options: ReadOptions | Sequence[ReadOptions] | None, count: int) -> list[ReadOptions]:
    if options is None or isinstance(options, ReadOptions):
        return [replace(options or ReadOptions(), shared=count > 1)] * count
    if len(options) != count:
        raise UsageError(Problem(f"{len(options)} sets of options for {count} files of responses."))
    return list(options)


def _refuse_same(files: Sequence[NamedContent]) -> None:
    seen: dict[str, str] = {}
    problems = []
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest()
        if digest in seen:
            problems.append(Problem(f"is the same file as {seen[digest]}.", "Give it once.", file.name))
        seen.setdefault(digest, file.name)
    if problems:
        raise ImportProblem(problems)
