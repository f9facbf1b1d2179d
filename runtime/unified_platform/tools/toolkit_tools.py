"""Tools of toolkits: one for each operation of a vendor's document that a toolset names."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from unified_openapi.documents.words import words
from unified_platform.catalog.toolsets import ApiWord
from unified_platform.tools import results
from unified_platform.tools.argument_checks import ArgumentChecker
from unified_platform.tools.definitions import Definition
from unified_platform.tools.page_collector import PageCollector, Progress
from unified_platform.tools.response_selection import selected, within
from unified_platform.tools.results import Result
from unified_platform.tools.tool import Tool, ToolContext
from unified_runtime.client import current as current_client
from unified_runtime.toolkits import json_schema, names, registry
from unified_runtime.toolkits.operations import ToolkitOperation
from unified_runtime.toolkits.toolkit import Toolkit

LONGEST = 64
"""Maximum characters of a tool's name, in all frameworks."""
_LIKE = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_FIELDS = {"type": "array", "items": {"type": "string"}, "description": "Paths in the response: id, a.b, labels[20:], or *."}
_PAGE = {"cursor": {"type": "string"}, "limit": {"type": "integer"}}


class ToolkitTool(Tool):
    """Tool of one operation of a document. Its definition is made when it is first requested: most tools are only searched."""

    of_document = True

    def __init__(self, toolkit: Toolkit, operation: str, setting: ToolContext) -> None:
        self._operation = operation
        self._toolkit = toolkit
        self.vendors = (toolkit.vendor.name,)
        self._extra = ()
        self._setting = setting
        self._names: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return tool_name(self._toolkit.vendor.name, self._operation)

    @property
    def operation(self) -> str:
        return f"{self._toolkit.vendor.name}.{self._operation}"

    @cached_property
    def definition(self) -> Definition:  # type: ignore[override]  # derived when it is used
        entry = self._toolkit[self._operation]
        effect = self._toolkit.effect(self._operation)
        listed = effect == "read" and entry.method == "GET" and not entry.path.endswith("}")
        return Definition(
            name=self.name,
            operation=self.operation,
            like="list" if listed else "get" if effect == "read" else _LIKE.get(entry.method, "update"),
            effect=effect,
            description=summary(self._toolkit, self._operation),
            parameters={},
            record={},
            lookups={},
            synonyms=(),
        )

    @cached_property
    def _called(self) -> ToolkitOperation:
        return self._toolkit.operation(self._operation, current_client.client)

    @cached_property
    def parameters(self) -> dict[str, Any]:  # type: ignore[override]  # derived when it is used
        found = json_schema.parameters(self._called.table)
        if self._called.pages:
            found["properties"] = {**found["properties"], **{name: kind for name, kind in _PAGE.items() if name not in found["properties"]}}
        if self._called.effect == "read":
            found["properties"] = {**found["properties"], self._fields: _FIELDS}
        return found

    @cached_property
    def _fields(self) -> str:
        """The name of the argument that selects fields of the response."""
        return "fields" if "fields" not in self._called.table.arguments else "result_fields"

    def _bound(self, values: Mapping[str, Any], progress: Progress | None = None) -> tuple[Any, Any]:
        return self._called, self._called.bind({name: value for name, value in values.items() if name != self._fields})

    def _values(self, given: object) -> dict[str, Any]:
        values = super()._values(given)
        selected({}, values.get(self._fields, ()))  # a path that is not valid is reported before anything is sent
        return values

    def _record(self, value: Any, values: Mapping[str, Any]) -> Result:
        if value is None:
            return super()._record(value, values)
        if isinstance(value, bytes):
            text = f"The response is a file of {len(value)} bytes, which cannot be shown."
            return Result(text, {"size": len(value)}, source=values["via"])
        data, more = within(results.plain(selected(value, values.get(self._fields, ()))), self._setting.result_tokens)
        if more:
            data = {**data, "more": more} if isinstance(data, dict) else {"data": data, "more": more}
        return Result(results.fenced(data, values["via"]), data, source=values["via"], untrusted=("",))

    def _gathering(self, values: dict[str, Any], progress: Progress | None) -> tuple[PageCollector, dict[str, Any]]:
        paths, most = values.get(self._fields, ()), self._setting.result_tokens
        gathering, values = super()._gathering(values, progress)
        gathering.plain = lambda item: within(results.plain(selected(item, paths)), most)[0]
        return gathering, values

    @cached_property
    def _checker(self) -> ArgumentChecker:  # type: ignore[override]
        return ArgumentChecker(self.parameters, self.definition.operation)

    @property
    def lists(self) -> bool:
        return self._called.pages

    @property
    def python_path(self) -> str:
        own = self._toolkit.names[self._operation]
        return f"api.{names.identifier(self._toolkit.vendor.name)}.{own.group}.{own.name}"

    @property
    def output(self) -> dict[str, Any]:
        """Return the JSON Schema of a result's `data`: that of lists; any other response is not described."""
        if not self.lists:
            return {}
        return {"type": "object", "properties": {"items": {"type": "array"}, "cursor": {"type": "string"}}, "required": ["items"]}


def toolkit_tools(words: Iterable[ApiWord], connected: Collection[str], setting: ToolContext) -> Iterator[ToolkitTool]:
    """Yield the tools that words of a toolset name, of connected vendors, each once."""
    wanted = list(words)
    for vendor in sorted({name for word in wanted for name in (connected if word.vendor is None else [word.vendor])} & {*connected}):
        toolkit = registry.toolkit(vendor)
        for operation in toolkit:
            if any(word.holds(vendor, operation, toolkit.effect(operation)) for word in wanted):
                yield ToolkitTool(toolkit, operation, setting)


def tool_name(vendor: str, operation: str) -> str:
    """Return the name of an operation's tool: at most 64 characters, independent of other operations."""
    name = f"{vendor.replace('-', '_')}_{names.identifier(operation)}"
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 7]}_{hashlib.sha256(operation.encode()).hexdigest()[:6]}"


def summary(toolkit: Toolkit, operation: str) -> str:
    """Return one line about an operation, from its name and path: shipped facts have no text of the vendor."""
    entry, own = toolkit[operation], toolkit.names[operation]
    phrase = " ".join(words(own.name)) or operation
    return f"{toolkit.vendor.title} {own.group.replace('_', ' ')}: {phrase}. {entry.endpoint}"
