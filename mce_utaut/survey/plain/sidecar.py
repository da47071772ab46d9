"""What stands beside a plain CSV of responses: the files read, the rows left out, the notes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.notes import Note
from mce_utaut.responses.model import Exclusion, Responses, Source

FORMAT = "mce-utaut responses 1"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The content of a sidecar; ``csv_sha256`` names the CSV that it belongs to, ``codes`` maps what the
    questionnaire and models call a question to its column, where that has another name."""

    csv_sha256: str
    instrument_id: str
    instrument_digest: str
    sources: tuple[Source, ...]
    exclusions: tuple[Exclusion, ...]
    notes: tuple[Note, ...]
    codes: Mapping[str, str] = field(default_factory=dict)

    def belongs_to(self, sha256: str) -> bool:
        """Whether the CSV with this sha256 is the one that was written, unchanged."""
        return self.csv_sha256 == sha256


def write(responses: Responses, csv_sha256: str, codes: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The sidecar of ``responses`` as JSON bytes; ``codes`` as in ``Sidecar``."""
    document = {
        "format": FORMAT,
        "csv_sha256": csv_sha256,
        "instrument_id": responses.instrument_id,
        "instrument_version": responses.instrument_version,
        "instrument_digest": responses.instrument_digest,
        "role": responses.role,
        "n": responses.n,
        "codes": dict(codes),
        "sources": [asdict(source) for source in responses.sources],
        "exclusions": [asdict(exclusion) for exclusion in responses.exclusions],
        "notes": [asdict(note) for note in responses.notes],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _note(written: Mapping[str, Any]) -> Note:
    return Note(**{**written, "values": tuple((name, value) for name, value in written.get("values", ()))})


def recognises(content: bytes) -> bool:
    """Whether ``content`` is a sidecar."""
    return f'"{FORMAT}"'.encode() in content[:200]


def parse(content: bytes, name: str) -> Sidecar:
    """The sidecar in ``content``. Raises ``FileProblem`` where it is none."""
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise ValueError
        sources = (
            Source(**{**source, "unknown_columns": tuple(source["unknown_columns"])}) for source in document["sources"]
        )
        return Sidecar(
            csv_sha256=document["csv_sha256"],
            instrument_id=document["instrument_id"],
            instrument_digest=document["instrument_digest"],
            sources=tuple(sources),
            exclusions=tuple(Exclusion(**exclusion) for exclusion in document["exclusions"]),
            notes=tuple(_note(note) for note in document["notes"]),
            codes=dict(document.get("codes", {})),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        what = "is no description of responses."
        raise FileProblem(Problem(what, "Name the .sidecar.json that was written with the CSV.", name)) from None
