"""Every sentence of the program is said somewhere: its key stands in the code or a template, whole or put together."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mce_utaut import own_text

PACKAGE = Path(own_text.__file__).parent
TEXTS = {"report": "report/wording", "study": "study/text"}
ANYTHING = ".+"


def patterns(room: str) -> set[str]:
    """Strings of the room's code and templates, with what is put in at run time as a wildcard; those that are
    nothing but wildcards and dots are left out."""
    found = set()
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= beginnings(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (re.escape(p.value) if isinstance(p, ast.Constant) else ANYTHING for p in node.values)
                found.add("".join(parts))
    for path in (PACKAGE / room).rglob("*.html"):
        for text in re.findall(r"[\"']([^\"' ]+)[\"']", path.read_text("utf-8")):
            found |= beginnings(text)
    return {each for each in found if re.search(r"\w{2}", each.replace(ANYTHING, ""))}


def beginnings(text: str) -> set[str]:
    """A key, or the first or last part of one that is put together."""
    whole = re.escape(text)
    return {whole + ANYTHING if text.endswith(".") else ANYTHING + whole if text.startswith(".") else whole}


@pytest.mark.parametrize("room", TEXTS)
def test_every_key_is_used(room: str) -> None:
    folder = PACKAGE / TEXTS[room]
    entries = own_text.flat((folder / "en.yaml").read_text("utf-8"))
    strings = patterns(room)
    used = re.compile("|".join(f"(?:{each})" for each in sorted(strings)))

    def put_together(key: str) -> bool:  # from a group and a name that stand apart
        return all(re.escape(part) in strings for part in key.rsplit(".", 1))

    # Terms are looked up by the names of links and of the glossary.
    unused = [key for key in entries if not key.startswith("terms.") and not (used.fullmatch(key) or put_together(key))]
    assert unused == []
