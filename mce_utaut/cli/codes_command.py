"""``codes``: the sheet for coders of open answers, and the codes that come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mce_utaut.study.inputs import StudyInputs
    from mce_utaut.triangulation.codes import Code, CodeBook


@click.command("codes")
@click.argument("study", type=click.Path())
@click.argument("coded", nargs=-1, type=click.Path())
@click.option("--out", default=None, help="File to write (default: outputs/STUDY-coding.xlsx; with CODED: none).")
@click.option("--language", default=None, help="Of the code book, in place of the study's.")
@click.option("--overwrite", is_flag=True, help="Replace that file if it exists.")
def command(study: str, coded: tuple[str, ...], out: str | None, language: str | None, overwrite: bool) -> int:
    """Write the sheet for coders of the open answers of STUDY (study.yaml), or check the sheets CODED that came back.

    The sheet is a workbook of every open answer of those whom the study keeps, by pseudonym, with the code book and
    lists of what may be entered.
    With CODED (a sheet from each coder, or codes.csv) every problem is named with row and column, and what was coded is
    counted; --out joins them into one CSV for the key `codes` of the study file.
    """
    from dataclasses import replace

    from mce_utaut.cli.study_inputs import open_study
    from mce_utaut.errors import UsageError
    from mce_utaut.study.coded import code_book
    from mce_utaut.study.inputs import gather

    found = open_study(study)
    config = replace(found.config, codes=None, inferences=None)
    if language and coded:
        raise UsageError("--language chooses the code book's language; sheets that come back are read in any.")
    inputs = gather(config, found.files)
    worded = sorted({each for instrument in inputs.instruments.values() for each in instrument.wordings})
    if language and language not in worded:
        raise UsageError(f"No questionnaire of the study is worded in {language!r}; there are {', '.join(worded)}.")
    book = code_book(inputs.instruments, inputs.responses, inputs.secret)
    if coded:
        return _check_sheets(coded, book, out, overwrite)
    target = Path(out) if out else Path("outputs") / f"{config.id}-coding.xlsx"
    return _write_sheet(inputs, book, language or config.language, target, overwrite)


def _write_sheet(inputs: StudyInputs, book: CodeBook, language: str, target: Path, overwrite: bool) -> int:
    """The sheet of the answers that count, for coders."""
    from mce_utaut import files
    from mce_utaut.study.coded import answers_to_code, book_entries
    from mce_utaut.study.screening import apply_rules
    from mce_utaut.study.sentences import Sentences
    from mce_utaut.triangulation.coding_sheet import write_sheet

    config, say = inputs.config, Sentences(inputs.config.language)
    kept = {
        role: apply_rules(each, config.exclude, config.wave, say, inputs.instruments[role]).included
        for role, each in inputs.responses.items()
    }
    answers = answers_to_code(inputs.instruments, kept, inputs.secret)
    entries = book_entries(inputs.instruments, language)
    files.write(target, write_sheet(answers, entries, tuple(book.constructs), book.key), overwrite=overwrite)
    people = len({(each.role, each.respondent) for each in answers})
    print(f"{len(answers)} answers of {people} persons: {target}")
    print(_key_text(book.key))
    print("It holds what people wrote: hand it to coders only, and keep it out of reports.")
    return 0


def _check_sheets(coded: tuple[str, ...], book: CodeBook, out: str | None, overwrite: bool) -> int:
    """What came back, counted, and joined into ``out``. Raises ``StudyError`` with the problems of all sheets."""
    from mce_utaut import files
    from mce_utaut.errors import StudyError
    from mce_utaut.triangulation.codes import codes_csv, read_codes

    codes: list[Code] = []
    problems = []
    for path in coded:
        read = files.read(path)
        try:
            codes += read_codes(read.content, read.name, book)
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    codes = list(dict.fromkeys(codes))
    if out:
        files.write(out, codes_csv(codes), overwrite=overwrite)
    print(_summary(codes))
    if out:
        print(f"Codes: {out}. Name it under `codes` in the study file.")
    return 0


def _key_text(key: str) -> str:
    if key == "none":
        return (
            "Pseudonyms were made without a key: no study.key stands beside study.yaml. A key that comes later makes "
            "others."
        )
    return f"Pseudonyms were made with the study.key of fingerprint {key}: the codes are read with the same key."


def _summary(codes: Sequence[Code]) -> str:
    """What was coded, by role and coder, and how far coders agree."""
    import numpy as np

    from mce_utaut.triangulation.agreement import judge, krippendorff_alpha
    from mce_utaut.triangulation.themes import decisions

    lines = []
    for role, n in Counter(code.role for code in codes).items():
        own = [code for code in codes if code.role == role]
        persons, units = len({code.respondent for code in own}), len({code.unit for code in own})
        lines.append(f"{role}: {n} codes on {units} units of {persons} persons")
    for coder, n in sorted(Counter(code.coder for code in codes).items()):
        lines.append(f"coder {coder}: {n} codes")
    _, units = decisions(codes)
    if units:
        found = krippendorff_alpha(units, np.random.default_rng(1))
        interval = f"[{found.lower:.2f}, {found.upper:.2f}]"
        lines.append(f"coded twice: {found.n} units; Krippendorff's alpha {found.estimate:.2f} {interval}: "
                     f"{judge(found.estimate)}")  # fmt: skip
    else:
        lines.append("coded twice: no unit; let a second coder read at least a fifth of the answers")
    return "\n".join(lines)
