"""Tools of toolkits: one for each operation of a vendor's document that a toolset names."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from unified_openapi.documents.words import words
from unified_openapi.requests.multipart import File
from unified_platform.catalog.toolsets import ApiWord
from unified_platform.common.invisible_text import visible_data
from unified_platform.tools import file_contents, results
from unified_platform.tools.argument_checks import ArgumentChecker
from unified_platform.tools.definitions import Definition
from unified_platform.tools.file_contents import Excerpt, StoredFile
from unified_platform.tools.file_store import FileStore
from unified_platform.tools.page_collector import PageCollector, Progress
from unified_platform.tools.response_selection import selected, within
from unified_platform.tools.results import Result
from unified_platform.tools.tool import Tool, ToolContext
from unified_runtime.client import current as current_client
from unified_runtime.core.single_line import line
from unified_runtime.toolkits import json_schema, names, registry
from unified_runtime.toolkits.operations import ToolkitOperation
from unified_runtime.toolkits.toolkit import Toolkit

LONGEST = 64
"""Maximum characters of a tool's name, in all frameworks."""
_LIKE = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_FIELDS = {"type": "array", "items": {"type": "string"}, "description": "Paths in the response: id, a.b, labels[20:], or *."}
_FILE = {"type": "string", "description": "A file: its handle (file_…), its https address, or its text."}
_NAME = {"type": "string", "description": "The file's name."}
_PAGE = {"cursor": {"type": "string"}, "limit": {"type": "integer"}}
_STORED = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "description": "Its handle, for arguments of other tools."},
        "address": {"type": "string", "description": "Address to download it from, for some minutes."},
        "name": {"type": "string"},
        "media_type": {"type": "string"},
        **file_contents.SCHEMA["properties"],
    },
    "required": ["file", "size"],
}


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
        table = self._called.table
        for name in table.files:
            found["properties"][name] = _FILE
            if table.arguments[name].wire is not None:
                found["properties"][f"{name}.filename"] = _NAME
        for name in table.contents.lists:
            found["properties"][name] = {"type": "array", "items": _FILE}
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
        given = {name: value for name, value in values.items() if name != self._fields}
        for name in self._called.table.files:
            if isinstance(value := given.get(name), str):
                given[name] = self._file(name, value)
        for name in self._called.table.contents.lists:
            if isinstance(listed := given.get(name), list):
                given[name] = [self._file(name, one) if isinstance(one, str) else one for one in listed]
        if progress is not None and any(self._called.table.contents):
            given["progress"] = progress
        return self._called.downloading if self.downloads else self._called, self._called.bind(given)

    def _file(self, argument: str, given: str) -> File:
        """Return the file that a model means: a handle, an https address, or the text itself.

        Raises:
            NotFound: there is no file of that handle.
            InvalidInput: it is not a valid address.
        """
        if given.startswith("file_"):
            return self._files.open(given)
        if given.startswith("https://") and "\n" not in given:
            return self._files.fetched(given)
        return File(given.encode("utf-8", "replace"), f"{argument}.txt", "text/plain")

    @cached_property
    def _files(self) -> FileStore:
        setting = self._setting
        if setting.files is not None:
            return setting.files
        client = setting.client or setting.async_client or current_client.client()
        return FileStore(setting.user, setting.team, setting.agent, client.connections.tenant)

    @property
    def downloads(self) -> bool:
        return self._called.returns_file

    def _receiver(self, progress: Progress | None) -> StoredFile:
        name, media_type = self._content
        return StoredFile(self._files.receiving(name, media_type), self._setting.result_tokens, progress)

    @cached_property
    def _content(self) -> tuple[str, str | None]:
        """Name and media type of the content that the operation returns, by the document."""
        kinds = [
            kind.partition(";")[0].strip()
            for status, declared in self._called.table.operation.responses.items()
            if status.startswith("2")
            for kind in declared
        ]
        media_type = kinds[0] if kinds and "*" not in kinds[0] else None
        suffix = mimetypes.guess_extension(media_type or "") or ""
        return f"{self._toolkit.names[self._operation].name}{suffix}", media_type

    def _received(self, excerpt: Excerpt, vendor: str) -> Result:
        assert isinstance(excerpt, StoredFile)
        data = visible_data(excerpt.finish(*self._content))
        if (address := self._files.address(data["file"])) is not None:
            data = {"file": data["file"], "address": address, **data}
        return Result(results.fenced(data, vendor), data, source=vendor, untrusted=("/text",) if "text" in data else ())

    def _values(self, given: object) -> dict[str, Any]:
        values = super()._values(given)
        selected({}, values.get(self._fields, ()))  # a path that is not valid is reported before anything is sent
        return values

    def _record(self, value: Any, values: Mapping[str, Any]) -> Result:
        if value is None:
            return super()._record(value, values)
        if isinstance(value, bytes):  # the document does not declare that the response is a file
            with self._receiver(None) as receiver:
                receiver.add(value, len(value), len(value))
                return self._received(receiver, values["via"])
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
    def _checker(self) -> ArgumentChecker:  # type: ignore[override]  # derived when it is used
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
        if self.downloads:
            return _STORED
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
    """Return one line of at most 500 characters about an operation, from its name and path: shipped facts have no text of the vendor."""
    entry, own = toolkit[operation], toolkit.names[operation]
    phrase = " ".join(words(own.name)) or operation
    return line(f"{toolkit.vendor.title} {own.group.replace('_', ' ')}: {phrase}. {entry.endpoint}")
