"""The wording file with changed texts in it; comments, quotes and everything else in it stay as they are."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mce_utaut.errors import InstrumentError, Problem
from mce_utaut.instrument.reading import TextFile
from mce_utaut.translations.entries import PARAMETER, Translation, wording_file

_SECTIONS = {"survey": "survey", "item": "items", "page": "pages", "question": "questions"}
_SECTIONS |= {"scale": "scales", "construct": "constructs"}
_ORDER = ("parameters", "survey", "pages", "questions", "items", "scales", "constructs", "review")
_AS_BLOCK = re.compile(r"[^\s][^\t\x7f-\x9f\u2028\u2029\ufeff]*\n[^\t\x7f-\x9f\u2028\u2029\ufeff]*\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """The new text of a string, its status, and the hash of the source string it was translated from."""

    text: str
    status: str
    source: str


def wording_text(translation: Translation, base: TextFile | None, changes: Mapping[str, Change]) -> str:
    """The wording file ``base`` (None: a new one) with ``changes``, in the order of ``translation``. Raises
    ``InstrumentError`` where the file is written in a way that cannot be changed safely."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    if base is not None and not changes:
        return base.text
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    if base is None:
        root = CommentedMap(instrument=translation.instrument_id, language=translation.language, status="draft")
    else:
        root = yaml.load(base.text.removeprefix("\ufeff"))
    general = str(root.get("status") or "draft")
    for entry in translation.entries:
        change = changes.get(entry.key)
        if change is None:
            continue
        _put(root, _path(entry.key), scalar(change.text))
        if not entry.key.startswith(PARAMETER):
            _put(root, ("review", entry.key, "source"), scalar(change.source))
            _put_status(root, entry.key, change.status, general)
    stream = io.StringIO()
    yaml.dump(root, stream)
    _verify(stream.getvalue(), translation, base, changes)
    return stream.getvalue()


def _path(key: str) -> tuple[str, ...]:
    kind, _, rest = key.partition(".")
    if kind + "." == PARAMETER:
        return "parameters", rest
    if kind in ("survey", "item"):
        return _SECTIONS[kind], rest
    owner, _, last = rest.rpartition(".")
    return _SECTIONS[kind], owner, last


def _put(root: Any, path: tuple[str, ...], value: Any) -> None:
    from ruamel.yaml.comments import CommentedMap

    node = root
    for depth, name in enumerate(path):
        key = next((one for one in node if str(one) == name), None)
        last = depth == len(path) - 1
        if key is None or (not last and not isinstance(node[key], CommentedMap)):
            fresh = value if last else CommentedMap()
            if key is not None:
                node[key] = fresh
            elif depth == 0:
                later = [one for one in _ORDER[_ORDER.index(name) + 1 :] if one in node]
                node.insert(list(node).index(later[0]) if later else len(node), name, fresh)
            else:
                node[scalar(name) if name.isdigit() else name] = fresh
            if not last and path[0] == "review" and depth == 1:
                fresh.fa.set_flow_style()
            key = name
        elif last:
            node[key] = value
        node = node[next(one for one in node if str(one) == name)]


def _put_status(root: Any, key: str, status: str, general: str) -> None:
    """Writes the status where it is not that of the file as a whole."""
    review = root["review"][key]
    if status == general:
        review.pop("status", None)
    elif "status" in review:
        review["status"] = status
    else:
        review.insert(0, "status", status)


def scalar(text: str) -> Any:
    """``text`` as a YAML scalar that is read as that text: a block where it has lines, else in quotes."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    lines = text.split("\n")
    plain = all(line == line.rstrip() for line in lines)
    return LiteralScalarString(text) if plain and _AS_BLOCK.match(text) else DoubleQuotedScalarString(text)


def _verify(text: str, translation: Translation, base: TextFile | None, changes: Mapping[str, Change]) -> None:
    """Reads the file again: every text must be the one that was meant, changed or not."""
    name = base.name if base else ""
    after = wording_file(TextFile(name, text))
    wanted: dict[str, str] = {}
    if base is not None:
        before = wording_file(base)
        wanted |= {key: string.text for key, string in before.strings.items()}
        wanted |= {PARAMETER + key: value.strip() for key, value in before.shape.parameters.items()}
    wanted |= {key: change.text for key, change in changes.items()}
    found = {key: string.text for key, string in after.strings.items()}
    found |= {PARAMETER + key: value.strip() for key, value in after.shape.parameters.items()}
    wrong = [key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)]
    if wrong:
        raise InstrumentError(
            Problem(
                f"cannot be changed safely ({', '.join(sorted(wrong)[:5])} would come out different).",
                "Write these texts into the YAML by hand.",
                name or f"{translation.instrument_id}.{translation.language}.yaml",
            )
        )
