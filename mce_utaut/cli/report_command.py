"""``report``: a report drawn again from study.json, or for one university."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click


@click.command("report")
@click.argument("source", required=False, type=click.Path())
@click.option("--language", default=None, help="With --hei: of the report, in place of the study's.")
@click.option("--hei", default=None, help="A report for one university (code or name); SOURCE is the study file then.")
@click.option("--out", default=None, help="File to write, or with --hei the folder (default: see below).")
@click.option("--overwrite", is_flag=True, help="Replace it if it exists.")
@click.option("--run-date", default=None, metavar="YYYY-MM-DD", help="With --hei: printed in the report.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    source: str | None,
    language: str | None,
    hei: str | None,
    out: str | None,
    overwrite: bool,
    run_date: str | None,
    quiet: bool,
) -> int:
    """Draw the report of SOURCE (a study.json, or the folder that fit wrote) without computing anything.

    Writes report.html beside study.json; with --out NAME.docx it is the Word document. It is in the study's language,
    in which study.json holds its sentences: `fit --language` runs the study in another.

    With --hei SOURCE is a study file (default: the shipped study), which is computed: the report and its tables then
    hold the numbers of this university beside those of all others together, as far as nobody can be told from them.
    Writes outputs/STUDY-HEI. docs/study-file.md tells what is never shown.
    """
    if hei is not None:
        return _for_university(source, hei, language, out, overwrite, run_date, quiet)
    return _again(source, language, out, overwrite)


def _again(source: str | None, language: str | None, out: str | None, overwrite: bool) -> int:
    from mce_utaut import files
    from mce_utaut.errors import MceError, Problem, StudyError, UsageError
    from mce_utaut.report import render_document, render_report
    from mce_utaut.report.words import entries
    from mce_utaut.study.json_form import from_json
    from mce_utaut.study.sentences import Sentences
    from mce_utaut.study.traced import Trail

    if source is None:
        raise UsageError("Name a study.json, or the folder that `fit` wrote; --hei takes a study file.")
    where = Path(source) / "study.json" if Path(source).is_dir() else Path(source)
    if where.suffix.casefold() in (".yaml", ".yml"):
        raise UsageError(f"{source} is a study file: run `fit` on it, or add --hei for the report of one university.")
    read = files.read(where)
    render = render_document if out is not None and Path(out).suffix.casefold() == ".docx" else render_report
    trail = Trail()
    result = from_json(read.content, str(where), trail)
    entries(result.language)
    if language and language != result.language:
        raise UsageError(
            f"The sentences and questions in {source} are in the study's language ({result.language}), and a report "
            "that mixes languages serves nobody. Run the study in the other one: "
            f"`fit STUDY --language {language} --out FOLDER`, with the study file or the files of responses."
        )
    try:
        content = render(result)
    except MceError:
        raise
    except Exception as error:  # fit drew this result before it wrote it: the file was altered since
        what = f"{trail.told()} ({type(error).__name__})."
        raise StudyError(Problem(what, "Undo the change, or run `fit` again.", str(where))) from error
    if out is None:
        target = where.parent / "report.html"
        files.add(where.parent, target.name, content, overwrite=overwrite)
    else:
        target = Path(out)
        files.write(target, content, overwrite=overwrite)
    print(Sentences(result.language)("closing.report", path=target))
    return 0


def _require_shown(found: Mapping[str, Any]) -> None:
    """Raise ``NotEstimable`` where a report of one university would show nothing of it."""
    from mce_utaut.errors import NotEstimable

    if all(role["refusal"] for role in found["roles"].values()):
        reasons = "; ".join(f"{role['title']}: {role['refusal']}" for role in found["roles"].values())
        raise NotEstimable(f"No report for {found['label']}, as it would show nothing of it. {reasons}")


def _for_university(
    source: str | None,
    hei: str,
    language: str | None,
    out: str | None,
    overwrite: bool,
    run_date: str | None,
    quiet: bool,
) -> int:
    from dataclasses import replace

    from mce_utaut import files
    from mce_utaut.cli.fit_command import check_run_date, folder_for, outputs_of
    from mce_utaut.cli.progress import progress
    from mce_utaut.cli.study_inputs import computed, open_study
    from mce_utaut.errors import UsageError
    from mce_utaut.study.sentences import Sentences

    check_run_date(run_date)
    if source is not None and Path(source).suffix.casefold() == ".json":
        raise UsageError(
            "study.json holds no numbers of single universities, so that it can be passed on; give the study file."
        )
    study = open_study(source)
    if language:
        study = replace(study, config=replace(study.config, language=language))
    with progress(quiet) as tell:
        result = computed(study, run_date, tell, hei)
        _require_shown(result.sections["university"])
        name = result.sections["university"]["hei"]
        folder = folder_for(out, f"{study.config.id}-{name}", overwrite)
        tell("drawing the report", 1, 1)
        written = outputs_of(result)
    files.write_folder(folder, written, overwrite=overwrite)
    for role in result.sections["university"]["roles"].values():
        print(f"{role['title']}: {role['refusal'] or 'n = ' + str(role['n'])}")
    print(Sentences(result.language)("closing.report", path=folder / "report.html"))
    return 0
