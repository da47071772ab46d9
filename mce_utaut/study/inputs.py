"""What a study is computed from: questionnaires, responses, models and hypotheses, read and joined."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Protocol, TypeVar

from mce_utaut.errors import Problem, StudyError, UserMistake
from mce_utaut.files import ReadFile
from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import decode_yaml
from mce_utaut.notes import Note
from mce_utaut.responses.model import Responses
from mce_utaut.responses.pseudonyms import KEY_FILE, checked_secret, made_with
from mce_utaut.study.coded import CodedAnswers, code_book, parse_inferences
from mce_utaut.study.config import ResponseFile, StudyConfig
from mce_utaut.study.hypotheses import Hypothesis, parse_hypotheses
from mce_utaut.study.model_data import item_codes
from mce_utaut.study.model_text import ModelText, read_model
from mce_utaut.study.moderators import check_moderators
from mce_utaut.study.named import unknown_constructs, wrong_invitations
from mce_utaut.study.pilot_table import PilotTable, read_pilots
from mce_utaut.study.power_file import PowerFile, read_power
from mce_utaut.study.result import InputFile
from mce_utaut.study.sentences import Sentences
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.merging import merge
from mce_utaut.survey.registry import read_responses
from mce_utaut.triangulation.codes import read_codes

T = TypeVar("T")


class StudyFiles(Protocol):
    """Where a study's files come from (``on_disk.FolderFiles``, or a test's dictionary)."""

    def read(self, path: str) -> ReadFile: ...

    def wordings(self, path: str) -> tuple[str, ...]: ...

    def model(self, name: str) -> str: ...

    def exists(self, path: str) -> bool: ...

    def known_models(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model with its hypotheses; ``for_role`` holds its versions with a role's own items."""

    name: str
    text: ModelText
    hypotheses: tuple[Hypothesis, ...] = ()
    for_role: Mapping[str, ModelText] = field(default_factory=dict)


def moderator_claims(models: Sequence[NamedModel], role: str | None = None) -> list[Hypothesis]:
    """Hypotheses about moderators, of all models, each once (with ``role`` those made for it); they are tested with the
    primary model."""
    found = {each.id: each for model in reversed(models) for each in reversed(model.hypotheses) if each.moderator}
    return [each for each in reversed(found.values()) if role is None or each.concerns(role)]


@dataclass(frozen=True, slots=True)
class StudyInputs:
    """Everything a study is computed from; instruments and responses by role, the primary model first. ``secret`` is
    the study's key, from which pseudonyms are made (empty without one)."""

    config: StudyConfig
    instruments: Mapping[str, Instrument]
    responses: Mapping[str, Responses]
    models: tuple[NamedModel, ...]
    files: tuple[InputFile, ...]
    notes: tuple[Note, ...] = ()
    coded: CodedAnswers | None = None
    secret: bytes = field(default=b"", repr=False)
    pilots: PilotTable | None = None
    power: PowerFile | None = None


class _Reader:
    """Reads files one by one, and keeps what was wrong with each so that all is said at once."""

    def __init__(self, files: StudyFiles) -> None:
        self.source = files
        self.files: list[InputFile] = []
        self.problems: list[Problem] = []

    def read(self, path: str, purpose: str) -> ReadFile:
        found = self.source.read(path)
        entry = InputFile(found.name, purpose, found.sha256)
        if entry not in self.files:
            self.files.append(entry)
        return found

    def attempt(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except UserMistake as mistake:
            self.problems += mistake.problems
            return None


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """What a plan is written from, before there are responses: questionnaires by role, models, the files read, and how
    many of the response files named exist already."""

    config: StudyConfig
    instruments: Mapping[str, Instrument]
    models: tuple[NamedModel, ...]
    files: tuple[InputFile, ...]
    responses_there: int
    power: PowerFile | None = None


def gather_plan(config: StudyConfig, files: StudyFiles) -> PlanInputs:
    """The questionnaires, models and hypotheses of a study; responses are not read. Raises ``StudyError`` with every
    problem of every file."""
    reader = _Reader(files)
    models = [reader.attempt(lambda name=name: _model(name, config, reader)) for name in config.models]
    found = {
        role: reader.attempt(lambda role=role, path=path: _instrument(role, path, reader))
        for role, path in config.instruments.items()
    }
    _moderators(reader, config, {role: each for role, each in found.items() if each is not None}, models)
    power = _power(config, reader)
    if reader.problems:
        raise StudyError(reader.problems)
    return PlanInputs(
        config=config,
        instruments={role: each for role, each in found.items() if each is not None},
        models=tuple(model for model in models if model is not None),
        files=tuple(reader.files),
        responses_there=sum(files.exists(response.file) for response in config.responses),
        power=power,
    )


def gather(config: StudyConfig, files: StudyFiles, tell: Callable[[str], None] | None = None) -> StudyInputs:
    """The inputs of a study. ``tell`` is called with the name of each file before it is read. Raises
    ``StudyError`` with every problem of every file."""
    reader = _Reader(files)
    tell = tell or (lambda name: None)
    secret = reader.attempt(lambda: secret_of(files)) or b""
    models = [reader.attempt(lambda name=name: _model(name, config, reader)) for name in config.models]
    instruments: dict[str, Instrument] = {}
    for role, path in config.instruments.items():
        tell(PurePath(path).name)
        found = reader.attempt(lambda role=role, path=path: _instrument(role, path, reader))
        if found is not None:
            instruments[role] = found
    parts: dict[str, list[Responses]] = {role: [] for role in instruments}
    for response in config.responses:
        if response.role in instruments:
            tell(PurePath(response.file).name)
            instrument = instruments[response.role]
            read = reader.attempt(lambda r=response, i=instrument: _responses(r, i, reader, secret))
            if read is not None:
                parts[response.role].append(read)
    _moderators(reader, config, instruments, models)
    power = _power(config, reader)
    if models[0] is not None and not config.model.endswith(".lav"):
        models[0] = _asked_only(models[0], instruments)
    pilots = None
    if config.pilots is not None:
        asked = config.pilots
        pilots = reader.attempt(lambda: read_pilots(reader.read(asked.file, "pilots"), asked.descriptors))
    if reader.problems:
        raise StudyError(reader.problems)
    responses = {role: merge(each) for role, each in parts.items()}
    if wrong := list(wrong_invitations(config, instruments, responses)):
        raise StudyError(wrong)
    coded = _coded(config, instruments, responses, secret, reader)
    say = Sentences(config.language)
    return StudyInputs(
        config=config,
        instruments=instruments,
        responses=responses,
        models=tuple(model for model in models if model is not None),
        files=tuple(reader.files),
        notes=(*_language_notes(config, instruments, say), *_key_notes(responses, say)),
        coded=coded,
        secret=secret,
        pilots=pilots,
        power=power,
    )


def _moderators(
    reader: _Reader,
    config: StudyConfig,
    instruments: Mapping[str, Instrument],
    models: Sequence[NamedModel | None],
) -> None:
    """Moderators and constructs checked against the questionnaires and the primary model, where both could be read."""
    reader.problems += unknown_constructs(config, instruments)
    primary = models[0]
    if primary is not None and config.marker in primary.text.factors:
        what = f"{config.marker} is a construct of the model, and cannot mark what its constructs share."
        reader.problems.append(Problem(what, "Name a construct outside the model, or none.", where="marker"))
    if config.moderators and instruments and primary is not None:
        text = primary.text
        reader.attempt(lambda: check_moderators(config.moderators, instruments, text, text.intention))


def _power(config: StudyConfig, reader: _Reader) -> PowerFile | None:
    path = config.power
    return None if path is None else reader.attempt(lambda: read_power(reader.read(path, "power"), config.instruments))


def _asked_only(shipped: NamedModel, instruments: Mapping[str, Instrument]) -> NamedModel:
    """The shipped model without the versions for roles whose questionnaire does not ask their own items: a
    questionnaire of somebody's own may ask the anchors alone."""

    def asked(role: str, text: ModelText) -> bool:
        try:
            item_codes(instruments[role], text.observed, shipped.name)
        except StudyError:
            return False
        return True

    kept = {role: text for role, text in shipped.for_role.items() if role in instruments and asked(role, text)}
    return replace(shipped, for_role=kept)


def secret_of(files: StudyFiles) -> bytes:
    """The secret in the study's key file, empty where there is none. Raises ``StudyError`` where it is too short to
    hide anything."""
    if not files.exists(KEY_FILE):
        return b""
    try:
        return checked_secret(files.read(KEY_FILE).content)
    except ValueError as error:
        remedy = "Restore the key that the study began with (a new one makes other pseudonyms), or delete the file."
        raise StudyError(Problem(str(error), remedy, file=KEY_FILE)) from None


def _key_notes(responses: Mapping[str, Responses], say: Sentences) -> list[Note]:
    """A note on roles whose link codes were kept under different secrets: they join nobody."""
    notes = []
    for role, each in responses.items():
        secrets = {made_with(str(code)) for code in each.meta["link_code"].dropna()}
        if len(secrets) > 1:
            text = say("note.different_keys", key=KEY_FILE)
            notes.append(Note("different_keys", text, "caution", role, say.language))
    return notes


def _coded(
    config: StudyConfig,
    instruments: Mapping[str, Instrument],
    responses: Mapping[str, Responses],
    secret: bytes,
    reader: _Reader,
) -> CodedAnswers | None:
    """The coded answers and inferences that the study names. Raises ``StudyError`` with every problem of both."""
    if config.codes is None:
        return None
    book = code_book(instruments, responses, secret)
    path, written = config.codes, config.inferences
    found = reader.attempt(lambda: read_codes(reader.read(path, "codes").content, PurePath(path).name, book))
    inferences = written and reader.attempt(lambda: parse_inferences(reader.read(written, "inferences"), book))
    if reader.problems:
        raise StudyError(reader.problems)
    return CodedAnswers(found or (), inferences or {})


def _instrument(role: str, path: str, reader: _Reader) -> Instrument:
    structure = reader.read(path, "instrument")
    wordings = [reader.read(each, "wording") for each in reader.source.wordings(path)]
    found = load_instrument(
        decode_yaml(structure.name, structure.content),
        [decode_yaml(each.name, each.content) for each in wordings],
    )
    if found.role != role:
        raise StudyError(
            Problem(
                f"is a questionnaire for the role {found.role!r}, not {role!r}.",
                f"Either name the role {found.role!r} in the study, or give another questionnaire.",
                file=structure.name,
            )
        )
    return found


def _responses(response: ResponseFile, instrument: Instrument, reader: _Reader, secret: bytes) -> Responses:
    """The responses of one file, with its column map and the sidecar that stands beside it."""
    given = [reader.read(response.file, "responses")]
    if response.column_map:
        given.append(reader.read(response.column_map, "column map"))
    sidecar = f"{response.file.removesuffix('.csv')}.sidecar.json"
    if reader.source.exists(sidecar):
        given.append(reader.read(sidecar, "sidecar"))
    options = ReadOptions(
        hei=response.hei,
        wave=response.wave,
        pilot_id=response.pilot,
        language=response.language,
        delimiter=response.delimiter,
        encoding=response.encoding,
        rename=response.rename,
        absent=response.absent,
        drop=response.drop,
        secret=secret,
    )
    return read_responses(instrument, given, response.tool, options)


def _model(name: str, config: StudyConfig, reader: _Reader) -> NamedModel:
    source = reader.source
    path = source.model(name)
    if not source.exists(path):
        known = source.known_models()
        near = difflib.get_close_matches(name, known, n=1)
        listed = f"The shipped models are {', '.join(known)}; a file of yours ends in .lav."
        remedy = f"Did you mean {near[0]}?" if near else listed
        raise StudyError(Problem(f"there is no model {name!r}.", remedy, where="model"))
    found = reader.read(path, "model")
    text = _text(found)
    if not text.factors:
        remedy = "Write what measures each construct (PE =~ PE1 + PE2 + PE3), or run it by the command `sem`."
        raise StudyError(Problem("has no latent construct.", remedy, file=found.name))
    stem = path.removesuffix(".lav")
    hypotheses: tuple[Hypothesis, ...] = ()
    if source.exists(f"{stem}.hypotheses.yaml"):
        claims = reader.read(f"{stem}.hypotheses.yaml", "hypotheses")
        hypotheses = parse_hypotheses(claims.content, claims.name, text)
    for_role = {}
    if name == config.model and config.sensitivity:
        for role in config.instruments:
            if source.exists(f"{stem}.{role}.lav"):
                for_role[role] = _text(reader.read(f"{stem}.{role}.lav", "model"))
    return NamedModel(PurePath(stem).name, text, hypotheses, for_role)


def _text(found: ReadFile) -> ModelText:
    try:
        return read_model(found.content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise StudyError(Problem("is not UTF-8 text.", "Save the file as UTF-8.", file=found.name)) from None
    except UserMistake as mistake:
        raise StudyError([replace(problem, file=found.name) for problem in mistake.problems]) from None


def _language_notes(config: StudyConfig, instruments: Mapping[str, Instrument], say: Sentences) -> list[Note]:
    def named(code: str) -> str:
        return say(f"language.{code}") if say.has(f"language.{code}") else code

    return [
        Note(
            "language_of_texts",
            say(
                "note.other_language",
                id=instrument.id,
                wanted=named(config.language),
                shown=named(instrument.source_language),
            ),
            "caution",
            role,
            say.language,
        )
        for role, instrument in instruments.items()
        if config.language not in instrument.languages
    ]
