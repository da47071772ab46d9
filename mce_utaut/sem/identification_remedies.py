"""What to do about parameters that the data cannot tell apart."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.sem.table import ParameterTable

USUAL = "Fix one of them, or add indicators."


def remedy_for(table: ParameterTable, loose: Sequence[str]) -> str:
    """The remedy for the parameters named ``loose`` (as by ``information.estimated_names``).

    Equal intercepts free the means of all factors in later groups: of a factor of factors and of the factors it
    explains not all can be.
    """
    higher = dict.fromkeys(row.lhs for row in table.rows if row.op == "=~" and row.rhs in table.latent)
    for factor in higher:
        if any(name == f"{factor} ~1" or name.startswith(f"{factor} ~1 ") for name in loose):
            zeros = ", ".join("0" for _ in table.groups)
            fixed = f"c({zeros})*1" if len(table.groups) > 1 else "0*1"
            what = f"The means of {factor} and of the factors it explains cannot all be free"
            return f"{what}: write  {factor} ~ {fixed}."
    return USUAL
