"""Which rows of a file are left out, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mce_utaut.responses.model import Exclusion
from mce_utaut.survey.coded_rows import CodedRows
from mce_utaut.survey.coding import BLANK, answered, chosen


def consented(rows: CodedRows) -> np.ndarray:
    """Who consented (n,) object: True, or None where it was not given or not asked."""
    consent = np.full(rows.n, None, dtype=object)
    name = _consent_field(rows)
    if name is not None:
        consent[chosen(rows.coded[name], rows.instrument.consent.among)] = True  # type: ignore[union-attr]
    return consent


def reasons_to_leave_out(rows: CodedRows, consent: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Per row (n,) object the reason to leave it out, "" to keep it: no consent, an empty row, what the tool's
    reader says, then a repeated key. A reason may have a detail behind a colon."""
    reasons = np.full(rows.n, "", dtype=object)
    name = _consent_field(rows)
    if name is not None:
        refused = consent == None  # noqa: E711 (elementwise)
        blank = rows.coded[name].missing == BLANK
        reasons[refused & blank] = "no_consent:the consent question was left blank"
        reasons[refused & ~blank] = "no_consent"
    told = [field_.name for field_ in rows.wanted if not field_.question.from_link]
    reasons[~answered(rows.coded, told, rows.n)] = "empty_row"
    rejected = rows.arrivals.rejected
    if rejected is not None:
        reasons[rejected != ""] = rejected[rejected != ""]
    reasons[_repeated(reasons, keys, rows.arrivals.submitted)] = (
        "duplicate:the same respondent stands in another row of this file"
    )
    return reasons


def exclusions(reasons: np.ndarray, numbers: np.ndarray) -> tuple[Exclusion, ...]:
    """An entry of the log for every row with a reason; ``numbers`` (n,) are the rows' spreadsheet numbers."""
    found = []
    for row in np.flatnonzero(reasons != ""):
        head, _, detail = reasons[row].partition(":")
        found.append(Exclusion(0, int(numbers[row]), head, detail))
    return tuple(found)


def _consent_field(rows: CodedRows) -> str | None:
    """The field that asks for consent; None where the questionnaire or the file has none."""
    asked = rows.instrument.consent and rows.instrument.question(rows.instrument.consent.question)
    return asked.name if asked and asked.name in rows.coded else None


def _repeated(reasons: np.ndarray, keys: np.ndarray, submitted: np.ndarray | None) -> np.ndarray:
    """The positions of every later row of a key among the rows kept, submitted rows coming before others."""
    order = np.arange(len(keys))
    if submitted is not None:
        order = np.lexsort((order, submitted != True))  # noqa: E712 (elementwise)
    order = order[reasons[order] == ""]
    return order[pd.Series(keys[order], dtype=object).duplicated().to_numpy(dtype=bool)]
