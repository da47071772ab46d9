"""The study's key on disk: a secret of its own file, from which pseudonyms are made, never written into an output."""

from __future__ import annotations

import secrets
from pathlib import Path

from mce_utaut import files
from mce_utaut.errors import FileProblem, Problem
from mce_utaut.responses.pseudonyms import KEY_FILE, checked_secret

_BYTES = 32


def read_key(path: str | None) -> bytes | None:
    """The secret in the key file ``path`` (default: ``study.key`` here), None where the default does not exist. Raises
    ``FileProblem`` where the named file does not exist, or is no key."""
    where = Path(path or KEY_FILE)
    if path is None and not where.exists():
        return None
    try:
        return checked_secret(files.read(where).content)
    except ValueError as error:
        remedy = "Restore the key that the study began with (a new one makes other pseudonyms), or name another file."
        raise FileProblem(Problem(str(error), remedy, str(where))) from None


def new_key() -> bytes:
    """A new secret, as text."""
    return secrets.token_hex(_BYTES).encode("ascii")


def write_key(secret: bytes) -> Path:
    """Writes a new secret to ``study.key`` here, readable for its owner alone; where it stands."""
    where = Path(KEY_FILE)
    files.write(where, secret + b"\n", private=True)
    return where
