"""Names that do not tell who somebody is: digests of what identifies a respondent, keyed by a study's secret.

A link code of two letters, the two digits of a day and one more letter has at most 26³ × 31 forms, some 545 thousand:
without a secret, whoever sees its digest finds it by trying them all. With one (HMAC, RFC 2104) only those who hold the
secret can.
"""

from __future__ import annotations

import hashlib
import hmac
import re

KEY_FILE = "study.key"
LEAST_SECRET = 16  # bytes
_KEPT = re.compile("([0-9a-f]{4}-)?[0-9a-f]{16}")
_MARK = "which secret is this"


def digest(text: str, secret: bytes, digits: int) -> str:
    """``digits`` hex digits of HMAC-SHA256 of ``text`` under ``secret``; of plain SHA-256 where the secret is
    empty, which hides nothing from somebody who tries all texts: only for what stays in memory."""
    content = text.encode("utf-8")
    made = hmac.new(secret, content, hashlib.sha256) if secret else hashlib.sha256(content)
    return made.hexdigest()[:digits]


def fingerprint(secret: bytes) -> str:
    """Four hex digits that tell which secret this is, and nothing of it; "none" without one."""
    return digest(_MARK, secret, 4) if secret else "none"


def link_key(code: str, secret: bytes = b"") -> str:
    """What a respondent's own code is kept as, so that waves can be joined: 16 hex digits of the code without blanks
    and case, after four that tell which secret made them (codes of two secrets do not look like two persons)."""
    plain = "".join(code.split()).casefold()
    return f"{fingerprint(secret)}-{digest(plain, secret, 16)}" if secret else digest(plain, secret, 16)


def made_with(kept: str) -> str:
    """What tells the secret of a kept link code; "" where it was made without."""
    return kept.split("-")[0] if "-" in kept else ""


def kept_already(code: str) -> bool:
    """Whether ``code`` looks like what ``link_key`` gives."""
    return _KEPT.fullmatch(code) is not None


def checked_secret(content: bytes) -> bytes:
    """The secret in a key file's content. Raises ``ValueError`` where it is too short to hide anything."""
    secret = content.strip()
    if len(secret) < LEAST_SECRET:
        raise ValueError(f"is no key: it has fewer than {LEAST_SECRET} letters.")
    return secret


def pseudonym(role: str, respondent: str, secret: bytes = b"") -> str:
    """The name under which coders see a respondent of a role: the same in every run with the same secret."""
    return f"{role[:1].upper()}-{digest(f'{role}|{respondent}', secret, 10)}"
