"""Contrast of the report's colours in light and dark (WCAG 2.2: 4.5 for text, 3 for marks)."""

from __future__ import annotations

import re
from importlib import resources

import pytest

TEXT, MARKS = 4.5, 3.0


def css(name: str) -> str:
    return (resources.files("mce_utaut.report") / "templates" / "assets" / name).read_text("utf-8")


def tokens() -> dict[str, dict[str, str]]:
    sheet = css("report.css")
    blocks = re.findall(r":root\{(.*?)\}", sheet, re.S)
    found = [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", block)) for block in blocks[:2]]
    paper = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", css("print.css")))
    return {"light": found[0], "dark": {**found[0], **found[1]}, "print": {**found[0], **paper}}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(scheme: str) -> dict[str, str]:
    """The ink class of every colour of the answer scale, as figures.css gives it in ``scheme``."""
    sheet = css("figures.css")
    light, _, dark = sheet.partition("@media (prefers-color-scheme:dark)")
    found: dict[str, str] = {}
    for selector, ink in re.findall(r"((?:\.on-[\w,.-]+))\{fill:var\(--(on-\w+)\)\}", light):
        found |= dict.fromkeys(re.findall(r"\.on-(\w+)", selector), ink)
    if scheme == "dark":
        for selector, ink in re.findall(r"((?:\.on-[\w,.-]+))\{fill:var\(--(on-\w+)\)\}", dark):
            found |= dict.fromkeys(re.findall(r"\.on-(\w+)", selector), ink)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("ground", ["paper", "surface", "band"])
@pytest.mark.parametrize("ink", ["ink", "muted", "accent"])
def test_text_stands_out_from_every_ground(scheme: str, ground: str, ink: str) -> None:
    colours = tokens()[scheme]
    assert contrast(colours[ink], colours[ground]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("role", ["r1", "r2", "r3", "r4", "r5"])
def test_role_marks_stand_out_from_the_paper(scheme: str, role: str) -> None:
    colours = tokens()[scheme]
    assert contrast(colours[role], colours["paper"]) >= MARKS


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_percentages_can_be_read_on_every_colour_of_the_answer_scale(scheme: str) -> None:
    colours, inks = tokens()[scheme], ink_on(scheme)
    assert len(inks) == 11
    for fill, ink in inks.items():
        assert contrast(colours[fill], colours[ink]) >= TEXT, f"{fill} with {ink} in {scheme}"


def test_dark_redefines_every_colour() -> None:
    sheet = css("report.css")
    light, dark = (set(re.findall(r"--([\w-]+):#", block)) for block in re.findall(r":root\{(.*?)\}", sheet, re.S)[:2])
    assert light == dark
