"""JSON Schemas (draft 2020-12) of structure and wording files, for editors."""

from __future__ import annotations

import json
from typing import Any

from mce_utaut.instrument.shape import Marked, StructureShape, WordingShape

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: dict[str, type[Marked]] = {
    "structure.schema.json": StructureShape,
    "wording.schema.json": WordingShape,
}


def schema_of(shape: type[Marked]) -> dict[str, Any]:
    """The JSON Schema of one kind of file, as a dictionary ready for JSON."""
    schema = _simplified(shape.model_json_schema(by_alias=True))
    return {"$schema": DIALECT, **schema}


def schema_files() -> dict[str, bytes]:
    """The schema files by name, UTF-8. An editor that knows yaml-language-server checks and completes a
    YAML whose first line names one:
    ``# yaml-language-server: $schema=schema/structure.schema.json``."""
    return {
        name: (json.dumps(schema_of(shape), indent=2, ensure_ascii=False) + "\n").encode("utf-8")
        for name, shape in SHAPES.items()
    }


def _simplified(node: Any) -> Any:
    """The schema without generated titles, null and empty values (a key is left out instead), and with
    keys beside a pattern refused, as the reader does."""
    if isinstance(node, list):
        return [_simplified(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _simplified(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value in (None, ""))
    }
    if "patternProperties" in kept:
        kept.pop("propertyNames", None)
        kept["additionalProperties"] = False
    if "enum" in kept:
        kept["enum"] = [value for value in kept["enum"] if value != ""]
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if "anyOf" in kept and len(options) == 1:
        del kept["anyOf"]
        return options[0] | kept
    return kept
