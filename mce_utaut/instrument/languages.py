"""Checks of wording files against the structure and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.instrument.findings import Findings
from mce_utaut.instrument.fitting import UNKNOWN, near, suggestion
from mce_utaut.instrument.model import CANNOT_JUDGE_CODE
from mce_utaut.instrument.reading import Place
from mce_utaut.instrument.shape import StructureShape
from mce_utaut.instrument.structure import Known, items, questions
from mce_utaut.instrument.wording import (
    PARAMETER_USE,
    String,
    WordingFile,
    check_text,
    described,
    is_stale,
    normalised,
    parameters_of,
    section_of,
    status_of,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The flat keys that a structure asks for: ``needed`` and ``possible`` (needed ones included), each
    with the place in the structure file."""

    needed: Mapping[str, Place | None]
    possible: Mapping[str, Place | None]


def keys_of(structure: StructureShape) -> Keys:
    """The keys that a wording of this structure must have, and those it may have."""
    needed: dict[str, Place | None] = {"survey.title": structure.at("id")}
    optional: dict[str, Place | None] = {
        f"survey.{key}": structure.at("id") for key in ("description", "welcome", "end", "declined")
    }
    if structure.consent is not None:
        needed["survey.declined"] = structure.consent.at()
    for page in structure.pages:
        optional |= {f"page.{page.id}.{key}": page.at("id") for key in ("title", "text")}
    for _, question in questions(structure):
        needed[f"question.{question.code}.text"] = question.at("code")
        optional[f"question.{question.code}.help"] = question.at("code")
        if question.other:
            needed[f"question.{question.code}.other"] = question.at("other")
    for _, item in items(structure):
        needed[f"item.{item.code}"] = item.at("code")
    for name, scale in structure.scales.items():
        needed |= {f"scale.{name}.{option.code}": option.at("code") for option in scale.options}
        if scale.cannot_judge:
            needed[f"scale.{name}.{CANNOT_JUDGE_CODE}"] = scale.at("cannot_judge")
    for name, construct in structure.constructs.items():
        needed[f"construct.{name}.label"] = construct.at()
        optional[f"construct.{name}.definition"] = construct.at()
    return Keys(needed, needed | optional)


def check_wordings(
    structure: StructureShape, known: Known, files: Sequence[tuple[WordingFile, Findings]], found: Findings
) -> None:
    """Adds every problem of the wording files to their findings, and to ``found`` (the structure's) what
    is wrong with the set of them."""
    keys = keys_of(structure)
    source = next((file for file, _ in files if file.shape.language == structure.source_language), None)
    seen: dict[str, str] = {}
    used: set[str] = set()
    for file, of_file in files:
        _check_head(file, structure, seen, of_file)
        _check_keys(file, source, keys, known, found.file, of_file)
        parameters = parameters_of(file, structure.parameters)
        for string in file.strings.values():
            check_text(string, parameters, of_file)
            used.update(PARAMETER_USE.findall(string.text))
        _check_parameters(file, source, structure, used, of_file)
        _check_labels(file, structure, of_file)
        _check_other_labels(file, structure, of_file)
        _check_same_texts(file, structure, of_file)
        _check_review(file, source, structure, keys, of_file)
        if source is not None and file is not source:
            _check_against_source(file, source, of_file)
    for name in structure.parameters:
        if name not in used and files:
            text = f"No wording uses the parameter {name}."
            found.warn("unused_parameter", structure.at("parameters", name), "parameters", text, "info")
    _check_labels_across(files, structure)


def _check_head(file: WordingFile, structure: StructureShape, seen: dict[str, str], found: Findings) -> None:
    shape = file.shape
    if UNKNOWN not in (shape.instrument, structure.id) and shape.instrument != structure.id:
        what = f"this is the wording of `{shape.instrument}`, not of `{structure.id}`."
        found.problem(shape.at("instrument"), "instrument", what, "Correct the id, or leave this file out.")
    if shape.language in seen:
        what = f"the language {shape.language} already stands in {seen[shape.language]}."
        found.problem(shape.at("language"), "language", what, "Correct the language, or leave one file out.")
    seen.setdefault(shape.language, file.name)
    parts = file.name.replace("\\", "/").rsplit("/", 1)[-1].split(".")
    if len(parts) > 2 and parts[-2] != shape.language:
        text = f"The file's name says {parts[-2]}, the file says {shape.language}."
        found.warn("language_name", shape.at("language"), "language", text)
    if shape.status == "source" and shape.language != structure.source_language:
        what = f"only the source language ({structure.source_language}) has the status source."
        found.problem(shape.at("status"), "status", what, "Write draft, or the status that the translation has.")


def _check_parameters(
    file: WordingFile,
    source: WordingFile | None,
    structure: StructureShape,
    used: Collection[str],
    found: Findings,
) -> None:
    """A worded parameter stands in every language or in none, and not in the structure file too."""
    own = file.shape.parameters
    for name, value in own.items():
        at = file.shape.at("parameters", name)
        if "[[" in value:
            found.problem(at, f"parameter {name}", "holds another parameter.", "Write the words out.")
        if name in structure.parameters:
            what = "the structure file has this parameter too."
            found.problem(at, f"parameter {name}", what, "Keep one: there for all languages, or here.")
        elif source is not None and name not in source.shape.parameters:
            what = f"{source.name} has no such parameter."
            found.problem(at, f"parameter {name}", what, "Add it there, or delete it here.")
        elif name not in used:
            text = f"No text of this language uses the parameter {name}."
            found.warn("unused_parameter", at, "parameters", text, "info")
    for name in source.shape.parameters if source is not None else ():
        if name not in own and name not in structure.parameters:
            what = f"{source.name} has this parameter and this file has not."
            found.problem(None, f"parameter {name}", what, f'Add {name}: "..." under `parameters:`.')


def _check_keys(
    file: WordingFile,
    source: WordingFile | None,
    keys: Keys,
    known: Known,
    structure_name: str,
    found: Findings,
) -> None:
    is_source = source is None or file is source
    wanted = dict(keys.needed)
    possible = dict(keys.possible)
    if not is_source:
        wanted |= {key: keys.possible[key] for key in source.strings if key in keys.possible}
        possible = wanted
    for key, at in wanted.items():
        if key not in file.written and key not in file.strings:
            section, line = section_of(key)
            place = "" if at is None else f" (asked in {structure_name}, line {at.line})"
            what = f"has no text{place}."
            found.problem(
                file.shape.at(section) if section in file.shape.model_fields_set else None,
                described(key),
                what,
                f"Add {line} under `{section}:`.",
            )
    missing = [key for key in wanted if key not in file.strings]
    for key, string in file.strings.items():
        if key in possible or known.is_broken(key):
            continue
        if key in keys.possible:
            remedy = f"Add it to {source.name}, or delete it here."
            found.problem(string.key_at, described(key), "the source language has no such text.", remedy)
            continue
        match = near(key, missing)
        remedy = f"Did you mean {described(match)}?" if match else "Delete it, or ask it in the structure file."
        found.problem(string.key_at, described(key), f"{structure_name} has no such element.", remedy)


def _check_labels(file: WordingFile, structure: StructureShape, found: Findings) -> None:
    for name, scale in structure.scales.items():
        codes = {option.code.casefold(): option.code for option in scale.options}
        if scale.cannot_judge:
            codes[CANNOT_JUDGE_CODE] = CANNOT_JUDGE_CODE
        seen: dict[str, str] = {}
        for code in codes.values():
            string = file.strings.get(f"scale.{name}.{code}")
            if string is None:
                continue
            label = normalised(string.text)
            first = seen.setdefault(label, code)
            if first != code:
                what = f"the options {first} and {code} have the same label: label exports could not be read."
                found.problem(string.at, f"scale {name}, label {code}", what, "Word one of them differently.")
            if codes.get(label, code) != code:
                what = f"the label of option {code} is the code of option {codes[label]}."
                found.problem(
                    string.at,
                    f"scale {name}, label {code}",
                    what,
                    "Answers could be read both ways: word the label, or change the codes.",
                )


def _check_other_labels(file: WordingFile, structure: StructureShape, found: Findings) -> None:
    """The label of a question's "other" option is none of its scale's labels."""
    for _, question in questions(structure):
        string = file.strings.get(f"question.{question.code}.other")
        scale = structure.scales.get(question.scale or "")
        for option in scale.options if scale is not None and string is not None else ():
            label = file.strings.get(f"scale.{question.scale}.{option.code}")
            if label is not None and normalised(label.text) == normalised(string.text):
                what = f"is also the label of option {option.code}: label exports could not be read."
                found.problem(string.at, described(string.key), what, "Word one of them differently.")


def _check_labels_across(files: Sequence[tuple[WordingFile, Findings]], structure: StructureShape) -> None:
    """Imports accept the labels of every language: one label may not mean two options."""
    for name, scale in structure.scales.items():
        seen: dict[str, tuple[str, str]] = {}
        for file, found in files:
            for option in scale.options:
                string = file.strings.get(f"scale.{name}.{option.code}")
                if string is None:
                    continue
                code, language = seen.setdefault(normalised(string.text), (option.code, file.shape.language))
                if code != option.code and language != file.shape.language:
                    text = f"It is the label of option {code} in {language}: name the language on import."
                    found.warn("label_across_languages", string.at, f"scale {name}, label {option.code}", text)


def _check_same_texts(file: WordingFile, structure: StructureShape, found: Findings) -> None:
    keys = [f"item.{item.code}" for _, item in items(structure)]
    keys += [f"question.{q.code}.text" for _, q in questions(structure) if q.type not in ("array", "info")]
    seen: dict[str, String] = {}
    for key in keys:
        string = file.strings.get(key)
        if string is None:
            continue
        first = seen.setdefault(normalised(string.text), string)
        if first is not string:
            same = f"{described(first.key)} (line {first.at.line})"
            what = f"has the same text as {same}: text exports could not be read."
            found.problem(string.at, described(key), what, "Word one of them differently.")


def _check_review(
    file: WordingFile,
    source: WordingFile | None,
    structure: StructureShape,
    keys: Keys,
    found: Findings,
) -> None:
    for key, review in file.shape.review.items():
        at = file.shape.at("review", key)
        if key not in file.strings and (key in file.written or key in keys.possible):
            continue  # the text itself is missing or does not fit, which has been said
        if key not in file.strings:
            found.problem(
                at,
                f"review {key}",
                "there is no such string in this file.",
                suggestion(key, file.strings, "strings") if near(key, file.strings) else "Write it as item.PE1.",
            )
            continue
        if review.status == "source" and file.shape.language != structure.source_language:
            what = f"only the source language ({structure.source_language}) has the status source."
            found.problem(at, f"review {key}", what, "Write the status that the translation has.")
        if source is not None and is_stale(file, key, source):
            status = status_of(file, key, structure.source_language)
            text = f"The {structure.source_language} text changed after this translation (status: {status})."
            found.warn("stale_translation", at, described(key), text)


def _check_against_source(file: WordingFile, source: WordingFile, found: Findings) -> None:
    by_key: dict[str, set[str]] = defaultdict(set)
    for key in file.strings.keys() & source.strings.keys():
        by_key[key] = set(PARAMETER_USE.findall(source.strings[key].text))
        lost = by_key[key] - set(PARAMETER_USE.findall(file.strings[key].text))
        if lost:
            names = ", ".join(f"[[{name}]]" for name in sorted(lost))
            text = f"The source text has {names}, this one has not."
            found.warn("lost_parameter", file.strings[key].at, described(key), text)
