"""The walls of the house, as tests: who may import whom, and who may touch files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "mce_utaut"

# A room may import only rooms of a lower level (and itself).
LEVELS = {
    "errors": 0,
    "notes": 0,
    "own_text": 1,
    "instrument": 1,
    "sem": 1,
    "scoring": 1,
    "regression": 1,
    "responses": 2,
    "survey": 3,
    "simulate": 3,
    "triangulation": 4,
    "study": 5,
    "cases": 4,
    "pilots": 4,
    "planning": 4,
    "archive": 4,
    "preview": 4,
    "translations": 4,
    "report": 6,
    "files": 6,
    "shipped": 6,
    "cli": 7,
    "__main__": 8,
}
# What a lower room may still ask of a higher one, with the reason.
ALLOWED = {
    ("study", "files"),  # study.run reads the files that a study names
}
# Packages that only some places may import, because of what they cost or what they must not know.
ONLY_IN = {
    "semopy": ("sem/engines/semopy.py",),
    "pandas": (
        "sem/engines/semopy.py",
        "scoring/reliability.py",
        "responses",
        "survey",
        "simulate",
        "study",
        "archive",
        "cli",
    ),
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def test_every_room_has_a_level() -> None:
    assert {room_of(path) for path in modules()} - {"__init__"} <= set(LEVELS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_lower_rooms(path: Path) -> None:
    room = room_of(path)
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] != "mce_utaut" or len(parts) < 2 or parts[1] not in LEVELS:
            continue
        other = parts[1]
        if other == room or (room, other) in ALLOWED:
            continue
        assert LEVELS[other] < LEVELS[room], f"{room} must not import {other}"
        assert room != "sem" or other in ("errors", "notes"), "sem/ knows no survey"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_costly_packages_stay_where_they_belong(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or place.startswith(allowed), f"{place} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_files_and_cli_touch_the_disk(path: Path) -> None:
    if room_of(path) in ("files", "cli", "shipped"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        assert name not in ("write_text", "write_bytes", "read_text", "read_bytes", "mkdir", "unlink") or (
            isinstance(called, ast.Attribute) and _is_package_data(called.value)
        ), f"{path.name}:{node.lineno} touches the disk"
        assert not (isinstance(called, ast.Name) and name == "open"), (
            f"{path.name}:{node.lineno} opens a file"
        )


def _is_package_data(node: ast.AST) -> bool:
    """Text that ships inside the package (importlib.resources) is code, not a user's file."""
    return any(isinstance(part, ast.Name) and part.id in ("resources", "files") for part in ast.walk(node))
