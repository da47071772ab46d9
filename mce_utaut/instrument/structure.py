"""Checks of a structure file beyond its shape: codes, scales, questions and references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mce_utaut.instrument.findings import Findings
from mce_utaut.instrument.fitting import near, suggestion
from mce_utaut.instrument.model import CANNOT_JUDGE_CODE
from mce_utaut.instrument.reading import Place
from mce_utaut.instrument.shape import (
    ConditionShape,
    ItemShape,
    OptionShape,
    PageShape,
    QuestionShape,
    ScaleShape,
    StructureShape,
)

# Words that LimeSurvey, SPSS files (pyreadstat) or other tools refuse as a code, in any case.
RESERVED = frozenset({
    "lang", "sid", "savedid", "token", "qid", "gid", "sgq", "self", "that", "this", "time", "other",
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
})  # fmt: skip
CLOSED = ("array", "choice", "multi")
NUMERIC = ("integer", "number")
SINGLE_PURPOSES = ("consent", "hei", "pilot", "wave", "link_code", "adopter")
CONSTRUCT_TYPES = ("choice", "multi", "integer", "number")


@dataclass(frozen=True, slots=True)
class Known:
    """Every code, scale and construct that the file names, also where the entry itself has a problem:
    a reference to such an entry is not a second problem. ``broken`` are the beginnings of the wording
    keys of entries that had to be taken out (``item.PE1``, ``scale.agree7.8``)."""

    codes: frozenset[str]
    scales: frozenset[str]
    constructs: frozenset[str]
    broken: frozenset[str] = frozenset()

    def is_broken(self, key: str) -> bool:
        """True where a wording key belongs, or seems to belong, to an entry that was taken out."""
        kind, rest = key.split(".", 1)
        owners = {f"{kind}.{rest.split('.')[0]}", ".".join(key.split(".")[:3])}
        return bool(owners & self.broken) or any(near(owner, self.broken) for owner in owners)


def questions(structure: StructureShape) -> Iterator[tuple[PageShape, QuestionShape]]:
    """Every question with its page, in order."""
    for page in structure.pages:
        for question in page.questions:
            yield page, question


def items(structure: StructureShape) -> Iterator[tuple[QuestionShape, ItemShape]]:
    """Every item with its array, in order."""
    for _, question in questions(structure):
        for item in question.items:
            yield question, item


def check_structure(structure: StructureShape, known: Known, found: Findings) -> None:
    """Adds every problem of codes, scales, questions, items and conditions to ``found``."""
    _check_parameters(structure, found)
    _check_ids(structure, found)
    _check_codes(structure, found)
    for scale_id, scale in structure.scales.items():
        _check_scale(scale_id, scale, found)
    for _, question in questions(structure):
        _check_question(question, structure, known, found)
    _check_purposes(structure, found)
    _check_conditions(structure, known, found)


def _check_parameters(structure: StructureShape, found: Findings) -> None:
    for name, value in structure.parameters.items():
        if "[[" in value:
            at = structure.at("parameters", name)
            found.problem(at, f"parameter {name}", "holds another parameter.", "Write the words out.")


def _check_ids(structure: StructureShape, found: Findings) -> None:
    seen: dict[str, Place | None] = {}
    for page in structure.pages:
        where, at = f"page {page.id}", page.at("id")
        if page.id.casefold() in seen:
            what = f"the page id `{page.id}` is used twice{_line(seen[page.id.casefold()])}."
            found.problem(at, where, what, "Give each page an id of its own.")
        seen.setdefault(page.id.casefold(), at)
        if not page.questions and not page.lost("questions"):
            found.problem(at, where, "the page has no question.", "Add one, or delete the page.")
    for kind, ids in (("scale", structure.scales), ("construct", structure.constructs)):
        lower: dict[str, str] = {}
        for word, shape in ids.items():
            if word.casefold() in lower:
                what = f"differs from `{lower[word.casefold()]}` only by capital letters."
                found.problem(shape.at(), f"{kind} {word}", what, "Rename one of the two.")
            lower[word.casefold()] = word


@dataclass(frozen=True, slots=True)
class _Use:
    """A word that is taken in the questionnaire's one name space."""

    what: str
    owner: str
    at: Place | None


def _check_codes(structure: StructureShape, found: Findings) -> None:
    used: dict[str, _Use] = {}

    def take(word: str, use: _Use) -> None:
        folded = word.casefold()
        if folded in RESERVED:
            remedy = "Choose another; survey tools or SPSS use this word themselves."
            found.problem(use.at, use.owner, f"`{word}` is a reserved word.", remedy)
        first = used.setdefault(folded, use)
        if first is not use:
            what = f"the {use.what} `{word}` is taken{_line(first.at)} as {first.what} of {first.owner}."
            remedy = "Codes and names are unique in the whole questionnaire, whether in capitals or not."
            found.problem(use.at, use.owner, what, remedy)

    for _, question in questions(structure):
        owner = f"question {question.code}"
        take(question.code, _Use("code", owner, question.at("code")))
        name = question.name or question.code.lower()
        if name.casefold() != question.code.casefold():
            take(name, _Use("name", owner, question.at("name")))
        if question.other:
            take(f"{name}_other", _Use('name of the "other" text', owner, question.at("other")))
        for item in question.items:
            take(item.code, _Use("code", f"item {item.code}", item.at("code")))
    _check_construct_words(structure, found)


def _check_construct_words(structure: StructureShape, found: Findings) -> None:
    """A construct may not share its name with a column of data (arrays are not columns)."""
    columns: dict[str, tuple[str, str | None]] = {}
    for _, question in questions(structure):
        if question.type not in ("array", "info"):
            for word in (question.code, question.name or question.code):
                columns[word.casefold()] = (f"question {question.code}", question.measures)
        for item in question.items:
            columns[item.code.casefold()] = (f"item {item.code}", None)
    for word, construct in structure.constructs.items():
        owner, measures = columns.get(word.casefold(), ("", None))
        if owner and not (construct.kind == "observed" and measures == word):
            what = f"`{word}` is also the code or name of {owner}: data and models could not tell them apart."
            found.problem(construct.at(), f"construct {word}", what, "Rename one of the two.")


def _check_scale(scale_id: str, scale: ScaleShape, found: Findings) -> None:
    where = f"scale {scale_id}"
    codes: dict[str, OptionShape] = {}
    names: dict[str, OptionShape] = {}
    for option in scale.options:
        if option.code == CANNOT_JUDGE_CODE:
            remedy = "Use `cannot_judge: true` for it, or another code."
            found.problem(option.at("code"), where, 'the code 99 means "cannot judge".', remedy)
        for kind, word, seen in (("code", option.code, codes), ("name", option.name, names)):
            first = seen.setdefault(word.casefold(), option)
            if first is not option:
                what = f"the option {kind} `{word}` is used twice{_line(first.at(kind))}."
                found.problem(option.at(kind), where, what, "Each option needs its own, in capitals or not.")
    for option in scale.options:
        other = codes.get(option.name.casefold())
        if other is not None and other is not option:
            what = f"the name `{option.name}` is the code of another option{_line(other.at('code'))}."
            found.problem(option.at("name"), where, what, "Answers in data could be read both ways: rename it.")
    if scale.kind == "ordinal":
        if len(scale.options) < 2:
            found.problem(scale.at("options"), where, "an ordinal scale needs two options at least.", "Add options.")
        numbers = [int(option.code) for option in scale.options if option.code.isdigit()]
        if len(numbers) == len(scale.options) and len(set(numbers)) < len(set(codes)):
            what = "two codes are the same number (such as 1 and 01)."
            found.problem(scale.at("options"), where, what, "Give each option a number of its own.")
        elif numbers and len(numbers) < len(scale.options):
            text = "Only some codes of this ordinal scale are numbers; options are scored by position."
            found.warn("mixed_codes", scale.at("options"), where, text)


def _check_question(question: QuestionShape, structure: StructureShape, known: Known, found: Findings) -> None:
    where = f"question {question.code}"
    closed = question.type in CLOSED
    if closed and question.scale is None and not question.lost("scale"):
        what = f"a question of type {question.type} needs a scale."
        found.problem(question.at(), where, what, "Add `scale: ...` with the id of a scale.")
    if question.scale is not None and closed and question.scale not in known.scales:
        remedy = suggestion(question.scale, structure.scales, "scales") or "Define it under `scales:`."
        found.problem(question.at("scale"), where, f"there is no scale `{question.scale}`.", remedy)
    if question.type == "array" and not question.items and not question.lost("items"):
        found.problem(question.at("items"), where, "an array needs items.", "Add `items:` with a list.")
    _check_misplaced_keys(question, where, found)
    if question.other and question.scale in structure.scales:
        options = structure.scales[question.scale].options
        twin = next((option for option in options if option.name.casefold() == "other"), None)
        if twin is not None:
            what = f'`other: true` adds a second "other" beside the option `{twin.code}` of its scale.'
            found.problem(question.at("other"), where, what, "Delete one of the two.")
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        what = f"the minimum {question.minimum:g} is larger than the maximum {question.maximum:g}."
        found.problem(question.at("minimum"), where, what, "Exchange them.")
    if question.measures is not None:
        _check_construct(question.measures, question.at("construct"), where, structure, known, found)
    for item in question.items:
        _check_item(item, question, structure, known, found)


_BELONGS = {
    "scale": CLOSED,
    "items": ("array",),
    "random_items": ("array",),
    "random_options": ("choice", "multi"),
    "other": ("choice", "multi"),
    "minimum": NUMERIC,
    "maximum": NUMERIC,
    "construct": CONSTRUCT_TYPES,
    "required": (*CLOSED, *NUMERIC, "text", "long_text", "date"),
    "from_link": ("choice", "integer", "number", "text", "date"),
    "personal": (*CLOSED, *NUMERIC, "text", "long_text", "date"),
}


def _check_misplaced_keys(question: QuestionShape, where: str, found: Findings) -> None:
    for key, types in _BELONGS.items():
        value = getattr(question, "measures" if key == "construct" else key)
        if question.type in types or not value or value == "none":
            continue
        what = f"`{key}` does not belong to a question of type {question.type}."
        remedy = f"It is for {', '.join(types)}: delete it, or change the type."
        if key == "construct" and question.type == "array":
            remedy = "In an array, write the construct at each item."
        found.problem(question.key_at(key), where, what, remedy)


def _check_construct(
    name: str, at: Place | None, where: str, structure: StructureShape, known: Known, found: Findings
) -> None:
    if name not in known.constructs:
        remedy = suggestion(name, structure.constructs, "constructs") or "Define it under `constructs:`."
        found.problem(at, where, f"there is no construct `{name}`.", remedy)


def _check_item(
    item: ItemShape, question: QuestionShape, structure: StructureShape, known: Known, found: Findings
) -> None:
    where = f"item {item.code}"
    scale = structure.scales.get(question.scale or "")
    if item.measures is not None:
        _check_construct(item.measures, item.at("construct"), where, structure, known, found)
    if item.kind in ("anchor", "specific") and item.measures is None and not item.lost("construct"):
        what = f"an item of kind {item.kind} needs a construct."
        found.problem(item.at(), where, what, "Add `construct: ...`, or use `kind: single`.")
    if item.kind == "attention":
        _check_attention(item, scale, where, found)
    elif item.expected is not None:
        remedy = "Add `kind: attention`, or delete `expected`."
        found.problem(item.key_at("expected"), where, "`expected` is for attention items only.", remedy)
    if item.reverse and (item.kind == "attention" or (scale is not None and scale.kind == "nominal")):
        what = "`reverse` needs an ordinal scale and an item that is scored."
        found.problem(item.key_at("reverse"), where, what, "Delete it.")
    if item.cannot_judge and scale is not None and not scale.cannot_judge:
        what = f'the scale {question.scale} offers no "cannot judge".'
        remedy = "Write `cannot_judge: true` at the scale (with its label 99), or delete it here."
        found.problem(item.key_at("cannot_judge"), where, what, remedy)


def _check_attention(item: ItemShape, scale: ScaleShape | None, where: str, found: Findings) -> None:
    if item.expected is None and item.lost("expected"):
        return
    if item.expected is None:
        what = "an attention item needs the answer it asks for."
        found.problem(item.at(), where, what, "Add `expected: ...` with an option code.")
    elif scale is not None and item.expected.casefold() not in {option.code.casefold() for option in scale.options}:
        codes = [option.code for option in scale.options]
        what = f"the expected answer `{item.expected}` is not an option of the scale."
        found.problem(item.at("expected"), where, what, suggestion(item.expected, codes, "codes"))
    for key, value in (("construct", item.measures), ("cannot_judge", item.cannot_judge)):
        if value:
            what = f"an attention item has no `{key}`."
            found.problem(item.key_at(key), where, what, "Delete it.")


def _check_purposes(structure: StructureShape, found: Findings) -> None:
    first: dict[str, QuestionShape] = {}
    for _, question in questions(structure):
        if question.purpose not in SINGLE_PURPOSES:
            continue
        earlier = first.setdefault(question.purpose, question)
        if earlier is not question:
            what = f"the purpose {question.purpose} is taken by question {earlier.code}{_line(earlier.at())}."
            found.problem(question.at("purpose"), f"question {question.code}", what, "Only one question can have it.")


def _check_conditions(structure: StructureShape, known: Known, found: Findings) -> None:
    every = {question.code: question for _, question in questions(structure)}
    asked: dict[str, QuestionShape] = {}
    if structure.consent is not None:
        _check_condition(structure.consent, "consent", every, every, structure, known, found)
    for page in structure.pages:
        if page.condition is not None:
            _check_condition(page.condition, f"page {page.id}", asked, every, structure, known, found)
        for question in page.questions:
            if question.condition is not None:
                where = f"question {question.code}"
                _check_condition(question.condition, where, asked, every, structure, known, found)
            asked[question.code] = question


def _check_condition(
    condition: ConditionShape,
    where: str,
    asked: dict[str, QuestionShape],
    every: dict[str, QuestionShape],
    structure: StructureShape,
    known: Known,
    found: Findings,
) -> None:
    at, code = condition.at("question"), condition.question
    question = every.get(code)
    if question is None:
        if code not in known.codes:
            found.problem(at, where, f"there is no question `{code}`.", suggestion(code, every, "questions"))
        elif any(item.code == code for _, item in items(structure)):
            what = f"`{code}` is an item of an array; a condition needs a choice or multi question."
            found.problem(at, where, what, "Ask it as a question of its own.")
        return
    if question.type not in ("choice", "multi"):
        what = f"question {code} is of type {question.type}; a condition needs a choice or multi question."
        found.problem(at, where, what, "Choose another question.")
        return
    if code not in asked:
        what = f"question {code} comes later{_line(question.at())}, or is this question itself."
        found.problem(at, where, what, "Move it before this place: a condition looks back.")
    scale = structure.scales.get(question.scale or "")
    if scale is None:
        return
    codes = [option.code for option in scale.options] + [CANNOT_JUDGE_CODE] * scale.cannot_judge
    for index, wanted in enumerate(condition.among):
        if wanted.casefold() not in {code.casefold() for code in codes}:
            what = f"`{wanted}` is not an option of the scale {question.scale} of question {code}."
            found.problem(condition.at("among", index), where, what, suggestion(wanted, codes, "codes"))


def _line(at: Place | None) -> str:
    return "" if at is None else f" (line {at.line})"
