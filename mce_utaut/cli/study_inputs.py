"""What ``fit``, ``report`` and ``score`` run on (a study file, the shipped study, files of one role); its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mce_utaut import files
from mce_utaut.shipped import shipped

if TYPE_CHECKING:
    from mce_utaut.files import ReadFile
    from mce_utaut.study.config import StudyConfig
    from mce_utaut.study.on_disk import FolderFiles
    from mce_utaut.study.result import StudyResult
    from mce_utaut.study.run import Progress

LIBRARIES = ("numpy", "scipy", "pandas", "semopy", "pingouin", "statsmodels")


@dataclass(frozen=True, slots=True)
class StudyOnDisk:
    """A study's decisions, where its paths start, and its study file (None for data alone)."""

    config: StudyConfig
    files: FolderFiles
    study_file: ReadFile | None


def open_study(path: str | None) -> StudyOnDisk:
    """The study of a study file (or of the folder that holds study.yaml; None: the shipped study)."""
    from mce_utaut.study.on_disk import FolderFiles
    from mce_utaut.study.study_file import parse_study

    where = Path(path) if path else shipped("simulated") / "mce_study"
    if where.is_dir():
        where = where / "study.yaml"
    found = files.read(where)
    config = parse_study(found.content, str(where))
    return StudyOnDisk(config, FolderFiles(where.parent, shipped("models")), found)


def data_alone(
    responses: tuple[str, ...], questionnaire: str, language: str | None, values: Mapping[str, Any]
) -> StudyOnDisk:
    """A study of response files to one questionnaire, with the default decisions and the reading options
    ``values``."""
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.cli.reading_options import absent_of, renames_of
    from mce_utaut.study.config import ResponseFile, StudyConfig
    from mce_utaut.study.on_disk import FolderFiles

    structure = questionnaires.structure_path(questionnaire)
    instrument = questionnaires.load(questionnaire)
    role, spoken = instrument.role, language or "en"
    wording = instrument.wordings.get(spoken) or instrument.wordings[instrument.source_language]
    reading = {
        "tool": values.get("tool"),
        "column_map": str(Path(values["column_map"]).resolve()) if values.get("column_map") else None,
        "hei": values.get("hei"),
        "wave": values.get("wave"),
        "pilot": values.get("pilot"),
        "rename": renames_of(values),
        "absent": absent_of(values),
        "delimiter": values.get("delimiter"),
        "encoding": values.get("encoding"),
    }
    config = StudyConfig(
        id=_study_id(responses[0]),
        title=values.get("title") or wording.get("survey.title", instrument.id),
        language=spoken,
        instruments={role: str(structure.resolve())},
        responses=tuple(ResponseFile(file=str(Path(path).resolve()), role=role, **reading) for path in responses),
    )
    return StudyOnDisk(config, FolderFiles(Path.cwd(), shipped("models")), None)


def model_choice(model: str | None) -> dict[str, str]:
    """The model that ``--model`` names, as a change of a study's decisions."""
    if not model:
        return {}
    return {"model": str(Path(model).resolve()) if model.endswith(".lav") else model}


def computed(
    study: StudyOnDisk, run_date: str | None = None, tell: Progress | None = None, hei: str | None = None
) -> StudyResult:
    """The result of a study, ``hei`` being the university that its report is for; raises as ``run_study``."""
    from mce_utaut.study.run import run_study

    return run_study(
        study.config,
        study.files,
        versions=versions(),
        run_date=run_date,
        study_file=study.study_file,
        progress=tell,
        hei=hei,
    )


def _study_id(path: str) -> str:
    import re

    return re.sub(r"[^A-Za-z0-9_-]+", "_", Path(path).stem.split(".")[0]).strip("_") or "study"


def versions() -> dict[str, str]:
    """The versions of this package, Python, and the libraries that numbers come from."""
    import platform
    from importlib.metadata import version

    from mce_utaut import __version__

    return {"mce_utaut": __version__, "Python": platform.python_version(), **{n: version(n) for n in LIBRARIES}}
