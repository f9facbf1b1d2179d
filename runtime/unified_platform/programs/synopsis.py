"""Synopsis of an agent's functions: names of arguments and fields on one line each, short enough to be in a tool's description.

With it, a model writes most programs without reading stubs first, which saves a response. Types are in the stubs, and in the messages of
the type check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from unified_platform.programs.api import ProgramApi
from unified_platform.programs.stubs import record_name
from unified_platform.tools import Tool
from unified_platform.tools.results import BYTES_PER_TOKEN

TOKENS = 480
"""Maximum tokens of a synopsis, approximate."""
_NAMES = 720
"""Characters for the names of other modules, if not all functions fit."""
_FEW = 8
"""Values of an argument that are listed; an argument with more has them in the stubs only."""


def synopsis(api: ProgramApi) -> str:
    """Return the functions, as many as fit, and the names of the other modules, as many as fit."""
    texts = {module: "\n".join(_module(module, api.functions(module))) for module in api.modules() if not module.startswith("api.")}
    values = _values(api.values())
    complete = [*texts.values(), *_listed(values)]
    room = TOKENS * BYTES_PER_TOKEN
    left = [module for module in api.modules() if module not in texts]
    if not left and sum(map(len, complete)) + len(complete) <= room:
        return "\n".join(complete)
    room -= _NAMES
    lines = []
    for module, text in texts.items():
        if len(text) < room:
            lines.append(text)
            room -= len(text) + 1
        else:
            left.append(module)
    return "\n".join([*lines, _cut(f"Other modules (search_api, read_api): {', '.join(sorted(left))}", _NAMES + room)])


def _listed(values: Mapping[str, list[str]]) -> Iterator[str]:
    return (f"{name}: {'|'.join(words)}" for name, words in values.items())


def _module(module: str, functions: Mapping[str, Tool]) -> Iterator[str]:
    records: dict[str, list[str]] = {}
    for name, tool in functions.items():
        yield f"{module}.{name}({', '.join(_arguments(tool))})"
        if tool.definition.record:
            records.setdefault(record_name(tool), list(tool.definition.record["properties"]))
    for name, fields in records.items():
        yield f"{name}: {', '.join(fields)}"


def _arguments(tool: Tool) -> Iterator[str]:
    required = tool.parameters.get("required", ())
    properties = [one for one in tool.parameters["properties"] if one != "cursor"]
    for name in sorted(properties, key=lambda one: one not in required):
        yield name if name in required else f"{name}?"


def _values(tools: Iterable[Tool]) -> dict[str, list[str]]:
    """Return the accepted values of arguments by name."""
    found: dict[str, list[str]] = {}
    for tool in tools:
        for name, schema in tool.parameters["properties"].items():
            for value in _enum(schema):
                if value not in found.setdefault(name, []):
                    found[name].append(value)
    return {name: values for name, values in found.items() if 0 < len(values) <= _FEW}


def _enum(schema: Mapping[str, Any]) -> list[str]:
    arms = [schema, *schema.get("anyOf", ())]
    return [str(value) for arm in arms for value in arm.get("enum", ()) if value is not None]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}…"  # three bytes, as tokens are counted
