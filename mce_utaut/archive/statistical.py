"""SPSS (.sav) and Stata (.dta) files, through pyreadstat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from mce_utaut.archive.variables import CANNOT_JUDGE, NO_ANSWER, NOT_SHOWN, Variable

# What the formats hold, in bytes of UTF-8; beyond it readers cut without a word.
SPSS_LABEL, SPSS_VALUE_LABEL, SPSS_FILE_LABEL = 256, 120, 64
STATA_LABEL, STATA_FILE_LABEL, STATA_VALUE_LABEL = 80, 80, 32_000
STATA_MISSING = {CANNOT_JUDGE: "a", NO_ANSWER: "b", NOT_SHOWN: "c"}
_SPSS_TIME = slice(92, 109)  # of the header: date in 9 letters, time in 8
_STATA_TIME = re.compile(rb"<timestamp>\x11.{17}</timestamp>", re.DOTALL)


def cut(text: str, longest: int) -> str:
    """``text`` in one line, of at most ``longest`` bytes in UTF-8, cut between characters and with … where cut."""
    line = " ".join(text.split())
    if len(line.encode()) <= longest:
        return line
    kept = line.encode()[: longest - len("…".encode())].decode(errors="ignore")
    return f"{kept.rstrip()}…"


def label(variable: Variable, language: str) -> str:
    """The label of a variable in ``language``, or in English where it has none."""
    return variable.labels.get(language) or variable.labels.get("en", "")


def write_sav(
    path: str, title: str, variables: Sequence[Variable], columns: Mapping[str, np.ndarray], language: str
) -> None:
    """Writes the .sav file at ``path``: labels in ``language``, codes of missing answers declared as missing,
    measures set."""
    import pandas as pd
    import pyreadstat

    numeric = [variable for variable in variables if variable.kind == "numeric"]
    pyreadstat.write_sav(
        pd.DataFrame({"respondent": np.arange(1.0, _n(columns) + 1), **columns}),
        path,
        file_label=cut(title, SPSS_FILE_LABEL),
        column_labels={
            "respondent": "Respondent",
            **{variable.name: cut(label(variable, language), SPSS_LABEL) for variable in variables},
        },
        variable_value_labels=_value_labels(numeric, language, SPSS_VALUE_LABEL),
        missing_ranges={variable.name: list(variable.missing) for variable in numeric if variable.missing},
        variable_measure={"respondent": "nominal", **{variable.name: variable.measure for variable in variables}},
        variable_format={variable.name: "F8.2" if variable.measure == "scale" else "F4.0" for variable in numeric},
    )


def write_dta(
    path: str, title: str, variables: Sequence[Variable], columns: Mapping[str, np.ndarray], language: str
) -> None:
    """Writes the .dta file (Stata 14 and later) at ``path``: the codes of missing answers become ``.a`` ("cannot
    judge"), ``.b`` (no answer) and ``.c`` (not shown)."""
    import pandas as pd
    import pyreadstat

    numeric = [variable for variable in variables if variable.kind == "numeric"]
    data = {"respondent": np.arange(1.0, _n(columns) + 1), **columns}
    letters = {}
    for variable in numeric:
        used = [code for code in variable.missing if (columns[variable.name] == code).any()]
        if used:
            data[variable.name] = _with_letters(columns[variable.name], used)
            letters[variable.name] = [STATA_MISSING[code] for code in used]
    labels = _value_labels(numeric, language, STATA_VALUE_LABEL)
    for variable in numeric:
        if variable.name in labels:
            labels[variable.name] = {
                STATA_MISSING.get(value, int(value) if float(value).is_integer() else value): text
                for value, text in labels[variable.name].items()
                if value not in variable.missing or STATA_MISSING[value] in letters.get(variable.name, ())
            }
    pyreadstat.write_dta(
        pd.DataFrame(data),
        path,
        file_label=cut(title, STATA_FILE_LABEL),
        column_labels={
            "respondent": "Respondent",
            **{variable.name: cut(label(variable, language), STATA_LABEL) for variable in variables},
        },
        version=14,
        variable_value_labels=labels,
        missing_user_values=letters,
    )


def timeless(content: bytes) -> bytes:
    """A .sav or .dta file with a fixed date of writing, so that equal data give equal bytes."""
    if content.startswith(b"$FL2"):
        return content[: _SPSS_TIME.start] + b"01 Jan 0000:00:00" + content[_SPSS_TIME.stop :]
    return _STATA_TIME.sub(b"<timestamp>\x1101 Jan 2000 00:00</timestamp>", content, count=1)


def _n(columns: Mapping[str, np.ndarray]) -> int:
    return len(next(iter(columns.values())))


def _with_letters(values: np.ndarray, used: Sequence[float]) -> np.ndarray:
    found = np.array([None if np.isnan(value) else float(value) for value in values], dtype=object)
    for code in used:
        found[values == code] = STATA_MISSING[code]
    return found


def _value_labels(variables: Sequence[Variable], language: str, longest: int) -> dict[str, dict]:
    return {
        variable.name: {
            value.number: cut(value.labels.get(language) or value.labels.get("en", ""), longest)
            for value in variable.values
        }
        for variable in variables
        if variable.values
    }
