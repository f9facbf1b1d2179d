"""Stubs of the functions that a program can call, as Python text: for a model to read, and for the type checker.

The text is derived from the tools' schemas, which are narrowed to the agent's vendors. It is short, since a model pays for every word:
values that occur twice have a name, descriptions stand only where a tool has them, and what no vendor accepts is left out.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from unified_platform.catalog import capabilities
from unified_platform.tools import Tool

HEADER = """from datetime import date, datetime
from decimal import Decimal
from typing import Any, List, Literal, NotRequired, TypedDict
Date = date | str
Time = datetime | str
"""
FILE = '''class FileContent:
    """Handle of a file's content, which stays outside of the program. Pass it as `content` of an upload."""
    name: str | None
    size: int | None
    media_type: str | None
    def text(self, limit: int = ...) -> str: ...
'''
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_INPUTS = {"date": "Date", "date-time": "Time", "decimal": "Decimal | str"}
_OUTPUTS = {"date": "date", "date-time": "datetime", "decimal": "Decimal"}


class _Types:
    """Names and texts of the types of one module."""

    def __init__(self, enums: Counter[tuple[str, ...]]) -> None:
        self._enums = enums
        self._names: dict[tuple[str, ...], str] = {}
        self.declared: dict[str, str] = {}
        self.records: dict[str, str] = {}

    def annotation(self, schema: Mapping[str, Any], name: str, *, output: bool = False) -> str:
        """Return the annotation of a value by its JSON Schema; `name` is that of the argument or field."""
        if "enum" in schema:
            return self._enum(schema["enum"], name)
        if arms := schema.get("anyOf") or schema.get("oneOf"):
            return _union([self.annotation(arm, name, output=output) for arm in arms])
        kind = schema.get("type")
        if isinstance(kind, list):
            return _union([self.annotation({**schema, "type": one}, name, output=output) for one in kind])
        if kind == "string":
            return (_OUTPUTS if output else _INPUTS).get(str(schema.get("format")), "str")
        if kind == "array":
            return f"List[{self.annotation(schema.get('items') or {}, _singular(name), output=output)}]"
        if kind == "object":
            return self._object(schema, name, output=output)
        return _SCALARS.get(str(kind), "Any")

    def _enum(self, values: list[Any], name: str) -> str:
        named = tuple(sorted(repr(value) for value in values if value is not None))
        text = f"Literal[{', '.join(repr(value) for value in values if value is not None)}]"
        if not named:
            return "None"
        if self._enums[named] > 1:
            if named not in self._names:
                self._names[named] = self.free(_class_name(name))
                self.declared[self._names[named]] = f"{self._names[named]} = {text}\n"
            text = self._names[named]
        return f"{text} | None" if None in values else text

    def _object(self, schema: Mapping[str, Any], name: str, *, output: bool) -> str:
        fields = schema.get("properties")
        if not fields or not all(_is_name(field) for field in fields):
            return "dict[str, Any]"
        required = schema.get("required", ())
        if output:
            lines = [f"    {field}: {_optional(self.annotation(one, field, output=True))}" for field, one in fields.items()]
        else:
            lines = [
                f"    {field}: {text}" if field in required else f"    {field}: NotRequired[{text}]"
                for field, text in ((field, self.annotation(one, field)) for field, one in fields.items())
            ]
        base = "" if output else "(TypedDict)"
        text = f"{base}:\n" + "\n".join(lines) + "\n"
        made = _class_name(name) + ("" if output else "Input")
        while made in self.declared and not self.declared[made].endswith(text):
            made += "_"
        self.declared[made] = f"class {made}{text}"
        return made

    def free(self, name: str) -> str:
        """Return a name that is not declared yet."""
        while name in self.declared:
            name += "_"
        return name


def module_stub(functions: Mapping[str, Tool], *, asynchronous: bool = False) -> str:
    """Return the stub of a module: types, records, and one function per tool.

    Args:
        functions: its tools, by the name of the function.
        asynchronous: the functions are coroutines.
    """
    types = _Types(_enums(functions.values()))
    lines = [_function(name, tool, types, asynchronous=asynchronous) for name, tool in functions.items()]
    uses_file = any(tool.definition.returns_content or tool.definition.contents for tool in functions.values())
    notes = "".join(f"# {note}\n" for note in _unsupported(functions))
    declared = "".join(text for text in types.declared.values())
    return HEADER + (FILE if uses_file else "") + declared + notes + "".join(lines)


def _function(name: str, tool: Tool, types: _Types, *, asynchronous: bool) -> str:
    schema = tool.parameters
    required = list(schema.get("required", ()))
    positional = [one for one in required if one == "id" or one.endswith("_id")] if tool.definition.like != "create" else []
    contents = tool.definition.contents
    parts = [f"{one}: {_argument(schema['properties'][one], one, types, contents)}" for one in positional]
    rest = [one for one in schema["properties"] if one not in positional and one != "cursor" and _is_name(one)]
    rest.sort(key=lambda one: one not in required)
    if rest:
        parts.append("*")
    for one in rest:
        text = _argument(schema["properties"][one], one, types, contents)
        parts.append(f"{one}: {text}" if one in required else f"{one}: {text} = ...")
    head = "async def" if asynchronous else "def"
    comment = " ".join("; ".join([tool.description.rstrip("."), *_comments(schema)]).split())  # a document's texts may have several lines
    return f"{head} {name}({', '.join(parts)}) -> {_returned(tool, types)}: ...  # {comment}\n"


def _argument(schema: Mapping[str, Any], name: str, types: _Types, contents: tuple[str, ...]) -> str:
    return "str | bytes | FileContent" if name in contents else types.annotation(schema, name)


def _returned(tool: Tool, types: _Types) -> str:
    if tool.definition.returns_content:
        return "FileContent"
    if tool.definition.like == "delete":
        return "None"
    record = _record(tool, types)
    return f"List[{record}]" if tool.lists else record


def _record(tool: Tool, types: _Types) -> str:
    """Declare the class of a tool's record and return its name; `Any` for a response that is not described."""
    schema = tool.definition.record
    if not schema:
        return "Any"
    name = record_name(tool)
    if name not in types.records:
        fields = schema["properties"]
        known = [f"    {field}: {types.annotation(one, field, output=True)}\n" for field, one in fields.items() if _is_name(field)]
        types.records[name] = types.free(name)
        types.declared[types.records[name]] = f"class {types.records[name]}:\n" + "".join(known)
    return types.records[name]


def record_name(tool: Tool) -> str:
    """Return the class name of a tool's record: `Task` of `tasks`."""
    return _class_name(_singular(tool.definition.resource))


def _comments(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, one in schema["properties"].items():
        if (text := one.get("description")) and name != "cursor":
            yield f"{name}: {text.rstrip('.')}"


def _unsupported(functions: Mapping[str, Tool]) -> Iterator[str]:
    """Yield which arguments some of the agent's vendors do not accept, and which functions they lack."""
    entries = {entry.name: entry for entry in capabilities.load()}
    every = sorted({vendor for tool in functions.values() for vendor in tool.vendors if vendor in entries})
    for name, tool in functions.items():
        if lacking := [vendor for vendor in every if vendor not in tool.vendors]:
            yield f"{name}: not {', '.join(lacking)}"
        if len(tool.vendors) < 2:
            continue
        for vendor in tool.vendors:
            resource = entries[vendor].resources.get(tool.definition.resource) if vendor in entries else None
            offer = resource.operations.get(tool.definition.verb) if resource is not None else None
            arguments = [one for one in tool.parameters["properties"] if one not in _SHARED]
            if offer is not None and (missing := [one for one in arguments if one not in offer.inputs]) and offer.inputs:
                yield f"{name} on {vendor}: no {', '.join(missing)}"


_SHARED = frozenset(("cursor", "custom_fields", "extra", "id", "limit", "via"))


def _enums(tools: Any) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()

    def visit(schema: Any) -> None:
        if isinstance(schema, Mapping):
            if isinstance(values := schema.get("enum"), list):
                found[tuple(sorted(repr(value) for value in values if value is not None))] += 1
            for one in schema.values():
                visit(one)
        elif isinstance(schema, list):
            for one in schema:
                visit(one)

    records = {}
    for tool in tools:
        visit(tool.parameters)
        records[tool.definition.resource] = tool.definition.record
    for record in records.values():
        visit(record)
    return found


def _union(arms: list[str]) -> str:
    flat = dict.fromkeys(part for arm in arms for part in ([arm] if "[" in arm else arm.split(" | ")))
    return " | ".join([*(one for one in flat if one != "None"), *(one for one in flat if one == "None")])


def _optional(annotation: str) -> str:
    return annotation if annotation.endswith("| None") or annotation in ("Any", "None") else f"{annotation} | None"


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in re.split(r"[\W_]+", name)).lstrip("0123456789") or "Value"


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("uses", "sses")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
