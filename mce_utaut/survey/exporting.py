"""What every export shares: languages, draft wording, file names, notes for the people who use the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mce_utaut.errors import Problem, UsageError, UserMistake
from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey import column_map as column_maps
from mce_utaut.survey.contract import ColumnMap, ExportOptions, SurveyFiles

LANGUAGE_NAMES = {
    "bg": "Български",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "eu": "Euskara",
    "fi": "Suomi",
    "fr": "Français",
    "ga": "Gaeilge",
    "gl": "Galego",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "mt": "Malti",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
}

_INVITATION = {  # how words for it begin, casefolded
    "ca": ("invita",), "de": ("einladung", "eingeladen"), "el": ("πρόσκληση",), "en": ("invit",), "es": ("invita",),
    "it": ("invito",), "lt": ("kvietim",), "nl": ("uitnodiging",), "pt": ("convite",),
}  # fmt: skip


def chosen_languages(instrument: Instrument, languages: Sequence[str]) -> tuple[str, ...]:
    """The languages to export, the source language (or the first chosen) first; all where none is named.
    Raises ``UsageError`` for a language without wording."""
    unknown = [language for language in languages if language not in instrument.wordings]
    if unknown:
        raise UsageError(
            Problem(
                f"{instrument.id} has no wording in {', '.join(unknown)}.",
                f"It has {', '.join(instrument.languages)}. `translations export {instrument.id} --language "
                f"{unknown[0]} --out {instrument.id}.{unknown[0]}.xlsx` writes the sheet for a translator.",
            )
        )
    chosen = tuple(dict.fromkeys(languages)) or instrument.languages
    return tuple(sorted(chosen, key=lambda language: language != instrument.source_language))


def draft_notes(instrument: Instrument, languages: Sequence[str], options: ExportOptions) -> tuple[Note, ...]:
    """A note for each language with wording that is not approved, or with particulars left to the invitation.
    Raises ``UserMistake`` where the options require approved wording."""
    counts = {language: instrument.wordings[language].unapproved() for language in languages}
    counts = {language: keys for language, keys in counts.items() if keys}
    if counts and options.require_approved:
        raise UserMistake(
            [
                Problem(
                    f"{len(keys)} of {len(instrument.wordings[language].strings)} strings are not approved "
                    f"(first: {', '.join(keys[:3])}).",
                    "Have them reviewed, or export a draft without --require-approved.",
                    where=f"{instrument.id}, {language}",
                )
                for language, keys in counts.items()
            ]
        )
    drafts = tuple(
        Note(
            "draft_wording",
            f"DRAFT: {len(keys)} strings in {LANGUAGE_NAMES.get(language, language)} are not approved. Do not "
            "field this form; export it again once the wording is approved.",
            "caution",
            language,
        )
        for language, keys in counts.items()
    )
    return (*drafts, *_left_to_the_invitation(instrument, languages))


def _left_to_the_invitation(instrument: Instrument, languages: Sequence[str]) -> tuple[Note, ...]:
    """A note on parameters whose value, as those that the questionnaires are shipped with, only points to the
    invitation."""
    left: dict[str, list[str]] = {}
    for language in languages:
        for name, value in instrument.wordings[language].parameters.items():
            if any(stem in value.casefold() for stem in _INVITATION.get(language, ())):
                left.setdefault(language, []).append(name)
    if not left:
        return ()
    names = dict.fromkeys(name for each in left.values() for name in each)
    text = (
        f"{', '.join(names)} only point to the invitation ({', '.join(left)}): either fill them in under `parameters` "
        "of the wording file, or see that the invitation says all of it."
    )
    return (Note("left_to_the_invitation", text, "caution"),)


def file_name(instrument: Instrument, tool: str, ending: str, draft: bool) -> str:
    """The name of an exported file: questionnaire, tool, DRAFT where the wording is not approved."""
    return f"{instrument.id}.{tool}{'.DRAFT' if draft else ''}.{ending}"


def title(instrument: Instrument, language: str, draft: bool) -> str:
    """The title that respondents see, marked where the wording is not approved."""
    text = instrument.wordings[language].get("survey.title", instrument.id)
    return f"DRAFT – {text}" if draft else text


def fitting(text: str, limit: int, markup: Callable[[str], str]) -> str:
    """``markup`` of ``text`` in one line, cut before a … where it would be longer than ``limit`` characters."""
    line = " ".join(text.split())
    written = markup(line)
    while len(written) > limit:
        line = line[:-2].rstrip() + "…"
        written = markup(line)
    return written


def survey_files(
    instrument: Instrument,
    column_map: ColumnMap,
    files: Mapping[str, bytes],
    notes: Sequence[Note],
    manual: str,
) -> SurveyFiles:
    """The files of an export with what belongs beside them: the column map, and a NOTES.txt that tells
    how to use them (``manual``) and what the tool cannot express (``notes``)."""
    tool = column_map.tool
    names = {
        **files,
        f"{instrument.id}.{tool}.columns.json": column_maps.to_json(column_map),
        f"{instrument.id}.{tool}.NOTES.txt": _notes_text(instrument, column_map, notes, manual),
    }
    return SurveyFiles(names, column_map, tuple(notes))


def _notes_text(instrument: Instrument, column_map: ColumnMap, notes: Sequence[Note], manual: str) -> bytes:
    lines = [
        f"{instrument.id} {instrument.version} for {column_map.tool}{' - DRAFT' if column_map.draft else ''}",
        f"Languages: {', '.join(column_map.languages)}",
        f"Digest of the questionnaire: {instrument.digest}",
        "",
        manual.strip(),
        "",
        f"Keep {instrument.id}.{column_map.tool}.columns.json: the import reads the answers with it.",
        "",
    ]
    if notes:
        lines.append("What you should know or do by hand:")
        lines += [f"- {note.text}{f' ({note.where})' if note.where else ''}" for note in notes]
        lines.append("")
    if instrument.credit:
        lines += [instrument.credit, ""]
    if instrument.license:
        lines += [f"Licence of the questionnaire: {instrument.license}", ""]
    return "\n".join(lines).encode()
