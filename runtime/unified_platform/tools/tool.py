"""One tool of an agent: its narrowed definition, and execution of its calls."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unified_platform.catalog.capabilities import Operation
from unified_platform.catalog.operations import find_operation
from unified_platform.common.event_loop import in_thread_if
from unified_platform.common.invisible_text import visible_data
from unified_platform.tools import file_contents, results
from unified_platform.tools.argument_checks import ArgumentChecker
from unified_platform.tools.argument_coercion import coerced, localized
from unified_platform.tools.definitions import Definition
from unified_platform.tools.error_guidance import guidance
from unified_platform.tools.file_contents import Excerpt
from unified_platform.tools.narrowing import parameters
from unified_platform.tools.page_collector import PageCollector, Progress
from unified_platform.tools.results import Result
from unified_runtime import ApprovalRequired, InvalidInput, NotConnected, UnifiedError, acting
from unified_runtime.client import current as current_client
from unified_runtime.execution.offloading import large_result
from unified_runtime.policy.written_fields import covers, paths

if TYPE_CHECKING:
    from unified_platform.tools.file_store import FileStore
    from unified_runtime import AsyncClient, Client


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Settings that all tools of an agent share.

    Attributes:
        user, team, agent: user and team whose connections are used, and the agent; see `acting`.
        client, async_client: client for calls; None means the current client at the time of the call.
        result_tokens: maximum tokens of one result in a model's context.
        page: records of a list to collect, unless the model requests a number.
        text: maximum characters of a text in a list; longer ones are cut, and can be read with a tool that gets one record.
        fields: fields of a record to include, by resource; by default all.
        files: the agent's files by handle.
        on_not_connected: called with the error of a call without a connection; if the result is true, the call is repeated once.
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
    files: FileStore | None = None
    on_not_connected: Callable[[NotConnected], object] | None = None

    def acting(self) -> acting:
        """Return the block in which a call is made."""
        return acting(user=self.user, team=self.team, agent=self.agent)


class Tool:
    """A tool of an agent. `offers` are its vendors, with the inputs that each accepts; `extra` the paths of vendors' own fields in
    its toolset."""

    def __init__(
        self,
        definition: Definition,
        offers: Mapping[str, Operation],
        setting: ToolContext,
        names: frozenset[str],
        extra: tuple[str, ...] = (),
    ) -> None:
        self.definition = definition
        self.vendors = tuple(sorted(offers))
        self.parameters = parameters(definition, offers, extra)
        self._extra = extra
        self._setting = setting
        self._names = names
        self._checker = ArgumentChecker(self.parameters, definition.operation)

    of_document = False
    """True for a tool of an operation of a vendor's document."""

    pauses = False
    """True if a call that needs an approval is paused and then resumed, not repeated: a program."""

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def operation(self) -> str:
        """Operation that it calls, such as `tasks.create`."""
        return self.definition.operation

    @property
    def description(self) -> str:
        return self.definition.description

    @property
    def effect(self) -> str:
        """Effect of the operation: read, write or destructive."""
        return self.definition.effect

    @property
    def output(self) -> dict[str, Any]:
        """Return the JSON Schema of a result's `data`. Every field of a record is optional: not every vendor has it."""
        record = _optional(self.definition.record)
        if self.definition.like in ("list", "changes"):
            cursor = {"type": "string", "description": "Call again with it for what comes next."}
            return {"type": "object", "properties": {"items": {"type": "array", "items": record}, "cursor": cursor}, "required": ["items"]}
        if self.definition.returns_content:
            return file_contents.SCHEMA
        if self.definition.like == "delete":
            return {"type": "object", "properties": {"done": {"type": "boolean"}}, "required": ["done"]}
        return record

    def call(self, given: object, *, progress: Progress | None = None) -> Result:
        """Make the call with these arguments. A `UnifiedError` becomes a result with guidance for a model.

        A list is collected over several pages if necessary; `progress` is called with the progress.
        """
        try:
            return self._call(given, progress)
        except NotConnected as error:
            connect = self._setting.on_not_connected
            if connect is None or inspect.iscoroutinefunction(connect) or connect(error) is not True:
                return self.failure(error, given)
        except UnifiedError as error:
            return self.failure(error, given)
        try:
            return self._call(given, progress)
        except UnifiedError as error:
            return self.failure(error, given)

    async def acall(self, given: object, *, progress: Progress | None = None) -> Result:
        """Make the call, for async code; see `call`. With a sync client only, it runs in a thread."""
        if self._setting.async_client is None and self._setting.client is not None:
            return await asyncio.to_thread(self.call, given, progress=progress)
        try:
            return await self._acall(given, progress)
        except NotConnected as error:
            connect = self._setting.on_not_connected
            if connect is None or not await _connected(connect, error):
                return self.failure(error, given)
        except UnifiedError as error:
            return self.failure(error, given)
        try:
            return await self._acall(given, progress)
        except UnifiedError as error:
            return self.failure(error, given)

    def _call(self, given: object, progress: Progress | None) -> Result:
        values = self._values(given)
        client = self._setting.client or current_client.client()
        with self._setting.acting():
            if self.downloads:
                with self._receiver(progress) as receiver:
                    with contextlib.closing(client.download(*self._bound(values)).pieces()) as pieces:
                        for part in pieces:
                            if not receiver.add(part.data, part.done, part.total):
                                break
                    return self._received(receiver, values["via"])
            if not self.lists:
                return self._record(client.run(*self._bound(values, progress)), values)
            gathering, values = self._gathering(values, progress)
            operation, invocation = self._bound(values)
            for page in client.list(operation, invocation).pages():
                if not gathering.add(page):
                    break
            return self._gathered(gathering, values["via"])

    async def _acall(self, given: object, progress: Progress | None) -> Result:
        values = self._values(given)
        client = self._setting.async_client or current_client.async_client()
        with self._setting.acting():
            if self.downloads:
                with self._receiver(progress) as receiver:
                    async with contextlib.aclosing(client.download(*self._bound(values)).pieces()) as received:
                        async for piece in received:
                            if not await in_thread_if(receiver.blocks, receiver.add, piece.data, piece.done, piece.total):
                                break
                    return self._received(receiver, values["via"])
            if not self.lists:
                value = await client.run(*self._bound(values, progress))
                return await in_thread_if(large_result(value), self._record, value, values)
            gathering, values = self._gathering(values, progress)
            operation, invocation = self._bound(values)
            async for page in client.list(operation, invocation).pages():
                if not await in_thread_if(large_result(page), gathering.add, page):
                    break
            return self._gathered(gathering, values["via"])

    async def aneeds_approval(self, given: object) -> bool:
        """Return whether the policy requires a person's approval of a call with these arguments, without making it. False if it depends on
        the record, or if the call is not valid."""
        try:
            operation, invocation = self._bound(self._values(given))
            setting = self._setting
            with setting.acting():
                if setting.async_client is None and setting.client is not None:
                    plan = await asyncio.to_thread(setting.client.plan, operation, invocation)
                else:
                    plan = await (setting.async_client or current_client.async_client()).plan(operation, invocation)
        except UnifiedError:
            return False
        return plan.needs_approval

    def failure(self, error: UnifiedError, given: object = None) -> Result:
        """Return an error as a result. Only arguments that were `given` are named as those to look up."""
        lookups = self.definition.lookups
        if isinstance(given, Mapping):
            lookups = {name: resource for name, resource in lookups.items() if name in given or name in error.fields}
        text = guidance(error, lookups, self._names)
        approval = error.approval if isinstance(error, ApprovalRequired) else None
        fields = visible_data(dict(error.fields))
        url = error.url if isinstance(error, NotConnected) else None
        return Result(
            text, failed=True, error=type(error).__name__, retry=error.retry_safe, fields=fields, approval=approval, connect_url=url
        )

    @property
    def lists(self) -> bool:
        """True if the operation returns pages of records."""
        return self.definition.like in ("list", "changes")

    @property
    def downloads(self) -> bool:
        """True if the operation returns a content to receive."""
        return self.definition.returns_content

    def _receiver(self, progress: Progress | None) -> Excerpt:
        return Excerpt(self._setting.result_tokens, progress)

    @property
    def python_path(self) -> str:
        """Path of the operation's function below `unified`: `tasks.create`."""
        return self.definition.operation

    @property
    def setting(self) -> ToolContext:
        """Settings that the agent's tools share."""
        return self._setting

    def bound(self, given: object) -> tuple[Any, Any]:
        """Return the operation and its call with these arguments, for code that makes the call itself. A content may be bytes or a path.

        Raises:
            InvalidInput: an argument is not valid.
        """
        if not isinstance(given, Mapping):
            return self._bound(self._checked(given))
        contents = {name: given[name] for name in self.definition.contents if isinstance(given.get(name), (bytes, os.PathLike))}
        return self._bound(self._checked({**given, **dict.fromkeys(contents, "")}) | contents)

    def _checked(self, given: object) -> dict[str, Any]:
        try:
            values = self._checker.check(given)
        except InvalidInput:
            values = self._checker.check(coerced(given, self.parameters, self.vendors))
        values = localized(values, self.parameters, self.definition.operation)
        if "extra" in values:
            self._check_extra(values["extra"])
        if "via" not in values:
            values["via"] = self.vendors[0]
        return values | {name: values[name].encode("utf-8", "replace") for name in self.definition.contents if name in values}

    def _values(self, given: object) -> dict[str, Any]:
        values = self._checked(given)
        if self.lists:
            values.setdefault("limit", self._setting.page)
        return values

    def _check_extra(self, extra: Mapping[str, Any]) -> None:
        """Reject vendors' own fields that are not in the agent's toolset.

        Raises:
            InvalidInput: there are such fields; the message names their paths.
        """
        given = [f"{vendor}.{path}" for vendor, own in extra.items() for path in paths(own)]
        missing = [path for path in given if not any(covers(name, path) for name in self._extra)]
        if missing:
            message = f"{', '.join(missing)} is not among the fields that you may write: {', '.join(self._extra)}"
            raise InvalidInput(f"extra: {message}", operation=self.definition.operation, fields={"extra": message})

    def _bound(self, values: Mapping[str, Any], progress: Progress | None = None) -> tuple[Any, Any]:
        operation = find_operation(self.definition.operation)
        invocation = operation.bind(values)
        if self.definition.contents:
            invocation.progress = progress
        return operation, invocation

    def _received(self, excerpt: Excerpt, vendor: str) -> Result:
        data = visible_data(excerpt.data)
        if data is None:
            return Result("The file is not text, so it cannot be shown.", failed=True, error="Unsupported")
        return Result(results.fenced(data, vendor), data, source=vendor, untrusted=("",))

    def _record(self, value: Any, values: Mapping[str, Any]) -> Result:
        if value is None:
            return Result("done", {"done": True})
        data = results.fit(results.plain(value, self._shown, self._custom_fields(values)), self._setting.result_tokens)
        return Result(results.fenced(data, values["via"]), data, source=values["via"], untrusted=("",))

    def _gathering(self, values: dict[str, Any], progress: Progress | None) -> tuple[PageCollector, dict[str, Any]]:
        """Return an empty page collector, and the arguments to request the first page."""
        setting = self._setting
        gathering = PageCollector(
            limit=values["limit"],
            tokens=setting.result_tokens,
            text=setting.text,
            shown=self._shown,
            custom=self._custom_fields(values),
            cursor=values.pop("cursor", None),
            progress=progress,
        )
        return gathering, values if gathering.start is None else {**values, "cursor": gathering.start}

    def _gathered(self, gathering: PageCollector, vendor: str) -> Result:
        return Result(results.fenced(gathering.data, vendor), gathering.data, source=vendor, untrusted=gathering.untrusted)

    def _custom_fields(self, values: Mapping[str, Any]) -> Iterable[str] | None:
        """Return the custom fields that a result has; None: all."""
        named: Iterable[str] = values.get("custom_fields", ())
        writes = self.definition.effect != "read"
        return None if self.definition.shows_custom_fields and (writes or not named) else named

    @property
    def _shown(self) -> tuple[str, ...] | None:
        return (self._setting.fields or {}).get(self.definition.resource)

    def __repr__(self) -> str:
        return f"<Tool {self.name} via {', '.join(self.vendors)}>"


async def _connected(connect: Callable[[NotConnected], object], error: NotConnected) -> bool:
    """Call the function that connects a user, in a thread if it is not async."""
    found = connect(error) if inspect.iscoroutinefunction(connect) else await asyncio.to_thread(connect, error)
    return (await found if inspect.isawaitable(found) else found) is True


def _optional(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's schema in the plain form, which leaves out null and empty values."""
    fields = {name: _present(one) for name, one in schema["properties"].items()}
    return {"type": "object", "properties": fields, "required": ["id"]}


def _present(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field's schema for a value that is present: neither null nor its default."""
    made = {key: value for key, value in schema.items() if key != "default"}
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
