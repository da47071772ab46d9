"""The steps of measurement invariance as a staircase that stops where it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, wrap


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name, what it holds equal, its verdict and numbers as text; ``reached`` is False for a step
    that was not taken or did not hold, ``licenses`` says what standing on it allows."""

    name: str
    equal: str
    verdict: str
    numbers: str
    reached: bool
    licenses: str


def draw_staircase(frame: Frame, steps: tuple[Step, ...]) -> Drawing:
    """The staircase: rising to the right where wide, downwards in a list where narrow."""
    wide = frame.width >= 500
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    if wide:
        _rising(drawing, steps)
    else:
        _listed(drawing, steps)
    return drawing


def _rising(drawing: Drawing, steps: tuple[Step, ...]) -> None:
    rise, tread = 34.0, drawing.width / len(steps)
    high = 128.0
    bottom = high + rise * (len(steps) - 1)
    for index, step in enumerate(steps):
        x, y = index * tread, rise * (len(steps) - 1 - index)
        drawing.rect(x + 1, y, tread - 2, bottom - y, "stair" if step.reached else "stair-broken")
        _texts(drawing, step, x + 10, y + 20, tread - 18)
    drawing.height = bottom + 2


def _listed(drawing: Drawing, steps: tuple[Step, ...]) -> None:
    y = 0.0
    for index, step in enumerate(steps):
        x = 10.0 * index
        drawing.rect(x, y, drawing.width - x, 112, "stair" if step.reached else "stair-broken")
        _texts(drawing, step, x + 10, y + 18, drawing.width - x - 18)
        y += 116
    drawing.height = y


def _texts(drawing: Drawing, step: Step, x: float, y: float, width: float) -> None:
    drawing.lines(x, y, wrap(step.name, 12.5, width, 1, bold=True), "t b", 15)
    y += 16
    equal = wrap(step.equal, 11, width, 2)
    drawing.lines(x, y, equal, "t m s", 13)
    y += 13 * len(equal) + 4
    drawing.lines(x, y, wrap(step.verdict, 12.5, width, 1, bold=True), "t b" if step.reached else "t b i", 15)
    y += 15
    for text, css in ((step.numbers, "t n s"), (step.licenses, "t m s")):
        lines = wrap(text, 11, width, 2)
        drawing.lines(x, y, lines, css, 13)
        y += 13 * len(lines)
