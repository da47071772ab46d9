"""Parts of a study.json that have no type of their own, as dicts and lists that know where they stand.

Sections and fits are read by the report key by key. Where somebody altered one, the reading fails far from the place
that is wrong; the trail tells what was read last. Values are equal to plain dicts and lists and written like them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Trail:
    """What was read last: the JSON path of a dict or list ("" nothing yet), the key there (None: all of it), itself."""

    path: str = ""
    key: object = None
    part: Any = None

    def told(self) -> str:
        """Where the reading stopped, as a sentence without its end."""
        where, key = self.path or "its beginning", self.key[:40] if isinstance(self.key, str) else None
        if isinstance(self.part, dict) and key is not None and self.key not in self.part:
            return f"{where} has no {key!r}"
        last = "" if key is None else f" (last read: {key!r})"
        return f"no report can be drawn from it: reading stopped at {where}{last}"


class TracedDict(dict):
    """A dict that notes what is read of it."""

    __slots__ = ("_path", "_trail")

    def __init__(self, items: dict[str, Any], path: str, trail: Trail) -> None:
        super().__init__(items)
        self._path, self._trail = path, trail

    def _note(self, key: object = None) -> None:
        self._trail.path, self._trail.key, self._trail.part = self._path, key, self

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """As of any dict."""
        self._note(key if key in self else None)
        return super().get(key, default)

    def __iter__(self) -> Iterator[str]:
        self._note()
        return super().__iter__()

    def items(self) -> Any:
        """As of any dict."""
        self._note()
        return super().items()

    def values(self) -> Any:
        """As of any dict."""
        self._note()
        return super().values()


class TracedList(list):
    """A list that notes what is read of it."""

    __slots__ = ("_path", "_trail")

    def __init__(self, items: list[Any], path: str, trail: Trail) -> None:
        super().__init__(items)
        self._path, self._trail = path, trail

    def _note(self, place: object = None) -> None:
        own = f"{self._path}[{place}]" if isinstance(place, int) else self._path
        self._trail.path, self._trail.key, self._trail.part = own, None, self

    def __getitem__(self, place: Any) -> Any:
        self._note(place)
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        for place, each in enumerate(super().__iter__()):
            self._note(place)
            yield each


def traced(value: Any, path: str, trail: Trail) -> Any:
    """``value`` (of JSON) with every dict and list in it traced; others as they are."""
    if isinstance(value, dict):
        return TracedDict({key: traced(each, f"{path}.{key}", trail) for key, each in value.items()}, path, trail)
    if isinstance(value, list):
        return TracedList([traced(each, f"{path}[{place}]", trail) for place, each in enumerate(value)], path, trail)
    return value
