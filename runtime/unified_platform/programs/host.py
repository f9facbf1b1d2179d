"""Host side of a program: makes its calls through the tools of its agent, within limits, and records them in its journal."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from unified_platform.programs import contents
from unified_platform.programs.api import ProgramApi
from unified_platform.programs.journal import Diverged, Entry, Journal, digest
from unified_platform.programs.limits import Limits
from unified_platform.programs.paging import PAGES, REST
from unified_platform.programs.rollback import Compensation, plan_undo
from unified_platform.programs.stubs import record_name
from unified_platform.programs.values import FileHandle, argument, portable, to_sandbox
from unified_platform.tools import Tool
from unified_platform.tools.record_search_tool import RecordSearchTool
from unified_runtime import ApprovalRequired, InvalidInput, UnifiedError
from unified_runtime.client import current as current_client
from unified_runtime.core.errors import Conflict, NotFound, RateLimited, StaleCursor, Unconfirmed
from unified_runtime.core.program_origin import ProgramOrigin, program_origin

_RAISED: Sequence[tuple[type[UnifiedError], str]] = (
    (InvalidInput, "ValueError"),
    (NotFound, "LookupError"),
    (StaleCursor, "LookupError"),
)
"""Python error that a program can catch, by the kind of a call's error; `RuntimeError` for any other."""


Undo = tuple[str, dict[str, Any]] | None
"""Operation and inputs of the call that undoes a write."""


@dataclass(frozen=True, slots=True)
class Request:
    """Call of a program. `number` is its position in the journal; `path` that of the function."""

    number: int
    path: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    line: int


class Paused(Exception):
    """Stops a program until a person, a rate limit or a look-up has settled what it waits for.

    Attributes:
        reason: `approval`, `rate_limit` or `unconfirmed`.
        line: line of the call.
        resume_at: seconds since 1970 from which on it can be resumed.
        waits: number and entry of the call in the journal, without its result.
    """

    def __init__(self, reason: str, error: UnifiedError, line: int, *, resume_at: float | None = None) -> None:
        super().__init__(error.message)
        self.reason = reason
        self.error = error
        self.line = line
        self.resume_at = resume_at
        self.waits: tuple[int, Entry] | None = None

    @property
    def approval(self) -> str:
        """Id of the approval that the call waits for; empty if it waits for something else."""
        return self.error.approval if isinstance(self.error, ApprovalRequired) else ""


class LimitReached(Exception):
    """A limit of the program is reached. The program cannot catch it."""


class ProgramHost:
    """Makes the calls of one program.

    Args:
        api: functions that the program can call.
        origin: id and hash of the program, for the audit log.
        journal: calls made before, and those made now.
        limits: limits of the program.
        loop: event loop of an async client; None makes calls with the sync client.
        key: prefix of the idempotency keys of its writes; None sends none.
        atomic: plan the compensation of each write, and reject a write that has none.
    """

    def __init__(
        self,
        api: ProgramApi,
        origin: ProgramOrigin,
        journal: Journal,
        limits: Limits,
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        key: str | None = None,
        atomic: bool = False,
    ) -> None:
        self._api = api
        self._origin = origin
        self._journal = journal
        self._limits = limits
        self._loop = loop
        self._key = key
        self._atomic = atomic
        self._calls = 0
        self._by_vendor: Counter[str] = Counter()
        self._slept = 0.0
        self._listed: dict[int, tuple[Tool, dict[str, Any]]] = {}
        self._irreversible: str | None = None
        self.compensations: list[Compensation] = []

    # ------------------------------------------------------------------------------------------------ calls of the program
    def begin(self, path: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], line: int) -> Request:
        """Number a call. Calls are numbered in the order in which the program makes them, also those that run at the same time.

        Raises:
            LimitReached: the program has made too many calls.
        """
        self._calls += 1
        if self._calls > self._limits.calls:
            raise LimitReached(f"line {line}: a program makes at most {self._limits.calls} calls")
        return Request(self._journal.begin(), path, args, kwargs, line)

    def call(self, request: Request) -> dict[str, Any]:
        """Make a call, or return the journal's result. The result is in the form that the sandbox accepts.

        Raises:
            Paused: the call waits for something.
            LimitReached: a limit is reached.
            Diverged: the journal has another call at this position.
        """
        try:
            tool, given = self._bound(request)
        except InvalidInput as error:
            return _raised(error)
        hashed = digest({name: value.source if isinstance(value, FileHandle) else value for name, value in given.items()})
        if (known := self._journal.find(request.number, request.path, hashed)) is not None:
            self._remember(request, tool, given, known)
            return self._response(known)
        self._count(tool, given, request)
        try:
            entry = self._made(request, tool, given, hashed)
        except Diverged:
            raise
        except UnifiedError as error:
            entry = Entry(request.path, hashed, error=_error(error), line=request.line, effect=tool.effect, vendor=_vendor(tool, given))
            if (pause := self._pause(error, request.line)) is not None:
                pause.waits = request.number, entry
                raise pause from error
        self._journal.add(request.number, entry)
        self._remember(request, tool, given, entry)
        return self._response(entry)

    def together(self, requests: Sequence[Request]) -> list[dict[str, Any]]:
        """Make calls at the same time, and return their results in order.

        Raises:
            Paused, LimitReached, Diverged: as `call` does, once all calls have ended.
        """
        if len(requests) == 1:
            return [self.call(requests[0])]
        with ThreadPoolExecutor(max_workers=min(len(requests), 8), thread_name_prefix="unified-program") as pool:
            waiting = [pool.submit(copy_context().run, self.call, request) for request in requests]
        return [future.result() for future in waiting]

    def clock(self, name: str) -> float:
        """Return the time, in seconds since 1970; the same again when the program is resumed."""
        return float(self._own(name, lambda: datetime.now(UTC).timestamp()))

    def sleep(self, seconds: float) -> None:
        """Wait; not again when the program is resumed.

        Raises:
            LimitReached: the program has slept too long.
        """

        def slept() -> float:
            self._slept += max(seconds, 0.0)
            if self._slept > self._limits.sleep:
                raise LimitReached(f"a program sleeps for at most {self._limits.sleep:g} s")
            time.sleep(max(seconds, 0.0))
            return seconds

        self._own("sleep", slept)

    def _own(self, name: str, function: Callable[[], float | str]) -> Any:
        number = self._journal.begin()
        if (known := self._journal.find(number, name, "")) is not None:
            return known.value
        value = function()
        self._journal.add(number, Entry(name, "", value))
        return value

    # ------------------------------------------------------------------------------------------------ one call
    def _bound(self, request: Request) -> tuple[Tool, dict[str, Any]]:
        module, _, name = request.path.rpartition(".")
        paged = name.startswith(PAGES)
        path = f"{module}.{name.removeprefix(PAGES)}" if paged else request.path
        if path not in self._api:
            raise InvalidInput(self._api.missing(path))
        tool = self._api[path]
        if paged and REST in request.kwargs:
            first, _, cursor = str(request.kwargs[REST]).partition(":")
            if not first.isdigit() or int(first) not in self._listed:
                raise InvalidInput(f"{REST}: is not valid")
            tool, given = self._listed[int(first)]
            return tool, {**given, "cursor": cursor}
        return tool, _named(tool, request.args, request.kwargs)

    def _remember(self, request: Request, tool: Tool, given: dict[str, Any], entry: Entry) -> None:
        if tool.lists:
            self._listed[request.number] = tool, given
        if entry.undo is not None:
            self.compensations.append(Compensation(request.number, *entry.undo))

    def _count(self, tool: Tool, given: Mapping[str, Any], request: Request) -> None:
        vendor = _vendor(tool, given)
        self._by_vendor[vendor] += 1
        if self._by_vendor[vendor] > self._limits.calls_per_vendor:
            raise LimitReached(f"line {request.line}: a program makes at most {self._limits.calls_per_vendor} calls to one vendor")

    def _made(self, request: Request, tool: Tool, given: dict[str, Any], hashed: str) -> Entry:
        token = program_origin.set(self._origin.at(request.line))
        try:
            value, made, undo = self._value(request, tool, given)
        finally:
            program_origin.reset(token)
        return Entry(request.path, hashed, value, line=request.line, effect=tool.effect, vendor=_vendor(tool, given), made=made, undo=undo)

    def _value(self, request: Request, tool: Tool, given: dict[str, Any]) -> tuple[Any, str, Undo]:
        """Make a call, and return its value, the id of the record that it wrote, and what undoes it."""
        with contextlib.ExitStack() as files:
            values = {one: self._stored(value, files) if isinstance(value, FileHandle) else value for one, value in given.items()}
            return self._result(request, tool, given, values)

    def _result(self, request: Request, tool: Tool, given: dict[str, Any], values: dict[str, Any]) -> tuple[Any, str, Undo]:
        name = record_name(tool)
        if tool.definition.returns_content:
            source = {"tool": tool.python_path, "arguments": given}
            record = self._file_record(tool, given)
            size, kind = getattr(record, "size", None), getattr(record, "mime_type", None)
            return portable(FileHandle(source, getattr(record, "name", None), size, kind)), "", None
        if isinstance(tool, RecordSearchTool):
            return portable(self._run(lambda client: tool.run(client, values), tool)), "", None
        if tool.lists:
            return self._list(request, tool, given, name), "", None
        operation, invocation = tool.bound(values)
        if tool.effect == "read":
            return portable(self._run(lambda client: client.run(operation, invocation), tool), name), "", None
        if self._key is not None:
            invocation.key = f"{self._key}/{request.number}"
        undoes = self._undoing(request, tool, operation, invocation, _vendor(tool, values)) if self._atomic else _nothing
        value = self._run(lambda client: client.run(operation, invocation), tool)
        return portable(value, name), str(getattr(value, "id", "") or ""), undoes(value)

    def _list(self, request: Request, tool: Tool, given: dict[str, Any], name: str) -> Any:
        limit = given.get("limit")
        if request.path.rpartition(".")[2].startswith(PAGES):
            page = self._page(tool, given)
            first = str(request.kwargs.get(REST, request.number)).partition(":")[0]
            rest = f"{first}:{page.cursor}" if page.cursor is not None else None
            return {"$record": "Page", "fields": {"items": portable(page.items, name), "rest": rest}}
        most = limit if isinstance(limit, int) else self._limits.records
        found: list[Any] = []
        cursor = None
        while True:
            page = self._page(tool, given if cursor is None else {**given, "cursor": cursor})
            found += page.items
            cursor = page.cursor
            if isinstance(limit, int) and len(found) >= limit:
                return portable(found[:limit], name)
            if len(found) > most:
                raise InvalidInput(
                    f"{tool.python_path} has more than {most} records: narrow it by its filters, pass limit, or iterate over it in a loop"
                )
            if cursor is None:
                return portable(found, name)
            self._count(tool, given, request)

    def _page(self, tool: Tool, given: Mapping[str, Any]) -> Any:
        operation, invocation = tool.bound(dict(given))
        return self._run(lambda client: _first_page(client.list(operation, invocation)), tool)

    def _undoing(self, request: Request, tool: Tool, operation: Any, invocation: Any, vendor: str) -> Callable[[Any], Undo]:
        """Return the function that returns what undoes a write, given its result.

        The values before an update are in the journal before it is sent: after a crash, they could not be read any more.
        """
        if self._irreversible is not None:
            raise InvalidInput(f"{self._irreversible} cannot be undone, so in an atomic program it must be the last write")
        plan = plan_undo(operation, invocation, vendor, request.number)
        if plan is None:
            self._irreversible = f"line {request.line}: {tool.python_path}"
            return _nothing
        if not plan.restores:
            return lambda value: _undo(plan.compensation(value, None))
        known = self._journal.find(-request.number, "before", "")
        if known is None:
            read = plan.read()
            before = self._run(lambda client: client.run(*read), tool)
            known = Entry("before", "", undo=_undo(plan.compensation(None, before)))
            self._journal.add(-request.number, known)
        found = known.undo
        return lambda _: found

    def undo(self, compensation: Compensation) -> None:
        """Undo a write of an atomic program.

        Raises:
            UnifiedError: it could not be undone.
        """
        operation, invocation = compensation.call()
        if self._key is not None:
            invocation.key = f"{self._key}/{compensation.number}/undo"
        self._run(lambda client: client.run(operation, invocation), None)

    # ------------------------------------------------------------------------------------------------ files
    def text(self, handle: FileHandle, limit: int) -> str:
        """Return the beginning of a file's content as text.

        Raises:
            ValueError: the content is not text.
        """
        most = max(0, min(int(limit), self._limits.printed))

        def read() -> str:
            content, complete = self._beginning(handle, most * 4)  # a character has at most four bytes
            try:
                return codecs.getincrementaldecoder("utf-8")().decode(content, final=complete)[:most]
            except UnicodeDecodeError:
                raise ValueError(f"{handle.name or 'the file'} is not text") from None

        return str(self._own("text", read))

    def _beginning(self, handle: FileHandle, most: int) -> tuple[bytes, bool]:
        """Return the first bytes of a content, and whether they are all of it. The rest is not requested."""
        tool, operation, invocation = self._download(handle)
        return cast(tuple[bytes, bool], self._run(lambda client: contents.first_bytes(client.download(operation, invocation), most), tool))

    def _stored(self, handle: FileHandle, files: contextlib.ExitStack) -> Path:
        """Receive a content piece by piece into a temporary file, which exists as long as `files`.

        Raises:
            InvalidInput: it is larger than files may be.
        """
        tool, operation, invocation = self._download(handle)
        path = Path(files.enter_context(tempfile.TemporaryDirectory(prefix="unified-program-"))) / "content"
        with path.open("wb") as file:
            self._run(lambda client: contents.received(client.download(operation, invocation), file, self._limits.file), tool)
        return path

    def _download(self, handle: FileHandle) -> tuple[Tool, Any, Any]:
        tool = self._api[str(handle.source["tool"])]
        return tool, *tool.bound(dict(handle.source["arguments"]))

    def _file_record(self, tool: Tool, given: Mapping[str, Any]) -> Any:
        path = f"{tool.definition.resource}.get"
        if path not in self._api:
            return None
        get = self._api[path]
        accepted = {name: value for name, value in given.items() if name in get.parameters["properties"]}
        operation, invocation = get.bound(accepted)
        return self._run(lambda client: client.run(operation, invocation), get)

    # ------------------------------------------------------------------------------------------------ clients
    def _run(self, make: Callable[[Any], Any], tool: Tool | None) -> Any:
        setting = (tool or next(iter(self._api.values()))).setting
        if self._loop is None or (setting.async_client is None and setting.client is not None):
            with setting.acting():
                return make(setting.client or current_client.client())

        async def run() -> Any:
            with setting.acting():
                return await make(setting.async_client or current_client.async_client())

        # The coroutine runs in a copy of this thread's context, which names the program.
        coroutine = run()
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        while not wait([future], timeout=1.0).done:
            if self._loop.is_closed():  # the process stops: the program is resumed from its journal
                coroutine.close()
                raise CancelledError
        return future.result()

    def _response(self, entry: Entry) -> dict[str, Any]:
        """Return an entry in the form that the sandbox accepts."""
        if entry.error is not None:
            return {"exc_type": entry.error[0], "message": entry.error[1]}
        return {"return_value": to_sandbox(entry.value, self.text)}

    def _pause(self, error: UnifiedError, line: int) -> Paused | None:
        if isinstance(error, ApprovalRequired):
            return Paused("approval", error, line)
        if isinstance(error, Unconfirmed):
            return Paused("unconfirmed", error, line)
        if isinstance(error, RateLimited) and error.retry_after is not None and error.retry_after > self._limits.deadline:
            return Paused("rate_limit", error, line, resume_at=time.time() + error.retry_after)
        return None


def _nothing(_: Any) -> Undo:
    return None


def _undo(compensation: Compensation | None) -> Undo:
    return None if compensation is None else (compensation.operation, compensation.input)


def _first_page(pages: Any) -> Any:
    if hasattr(pages, "__aiter__"):
        return _first_async_page(pages)
    for page in pages.pages():
        return page
    raise AssertionError("a list has a first page")


async def _first_async_page(pages: Any) -> Any:
    async with contextlib.aclosing(pages.pages()) as found:
        async for page in found:
            return page
    raise AssertionError("a list has a first page")


def _named(tool: Tool, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by name."""
    names = [one for one in tool.parameters.get("required", ()) if one == "id" or one.endswith("_id")]
    if len(args) > len(names):
        raise InvalidInput(f"{tool.python_path} accepts {len(names)} arguments without a name: {', '.join(names) or 'none'}")
    given = dict(zip(names, args, strict=False))
    if twice := [name for name in kwargs if name in given]:
        raise InvalidInput(f"{twice[0]}: is given twice")
    return {name: argument(value) for name, value in {**given, **kwargs}.items()}


def _vendor(tool: Tool, given: Mapping[str, Any]) -> str:
    return str(given.get("via", tool.vendors[0]))


def _error(error: UnifiedError) -> tuple[str, str]:
    kind = next((name for cls, name in _RAISED if isinstance(error, cls)), "RuntimeError")
    named = "Conflict" if isinstance(error, Conflict) else type(error).__name__
    return kind, f"{named}: {error.message}"


def _raised(error: UnifiedError) -> dict[str, Any]:
    kind, message = _error(error)
    return {"exc_type": kind, "message": message}
