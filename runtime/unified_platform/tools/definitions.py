"""The tools as the compiler made them, before they are narrowed to what an agent has."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PACKAGE = "unified.tools"


@dataclass(frozen=True, slots=True)
class Definition:
    """One tool of the catalog.

    `operation` is what it calls (`tasks.create`), `like` what it is a kind of (create, get, list, update, delete, changes), `effect` read,
    write or destructive, `parameters` the JSON Schema of its arguments, `record` that of what it answers, `lookups` the resource in
    which the id that an argument wants is found, and `synonyms` other words for it. `contents` are the arguments that are a file's content;
    `answers_content` says that the answer is one.
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
    answers_content: bool = False
    named: bool = False
    """Whether it is given only to agents whose toolset names its resource."""

    @property
    def resource(self) -> str:
        return self.operation.partition(".")[0]

    @property
    def verb(self) -> str:
        return self.operation.partition(".")[2]


@functools.cache
def definitions() -> Mapping[str, Definition]:
    """Every tool of the catalog, by name. They are read once: they are part of the installation."""
    files = [file for file in importlib.resources.files(PACKAGE).iterdir() if file.name.endswith(".json")]
    found: dict[str, Definition] = {}
    for file in sorted(files, key=lambda file: file.name):
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
                answers_content=one.get("answers") == "content",
                named=data.get("named", False),
            )
    return found
