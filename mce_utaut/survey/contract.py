"""What passes between a survey tool's module and the rest: files to write, and how columns map.

A tool is a module with

    ID: str                                   e.g. "limesurvey"
    TITLE: str                                for people
    def export(instrument, languages, options) -> SurveyFiles
    def recognises(content: bytes, name: str, head: Table | None) -> bool
    def read(instrument, content, name, options) -> Responses

and a line in ``survey.registry.TOOLS``. ``head`` is the beginning of the file as a table, where it is one
(None: find out yourself). Bytes and names come in, objects go out: files are opened and
written elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mce_utaut.notes import Note

OTHER = "*other*"  # in ``Column.values`` and ``labels``: the free-text "other" option
OTHER_NAME = "other"  # what ``Responses.data`` holds where "other" was chosen


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a tool will write back: ``field`` is our column (item code, question name,
    ``<name>_other``), ``heading`` the tool's, ``question`` the code of the question it belongs to,
    ``values`` maps the tool's answer code to our option code (``OTHER`` for "other", "" for "not
    chosen"), ``labels`` per language the label to our option code (two codes with a blank between where
    two options share the label), ``texts`` per language the heading's wording. ``option`` is set where a
    tool gives each option of a multi question a column of its own: the option that the column ticks."""

    field: str
    heading: str
    question: str
    values: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    option: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a tool's export of this instrument (id, version, digest) is read back. ``draft`` tells that
    unapproved wording was exported."""

    tool: str
    instrument_id: str
    instrument_version: str
    instrument_digest: str
    languages: tuple[str, ...]
    columns: tuple[Column, ...]
    draft: bool = False


@dataclass(frozen=True, slots=True)
class SurveyFiles:
    """The files of one export, by file name, with the column map and what the tool cannot express."""

    files: Mapping[str, bytes]
    column_map: ColumnMap
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """``require_approved`` refuses unapproved wording. ``survey_id`` is the number a tool wants for a new
    survey."""

    require_approved: bool = False
    survey_id: int = 100001


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a response file. ``column_map`` comes from the export; ``keep_personal`` keeps the
    columns that would be dropped; ``hei``, ``wave`` and ``pilot_id`` hold for every row of the file
    that does not say otherwise; ``language`` tells the language of labels where it cannot be seen;
    ``rename`` maps a heading of the file to our field (for a renamed column); ``absent`` names our fields
    that were not fielded, so that the file may lack them; ``shared`` says that the options hold for several files, so
    that a heading to rename need not stand in each; ``drop`` maps the keys of respondents to leave out to the reason;
    ``secret`` keys what link codes are kept as (empty: nothing
    that is written out may hold them)."""

    column_map: ColumnMap | None = None
    keep_personal: bool = False
    hei: str | None = None
    wave: str | None = None
    pilot_id: str | None = None
    language: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    drop: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    secret: bytes = field(default=b"", repr=False)
