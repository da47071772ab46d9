"""Respondents who may be one person, as lines for the terminal: where they stand, and how one of them is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_SHOWN = 5  # groups of respondents


def doubles(responses: Any) -> Iterable[str]:
    """A line on link codes that stand twice in a wave, a line a group of respondents who share one or who answered
    every question alike (both is said), and what leaves one out."""
    from mce_utaut.survey.twins import look_alikes

    meta = responses.meta
    by_code = meta.groupby(["wave", "link_code"], dropna=True).groups.values()
    shared = [tuple(map(str, keys)) for keys in by_code if len(keys) > 1]
    if shared:
        yield f"link codes that stand twice in a wave: {len(shared)} (they join nobody over waves)"
    alike = look_alikes(responses)
    groups = list(dict.fromkeys((*alike, *shared)))
    for keys in groups[:_SHOWN]:
        told = [words for words, found in (("all answers alike", alike), ("one link code", shared)) if keys in found]
        yield f"{' and '.join(told)}: {' and '.join(_place(responses, key) for key in keys)}"
    if len(groups) > _SHOWN:
        yield f"and {len(groups) - _SHOWN} more groups of respondents like these"
    if groups:
        yield f'to leave one out: --drop "{groups[0][-1]}=WHY", or `drop` in the study file'


def _place(responses: Any, key: str) -> str:
    row, source = (int(responses.meta.at[key, name]) for name in ("source_row", "source"))
    return f"{key} (row {row} of {responses.sources[source].name})"
