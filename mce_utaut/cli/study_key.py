"""The study's key on disk: a secret of its own file, from which pseudonyms are made, never written into an output."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from mce_utaut import files
from mce_utaut.errors import FileProblem, Problem
from mce_utaut.responses.pseudonyms import KEY_FILE, checked_secret
from mce_utaut.shipped import shipped

_BYTES = 32
STUDY = "study.yaml"


def key_path(path: str | None, responses: Sequence[str]) -> Path:
    """Where the key is looked for and made: the file that was named, else ``study.key`` in the study's folder (the one
    of the first of ``responses`` or the one above, where study.yaml stands in it), else beside that file; but here
    where one stands here and none there. The folder of the shipped study never gets one."""
    if path is not None:
        return Path(path)
    folder = Path(responses[0]).parent
    place = folder.parent if not (folder / STUDY).is_file() and (folder.parent / STUDY).is_file() else folder
    here = Path(KEY_FILE)
    elsewhere = here.is_file() and not (place / KEY_FILE).is_file()
    return here if elsewhere or place.resolve().is_relative_to(shipped("simulated").resolve()) else place / KEY_FILE


def read_key(where: Path, named: bool) -> bytes | None:
    """The secret in the key file ``where``, None where it does not exist and was not ``named``. Raises ``FileProblem``
    where a file that was named does not exist, or is no key."""
    if not named and not where.exists():
        return None
    try:
        return checked_secret(files.read(where).content)
    except ValueError as error:
        remedy = "Restore the key that the study began with (a new one makes other pseudonyms), or name another file."
        raise FileProblem(Problem(str(error), remedy, str(where))) from None


def new_key() -> bytes:
    """A new secret, as text."""
    return secrets.token_hex(_BYTES).encode("ascii")


def write_key(secret: bytes, where: Path) -> None:
    """Writes a new secret to ``where``, readable for its owner alone."""
    files.write(where, secret + b"\n", private=True)
