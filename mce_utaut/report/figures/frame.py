"""What every figure is given: its place and its words, and how a role looks."""

from __future__ import annotations

from dataclasses import dataclass

SHAPES = ("circle", "square", "triangle", "diamond", "cross")


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing's unique name, width in px, title, and text alternative."""

    name: str
    width: float
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A role's label, colour class (``r1`` ...) and marker shape; the same in every figure."""

    label: str
    css: str
    shape: str


def mark(index: int, label: str) -> Mark:
    """The mark of the role at ``index`` (from 0) of the study."""
    return Mark(label, f"r{index % len(SHAPES) + 1}", SHAPES[index % len(SHAPES)])
