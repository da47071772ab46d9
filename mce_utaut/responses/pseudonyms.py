"""Names that do not tell who somebody is: digests of what identifies a respondent, keyed by a study's secret.

A link code of two letters and two digits has some fifty thousand forms: without a secret, whoever sees its digest
finds it by trying them all. With one (HMAC, RFC 2104) only those who hold the secret can.
"""

from __future__ import annotations

import hashlib
import hmac

LEAST_SECRET = 16  # bytes


def digest(text: str, secret: bytes, digits: int) -> str:
    """``digits`` hex digits of HMAC-SHA256 of ``text`` under ``secret``; of plain SHA-256 where the secret is
    empty, which hides nothing from somebody who tries all texts: only for what stays in memory."""
    content = text.encode("utf-8")
    made = hmac.new(secret, content, hashlib.sha256) if secret else hashlib.sha256(content)
    return made.hexdigest()[:digits]


def pseudonym(role: str, respondent: str, secret: bytes = b"") -> str:
    """The name under which coders see a respondent of a role: the same in every run with the same secret."""
    return f"{role[:1].upper()}-{digest(f'{role}|{respondent}', secret, 10)}"
