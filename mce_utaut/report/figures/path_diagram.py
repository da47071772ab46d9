"""Path diagram: predictors left, what they predict to the right; ellipses latent, rectangles observed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, number, text_width, wrap

_SIZE, _LEADING = 12.5, 14.0
_LEAST_RX = 56.0  # a node must hold its name
_PLACES = (0.36, 0.5, 0.64, 0.28, 0.44, 0.57, 0.72, 0.2)


@dataclass(frozen=True, slots=True)
class Node:
    """A variable of the structural model; ``note`` is a short line under its name (R², or nothing)."""

    name: str
    label: str
    latent: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A path with its label; ``size`` (0 to 1) sets the line's width, ``certain`` whether its interval
    excludes zero."""

    source: str
    target: str
    text: str
    size: float
    certain: bool


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    rx: float
    ry: float
    latent: bool

    def edge_towards(self, x: float, y: float) -> tuple[float, float]:
        """The point of the outline in the direction of (x, y)."""
        dx, dy = x - self.x, y - self.y
        if dx == 0 and dy == 0:
            return self.x, self.y
        if self.latent:
            scale = 1.0 / math.hypot(dx / self.rx, dy / self.ry)
        else:
            scale = min(self.rx / abs(dx) if dx else math.inf, self.ry / abs(dy) if dy else math.inf)
        return self.x + dx * scale, self.y + dy * scale


def draw_path_diagram(frame: Frame, nodes: Sequence[Node], edges: Sequence[Edge]) -> Drawing:
    """The diagram, laid out from the paths alone: any recursive model, from two to a dozen variables."""
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    drawing.arrow_head("strong", "arrow-strong")
    drawing.arrow_head("weak", "arrow-weak")
    depth = layers([node.name for node in nodes], edges)
    wide = frame.width >= 500
    boxes, height = (_wide if wide else _narrow)(frame.width, nodes, edges, depth)
    lanes = 0
    taken = [(b.x - b.rx, b.y - b.ry, b.x + b.rx, b.y + b.ry) for b in boxes.values()]
    labels: list[tuple[float, float, Edge]] = []
    bottom = height
    for edge in sorted(edges, key=lambda e: (depth[e.target] - depth[e.source], boxes[e.source].y)):
        source, target = boxes[edge.source], boxes[edge.target]
        if wide and depth[edge.target] - depth[edge.source] > 1:
            lanes += 1
            y = max(height - 8 + 30 * (lanes - 1), source.y + source.ry + 14)
            bottom = max(bottom, y + 18)
            _lane(drawing, edge, source, target, y, lanes)
            spot = ((source.x + source.rx + target.x) / 2, y)
        else:
            start, end = source.edge_towards(target.x, target.y), target.edge_towards(source.x, source.y)
            if wide:
                start = (source.x + source.rx, source.y)
                end = target.edge_towards(start[0], start[1])
            _straight(drawing, edge, start, end)
            spot = _spot(_lines(edge, wide), start, end, taken, frame.width)
        taken.append(_label_box(_lines(edge, wide), *spot))
        labels.append((*spot, edge))
    for node in nodes:
        _node(drawing, node, boxes[node.name], wide)
    for x, y, edge in labels:
        _label(drawing, edge, _lines(edge, wide), x, y)
    drawing.height = bottom + 6
    return drawing


def layers(names: Sequence[str], edges: Sequence[Edge]) -> Mapping[str, int]:
    """The column of each variable: the length of the longest chain of paths that leads to it."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        changed = False
        for edge in edges:
            if depth[edge.target] < depth[edge.source] + 1 <= len(names):
                depth[edge.target] = depth[edge.source] + 1
                changed = True
        if not changed:
            break
    used = sorted(set(depth.values()))
    return {name: used.index(value) for name, value in depth.items()}


def _wide(
    width: float, nodes: Sequence[Node], edges: Sequence[Edge], depth: Mapping[str, int]
) -> tuple[dict[str, _Box], float]:
    columns = max(depth.values()) + 1
    longest = max((text_width(edge.text, _SIZE) for edge in edges), default=0.0)
    gap = max(134.0, longest + 56) if columns > 2 else 250.0
    rx = max(_LEAST_RX, min(80.0, (width - 4 - gap * (columns - 1)) / (2 * columns)))
    two_lines = any(node.note and text_width(node.label, 11.0) > 1.6 * rx for node in nodes)
    ry, row = (34.0, 78.0) if two_lines else (27.0, 68.0)
    skipping = {e.source for e in edges if depth[e.target] - depth[e.source] > 1}
    members = [
        sorted((n for n in nodes if depth[n.name] == column), key=lambda n: n.name in skipping)
        for column in range(columns)
    ]
    height = row * max(len(m) for m in members)
    step = (width - 4 - 2 * rx) / max(columns - 1, 1)
    boxes = {}
    for column, group in enumerate(members):
        top = (height - row * len(group)) / 2
        for index, node in enumerate(group):
            boxes[node.name] = _Box(2 + rx + column * step, top + (index + 0.5) * row, rx, ry, node.latent)
    return boxes, height


def _narrow(
    width: float, nodes: Sequence[Node], edges: Sequence[Edge], depth: Mapping[str, int]
) -> tuple[dict[str, _Box], float]:
    left = [n for n in nodes if depth[n.name] == 0]
    right = sorted((n for n in nodes if depth[n.name] > 0), key=lambda n: depth[n.name])
    ry = 34.0 if any(node.note for node in nodes) else 27.0
    rx, row = 45.0, 2 * ry + 8
    height = row * max(len(left), 1.7 * len(right))
    boxes = {}
    for index, node in enumerate(left):
        boxes[node.name] = _Box(2 + rx, (index + 0.5) * height / len(left), rx, ry, node.latent)
    for index, node in enumerate(right):
        y = (index + 0.5) * height / len(right)
        boxes[node.name] = _Box(width - 2 - rx, y, rx, ry, node.latent)
    return boxes, height


def _stroke(edge: Edge) -> tuple[str, float, str]:
    width = 1.2 + 6.0 * min(abs(edge.size), 1.0)
    return ("path-strong" if edge.certain else "path-weak"), width, ("strong" if edge.certain else "weak")


def _straight(drawing: Drawing, edge: Edge, start: tuple[float, float], end: tuple[float, float]) -> None:
    css, width, marker = _stroke(edge)
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    tip = (x2 - (x2 - x1) / length * 2, y2 - (y2 - y1) / length * 2)
    back = (tip[0] - (x2 - x1) / length * 8, tip[1] - (y2 - y1) / length * 8)
    drawing.path(f"M{number(x1)} {number(y1)}L{number(back[0])} {number(back[1])}", css, width=width)
    drawing.path(
        f"M{number(back[0])} {number(back[1])}L{number(tip[0])} {number(tip[1])}",
        "path-tip",
        width=0.01,
        marker=marker,
    )


def _lane(drawing: Drawing, edge: Edge, source: _Box, target: _Box, y: float, lane: int) -> None:
    css, width, marker = _stroke(edge)
    x1, x2 = source.x + 0.4 * source.rx, target.x + 12.0 * (lane - 1)
    start = source.y + source.ry * (0.92 if source.latent else 1.0)
    end = target.y + target.ry + 2
    drawing.path(
        f"M{number(x1)} {number(start)}Q{number(x1)} {number(y)} {number(x1 + 24)} {number(y)}"
        f"H{number(x2 - 24)}Q{number(x2)} {number(y)} {number(x2)} {number(y - 24)}V{number(end + 8)}",
        css,
        width=width,
    )
    drawing.path(f"M{number(x2)} {number(end + 8)}L{number(x2)} {number(end)}", "path-tip", width=0.01, marker=marker)


def _lines(edge: Edge, wide: bool) -> list[str]:
    """The label of a path: where narrow its interval stands below the estimate, so that the arrow can be seen."""
    estimate, bracket, rest = edge.text.partition(" [")
    return [edge.text] if wide or not bracket else [estimate, f"[{rest}"]


def _half(lines: Sequence[str]) -> float:
    return max(text_width(line, _SIZE) for line in lines) / 2


def _label_box(lines: Sequence[str], x: float, y: float) -> tuple[float, float, float, float]:
    half, high = _half(lines) + 4, 10 + _LEADING * (len(lines) - 1) / 2
    return x - half, y - high, x + half, y + high


def _spot(
    lines: Sequence[str],
    start: tuple[float, float],
    end: tuple[float, float],
    taken: Sequence[tuple[float, float, float, float]],
    width: float,
) -> tuple[float, float]:
    best, least = (start[0], start[1]), math.inf
    half = _half(lines) + 5
    for share in _PLACES:
        x = start[0] + share * (end[0] - start[0])
        y = start[1] + share * (end[1] - start[1])
        x = min(max(x, half), width - half)
        box = _label_box(lines, x, y)
        overlap = sum(
            max(0.0, min(box[2], t[2]) - max(box[0], t[0])) * max(0.0, min(box[3], t[3]) - max(box[1], t[1]))
            for t in taken
        )
        if overlap < least - 1e-9:
            best, least = (x, y), overlap
        if least == 0:
            break
    return best


def _label(drawing: Drawing, edge: Edge, lines: Sequence[str], x: float, y: float) -> None:
    css, above = "t n" if edge.certain else "t n m", _LEADING * (len(lines) - 1) / 2
    rows = [(y - above + _LEADING * i, line) for i, line in enumerate(lines)]
    for middle, line in rows:
        half = text_width(line, _SIZE) / 2
        drawing.rect(x - half - 3, middle - 8.5, 2 * half + 6, 17, "paper")
    for middle, line in rows:
        drawing.text(x, middle + 4.5, line, css, anchor="middle")


def _node(drawing: Drawing, node: Node, box: _Box, wide: bool) -> None:
    if box.latent:
        drawing.ellipse(box.x, box.y, box.rx, box.ry, "node")
    else:
        drawing.rect(box.x - box.rx, box.y - box.ry, 2 * box.rx, 2 * box.ry, "node", radius=2)
    inner = 2 * box.rx * (0.8 if box.latent else 0.92)
    size = 11.0 if wide else 10.5
    most = (1 if node.note else 2) if box.ry < 30 else 2 if node.note or wide else 3
    lines = wrap(node.label, size, inner, most)
    rows = 1 + len(lines) + (1 if node.note else 0)
    # A third line of the label stands a little higher, where an ellipse is wide.
    y = box.y - 6.5 * (rows - 1) + (1.5 if len(lines) > 2 else 4)
    drawing.text(box.x, y, wrap(node.name, _SIZE, inner, 1, bold=True)[0], "t b", anchor="middle")
    for line in [*lines, *([node.note] if node.note else [])]:
        y += 13
        drawing.text(box.x, y, line, "t m s" if line is not node.note else "t n s", anchor="middle")
