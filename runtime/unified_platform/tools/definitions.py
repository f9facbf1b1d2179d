"""Tool definitions from the compiled catalog, before they are narrowed to an agent's vendors."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unified_runtime.core.private_vendors import model_files


@dataclass(frozen=True, slots=True)
class Definition:
    """One tool of the catalog.

    `operation` is the operation it calls (`tasks.create`), `like` its kind (create, get, list, update, delete, changes), `effect` read,
    write or destructive, `parameters` the JSON Schema of its arguments, `record` that of its result, `lookups` the resource with
    the records of an id argument, and `synonyms` other words for it. `contents` are the arguments with a file's content;
    `returns_content` is true if the result is a file's content.
    """

    name: str
    operation: str
    like: str
    effect: str
    description: str
    parameters: Mapping[str, Any]
    record: Mapping[str, Any]
    lookups: Mapping[str, str]
    synonyms: tuple[str, ...]
    contents: tuple[str, ...] = ()
    returns_content: bool = False
    named: bool = False
    """True if only agents whose toolset names its resource get it."""
    shows_custom_fields: bool = False
    """True if results have all custom fields, unless the call names some."""

    @property
    def resource(self) -> str:
        return self.operation.partition(".")[0]

    @property
    def verb(self) -> str:
        return self.operation.partition(".")[2]


@functools.cache
def definitions() -> Mapping[str, Definition]:
    """Return every tool of the catalog, by name. They are read once, since they are part of the installation."""
    found: dict[str, Definition] = {}
    for file in model_files("tools"):
        data = json.loads(file.read_text(encoding="utf-8"))
        for one in data["tools"]:
            found[one["name"]] = Definition(
                name=one["name"],
                operation=one["operation"],
                like=one["like"],
                effect=one["effect"],
                description=one["description"],
                parameters=one["parameters"],
                record=data["record"],
                lookups=one["lookups"],
                synonyms=tuple(one["synonyms"]),
                contents=tuple(one.get("contents", ())),
                returns_content=one.get("returns") == "content",
                named=data.get("named", False),
                shows_custom_fields=data.get("shows_custom_fields", False),
            )
    return found
