"""The digest of a questionnaire: what it asks and in which words, however its files are formatted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from mce_utaut.instrument.model import Instrument, Wording

_NOT_ASKED = ("digest", "wordings", "license", "credit")


def digest_of(instrument: Instrument) -> str:
    """The sha256 (hex) of structure and wordings. It does not change with formatting, comments, the order
    of mappings, licence, credit, or the review status of a string (none of these reach a respondent);
    it changes with any text, code, order of pages, questions, items or options, and with a language."""
    return _sha256(part_digests(instrument))


def part_digests(instrument: Instrument) -> dict[str, str]:
    """The sha256 (hex) of the structure (key ``structure``) and of each language (its code), to tell which
    part of a questionnaire has changed."""
    structure = {
        field.name: _plain(getattr(instrument, field.name))
        for field in fields(instrument)
        if field.name not in _NOT_ASKED
    }
    parts = {"structure": _sha256(structure)}
    return parts | {language: _sha256(_texts(wording)) for language, wording in instrument.wordings.items()}


def _texts(wording: Wording) -> dict[str, str]:
    return {key: text.text for key, text in wording.strings.items()}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    return value


def _sha256(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
