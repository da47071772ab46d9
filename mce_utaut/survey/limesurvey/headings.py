"""How LimeSurvey heads what is no answer (id, dates, times), in the languages of the project.

English and the first Italian wordings stand in real exports; the others are LimeSurvey's wordings as far as
they are known, several where versions differ. ``told_by_cells`` finds what is headed in yet other words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from mce_utaut.survey.spelling import normal

WORDINGS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "Response ID",
        "ID risposta",
        "Antwort ID",
        "Antwort-ID",
        "ID de respuesta",
        "ID de la respuesta",
        "ID de resposta",
        "ID de la resposta",
        "ID da resposta",
        "Antwoord ID",
        "Antwoord-ID",
        "Atsakymo ID",
        "ID απάντησης",
    ),
    "submitdate": (
        "Date submitted",
        "Data invio",
        "Data di invio",
        "Datum Abgeschickt",
        "Fecha de envío",
        "Data d'enviament",
        "Data de lliurament",
        "Data de envio",
        "Data de submissão",
        "Datum ingestuurd",
        "Datum verzonden",
        "Pateikimo data",
        "Ημερομηνία υποβολής",
    ),
    "lastpage": (
        "Last page",
        "Ultima pagina",
        "Letzte Seite",
        "Última página",
        "Última pàgina",
        "Darrera pàgina",
        "Laatste pagina",
        "Paskutinis puslapis",
        "Τελευταία σελίδα",
    ),
    "startlanguage": (
        "Start language",
        "Lingua iniziale",
        "Start-Sprache",
        "Startsprache",
        "Lenguaje inicial",
        "Idioma inicial",
        "Llengua inicial",
        "Língua inicial",
        "Begintaal",
        "Starttaal",
        "Pradinė kalba",
        "Pradžios kalba",
        "Αρχική γλώσσα",
        "Γλώσσα έναρξης",
    ),
    "seed": ("Seed", "Seme", "Zufallsstartwert", "Semilla", "Llavor", "Semente"),
    "startdate": (
        "Date started",
        "Data di inizio",
        "Data inizio",
        "Datum gestartet",
        "Fecha de inicio",
        "Data d'inici",
        "Data de início",
        "Datum gestart",
        "Pradžios data",
        "Ημερομηνία έναρξης",
    ),
    "datestamp": (
        "Date last action",
        "Data dell'ultima azione",
        "Data ultima azione",
        "Datum letzte Aktivität",
        "Fecha de la última acción",
        "Data de la darrera acció",
        "Data da última ação",
        "Datum laatste actie",
        "Paskutinio veiksmo data",
        "Ημερομηνία τελευταίας ενέργειας",
    ),
    "interviewtime": (
        "Total time",
        "Tempo totale",
        "Gesamtzeit",
        "Tiempo total",
        "Temps total",
        "Tempo total",
        "Totale tijd",
        "Bendras laikas",
        "Συνολικός χρόνος",
    ),
}
# What is dropped with a count: the seed tells responses apart, the others point to a moment or a machine.
PERSONAL_KINDS = ("seed", "startdate", "datestamp")
ADDRESSES = (
    "IP address",
    "Indirizzo IP",
    "IP-Adresse",
    "Dirección IP",
    "Adreça IP",
    "Endereço IP",
    "IP-adres",
    "IP adresas",
    "Διεύθυνση IP",
    "Referrer URL",
    "URL di provenienza",
    "Weiterleitungs-URL",
    "URL de referencia",
    "URL de referència",
    "URL de referência",
)

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z-]+)?")
_PAGE = re.compile(r"-?\d{1,3}")
_SEED = re.compile(r"\d{4,}")
_ORDER = ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp")
_MOST_LEADING = 16  # metadata, tokens and attributes before the first answer


def by_heading(codes: Collection[str]) -> dict[str, str]:
    """The kind of metadata of every heading: LimeSurvey's codes and all wordings."""
    found = {code: code for code in codes}
    for kind, wordings in WORDINGS.items():
        found |= dict.fromkeys(wordings, kind)
        found |= dict.fromkeys((wording.replace("'", "’") for wording in wordings), kind)
    return found


def told_by_cells(kinds: Sequence[str], columns: Sequence[np.ndarray]) -> dict[str, int]:
    """The positions of the metadata before the first answer. ``kinds`` gives for each of these leading
    columns what its heading says ("" unknown); an unknown one is told by its place in LimeSurvey's order
    and by its cells: whole numbers without gaps are the id, small numbers after the date the last page,
    codes of languages the language, large numbers the seed, dates after these the beginning and the end."""
    found = {kind: index for index, kind in reversed(list(enumerate(kinds))) if kind}
    next_kind = 0
    for index, kind in enumerate(kinds[:_MOST_LEADING]):
        if kind in _ORDER:
            next_kind = max(next_kind, _ORDER.index(kind) + 1)
        if kind:
            continue
        for place in range(next_kind, len(_ORDER)):
            if _ORDER[place] not in found and _fits(_ORDER[place], index, columns[index]):
                found[_ORDER[place]] = index
                next_kind = place + 1
                break
    return found


def _fits(kind: str, index: int, column: np.ndarray) -> bool:
    cells = [cell for cell in column[:200] if cell]
    if kind == "submitdate":  # empty where nobody has submitted yet
        return index > 0 and all(_TIME.fullmatch(cell) for cell in cells)
    if not cells:
        return False
    if kind == "id":
        return index == 0 and all(cell.isdigit() for cell in cells) and len(set(cells)) == len(cells)
    pattern = {"lastpage": _PAGE, "startlanguage": _LANGUAGE, "seed": _SEED}.get(kind, _TIME)
    return all(pattern.fullmatch(cell) for cell in cells)


def is_seconds(column: np.ndarray) -> bool:
    """Whether a column may hold times in seconds: numbers only, or nothing."""
    return all(re.fullmatch(r"\d+(?:[.,]\d+)?", cell) for cell in column if cell)


def folded(headings: Collection[str]) -> frozenset[str]:
    """``headings`` as they are compared: without regard to case and spacing."""
    return frozenset(normal(heading).casefold() for heading in headings)
