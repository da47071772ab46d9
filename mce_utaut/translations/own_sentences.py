"""The program's own sentences for translators: those of the report, of the study, of the page that fields a
questionnaire and of the printed one, in one file.

A key is ``report/<key>``, ``study/<key>``, ``page/<key>`` or ``paper/<key>``; an entry with ``one`` and ``other`` is
two texts. ``{name}`` is filled in by the program and ``{t.name}`` is a technical term: what is in braces must be that
of the source.
"""

from __future__ import annotations

import io
import string
from collections.abc import Iterator, Mapping

from mce_utaut.errors import FileProblem, Problem, UsageError
from mce_utaut.instrument.reading import TextFile
from mce_utaut.instrument.wording import source_hash
from mce_utaut.notes import Note
from mce_utaut.own_text import REVIEW, SOURCE, flat
from mce_utaut.translations.entries import LANGUAGE, MISSING, STALE, Entry, Translation
from mce_utaut.translations.merging import Merged, changes_of
from mce_utaut.translations.writing import Change, scalar

ID = "report"  # what stands in a file where the id of a questionnaire stands
_TERM = "terms."
_FORMS = {"one": "where the number is 1", "other": "where the number is not 1"}

Texts = Mapping[str, TextFile]  # the part ("report", ...) to its file


def collect(sources: Texts, targets: Texts, language: str) -> Translation:
    """Every sentence of ``sources`` with its translation in ``targets``, in the order of the source. Raises
    ``UsageError`` for the source language and an odd language code."""
    if not LANGUAGE.match(language) or language == SOURCE:
        raise UsageError(Problem(f"{language!r} is no language to translate into.", "Write e.g. de, or pt-BR."))
    entries = []
    for part, source in sources.items():
        there = _texts(targets[part]) if part in targets else {}
        review = _review(targets[part]) if part in targets else {}
        for key, text in _texts(source).items():
            entries.append(_entry(f"{part}/{key}", text, there.get(key, ""), review.get(key, {})))
    return Translation(ID, SOURCE, language, tuple(entries))


def merge(sources: Texts, targets: Texts, given: Translation) -> tuple[Merged, dict[str, str]]:
    """What ``given`` changes, as ``translations.merge`` tells it, and the whole new text of each part that changes.

    Raises ``FileProblem`` as ``translations.merge``, and where a translation has other braces than its source.
    """
    now = collect(sources, targets, given.language)
    changes, notes = changes_of(now, given)
    by_key = {entry.key: entry for entry in now.entries}
    notes += _checked_braces(by_key, changes, given.name)
    texts = {}
    for part, source in sources.items():
        own = {key.partition("/")[2]: change for key, change in changes.items() if key.startswith(f"{part}/")}
        if own:
            texts[part] = _written(targets.get(part), list(_texts(source)), own)
    after = collect(sources, {**targets, **{part: TextFile(part, text) for part, text in texts.items()}}, now.language)
    open_ = {state: tuple(e.key for e in after.entries if e.status == state) for state in (MISSING, STALE)}
    return Merged(now.language, "", tuple(changes), open_[MISSING], open_[STALE], tuple(notes)), texts


def _texts(file: TextFile) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, entry in flat(file.text).items():
        if isinstance(entry, str):
            found[key] = entry
        else:
            found |= {f"{key}.{form}": str(text).strip() for form, text in entry.items()}
    return found


def _review(file: TextFile) -> dict[str, Mapping[str, str]]:
    from ruamel.yaml import YAML

    return dict((YAML(typ="safe", pure=True).load(file.text) or {}).get(REVIEW) or {})


def _entry(key: str, source: str, text: str, review: Mapping[str, str]) -> Entry:
    if not text:
        return Entry(key, _context(key, source), source, was=source_hash(""))
    stale = bool(review.get("source")) and review["source"] != source_hash(source)
    status = STALE if stale else str(review.get("status") or "draft")
    return Entry(key, _context(key, source), source, text, status, was=source_hash(text))


def _context(key: str, source: str) -> str:
    part, _, path = key.partition("/")
    section, _, rest = path.partition(".")
    if path.startswith(_TERM):
        about = f"the technical term {rest.partition('.')[0]}: its {rest.rpartition('.')[2]}"
    else:
        about = f"{part}, {section}"
    form = path.rpartition(".")[2]
    about += f", {_FORMS[form]}" if form in _FORMS else ""
    names = sorted(name for name, *_ in _braces(source))
    return f"{about}; keep {', '.join('{' + name + '}' for name in names)}" if names else about


def _braces(text: str) -> set[tuple[str, str, str]]:
    """Name, format and conversion of all that is in braces. Raises ``ValueError`` for a brace without its other."""
    found = string.Formatter().parse(text)
    return {(name, form or "", conversion or "") for _, name, form, conversion in found if name is not None}


def _checked_braces(known: Mapping[str, Entry], changes: Mapping[str, Change], name: str) -> Iterator[Note]:
    """Notes on values that a translation does not show. Raises ``FileProblem`` with every translation whose braces
    hold what the source has not."""
    problems, notes = [], []
    terms = {key.split(".")[1] for key in known if key.startswith(f"report/{_TERM}")}
    for key, change in changes.items():
        allowed = _allowed(known, key)
        try:
            found = _braces(change.text)
        except ValueError:
            what = "has a brace { or } without the other one."
            problems.append(Problem(what, "Write what is in braces as in the source.", name, where=key))
            continue
        odd = {one for one in found - allowed if not (one[0].removeprefix("t.") in terms and one == (one[0], "", ""))}
        if odd:
            shown = ", ".join(sorted("{" + one[0] + "}" for one in odd))
            what = f"has {shown}, which the source has not."
            problems.append(Problem(what, "Write what is in braces as in the source.", name, where=key))
        lost = {one[0] for one in _braces(known[key].source) - found}
        if lost and not key.endswith(".one"):
            shown = ", ".join(sorted("{" + one + "}" for one in lost))
            notes.append(Note("lost_parameter", f"the translation has lost {shown}.", "caution", key))
    if problems:
        raise FileProblem(problems)
    return iter(notes)


def _allowed(known: Mapping[str, Entry], key: str) -> set[tuple[str, str, str]]:
    """What may stand in braces: that of the source, and of its other form."""
    stem, _, form = key.rpartition(".")
    forms = [f"{stem}.{one}" for one in _FORMS if f"{stem}.{one}" in known] if form in _FORMS else [key]
    return {one for each in forms for one in _braces(known[each].source)}


def _written(base: TextFile | None, order: list[str], changes: Mapping[str, Change]) -> str:
    """The YAML of a language with ``changes`` in it; all else of ``base`` stays as it is."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    root = yaml.load(base.text) if base is not None else CommentedMap()
    review = root.setdefault(REVIEW, CommentedMap())
    for key in order:
        if key not in changes:
            continue
        change, node = changes[key], root
        *path, last = key.split(".")
        for name in path:
            if name not in node:
                # ``review`` stays the last key of the file
                node.insert(len(node) - (node is root), name, CommentedMap())
            node = node[name]
        if last in node or node is not root:
            node[last] = scalar(change.text)
        else:
            node.insert(len(node) - 1, last, scalar(change.text))
        state = CommentedMap(source=scalar(change.source), status=change.status)
        state.fa.set_flow_style()
        review[key] = state
    stream = io.StringIO()
    yaml.dump(root, stream)
    return stream.getvalue()
