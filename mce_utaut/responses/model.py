"""``Responses``: what came back, coded, with everything that was left out and where it came from.

``data`` and ``missing`` have one row per respondent and the same columns: the item codes of arrays and
the ``name`` of every other answerable question (``<name>_other`` for the text of "other").

- array items, and questions that measure a construct: float, NaN where missing, never reversed;
- choice: the option's ``name`` (str), None where missing; multi: names joined by ``|``;
- integer and number: float; date: ISO text; text and long_text: str, None where missing.

``missing`` holds "" where there is an answer, else the kind of missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mce_utaut.notes import Note

if TYPE_CHECKING:
    import pandas as pd

META_COLUMNS = (
    "role",  # str
    "hei",  # str or None: university
    "wave",  # "pre" | "post" | "single" | None
    "pilot_id",  # str or None
    "link_code",  # str or None
    "language",  # language used by the respondent, or None
    "submitted",  # True | False | None (the tool does not say)
    "consent",  # True | None (not asked); refusals never enter the data
    "attention_failed",  # int: failed attention items
    "attention_asked",  # int: attention items answered
    "duration_s",  # float seconds, NaN where the tool gives none
    "source",  # int: index into ``sources``
    "source_row",  # int: row in the file as a spreadsheet numbers it (header = 1)
)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One respondent (or row) that was left out: ``reason`` is a stable code (``no_consent``,
    ``empty_row``, ``test_row``, ``duplicate``, ``not_submitted``, ``failed_attention``, ...)."""

    source: int
    source_row: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: name without folder, sha256 (hex), tool id, what was found in it."""

    name: str
    sha256: str
    tool: str
    rows_read: int
    rows_kept: int
    personal_dropped: Mapping[str, int]  # heading -> number of non-empty cells dropped
    unknown_columns: tuple[str, ...] = ()
    language: str | None = None
    instrument_digest: str | None = None  # digest the file or its column map carries, if any


@dataclass(frozen=True, slots=True)
class Responses:
    """Coded answers of one instrument. The three frames share their index (a respondent key, str,
    unique)."""

    instrument_id: str
    instrument_version: str
    instrument_digest: str
    role: str
    data: pd.DataFrame
    missing: pd.DataFrame
    meta: pd.DataFrame
    exclusions: tuple[Exclusion, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if not (self.data.index.equals(self.missing.index) and self.data.index.equals(self.meta.index)):
            raise ValueError("data, missing and meta must share their index")
        if list(self.data.columns) != list(self.missing.columns):
            raise ValueError("data and missing must share their columns")
        if not self.data.index.is_unique:
            raise ValueError("respondent keys must be unique")

    @property
    def n(self) -> int:
        """The number of respondents kept."""
        return len(self.data)

    def without(self, keys: pd.Index, exclusions: tuple[Exclusion, ...]) -> Responses:
        """The responses without the respondents in ``keys``, their reasons appended to the log."""
        keep = ~self.data.index.isin(keys)
        return replace(
            self,
            data=self.data.loc[keep],
            missing=self.missing.loc[keep],
            meta=self.meta.loc[keep],
            exclusions=self.exclusions + exclusions,
        )
