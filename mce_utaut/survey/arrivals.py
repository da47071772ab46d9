"""What a tool's reader knows of the rows of a file besides the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

IDENTITY_KEY = "r[0-9a-f]{15}"  # keys made from what identifies a respondent in the tool


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


def respondent_keys(arrivals: Arrivals, numbers: np.ndarray) -> np.ndarray:
    """A key for each row (n,) object: the file's own, else one made from what identifies the respondent, else
    the row's spreadsheet number in ``numbers`` (n,)."""
    if arrivals.keys is not None:
        return arrivals.keys
    keys = np.array([f"row{number}" for number in numbers], dtype=object)
    if arrivals.identity is not None:
        known = arrivals.identity != ""
        keys[known] = [_hashed(identity) for identity in arrivals.identity[known]]
    return keys


def combined_digests(found: np.ndarray | None) -> str | None:
    """The digest that the rows of a file carry (all of them, with blanks between, where the form was
    changed while it was fielded), or None."""
    digests = sorted({digest for digest in ([] if found is None else found) if digest})
    return " ".join(digests) or None


def _hashed(identity: str) -> str:
    return "r" + hashlib.sha256(identity.encode()).hexdigest()[:15]
