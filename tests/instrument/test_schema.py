"""The JSON Schemas in ``instruments/schema`` are those that the code makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from mce_utaut.instrument.model import QuestionType
from mce_utaut.instrument.schema import SHAPES, schema_files, schema_of
from mce_utaut.instrument.shape import StructureShape

FOLDER = Path(__file__).parents[2] / "instruments" / "schema"


@pytest.mark.parametrize("name", SHAPES)
def test_the_committed_schema_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_bytes() == schema_files()[name], "run: python -m mce_utaut schema"


def test_nothing_else_lies_in_the_folder() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(SHAPES)


def test_a_question_is_described_for_editors() -> None:
    question = schema_of(StructureShape)["$defs"]["QuestionShape"]
    assert question["required"] == ["code", "type"]
    assert question["additionalProperties"] is False
    assert question["properties"]["type"]["enum"] == list(get_args(QuestionType))
    assert "construct" in question["properties"] and "measures" not in question["properties"]
    assert all("description" in entry for entry in question["properties"].values())


def test_option_codes_may_be_written_without_quotes() -> None:
    option = schema_of(StructureShape)["$defs"]["OptionShape"]["properties"]["code"]
    assert option["type"] == ["string", "integer"]


def test_no_null_and_no_empty_value_is_offered() -> None:
    for content in schema_files().values():
        text = json.dumps(json.loads(content))
        assert '"null"' not in text and '""' not in text
