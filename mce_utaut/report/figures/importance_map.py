"""Importance–performance map: how much goes with a predictor against how high it already stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.svg import Drawing, marker_shape, text_width, wrap

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A predictor: its label, importance with interval, performance (0 to 100) with interval."""

    label: str
    importance: float
    importance_ends: tuple[float | None, float | None]
    performance: float
    performance_ends: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class MapWords:
    """Axis labels, how an importance reads, and what the quadrant worth attention is called."""

    importance: str
    performance: str
    first: str
    tick: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Both axes of a map: importance in steps of 0.2, performance in steps of 10."""

    importance: tuple[float, float]
    performance: tuple[int, int]


def ranges(maps: Sequence[tuple[Spot, ...]]) -> Ranges:
    """Axes that hold every spot of every map with its interval, so that maps can be laid side by side. Importance
    holds zero; performance spans at least 40 of its 100 points."""
    across = [0.0, 0.4, *_known(v for spots in maps for s in spots for v in (s.importance, *s.importance_ends))]
    up = list(_known(v for spots in maps for s in spots for v in (s.performance, *s.performance_ends))) or [50.0]
    low, high = 10 * int(min(up) // 10), 10 * int(-(-max(up) // 10))
    while high - low < 40:
        low, high = max(low - 10, 0), min(high + 10, 100)
    return Ranges((0.2 * (min(across) // 0.2), 0.2 * -(-max(across) // 0.2)), (max(low, 0), min(high, 100)))


def _known(values: Iterable[float | None]) -> Iterator[float]:
    return (value for value in values if value is not None)


def draw_importance_map(
    frame: Frame, mark: Mark, spots: tuple[Spot, ...], means: tuple[float, float], axes: Ranges, words: MapWords
) -> Drawing:
    """The map. Dashed lines are the mean importance and performance; the quadrant below right (important,
    not yet high) is tinted."""
    height = min(frame.width * 0.72, 380.0)
    drawing = Drawing(frame.name, frame.width, height + 44, frame.title, frame.description)
    left, right, top, bottom = 40.0, frame.width - 12.0, 22.0, height
    (low, high), (floor, ceiling) = axes.importance, axes.performance

    def across(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    def up(value: float) -> float:
        return bottom - (value - floor) / (ceiling - floor) * (bottom - top)

    x_mean, y_mean = across(means[0]), up(means[1])
    drawing.rect(x_mean, y_mean, right - x_mean, bottom - y_mean, "band")
    first = wrap(words.first, 11, right - x_mean - 12, 2)
    drawing.lines(right - 6, bottom - 8 - 13 * (len(first) - 1), first, "t m s i", 13, anchor="end")
    for value in range(floor, ceiling + 1, 10):
        drawing.line(left, up(value), right, up(value), "line-grid")
        drawing.text(left - 6, up(value) + 4, str(value), "t m s", anchor="end")
    steps = range(round(low * 10), round(high * 10) + 1, 2)
    widest = max(text_width(words.tick(step / 10), 11) for step in steps) + 6
    every = next((k for k in (2, 4, 10, 20) if across(k / 10) - across(0.0) >= widest), 50)
    for step in steps:
        if step % every == 0:
            drawing.text(across(step / 10), bottom + 18, words.tick(step / 10), "t m s", anchor="middle")
    if low < 0:
        drawing.line(across(0), top, across(0), bottom, "line-zero")
    drawing.line(x_mean, top, x_mean, bottom, "line-reference")
    drawing.line(left, y_mean, right, y_mean, "line-reference")
    drawing.text(left - 30, 12, words.performance, "t m s")
    drawing.text(right, bottom + 36, words.importance, "t m s", anchor="end")
    _spots(drawing, mark, spots, across, up, right)
    return drawing


def _spots(
    drawing: Drawing, mark: Mark, spots: tuple[Spot, ...], across: Callable[[float], float],
    up: Callable[[float], float], right: float,
) -> None:  # fmt: skip
    taken: list[Box] = []
    for spot in spots:
        x, y = across(spot.importance), up(spot.performance)
        taken.append((x - 7, y - 7, x + 7, y + 7))
        (x1, x2), (y1, y2) = spot.importance_ends, spot.performance_ends
        if x1 is not None and x2 is not None:
            drawing.line(across(x1), y, across(x2), y, f"interval {mark.css}")
        if y1 is not None and y2 is not None:
            drawing.line(x, up(y1), x, up(y2), f"interval {mark.css}")
    for spot in spots:
        marker_shape(drawing, mark.shape, across(spot.importance), up(spot.performance), 5.2, f"{mark.css} edge")
    for spot in spots:
        x, y = across(spot.importance), up(spot.performance)
        width = text_width(spot.label, 12.5, bold=True)
        box = _free(taken, x, y, width, right)
        taken.append(box)
        drawing.text(box[0], box[3] - 3, spot.label, "t b halo")


def _free(taken: list[Box], x: float, y: float, width: float, right: float) -> Box:
    """The first place beside (x, y) that nothing holds yet."""
    best: tuple[float, Box] | None = None
    for dx, dy in ((8, -8), (8, 20), (-8 - width, -8), (-8 - width, 20), (8, -24), (8, 36), (-width / 2, -28)):
        start = min(x + dx, right - width)
        box = (start, y + dy - 12, start + width, y + dy + 3)
        overlap = sum(
            max(0.0, min(box[2], t[2]) - max(box[0], t[0])) * max(0.0, min(box[3], t[3]) - max(box[1], t[1]))
            for t in taken
        )
        if best is None or overlap < best[0]:
            best = (overlap, box)
    assert best is not None
    return best[1]
