"""The PO file of a translator (gettext): msgctxt is the key, extracted comments hold context and status."""

from __future__ import annotations

import codecs

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.translations.entries import MISSING, STALE, Entry, Translation

LARGEST = 8 << 20
_STATUS, _WAS = "status: ", "was: "


def write(translation: Translation) -> bytes:
    """The PO file (UTF-8). Stale translations are marked fuzzy."""
    import polib

    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": translation.instrument_id,
        "Language": translation.language,
        "X-Source-Language": translation.source_language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for entry in translation.entries:
        extracted = f"{entry.context}\n{_STATUS}{entry.status}\n{_WAS}{entry.was}"
        flags = ["fuzzy"] if entry.status == STALE else []
        file.append(
            polib.POEntry(
                msgctxt=entry.key,
                msgid=entry.source,
                msgstr=entry.text,
                comment=extracted,
                tcomment=entry.comment,
                flags=flags,
            )
        )
    return (str(file) + "\n").encode()


def read(content: bytes, name: str) -> Translation:
    """What stands in a PO file that ``write`` wrote and an editor changed. A translation that is fuzzy is stale
    or a draft. Raises ``FileProblem`` where the file is damaged, too large or says neither questionnaire nor
    language."""
    import polib

    text = _decoded(content, name)
    try:
        file = polib.pofile(text, wrapwidth=0)
    except (OSError, ValueError, IndexError, KeyError, AttributeError, UnicodeError) as error:
        reason = str(error).replace(text, "the file") if len(str(error)) > 200 else str(error)
        what = f"is no PO file that can be read ({reason[:200]})."
        raise FileProblem(Problem(what, "Save it again.", name)) from None
    heads = {key: file.metadata.get(key, "").strip() for key in ("Project-Id-Version", "Language", "X-Source-Language")}
    lacking = [key for key, value in heads.items() if not value]
    if lacking:
        raise FileProblem(
            Problem(
                f"its header has no {', no '.join(lacking)}.",
                "Use a file that `translations export` wrote, with its header.",
                name,
            )
        )
    entries = tuple(_entry(entry) for entry in file if not entry.obsolete)
    return Translation(heads["Project-Id-Version"], heads["X-Source-Language"], heads["Language"], entries, name)


def _entry(entry: object) -> Entry:
    said: dict[str, str] = {}
    context = []
    for line in entry.comment.split("\n"):  # type: ignore[attr-defined]
        head = next((head for head in (_STATUS, _WAS) if line.startswith(head)), None)
        if head is None:
            context.append(line)
        else:
            said[head] = line.removeprefix(head).strip()
    status = said.get(_STATUS, "")
    text = entry.msgstr.strip()  # type: ignore[attr-defined]
    fuzzy = "fuzzy" in entry.flags  # type: ignore[attr-defined]
    if fuzzy and status != STALE and text:
        status = "draft"
    elif not fuzzy and status == STALE:
        status = "draft"  # taking the mark away says that the translation was read again
    return Entry(
        entry.msgctxt or "",  # type: ignore[attr-defined]
        "\n".join(context),
        entry.msgid.strip(),  # type: ignore[attr-defined]
        text,
        status or (MISSING if not text else ""),
        entry.tcomment.strip(),  # type: ignore[attr-defined]
        said.get(_WAS, ""),
        f"line {entry.linenum}",  # type: ignore[attr-defined]
    )


def _decoded(content: bytes, name: str) -> str:
    if len(content) > LARGEST:
        raise FileProblem(Problem(f"is larger than {LARGEST >> 20} MiB: it is no file of translations.", "", name))
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileProblem(Problem("is not UTF-8.", "Save it as UTF-8.", name, line)) from None
    # The reader takes a text that names a file for that file: only a text with entries gets there.
    if "\0" in text or 'msgid "' not in text:
        raise FileProblem(
            Problem("is neither a workbook nor a PO file.", "Give the file that the translator filled in.", name)
        )
    return text.replace("\r\n", "\n") + "\n"
