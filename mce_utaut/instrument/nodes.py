"""What a YAML file is read into: mappings, lists and texts that know where they stand."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Line and column in a file, both from 1."""

    line: int
    column: int


class Plain(str):
    """A scalar that was written without quotes."""

    __slots__ = ()


class MarkedDict(dict):
    """A mapping of the file with the places of its start, its keys and its values. ``lost`` are the keys
    that had to be taken out because their value does not fit."""

    __slots__ = ("at", "key_at", "lost", "value_at")

    def __init__(self, at: Place) -> None:
        super().__init__()
        self.at = at
        self.key_at: dict[str, Place] = {}
        self.lost: set[str] = set()
        self.value_at: dict[str, Place] = {}


class MarkedList(list):
    """A list of the file with the places of its start and its entries. ``lost`` tells that entries had to
    be taken out because they do not fit."""

    __slots__ = ("at", "lost", "value_at")

    def __init__(self, at: Place) -> None:
        super().__init__()
        self.at = at
        self.lost = False
        self.value_at: list[Place] = []
