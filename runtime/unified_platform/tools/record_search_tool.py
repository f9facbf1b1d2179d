"""Tool that searches the records of all vendors of an agent at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from unified_platform.common.invisible_text import visible_data
from unified_platform.record_search.results import SearchResults, SearchSource
from unified_platform.record_search.search import asearch_sources, search_sources
from unified_platform.tools import results
from unified_platform.tools.argument_checks import ArgumentChecker
from unified_platform.tools.definitions import Definition
from unified_platform.tools.page_collector import Progress
from unified_platform.tools.results import Result
from unified_platform.tools.tool import Tool, ToolContext
from unified_runtime import AsyncClient, InvalidInput
from unified_runtime.client import current as current_client

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from unified_runtime import Client

NAME = "records_search"
MOST = 50
"""Maximum records of one result."""
TIMEOUT = 20.0
"""Seconds after which a result contains only what was found."""

_STRING = {"type": "string"}
_RECORD = {
    "type": "object",
    "properties": {"resource": _STRING, "vendor": _STRING, "id": _STRING, "title": _STRING, "url": _STRING},
    "required": ["resource", "vendor", "id", "title"],
}
_FAILURE = {
    "type": "object",
    "properties": {"resource": _STRING, "vendor": _STRING, "error": _STRING},
    "required": ["resource", "vendor", "error"],
}
_OUTPUT = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": _RECORD},
        "failures": {"type": "array", "items": _FAILURE},
        "more": {"type": "boolean", "description": "There are further records: search one resource or vendor, or use other words."},
    },
    "required": ["items"],
}


def _names(names: Sequence[str], description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": [*names]}, "description": description}


class RecordSearchTool(Tool):
    """Search by text of everything that an agent's other tools may search. Each search is a call of its own operation, such as
    `tasks.list`: toolset, policy and audit log apply to it."""

    def __init__(self, sources: Sequence[SearchSource], setting: ToolContext) -> None:
        self._sources = tuple(sources)
        self._setting = setting
        self._extra = ()
        self._names = frozenset()
        self.vendors = tuple(sorted({one.vendor for one in sources}))
        self.parameters = {
            "type": "object",
            "properties": {
                "text": _STRING,
                "resources": _names(sorted({one.resource for one in sources}), "By default all."),
                "vendors": _names(self.vendors, "By default all."),
                "limit": {"type": "integer", "description": f"Up to {MOST}."},
            },
            "required": ["text"],
        }
        self.definition = Definition(
            name=NAME,
            operation="records.search",
            like="list",
            effect="read",
            description="Search the records of all apps at once by text.",
            parameters=self.parameters,
            record={},
            lookups={},
            synonyms=("everything", "everywhere", "all apps", "across", "anything"),
        )
        self._checker = ArgumentChecker(self.parameters, self.definition.operation)

    @property
    def output(self) -> dict[str, Any]:
        return _OUTPUT

    @property
    def lists(self) -> bool:
        return False  # one result, without a cursor

    def run(self, client: Client | AsyncClient, given: object) -> Any:
        """Search with a client, and return the value of the result; from an async client, a coroutine that does.

        Raises:
            InvalidInput: an argument is not valid, or nothing is left to search.
        """
        values = self._checker.check(given)
        sources = self._selected(values)
        limit = values.get("limit", min(self._setting.page, MOST))
        if not 1 <= limit <= MOST:
            message = f"must be from 1 to {MOST}"
            raise InvalidInput(f"limit: {message}", fields={"limit": message})
        if isinstance(client, AsyncClient):
            return self._arun(asearch_sources(client, sources, values["text"], limit, TIMEOUT))
        return self._data(search_sources(client, sources, values["text"], limit, TIMEOUT))

    async def _arun(self, search: Awaitable[SearchResults]) -> dict[str, Any]:
        return self._data(await search)

    def _call(self, given: object, progress: Progress | None) -> Result:
        with self._setting.acting():
            return self._result(self.run(self._setting.client or current_client.client(), given))

    async def _acall(self, given: object, progress: Progress | None) -> Result:
        with self._setting.acting():
            return self._result(await self.run(self._setting.async_client or current_client.async_client(), given))

    async def aneeds_approval(self, given: object) -> bool:
        return False  # a search that needs one is among the failures

    def _selected(self, values: Mapping[str, Any]) -> list[SearchSource]:
        if not values["text"].strip():
            raise InvalidInput("text: give what to search for", fields={"text": "is empty"})
        found = [
            one
            for one in self._sources
            if one.resource in (values.get("resources") or (one.resource,)) and one.vendor in (values.get("vendors") or (one.vendor,))
        ]
        if not found:
            message = "none of these vendors has these resources"
            raise InvalidInput(f"resources: {message}", fields={"resources": message})
        return found

    def _data(self, found: SearchResults) -> dict[str, Any]:
        items = [
            {"resource": hit.resource, "vendor": hit.vendor, "id": hit.id, "title": hit.title}
            | ({"url": url} if (url := getattr(hit.record, "url", None)) else {})
            for hit in found
        ]
        failures = [{"resource": one.resource, "vendor": one.vendor, "error": type(one.error).__name__} for one in found.failures]
        data = {"items": items} | ({"failures": failures} if failures else {}) | ({"more": True} if found.more else {})
        return visible_data(results.shortened(data, self._setting.text))  # type: ignore[no-any-return]

    def _result(self, data: dict[str, Any]) -> Result:
        while len(data["items"]) > 1 and results.tokens_of(data) + results.FRAME > self._setting.result_tokens:
            data = {**data, "items": data["items"][: len(data["items"]) * 3 // 4], "more": True}
        source = ", ".join(sorted({one["vendor"] for one in data["items"]})) or ", ".join(self.vendors)
        return Result(results.fenced(data, source), data, source=source, untrusted=("/items",))


def record_search_tool(sources: Sequence[SearchSource], setting: ToolContext) -> RecordSearchTool | None:
    """Return the tool over these searches; None if they are of one vendor or one resource, whose own tools do the same."""
    several = len({one.vendor for one in sources}) > 1 and len({one.resource for one in sources}) > 1
    return RecordSearchTool(sources, setting) if several else None
