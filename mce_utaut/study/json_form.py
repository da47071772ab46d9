"""``StudyResult`` as JSON and back: complete, at full precision, byte-equal for equal results.

Keys are sorted, floats have Python's shortest form that reads back exactly, undefined numbers are null.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mce_utaut.errors import Problem, StudyError
from mce_utaut.study.result import SCHEMA, StudyResult


def to_json(result: StudyResult) -> bytes:
    """The study as UTF-8 JSON with a final newline."""
    text = json.dumps(plain(result), sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return text.encode("utf-8") + b"\n"


def from_json(content: bytes | str, name: str = "study.json") -> StudyResult:
    """The study that ``to_json`` wrote. Raises ``StudyError`` where the text is no study of this schema."""
    try:
        tree = json.loads(content)
    except (ValueError, UnicodeDecodeError):
        raise StudyError(Problem("is not JSON.", "Run `fit` again to write it anew.", file=name)) from None
    schema = tree.get("schema") if isinstance(tree, dict) else None
    if schema != SCHEMA:
        found = "has no schema number" if schema is None else f"has schema {schema!r}, not {SCHEMA}"
        raise StudyError(Problem(f"{found}.", "Run `fit` again with this version.", file=name))
    try:
        return _build(StudyResult, tree)
    except (KeyError, TypeError, ValueError) as error:
        what = f"is no complete study ({error})."
        raise StudyError(Problem(what, "Run `fit` again to write it anew.", file=name)) from None


def plain(value: Any) -> Any:
    """``value`` in dicts, lists, strings and numbers; NaN and infinities are None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):  # numpy arrays and scalars
        return plain(value.tolist())
    raise TypeError(f"a {type(value).__name__} has no place in a result")


def _build(hint: Any, value: Any) -> Any:
    """``value`` (from JSON) as the type ``hint`` says it was. Raises ``TypeError`` where it is of another."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        known = [part for part in get_args(hint) if part is not types.NoneType]
        if value is None or len(known) == 1:
            return None if value is None else _build(known[0], value)
        return _build(next((part for part in known if type(value) is part), known[0]), value)
    if hint is Any or (value is None and hint is float):  # undefined numbers are null
        return value
    _check_kind(hint, origin, value)
    if origin is tuple:
        parts = get_args(hint)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_build(parts[0], each) for each in value)
        return tuple(_build(part, each) for part, each in zip(parts, value, strict=True))
    if origin is Literal:
        if value not in get_args(hint):
            raise ValueError(f"{value!r} is not one of {get_args(hint)}")
        return value
    if origin is not None and issubclass(origin, Mapping):
        return {key: _build(get_args(hint)[1], each) for key, each in value.items()}
    if is_dataclass(hint):
        hints = _hints(hint)
        given = {
            field.name: _build(hints[field.name], value[field.name])
            for field in fields(hint)
            if field.name in value or field.default is MISSING
        }
        return hint(**given)
    return float(value) if hint is float else value


def _check_kind(hint: Any, origin: Any, value: Any) -> None:
    if origin is Literal:
        return
    if (origin or hint) in (tuple, list):
        kinds: tuple[type, ...] = (list,)
    elif is_dataclass(hint) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        kinds = (dict,)
    else:
        kinds = (int, float) if hint is float else (hint,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"{str(value)[:40]!r} stands where something else should")


@cache
def _hints(form: type) -> dict[str, Any]:
    return get_type_hints(form)
