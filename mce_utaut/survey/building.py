"""From matched, coded columns to ``Responses``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Responses, Source
from mce_utaut.survey.arrivals import Arrivals, respondent_keys
from mce_utaut.survey.coded_rows import CodedRows, answer_values, missing_kinds, shown_to
from mce_utaut.survey.coding import Cells, Habits, code
from mce_utaut.survey.contract import ColumnMap, ReadOptions
from mce_utaut.survey.fields import Field
from mce_utaut.survey.given import settled
from mce_utaut.survey.leaving_out import consented, exclusions, reasons_to_leave_out
from mce_utaut.survey.matching import Matched
from mce_utaut.survey.problems import CellProblems
from mce_utaut.survey.remarks import remarks
from mce_utaut.survey.row_meta import row_meta, with_given
from mce_utaut.survey.tables import Table


def build(
    instrument: Instrument,
    table: Table,
    matched: Matched,
    wanted: Sequence[Field],
    column_map: ColumnMap,
    arrivals: Arrivals,
    habits: Habits,
    options: ReadOptions,
    notes: Sequence[Note] = (),
    digest: str | None = None,
) -> Responses:
    """The responses in ``table``. ``digest`` is the instrument's digest that the file carries.

    Raises ``ImportProblem`` with every cell that is no answer of its question, ``UsageError`` for a
    university, wave or pilot in the options that the questionnaire does not know.
    """
    options, given_notes = settled(instrument, options)
    problems = CellProblems(table.name)
    coded = code(_cells(table, matched, wanted), table.numbers, habits, problems)
    problems.raise_if_any()
    rows = CodedRows(instrument, table, wanted, coded, arrivals)
    values, missing = _answers(rows, matched, options.keep_personal)
    consent = consented(rows)
    keys = respondent_keys(arrivals, table.numbers)
    reasons = reasons_to_leave_out(rows, consent, keys)
    keep = reasons == ""
    index = pd.Index(keys[keep], name="respondent", dtype=object)
    said = {name: column[keep] for name, column in row_meta(rows, consent, options.secret).items()}
    meta, of_options, unsaid = with_given(rows, said, options)
    source = _source(rows, matched, column_map.tool, options, int(keep.sum()), digest)
    told = (*of_options, *remarks(instrument, matched.absent, source, wanted, column_map), *unsaid)
    return Responses(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        instrument_digest=instrument.digest,
        role=instrument.role,
        data=_frame(values, keep, index),
        missing=_frame(missing, keep, index),
        meta=_frame(meta, slice(None), index),
        exclusions=exclusions(reasons, table.numbers),
        sources=(source,),
        notes=(*notes, *given_notes, *told),
    )


def _cells(table: Table, matched: Matched, wanted: Sequence[Field]) -> list[Cells]:
    columns: dict[str, list] = {}
    for index, column in matched.answers:
        columns.setdefault(column.field, []).append((column, table.columns[index]))
    return [Cells(field_, tuple(columns[field_.name])) for field_ in wanted if field_.name in columns]


def _answers(
    rows: CodedRows, matched: Matched, keep_personal: bool
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Values and kinds of missing (n,) by name; what tells who somebody is only with ``keep_personal``."""
    kept = [field_ for field_ in rows.wanted if keep_personal or not _tells_who(field_)]
    shown = shown_to(rows)
    values = {field_.name: answer_values(field_, rows) for field_ in kept}
    missing = {field_.name: missing_kinds(field_, rows, shown) for field_ in kept}
    for position in matched.personal if keep_personal else ():
        name = f"personal.{rows.table.headings[position].removeprefix('personal.')}"
        blank = rows.table.columns[position] == ""
        values[name] = np.where(blank, None, rows.table.columns[position])
        missing[name] = np.where(blank, "unknown_blank", "").astype(object)
    return values, missing


def _tells_who(field_: Field) -> bool:
    """Whether the answers are personal data; a link code is, whatever the questionnaire says of it."""
    return field_.question.personal or field_.question.purpose == "link_code"


def _source(
    rows: CodedRows, matched: Matched, tool: str, options: ReadOptions, kept: int, digest: str | None
) -> Source:
    table = rows.table
    return Source(
        name=table.name,
        sha256=table.sha256,
        tool=tool,
        rows_read=table.n,
        rows_kept=kept,
        personal_dropped={} if options.keep_personal else _personal(rows, matched),
        unknown_columns=tuple(table.headings[position] for position in matched.unknown),
        language=options.language,
        instrument_digest=digest or (options.column_map and options.column_map.instrument_digest) or None,
    )


def _personal(rows: CodedRows, matched: Matched) -> dict[str, int]:
    """By heading, how many cells of columns with personal data are filled."""
    by_name = {field_.name: field_ for field_ in rows.wanted}
    telling = [position for position, column in matched.answers if _tells_who(by_name[column.field])]
    table = rows.table
    return {table.headings[one]: sum(map(bool, table.columns[one])) for one in (*matched.personal, *telling)}


def _frame(columns: Mapping[str, np.ndarray], keep: np.ndarray | slice, index: pd.Index) -> pd.DataFrame:
    """A frame of the kept rows whose text columns hold str and None (never inferred to another type)."""
    series = {
        name: pd.Series(values[keep], index=index, dtype=object if values.dtype == object else None)
        for name, values in columns.items()
    }
    return pd.DataFrame(series, index=index)
