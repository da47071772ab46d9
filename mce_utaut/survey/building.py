"""From matched, coded columns to ``Responses``: what is missing and why, who is left out and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mce_utaut.instrument.model import Condition, Instrument, Page, Question
from mce_utaut.notes import Note
from mce_utaut.responses.model import META_COLUMNS, Exclusion, Responses, Source
from mce_utaut.responses.pseudonyms import link_key
from mce_utaut.survey.coding import BLANK, Cells, Coded, Habits, answered, code
from mce_utaut.survey.contract import OTHER, ColumnMap, ReadOptions
from mce_utaut.survey.fields import Field
from mce_utaut.survey.given import as_names, contradicted, settled, unsaid
from mce_utaut.survey.matching import Matched
from mce_utaut.survey.problems import CellProblems
from mce_utaut.survey.remarks import remarks
from mce_utaut.survey.tables import Table

IDENTITY_KEY = "r[0-9a-f]{15}"  # keys made from what identifies a respondent in the tool
_META_PURPOSE = {"hei": "hei", "wave": "wave", "pilot_id": "pilot", "link_code": "link_code"}


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a tool's reader knows of the rows besides answers, each an array (n,) or None where the tool
    does not tell: ``submitted`` (object: True, False, None), ``language`` (object), ``duration`` (float,
    seconds), ``identity`` (object: what identifies a respondent across files of the tool, "" unknown),
    ``keys`` (object: the respondent keys to use), ``rejected`` (object: reason to leave a row out, or "").
    ``given`` holds columns of ``meta`` that the file itself carries; ``missing`` the kind of missing
    (n,) that the file itself tells, by field."""

    submitted: np.ndarray | None = None
    language: np.ndarray | None = None
    duration: np.ndarray | None = None
    identity: np.ndarray | None = None
    keys: np.ndarray | None = None
    rejected: np.ndarray | None = None
    given: Mapping[str, np.ndarray] = field(default_factory=dict)
    missing: Mapping[str, np.ndarray] = field(default_factory=dict)


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
    by_name = {field_.name: field_ for field_ in wanted}
    reasons, consent = _reasons(instrument, wanted, coded, arrivals, table.n)
    shown = _shown(instrument, coded, table.n)
    kept_fields = [name for name in by_name if options.keep_personal or not _tells_who(by_name[name])]
    missing = {name: _missing_kinds(by_name[name], coded, shown, arrivals, table.n) for name in kept_fields}
    values = {name: _values(by_name[name], coded.get(name), table.n) for name in kept_fields}
    personal = {table.headings[index]: _filled(table.columns[index]) for index in matched.personal}
    for index, column in matched.answers:
        if _tells_who(by_name[column.field]):
            personal[table.headings[index]] = _filled(table.columns[index])
    if options.keep_personal:
        for index in matched.personal:
            name = f"personal.{table.headings[index].removeprefix('personal.')}"
            values[name] = np.where(table.columns[index] == "", None, table.columns[index])
            missing[name] = np.where(table.columns[index] == "", "unknown_blank", "").astype(object)
        personal = {}
    meta = _meta(instrument, wanted, coded, arrivals, consent, options, table)
    keys = _keys(arrivals, table)
    reasons = _duplicates(reasons, keys, arrivals)
    keep = reasons == ""
    index = pd.Index(keys[keep], name="respondent", dtype=object)
    exclusions = tuple(
        Exclusion(0, int(table.numbers[row]), *_split_reason(reasons[row])) for row in np.flatnonzero(~keep)
    )
    source = Source(
        name=table.name,
        sha256=table.sha256,
        tool=column_map.tool,
        rows_read=table.n,
        rows_kept=int(keep.sum()),
        personal_dropped=personal,
        unknown_columns=tuple(table.headings[position] for position in matched.unknown),
        language=options.language,
        instrument_digest=digest or (options.column_map and options.column_map.instrument_digest) or None,
    )
    told = remarks(instrument, matched.absent, source, wanted)
    told += unsaid(instrument, {name: meta[name][keep] for name in ("hei", "wave")}, table.name)
    return Responses(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        instrument_digest=instrument.digest,
        role=instrument.role,
        data=_frame(values, keep, index),
        missing=_frame(missing, keep, index),
        meta=_frame(meta, keep, index),
        exclusions=exclusions,
        sources=(source,),
        notes=(*notes, *given_notes, *_contradictions(instrument, meta, options, keep, table), *told),
    )


def _cells(table: Table, matched: Matched, wanted: Sequence[Field]) -> list[Cells]:
    columns: dict[str, list] = {}
    for index, column in matched.answers:
        columns.setdefault(column.field, []).append((column, table.columns[index]))
    return [Cells(field_, tuple(columns[field_.name])) for field_ in wanted if field_.name in columns]


def _tells_who(field_: Field) -> bool:
    """Whether the answers are personal data; a link code is, whatever the questionnaire says of it."""
    return field_.question.personal or field_.question.purpose == "link_code"


def _filled(column: np.ndarray) -> int:
    return sum(1 for cell in column if cell)


def _reasons(
    instrument: Instrument,
    wanted: Sequence[Field],
    coded: Mapping[str, Coded],
    arrivals: Arrivals,
    n: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Per row the reason to leave it out ("" to keep it), and the consent (True, or None: not asked)."""
    reasons = np.full(n, "", dtype=object)
    consent = np.full(n, None, dtype=object)
    told = [field_.name for field_ in wanted if not field_.question.from_link]
    empty = ~answered(coded, told, n)
    asked = instrument.consent and instrument.question(instrument.consent.question)
    if asked and asked.name in coded:
        given = _among(coded[asked.name], instrument.consent.among)  # type: ignore[union-attr]
        consent[given] = True
        blank = coded[asked.name].missing == BLANK
        reasons[~given & blank] = "no_consent:the consent question was left blank"
        reasons[~given & ~blank] = "no_consent"
    reasons[empty] = "empty_row"
    if arrivals.rejected is not None:
        rejected = arrivals.rejected != ""
        reasons[rejected] = arrivals.rejected[rejected]
    return reasons, consent


def _split_reason(reason: str) -> tuple[str, str]:
    head, _, detail = reason.partition(":")
    return head, detail


def _among(coded: Coded, codes: Sequence[str]) -> np.ndarray:
    """Whether each row's answer is one of ``codes``."""
    wanted = {code_.casefold() for code_ in codes}
    inverse, distinct = pd.factorize(coded.codes)
    hits = np.array([bool(wanted & set(answer.casefold().split("|"))) for answer in distinct], dtype=bool)
    return hits[inverse] if len(distinct) else np.zeros(len(coded.codes), dtype=bool)


def _shown(instrument: Instrument, coded: Mapping[str, Coded], n: int) -> dict[str, np.ndarray]:
    """Per question code, the rows (n,) to which it was shown according to the conditions."""
    everyone = np.ones(n, dtype=bool)

    def holds(condition: Condition | None) -> np.ndarray:
        if condition is None:
            return everyone
        name = instrument.question(condition.question).name
        return _among(coded[name], condition.among) if name in coded else everyone

    def visible(page: Page, question: Question) -> np.ndarray:
        return holds(page.condition) & holds(question.condition)

    return {question.code: visible(page, question) for page in instrument.pages for question in page.questions}


def _missing_kinds(
    field_: Field,
    coded: Mapping[str, Coded],
    shown: Mapping[str, np.ndarray],
    arrivals: Arrivals,
    n: int,
) -> np.ndarray:
    """The kind of missing (n,) of one field."""
    visible = shown[field_.question.code]
    if field_.name not in coded:
        return np.full(n, "not_shown", dtype=object)
    if field_.other_of in coded:
        visible = visible & _among(coded[field_.other_of], (OTHER,))  # type: ignore[index]
    kinds = coded[field_.name].missing.copy()
    blank = kinds == BLANK
    kinds[blank] = "unknown_blank"
    if arrivals.submitted is not None:
        kinds[blank & (arrivals.submitted == True)] = "no_answer"  # noqa: E712 (elementwise)
    kinds[blank & ~visible] = "not_shown"
    told = arrivals.missing.get(field_.name)
    if told is not None:
        kinds[blank] = told[blank]
    return kinds


def _values(field_: Field, coded: Coded | None, n: int) -> np.ndarray:
    if coded is not None:
        return coded.values
    if field_.kind in ("ordinal", "integer", "number"):
        return np.full(n, np.nan)
    return np.full(n, None, dtype=object)


def _meta(
    instrument: Instrument,
    wanted: Sequence[Field],
    coded: Mapping[str, Coded],
    arrivals: Arrivals,
    consent: np.ndarray,
    options: ReadOptions,
    table: Table,
) -> dict[str, np.ndarray]:
    n = table.n
    nothing = np.full(n, None, dtype=object)
    failed, asked = _attention(wanted, coded, n)
    language = nothing if arrivals.language is None else np.where(arrivals.language == "", None, arrivals.language)
    meta: dict[str, np.ndarray] = {
        "role": np.full(n, instrument.role, dtype=object),
        "language": language,
        "submitted": nothing if arrivals.submitted is None else arrivals.submitted,
        "consent": consent,
        "attention_failed": failed,
        "attention_asked": asked,
        "duration_s": np.full(n, np.nan) if arrivals.duration is None else arrivals.duration,
        "source": np.zeros(n, dtype=np.int64),
        "source_row": table.numbers,
    }
    for field_ in wanted:
        if field_.name == "role" and field_.kind == "option" and "role" in coded:
            answers = coded["role"].values
            meta["role"] = np.where([answer is None for answer in answers], instrument.role, answers)
    fallback = {"hei": options.hei, "wave": options.wave, "pilot_id": options.pilot_id}
    for name, purpose in _META_PURPOSE.items():
        answers = nothing.copy()
        for field_ in wanted:
            if field_.question.purpose == purpose and field_.other_of is None and field_.name in coded:
                answers = _texts(field_, coded[field_.name])
        if purpose == "link_code":
            kept = [None if answer is None else link_key(str(answer), options.secret) for answer in answers]
            answers = np.array(kept, object)
        if fallback.get(name) is not None:
            answers[[answer is None for answer in answers]] = fallback[name]
        meta[name] = answers
    for name, values in arrivals.given.items():
        meta[name] = as_names(instrument, name, values)
    return {name: meta[name] for name in META_COLUMNS}


def _texts(field_: Field, coded: Coded) -> np.ndarray:
    """The answers as meta wants them: option names, texts stripped, None where missing."""
    if field_.kind == "ordinal":
        return np.where(coded.codes == "", None, coded.codes)
    if field_.kind == "text":
        return np.array([None if text is None else str(text).strip() for text in coded.values], dtype=object)
    return coded.values.copy()


def _attention(wanted: Sequence[Field], coded: Mapping[str, Coded], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Failed and answered attention items (n,)."""
    failed = np.zeros(n, dtype=np.int64)
    asked = np.zeros(n, dtype=np.int64)
    for field_ in wanted:
        if field_.item is None or field_.item.kind != "attention" or field_.name not in coded:
            continue
        answer = coded[field_.name]
        given = answer.missing != BLANK
        asked += given
        failed += given & ~_among(answer, (field_.item.expected or "",))
    return failed, asked


def _keys(arrivals: Arrivals, table: Table) -> np.ndarray:
    """A key for each row (n,): the file's own, else one made from what identifies the respondent, else
    the row number."""
    if arrivals.keys is not None:
        return arrivals.keys
    keys = np.array([f"row{number}" for number in table.numbers], dtype=object)
    if arrivals.identity is not None:
        known = arrivals.identity != ""
        keys[known] = [_hashed(identity) for identity in arrivals.identity[known]]
    return keys


def _hashed(identity: str) -> str:
    return "r" + hashlib.sha256(identity.encode()).hexdigest()[:15]


def _duplicates(reasons: np.ndarray, keys: np.ndarray, arrivals: Arrivals) -> np.ndarray:
    """``reasons`` with every later row of a key left out, submitted rows being kept before others."""
    order = np.arange(len(keys))
    if arrivals.submitted is not None:
        order = np.lexsort((order, arrivals.submitted != True))  # noqa: E712 (elementwise)
    order = order[reasons[order] == ""]
    repeated = order[pd.Series(keys[order], dtype=object).duplicated().to_numpy(dtype=bool)]
    reasons = reasons.copy()
    reasons[repeated] = "duplicate:the same respondent stands in another row of this file"
    return reasons


def _frame(columns: Mapping[str, np.ndarray], keep: np.ndarray, index: pd.Index) -> pd.DataFrame:
    """A frame of the kept rows whose text columns hold str and None (never inferred to another type)."""
    series = {
        name: pd.Series(values[keep], index=index, dtype=object if values.dtype == object else None)
        for name, values in columns.items()
    }
    return pd.DataFrame(series, index=index)


def _contradictions(
    instrument: Instrument, meta: Mapping[str, np.ndarray], options: ReadOptions, keep: np.ndarray, table: Table
) -> list[Note]:
    names = ("hei", "wave", "pilot_id")
    return [note for name in names for note in contradicted(instrument, name, options, meta[name][keep], table.name)]


def combined_digests(found: np.ndarray | None) -> str | None:
    """The digest that the rows of a file carry (all of them, with blanks between, where the form was
    changed while it was fielded), or None."""
    digests = sorted({digest for digest in ([] if found is None else found) if digest})
    return " ".join(digests) or None
