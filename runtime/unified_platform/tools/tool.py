"""One tool of an agent: its definition, narrowed, and the call it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unified_platform import arguments, catalog
from unified_platform.catalog import Operation
from unified_platform.tools import results
from unified_platform.tools.arguments import Checker
from unified_platform.tools.definitions import Definition
from unified_platform.tools.guidance import guidance
from unified_platform.tools.results import Result
from unified_platform.tools.specialise import parameters
from unified_runtime import AsyncClient, Client, InvalidInput, Page, UnifiedError, acting
from unified_runtime import current as current_client


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tools of an agent have in common.

    Attributes:
        user, team, agent: for whom they act, with whose shared connections, and which agent; see `acting`.
        client, async_client: through which; None stands for the one that holds where the call is made.
        result_tokens: the most that one result may cost a model's context, about.
        page: records of a list to ask for, where the model does not say.
        text: characters of a text in a list; longer ones are cut, and read in full with a tool that gets one record.
        fields: by resource, the fields of a record to show; all of them without.
    """

    user: str | None = None
    team: str | None = None
    agent: str | None = None
    client: Client | None = None
    async_client: AsyncClient | None = None
    result_tokens: int = 4000
    page: int = 20
    text: int = 300
    fields: Mapping[str, tuple[str, ...]] | None = None

    def acting(self) -> acting:
        """The block in which a call is made."""
        return acting(user=self.user, team=self.team, agent=self.agent)


class Tool:
    """A tool as an agent has it. `offers` are the vendors it reaches, with what each takes."""

    def __init__(self, definition: Definition, offers: Mapping[str, Operation], setting: Setting, names: frozenset[str]) -> None:
        self.definition = definition
        self.vendors = tuple(sorted(offers))
        self.parameters = parameters(definition, offers)
        self._setting = setting
        self._names = names
        self._checker = Checker(self.parameters, definition.operation)

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def description(self) -> str:
        return self.definition.description

    @property
    def effect(self) -> str:
        """read, write or destructive."""
        return self.definition.effect

    @property
    def output(self) -> dict[str, Any]:
        """The JSON Schema of a result's `data`. Every field of a record may be absent: not every vendor has it."""
        record = _optional(self.definition.record)
        if self.definition.like in ("list", "changes"):
            cursor = {"type": "string", "description": "Call again with it for what comes next."}
            return {"type": "object", "properties": {"items": {"type": "array", "items": record}, "cursor": cursor}, "required": ["items"]}
        if self.definition.like == "delete":
            return {"type": "object", "properties": {"done": {"type": "boolean"}}, "required": ["done"]}
        return record

    def call(self, given: object) -> Result:
        """Make the call that these arguments mean. Errors of the tree become results that tell a model what to do."""
        try:
            values = self._values(given)
            client = self._setting.client or current_client.client()
            with self._setting.acting():
                if not self._lists:
                    operation, invocation = self._bound(values)
                    return self._record(client.run(operation, invocation), values["via"])
                skip, values = _resumed(values)
                operation, invocation = self._bound(values)
                return self._page(next(client.list(operation, invocation).pages()), skip, values)
        except UnifiedError as error:
            return self.failure(error)

    async def acall(self, given: object) -> Result:
        """The async twin of `call`."""
        try:
            values = self._values(given)
            client = self._setting.async_client or current_client.async_client()
            with self._setting.acting():
                if not self._lists:
                    operation, invocation = self._bound(values)
                    return self._record(await client.run(operation, invocation), values["via"])
                skip, values = _resumed(values)
                operation, invocation = self._bound(values)
                return self._page(await anext(aiter(client.list(operation, invocation).pages())), skip, values)
        except UnifiedError as error:
            return self.failure(error)

    def failure(self, error: UnifiedError) -> Result:
        """An error as a result."""
        text = guidance(error, self.definition.lookups, self._names)
        return Result(text, failed=True, error=type(error).__name__, retry=error.retry_safe, fields=error.fields)

    @property
    def _lists(self) -> bool:
        return self.definition.like in ("list", "changes")

    def _values(self, given: object) -> dict[str, Any]:
        values = self._checker.check(given)
        if "via" not in values:
            values["via"] = self.vendors[0]
        if self._lists:
            values.setdefault("limit", self._setting.page)
        return values

    def _bound(self, values: Mapping[str, Any]) -> tuple[Any, Any]:
        operation = arguments.operation(self.definition.operation, catalog.names(catalog.load()))
        return operation, operation.bind(values)

    def _record(self, value: Any, vendor: str) -> Result:
        if value is None:
            return Result("done", {"done": True})
        data = results.within(results.plain(value, self._shown), self._setting.result_tokens)
        return Result(results.fenced(data, vendor), data)

    def _page(self, page: Page[Any], skip: int, values: Mapping[str, Any]) -> Result:
        items = [results.shortened(results.plain(one, self._shown), self._setting.text) for one in page.items[skip:]]
        count = results.fitting(items, self._setting.result_tokens)
        data: dict[str, Any] = {"items": items[:count]}
        if count < len(items):
            data["cursor"] = f"{skip + count}{_MARK}{values.get('cursor') or ''}"
        elif page.cursor is not None:
            data["cursor"] = f"0{_MARK}{page.cursor}"
        return Result(results.fenced(data, values["via"]), data)

    @property
    def _shown(self) -> tuple[str, ...] | None:
        return (self._setting.fields or {}).get(self.definition.resource)

    def __repr__(self) -> str:
        return f"<Tool {self.name} via {', '.join(self.vendors)}>"


_MARK = "~"
"""Stands in a tool's cursor between the records of the page that were shown already and the vendor's own cursor of that page."""


def _resumed(values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """How many records of the page were shown already, and the values with the page's own cursor."""
    cursor = values.pop("cursor", None)
    if cursor is None:
        return 0, values
    shown, mark, rest = cursor.partition(_MARK)
    if not mark or not shown.isascii() or not shown.isdigit() or len(shown) > 9:
        told = "must be one that this tool returned"
        raise InvalidInput(f"cursor: {told}", fields={"cursor": told})
    return int(shown), {**values, "cursor": rest} if rest else values


def _optional(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A record's schema as its plain form is: what is null or empty is left out."""
    return {word: value for word, value in schema.items() if word != "required"} | {"required": ["id"]}
