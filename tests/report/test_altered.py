"""A study.json that somebody altered by hand ends in one sentence with the place, never in a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mce_utaut.cli.app import run_app
from mce_utaut.errors import StudyError
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.result import StudyResult
from mce_utaut.study.traced import Trail

WRONG = (None, "abc", "", 5, -3.5, [], {}, [1, 2], {"x": 1}, True, 1e308)


@pytest.fixture(scope="module")
def tree(
    make_study: Callable[..., StudyResult], make_sections: Callable[[], dict[str, dict[str, Any]]]
) -> dict[str, Any]:
    return json.loads(to_json(make_study(sections=make_sections())))


def refusal(tree: dict[str, Any], folder: Path) -> str:
    """What ``report`` says of the study ``tree``; "" where it draws it."""
    (folder / "study.json").write_text(json.dumps(tree), "utf-8")
    try:
        assert run_app(["report", str(folder), "--overwrite"]) == 0
    except StudyError as error:
        return str(error)
    return ""


def placed(tree: Any, *path: str | int) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield from places(value[step], (*path, step))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("sections", "regression", "roles"), 5, "reading stopped at sections.regression (last read: 'roles')"),
        (("sections", "comparison", "ladder", "levels", 0), "x", "sections.comparison.ladder.levels[0]"),
        (("roles", 0, "items", 1, "mean"), "x", "roles[0].items[1].mean is 'x', where a number should stand"),
        (("roles", 0, "flow", 0), [], "roles[0].flow[0] is [], where an object should stand"),
        (("roles", 0, "hypotheses", 0, "verdict"), "maybe", "roles[0].hypotheses[0].verdict is 'maybe', not one of"),
        (("provenance", "seed"), None, "provenance.seed is None, where a number should stand"),
    ],
)
def test_the_place_is_told(
    tree: dict[str, Any], tmp_path: Path, path: tuple[str | int, ...], value: object, said: str
) -> None:
    altered = json.loads(json.dumps(tree))
    placed(altered, *path[:-1])[path[-1]] = value
    assert said in refusal(altered, tmp_path)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (("roles", 1, "title"), "roles[1] has no 'title'"),
        (("sections", "waves", "roles", "student", "paths", 0, "model"), "waves.roles.student.paths[0] has no 'model'"),
    ],
)
def test_what_is_missing_is_named(tree: dict[str, Any], tmp_path: Path, path: tuple[str | int, ...], said: str) -> None:
    altered = json.loads(json.dumps(tree))
    del placed(altered, *path[:-1])[path[-1]]
    assert said in refusal(altered, tmp_path)


def test_any_place_may_hold_anything(tree: dict[str, Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    shapes: dict[tuple[object, ...], list[tuple[str | int, ...]]] = {}
    for path in places(tree["sections"], ("sections",)):
        shapes.setdefault(tuple("" if isinstance(step, int) else step for step in path), []).append(path)
    kinds, refused = [path for paths in shapes.values() if len(path := paths[0]) > 1], 0
    for choice in rng.choice(len(kinds), 12, replace=False):
        altered, path = json.loads(json.dumps(tree)), kinds[choice]
        placed(altered, *path[:-1])[path[-1]] = WRONG[int(rng.integers(len(WRONG)))]
        said = refusal(altered, tmp_path)
        refused += bool(said)
        assert not said or re.search(r"study\.json: .*(stopped at|has no|is ).*(Undo|Run)", said), said
    assert refused


def test_lists_within_lists_are_refused(tree: dict[str, Any]) -> None:
    text = json.dumps({**tree, "sections": {"a": 0}}).replace('{"a": 0}', '{"a": ' + "[" * 5000 + "]" * 5000 + "}")
    with pytest.raises(StudyError, match=r"is not JSON|without end"):
        from_json(text)


def test_what_is_read_back_is_equal_and_leaves_a_trail(tree: dict[str, Any]) -> None:
    trail = Trail()
    read = from_json(json.dumps(tree), trail=trail)
    assert trail.path == ""
    assert read.sections["waves"]["roles"]["student"]["paths"][0]["model"]
    assert (trail.path, trail.key) == ("sections.waves.roles.student.paths[0]", "model")
    assert read == from_json(to_json(read))
