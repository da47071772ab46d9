"""The report's drawings as pictures: the very same SVG with the page's light colours, in a font that comes with
matplotlib, so that they look alike on every machine and whether or not it has fonts."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources, util
from pathlib import Path

from mce_utaut.report.page import PRINTED
from mce_utaut.report.word.text import attribute, plain

SCALE = 1.5  # picture elements per px of the drawing: 152 to the inch on the page
_EMU_PER_TWIP = 635
# DejaVu Sans is about an eighth wider than the faces that the drawings are measured for.
FACE, NARROWING = "DejaVu Sans", 0.88
_FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in px."""
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("the drawing has no viewBox")
    return float(found[1]), float(found[2])


def png(svg: str) -> bytes:
    """The drawing as a PNG picture on white; equal drawings give equal bytes."""
    from resvg_py import svg_to_bytes

    width, height = size_of(svg)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
    whole = plain(svg).replace("<svg ", head, 1).replace(">", f"><style>{_style()}</style>", 1)
    return bytes(svg_to_bytes(
        svg_string=whole, zoom=SCALE, background="#ffffff", skip_system_fonts=True, font_files=list(_font_files()),
        font_family=FACE, sans_serif_family=FACE,
    ))  # fmt: skip


def texts_of(svg: str) -> tuple[str, str]:
    """Title and text alternative of a drawing."""
    from lxml import etree

    root = etree.fromstring(re.sub(r"^<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', plain(svg)).encode("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    return root.findtext(f"{space}title", ""), root.findtext(f"{space}desc", "")


def picture_xml(relation: str, number: int, svg: str, most_wide: int, most_high: int) -> str:
    """The ``w:r`` that shows an embedded picture, at most so many twips wide and high."""
    title, description = texts_of(svg)
    wide, high = size_of(svg)
    fit = min(most_wide / wide, most_high / high, most_wide / PRINTED)
    cx, cy = (int(side * fit) * _EMU_PER_TWIP for side in (wide, high))
    name = f'id="{number}" name="Picture {number}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>'
        f"<wp:docPr {name} title={attribute(title)} descr={attribute(description)}/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


@cache
def _style() -> str:
    """The page's rules for drawings, with the values of its light colours in place of their names."""
    page, rules = (
        resources.files("mce_utaut.report").joinpath("templates", "assets", name).read_text("utf-8")
        for name in ("report.css", "figures.css")
    )
    light = dict(re.findall(r"--([\w-]+):([^;]+);", page[page.index(":root{") : page.index("}")]))
    light["face"] = f'"{FACE}"'
    rules = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}", "", rules)
    rules = re.sub(r"\.fig-narrow[^{]*\{[^}]*\}", "", rules)
    rules = re.sub(r"var\(--([\w-]+)\)", lambda found: light.get(found[1], "inherit"), rules)
    return re.sub(r"font-size:([\d.]+)px", lambda found: f"font-size:{float(found[1]) * NARROWING:.2f}px", rules)


@cache
def _font_files() -> tuple[str, ...]:
    found = util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib, whose fonts the pictures use, is not installed")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return tuple(str(folder / name) for name in _FONTS)
