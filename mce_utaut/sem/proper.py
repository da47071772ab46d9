"""Whether a solution is proper: negative variances and matrices that are not positive definite, as notes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mce_utaut.notes import Note
from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.positive_definite import is_positive_definite
from mce_utaut.sem.table import ParameterTable

TOLERANCE = 1e-8


def improper_notes(
    table: ParameterTable, groups: Sequence[GroupMatrices], implied: Sequence[Implied]
) -> list[Note]:
    """One note per trouble: Heywood cases, then covariance matrices that are not positive definite."""
    notes: list[Note] = []
    for number, (group, moments) in enumerate(zip(groups, implied, strict=True)):
        where = f"group {table.groups[number]}" if len(groups) > 1 else ""
        variances = np.diag(moments.S)
        negative = [
            name for name, value in zip(group.variables, variances, strict=True) if value < -TOLERANCE
        ]
        if negative:
            text = f"The variance of {', '.join(negative)} is estimated negative (a Heywood case)."
            notes.append(Note("heywood", text, "problem", where, values=(("names", ", ".join(negative)),)))
            continue
        p = group.p
        if table.latent and not is_positive_definite(moments.C[p:, p:], -TOLERANCE):
            text = "The covariance matrix of the latent variables is not positive definite."
            notes.append(Note("latent_not_positive_definite", text, "problem", where))
        if not is_positive_definite(moments.S[:p, :p], -TOLERANCE):
            text = "The residual covariance matrix of the observed variables is not positive definite."
            notes.append(Note("residual_not_positive_definite", text, "problem", where))
    return notes
