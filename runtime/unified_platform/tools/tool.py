"""One tool of an agent: its definition, narrowed, and the call it makes."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unified_platform import arguments, catalog
from unified_platform.catalog import Operation
from unified_platform.tools import contents, results
from unified_platform.tools.arguments import Checker
from unified_platform.tools.contents import Excerpt
from unified_platform.tools.definitions import Definition
from unified_platform.tools.gathering import Gathering, Progress
from unified_platform.tools.guidance import guidance
from unified_platform.tools.results import Result
from unified_platform.tools.specialise import parameters
from unified_runtime import ApprovalRequired, UnifiedError, acting
from unified_runtime import current as current_client

if TYPE_CHECKING:
    from unified_runtime import AsyncClient, Client


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tools of an agent have in common.

    Attributes:
        user, team, agent: for whom they act, with whose shared connections, and which agent; see `acting`.
        client, async_client: through which; None stands for the one that holds where the call is made.
        result_tokens: the most that one result may cost a model's context, about.
        page: records of a list to gather, where the model does not say.
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
        if self.definition.answers_content:
            return contents.SCHEMA
        if self.definition.like == "delete":
            return {"type": "object", "properties": {"done": {"type": "boolean"}}, "required": ["done"]}
        return record

    def call(self, given: object, *, progress: Progress | None = None) -> Result:
        """Make the call that these arguments mean. Errors of the tree become results that tell a model what to do.

        A list is gathered over several pages if need be; `progress` is told how far it is.
        """
        try:
            values = self._values(given)
            client = self._setting.client or current_client.client()
            with self._setting.acting():
                if self.definition.answers_content:
                    excerpt = Excerpt(self._setting.result_tokens, progress)
                    with contextlib.closing(client.download(*self._bound(values)).pieces()) as pieces:
                        for part in pieces:
                            if not excerpt.add(part.data, part.done, part.total):
                                break
                    return self._excerpt(excerpt, values["via"])
                if not self._lists:
                    return self._record(client.run(*self._bound(values, progress)), values)
                gathering, values = self._gathering(values, progress)
                operation, invocation = self._bound(values)
                for page in client.list(operation, invocation).pages():
                    if not gathering.add(page):
                        break
                return self._gathered(gathering, values["via"])
        except UnifiedError as error:
            return self.failure(error)

    async def acall(self, given: object, *, progress: Progress | None = None) -> Result:
        """The async twin of `call`."""
        try:
            values = self._values(given)
            client = self._setting.async_client or current_client.async_client()
            with self._setting.acting():
                if self.definition.answers_content:
                    excerpt = Excerpt(self._setting.result_tokens, progress)
                    async with contextlib.aclosing(client.download(*self._bound(values)).pieces()) as received:
                        async for piece in received:
                            if not excerpt.add(piece.data, piece.done, piece.total):
                                break
                    return self._excerpt(excerpt, values["via"])
                if not self._lists:
                    return self._record(await client.run(*self._bound(values, progress)), values)
                gathering, values = self._gathering(values, progress)
                operation, invocation = self._bound(values)
                async for page in client.list(operation, invocation).pages():
                    if not gathering.add(page):
                        break
                return self._gathered(gathering, values["via"])
        except UnifiedError as error:
            return self.failure(error)

    def failure(self, error: UnifiedError) -> Result:
        """An error as a result."""
        text = guidance(error, self.definition.lookups, self._names)
        approval = error.approval if isinstance(error, ApprovalRequired) else None
        return Result(text, failed=True, error=type(error).__name__, retry=error.retry_safe, fields=error.fields, approval=approval)

    @property
    def _lists(self) -> bool:
        return self.definition.like in ("list", "changes")

    def _values(self, given: object) -> dict[str, Any]:
        values = self._checker.check(given)
        if "via" not in values:
            values["via"] = self.vendors[0]
        if self._lists:
            values.setdefault("limit", self._setting.page)
        return values | {name: values[name].encode("utf-8", "replace") for name in self.definition.contents if name in values}

    def _bound(self, values: Mapping[str, Any], progress: Progress | None = None) -> tuple[Any, Any]:
        operation = arguments.operation(self.definition.operation, catalog.names(catalog.load()))
        invocation = operation.bind(values)
        if self.definition.contents:
            invocation.progress = progress
        return operation, invocation

    def _excerpt(self, excerpt: Excerpt, vendor: str) -> Result:
        data = excerpt.data
        if data is None:
            return Result("The file is no text, so nothing of it can be shown.", failed=True, error="Unsupported")
        return Result(results.fenced(data, vendor), data)

    def _record(self, value: Any, values: Mapping[str, Any]) -> Result:
        if value is None:
            return Result("done", {"done": True})
        data = results.within(results.plain(value, self._shown, values.get("custom_fields", ())), self._setting.result_tokens)
        return Result(results.fenced(data, values["via"]), data)

    def _gathering(self, values: dict[str, Any], progress: Progress | None) -> tuple[Gathering, dict[str, Any]]:
        """An empty gathering, and the values that ask for its first page."""
        setting = self._setting
        gathering = Gathering(
            limit=values["limit"],
            tokens=setting.result_tokens,
            text=setting.text,
            shown=self._shown,
            custom=values.get("custom_fields", ()),
            cursor=values.pop("cursor", None),
            progress=progress,
        )
        return gathering, values if gathering.start is None else {**values, "cursor": gathering.start}

    def _gathered(self, gathering: Gathering, vendor: str) -> Result:
        return Result(results.fenced(gathering.data, vendor), gathering.data)

    @property
    def _shown(self) -> tuple[str, ...] | None:
        return (self._setting.fields or {}).get(self.definition.resource)

    def __repr__(self) -> str:
        return f"<Tool {self.name} via {', '.join(self.vendors)}>"


def _optional(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A record's schema as its plain form is: what is null or empty is left out."""
    fields = {name: _present(one) for name, one in schema["properties"].items()}
    return {"type": "object", "properties": fields, "required": ["id"]}


def _present(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A field's schema where the field is there: neither null nor its default."""
    made = {word: value for word, value in schema.items() if word != "default"}
    if isinstance(types := made.get("type"), list):
        left = [one for one in types if one != "null"]
        made["type"] = left[0] if len(left) == 1 else left
    arms = [_present(arm) for arm in made.pop("anyOf", ()) if arm != {"type": "null"}]
    if len(arms) == 1:
        return {**arms[0], **made}
    if arms:
        made["anyOf"] = arms
    if "items" in made:
        made["items"] = _present(made["items"])
    return made
