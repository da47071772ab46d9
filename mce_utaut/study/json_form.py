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
from mce_utaut.study.traced import Trail, traced

_AGAIN = "Undo the change, or run `fit` again to write it anew."
_KINDS = {list: "a list", dict: "an object", int: "a number", str: "a text", bool: "true or false"}


def to_json(result: StudyResult) -> bytes:
    """The study as UTF-8 JSON with a final newline."""
    text = json.dumps(plain(result), sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return text.encode("utf-8") + b"\n"


def from_json(content: bytes | str, name: str = "study.json", trail: Trail | None = None) -> StudyResult:
    """The study that ``to_json`` wrote. The parts without a type of their own note on ``trail`` what is read of them.
    Raises ``StudyError`` where the text is no study of this schema, with the place in it that is none."""
    try:
        tree = json.loads(content)
    except (ValueError, UnicodeDecodeError, RecursionError):
        raise StudyError(Problem("is not JSON.", _AGAIN, file=name)) from None
    schema = tree.get("schema") if isinstance(tree, dict) else None
    if schema != SCHEMA:
        found = "has no schema number" if schema is None else f"has schema {schema!r}, not {SCHEMA}"
        raise StudyError(Problem(f"{found}.", "Run `fit` again with this version.", file=name))
    try:
        return _build(StudyResult, tree, "", trail or Trail())
    except _Misfit as misfit:
        raise StudyError(misfit.problem(name)) from None
    except RecursionError:
        raise StudyError(Problem("holds lists within lists without end.", _AGAIN, file=name)) from None


class _Misfit(Exception):
    """Something that no study has, at a JSON path."""

    def __init__(self, path: str, what: str) -> None:
        self.path, self.what = path.removeprefix("."), what

    def problem(self, name: str) -> Problem:
        return Problem(f"is no complete study: {self.path} {self.what}.".replace(":  ", ": "), _AGAIN, file=name)


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


def _build(hint: Any, value: Any, path: str, trail: Trail) -> Any:
    """``value`` (from JSON, at ``path``) as the type ``hint`` says it was. Raises ``_Misfit`` where it is another."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        known = [part for part in get_args(hint) if part is not types.NoneType]
        if value is None and len(known) < len(get_args(hint)):
            return None
        return _build(next((part for part in known if type(value) is part), known[0]), value, path, trail)
    if hint is Any:
        return traced(value, path.removeprefix("."), trail)
    if value is None and hint is float:  # undefined numbers are null
        return value
    _check_kind(hint, origin, value, path)
    if origin is tuple:
        parts = get_args(hint)
        if len(parts) == 2 and parts[1] is Ellipsis:
            parts = (parts[0],) * len(value)
        if len(parts) != len(value):
            raise _Misfit(path, f"has {len(value)} entries, not {len(parts)}")
        pairs = enumerate(zip(parts, value, strict=True))
        return tuple(_build(part, each, f"{path}[{place}]", trail) for place, (part, each) in pairs)
    if origin is Literal:
        if value not in get_args(hint):
            raise _Misfit(path, f"is {_short(value)}, not one of {', '.join(map(str, get_args(hint)))}")
        return value
    if origin is not None and issubclass(origin, Mapping):
        inner = get_args(hint)[1]
        if inner is Any:
            return traced(value, path.removeprefix("."), trail)
        return {key: _build(inner, each, f"{path}.{key}", trail) for key, each in value.items()}
    if is_dataclass(hint):
        hints, given = _hints(hint), {}
        for field in fields(hint):
            if field.name in value:
                given[field.name] = _build(hints[field.name], value[field.name], f"{path}.{field.name}", trail)
            elif field.default is MISSING:
                raise _Misfit(path, f"has no {field.name!r}")
        return hint(**given)
    return float(value) if hint is float else value


def _check_kind(hint: Any, origin: Any, value: Any, path: str) -> None:
    if origin is Literal:
        return
    if (origin or hint) in (tuple, list):
        kinds: tuple[type, ...] = (list,)
    elif is_dataclass(hint) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        kinds = (dict,)
    else:
        kinds = (int, float) if hint is float else (hint,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise _Misfit(path, f"is {_short(value)}, where {_KINDS.get(kinds[0], 'something else')} should stand")


def _short(value: Any) -> str:
    return repr(str(value)[:40]) if isinstance(value, str) else str(value)[:40]


@cache
def _hints(form: type) -> dict[str, Any]:
    return get_type_hints(form)
