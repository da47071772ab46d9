"""A small SVG writer: real text, colours by CSS class only (so that light, dark and print share one
drawing), coordinates with one decimal (so that equal input gives equal bytes)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.24),
    **dict.fromkeys("I.,:;! ", 0.29),
    **dict.fromkeys("ft()[]r-", 0.35),
    **dict.fromkeys("mw%", 0.84),
    **dict.fromkeys("MW@—", 0.96),
    **dict.fromkeys("0123456789", 0.57),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.71),
    **dict.fromkeys("ckszvxy", 0.52),
}
SAFETY = 1.16  # Verdana and DejaVu are that much wider; a label must fit in whatever face the reader has


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width in px of ``text`` at ``size`` px in the widest of the usual sans-serif faces."""
    return _units(text) * size * SAFETY * (1.06 if bold else 1.0)


def _units(text: str) -> float:
    known = _WIDTHS.get
    return sum(known(c) or (0.57 if c < "\u2e80" else 1.0) for c in text)


def wrap(text: str, size: float, width: float, lines: int, *, bold: bool = False) -> list[str]:
    """``text`` broken into at most ``lines`` lines of ``width`` px; what does not fit ends in "…"."""
    text = text[: 60 * lines + int(width)]
    room = width / text_width("0", size, bold=bold) * _units("0")
    out: list[str] = []
    current, used = "", 0.0
    for word in text.split():
        long = _units(word)
        gap = _WIDTHS[" "] if current else 0.0
        if used + gap + long <= room:
            current, used = f"{current} {word}".strip(), used + gap + long
            continue
        if len(out) == lines - 1:
            return [*out, _cut(f"{current} {word}".strip(), room)]
        if current:
            out.append(current)
        if long > room:
            word = _cut(word, room)
            long = _units(word)
        current, used = word, long
    return [*out, current] if current else out


def _cut(text: str, room: float) -> str:
    """``text`` shortened to ``room`` units, with "…" where something is gone."""
    used = _units("…")
    for index, c in enumerate(text):
        used += _units(c)
        if used > room:
            return f"{text[:index].rstrip()}…" if _units(text) > room else text
    return text


def number(value: float) -> str:
    """A coordinate: one decimal, no trailing zero, no negative zero."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


class Drawing:
    """Collects the elements of one SVG. ``width`` and ``height`` are in px at scale 1; ``height`` may be
    set until ``markup`` is called. ``title`` and ``description`` are its text alternative."""

    def __init__(self, name: str, width: float, height: float, title: str, description: str) -> None:
        self.name, self.width, self.height = name, width, height
        self._title, self._description = title, description
        self._parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """A straight line."""
        self._add("line", css, x1=x1, y1=y1, x2=x2, y2=y2)

    def rect(self, x: float, y: float, width: float, height: float, css: str, *, radius: float = 0) -> None:
        """A rectangle; ``radius`` rounds its corners."""
        extra = {"rx": radius} if radius else {}
        self._add("rect", css, x=x, y=y, width=max(width, 0), height=max(height, 0), **extra)

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, css: str) -> None:
        """An ellipse."""
        self._add("ellipse", css, cx=cx, cy=cy, rx=rx, ry=ry)

    def path(self, d: str, css: str, *, width: float | None = None, marker: str = "") -> None:
        """A path; ``width`` overrides the stroke width, ``marker`` names an arrow head of this drawing."""
        extra = f' stroke-width="{number(width)}"' if width is not None else ""
        extra += f' marker-end="url(#{self.name}-{marker})"' if marker else ""
        self._parts.append(f'<path class="{escape(css)}" d="{escape(d)}"{extra}/>')

    def polygon(self, points: Sequence[tuple[float, float]], css: str) -> None:
        """A closed polygon."""
        joined = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self._parts.append(f'<polygon class="{escape(css)}" points="{joined}"/>')

    def text(self, x: float, y: float, content: str, css: str = "t", *, anchor: str = "start") -> None:
        """One line of text; ``anchor`` is start, middle or end."""
        place = f'x="{number(x)}" y="{number(y)}"'
        place += "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(f'<text class="{escape(css)}" {place}>{escape(clean(content))}</text>')

    def lines(
        self, x: float, y: float, content: Sequence[str], css: str, leading: float, *, anchor: str = "start"
    ) -> None:
        """Several lines of text, the first with its baseline at ``y``."""
        for index, line in enumerate(content):
            self.text(x, y + index * leading, line, css, anchor=anchor)

    def arrow_head(self, marker: str, css: str) -> None:
        """Defines an arrow head that ``path`` can name."""
        self._parts.append(
            f'<marker id="{self.name}-{marker}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" '
            f'markerHeight="11" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
            f'<path class="{escape(css)}" d="M0 1 9.5 5 0 9z"/></marker>'
        )

    def hatching(self, marker: str, css: str) -> None:
        """Defines a pattern of slanted lines, used as ``fill``."""
        self._parts.append(
            f'<pattern id="{self.name}-{marker}" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/>'
            f'<line class="{escape(css)}" x1="0" y1="0" x2="0" y2="5"/></pattern>'
        )

    def filled(self, x: float, y: float, width: float, height: float, marker: str, css: str) -> None:
        """A rectangle filled with a pattern of this drawing."""
        self._parts.append(
            f'<rect class="{escape(css)}" x="{number(x)}" y="{number(y)}" width="{number(width)}" '
            f'height="{number(height)}" fill="url(#{self.name}-{marker})"/>'
        )

    def markup(self) -> Markup:
        """The finished drawing."""
        name = escape(self.name)
        head = (
            f'<svg class="drawing" role="img" aria-labelledby="{name}-t {name}-d" '
            f'viewBox="0 0 {number(self.width)} {number(self.height)}" '
            f'style="--drawn:{number(self.width)}px">'
            f'<title id="{name}-t">{escape(clean(self._title))}</title>'
            f'<desc id="{name}-d">{escape(clean(self._description))}</desc>'
        )
        return Markup(head + "".join(self._parts) + "</svg>")

    def _add(self, tag: str, css: str, **places: float) -> None:
        attributes = "".join(f' {key}="{number(value)}"' for key, value in places.items())
        self._parts.append(f'<{tag} class="{escape(css)}"{attributes}/>')


def marker_shape(drawing: Drawing, shape: str, x: float, y: float, size: float, css: str) -> None:
    """Draws a role's marker (circle, square, triangle, diamond or cross) centred at ``x``, ``y``."""
    if shape == "circle":
        drawing.ellipse(x, y, size, size, css)
    elif shape == "square":
        drawing.rect(x - 0.9 * size, y - 0.9 * size, 1.8 * size, 1.8 * size, css)
    elif shape == "triangle":
        drawing.polygon(
            [(x, y - 1.15 * size), (x + 1.1 * size, y + 0.85 * size), (x - 1.1 * size, y + 0.85 * size)], css
        )
    elif shape == "diamond":
        reach = 1.25 * size
        drawing.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], css)
    else:
        a, b = 0.45 * size, 1.1 * size
        drawing.polygon(
            [
                (x - a, y - b),
                (x + a, y - b),
                (x + a, y - a),
                (x + b, y - a),
                (x + b, y + a),
                (x + a, y + a),
                (x + a, y + b),
                (x - a, y + b),
                (x - a, y + a),
                (x - b, y + a),
                (x - b, y - a),
                (x - a, y - a),
            ],
            css,
        )


def clean(text: str) -> str:
    """``text`` without the control characters that neither HTML nor XML may hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n").replace("￾", "").replace("￿", "")
