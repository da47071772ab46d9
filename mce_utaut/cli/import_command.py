"""``import``: responses from a survey tool into coded answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from mce_utaut.cli.doubles import doubles
from mce_utaut.cli.reading_options import absent_of, dropped_of, reading_options, renames_of

REASONS = {
    "no_consent": "did not consent",
    "empty_row": "nothing answered",
    "test_row": "test or preview",
    "duplicate": "the same respondent again",
    "dropped": "left out individually",
    "not_submitted": "not submitted",
    "failed_attention": "failed an attention item",
}


@click.command("import")
@click.argument("questionnaire")
@click.argument("responses", nargs=-1, required=True, type=click.Path())
@click.option("--out", default=None, help="Folder to write (default: outputs/import/QUESTIONNAIRE).")
@click.option("--language", default=None, help="Language of labels, where it is not seen.")
@reading_options
@click.option("--drop", multiple=True, metavar='"KEY=WHY"', help="Leave a respondent out by key (repeatable).")
@click.option("--key", default=None, metavar="FILE", help="The key, for link codes (default: the study's study.key).")
@click.option("--keep-personal", is_flag=True, help="Keep columns with personal data (they are dropped otherwise).")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(questionnaire: str, responses: tuple[str, ...], **values: Any) -> int:
    """Read RESPONSES (files of a survey tool) to QUESTIONNAIRE into coded answers.

    Several files are merged. Prints what came in and what was left out, and why; writes the coded answers as
    CSV with a log beside them. Link codes are kept under the study's key; the first import that meets some makes one.
    """
    from mce_utaut import files
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.cli.study_key import key_path, new_key, read_key, write_key
    from mce_utaut.responses.pseudonyms import fingerprint, made_with
    from mce_utaut.survey import plain

    instrument = questionnaires.load(questionnaire)
    key = key_path(values["key"], responses)
    known = read_key(key, named=values["key"] is not None)
    secret = known or new_key()
    found = read(instrument, responses, values, secret)
    folder = Path(values["out"]) if values["out"] else Path("outputs") / "import" / instrument.id
    written = plain.write(instrument, found)
    keyed = any(made_with(str(code)) == fingerprint(secret) for code in found.meta["link_code"].dropna())
    if keyed and known is None:
        write_key(secret, key)
        print(
            f"{key}: the key under which link codes are kept (fingerprint {fingerprint(secret)}). Use it for every "
            "wave and for the coding sheet; share it within the team only."
        )
    files.write_folder(folder, written, overwrite=values["overwrite"])
    print(summary(found))
    for name in written:
        print(folder / name)
    return 0


def read(instrument: Any, paths: tuple[str, ...], values: dict[str, Any], secret: bytes = b"") -> Any:
    """The responses in the files ``paths``, read as the option values say, link codes under ``secret``."""
    from mce_utaut import files
    from mce_utaut.survey import column_map, registry
    from mce_utaut.survey.contract import ReadOptions

    given_map = None
    if values.get("column_map"):
        given_map = column_map.from_json(files.read(values["column_map"]).content, values["column_map"])
    options = ReadOptions(
        column_map=given_map,
        keep_personal=bool(values.get("keep_personal")),
        hei=values.get("hei"),
        wave=values.get("wave"),
        pilot_id=values.get("pilot"),
        language=values.get("language"),
        delimiter=values.get("delimiter"),
        encoding=values.get("encoding"),
        rename=renames_of(values),
        absent=absent_of(values),
        drop=dropped_of(values.get("drop", ())),
        secret=secret,
    )
    return registry.read_responses(instrument, [files.read(path) for path in paths], values.get("tool"), options)


def summary(responses: Any) -> str:
    """What came in and what was left out, as lines."""
    lines = _table(responses)
    for index, source in enumerate(responses.sources):
        for reason in _reasons(responses):
            rows = [e.source_row for e in responses.exclusions if e.source == index and e.reason == reason]
            if rows:
                shown = ", ".join(map(str, rows[:8])) + (", …" if len(rows) > 8 else "")
                lines.append(f"left out of {source.name}, {REASONS.get(reason, reason)}: row of the file {shown}")
        dropped = {heading: cells for heading, cells in source.personal_dropped.items() if cells}
        if dropped:
            named = ", ".join(f"{heading} ({cells} cells)" for heading, cells in dropped.items())
            lines.append(f"personal data dropped from {source.name}: {named}")
        if source.unknown_columns:
            named = ", ".join(source.unknown_columns)
            lines.append(f"columns of {source.name} that are not of this questionnaire: {named}")
    submitted = [value for value in responses.meta["submitted"]]
    partial = sum(1 for value in submitted if value is False)
    lines.append(f"respondents: {responses.n}" + (f", {partial} of them not submitted" if partial else ""))
    failed = int((responses.meta["attention_failed"] > 0).sum())
    if failed:
        lines.append(f"failed an attention item: {failed} (kept here; a study leaves them out by its own rule)")
    languages = Counter(str(value) for value in responses.meta["language"] if value is not None)
    if languages:
        lines.append("languages: " + ", ".join(f"{name} {count}" for name, count in sorted(languages.items())))
    for title, word, column in (("universities", "university", "hei"), ("waves", "wave", "wave")):
        counts = Counter(str(value) for value in responses.meta[column].dropna())
        silent = responses.n - sum(counts.values())
        if counts:
            without = f"; without a {word} {silent}" if silent else ""
            named = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            lines.append(f"{title}: {named}{without}")
    lines += [f"note: {note.text}" for note in responses.notes]
    return "\n".join([*lines, *doubles(responses)])


def _reasons(responses: Any) -> list[str]:
    """The reasons for which rows were left out."""
    return sorted({exclusion.reason for exclusion in responses.exclusions})


def _table(responses: Any) -> list[str]:
    """A line a file: rows read, kept, and left out for each reason; the sum below where there are several."""
    reasons = _reasons(responses)
    counts = Counter((exclusion.source, exclusion.reason) for exclusion in responses.exclusions)
    rows = []
    for index, source in enumerate(responses.sources):
        left = [counts[index, reason] for reason in reasons]
        rows.append([source.name, source.tool, source.rows_read, source.rows_read - sum(left), *left])
    if len(rows) > 1:
        rows.append(["all files", "", *(sum(column) for column in list(zip(*rows, strict=True))[2:])])
    cells = [["file", "tool", "rows read", "kept", *(REASONS.get(reason, reason) for reason in reasons)]]
    cells += [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    names = [[cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)] for row in cells]
    numbers = [[cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)] for row in cells]
    return ["  ".join([*one, *other]).rstrip() for one, other in zip(names, numbers, strict=True)]
