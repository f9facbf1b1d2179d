"""Check, run and resume of programs: analysis, types, plan, sandbox, journal, and the outcome for a model."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

import msgspec

from unified_platform.approvals.store import ApprovalStore
from unified_platform.common.invisible_text import visible_data
from unified_platform.programs import diagnostics, sandbox
from unified_platform.programs.analysis import Analysis, analyze
from unified_platform.programs.api import ProgramApi
from unified_platform.programs.host import LimitReached, Paused, ProgramHost
from unified_platform.programs.journal import Diverged, Entry, Journal
from unified_platform.programs.limits import Limits
from unified_platform.programs.outcomes import Outcome, changed, next_step, of_stored, plan_text, rejected, undo
from unified_platform.programs.paging import rewrite
from unified_platform.programs.reading import within
from unified_platform.programs.store import Contained, Owner, Program, ProgramStore, Status
from unified_platform.programs.values import result
from unified_platform.tools import Tool
from unified_platform.tools.results import fenced, fit, sentence
from unified_platform.tools.token_counts import cut, tokens
from unified_runtime import InvalidInput, UnifiedError
from unified_runtime.client import current as current_client
from unified_runtime.core.errors import Conflict, NotFound
from unified_runtime.core.program_origin import ProgramOrigin

_STUB_TOKENS = 400
"""Maximum tokens of the stubs in the report of a rejected program, approximate."""
_SOURCE = "program"
"""Name of the source in fences: a program's values contain vendors' texts."""


class _Printed:
    """Printed output up to a limit."""

    def __init__(self, most: int) -> None:
        self._parts: list[str] = []
        self._room = most
        self._cut = False

    def write(self, text: str) -> None:
        self._cut = self._cut or len(text) > self._room
        self._parts.append(text[: self._room])
        self._room -= len(self._parts[-1])

    def __str__(self) -> str:
        return "".join(self._parts) + ("… (cut)" if self._cut else "")


@dataclass(slots=True)
class _Run:
    """One run of a program.

    Attributes:
        content: what is stored of it.
        loop: event loop of an async client.
        token: lease of the stored program; None if it is not stored.
        before: journal of earlier runs.
    """

    id: str
    hash: str
    content: Contained
    analysis: Analysis
    loop: asyncio.AbstractEventLoop | None
    token: str | None = None
    before: dict[int, Entry] | None = None
    journal: Journal = field(default_factory=Journal)


_running: Counter[tuple[str, str]] = Counter()
_lock = threading.Lock()
_threads = ThreadPoolExecutor(sandbox.WORKERS, thread_name_prefix="unified-program")
"""Threads of programs for async code. The event loop's own threads must stay free for the calls that programs wait for."""


async def _in_thread(function: Callable[..., Outcome], *args: Any) -> Outcome:
    return await asyncio.get_running_loop().run_in_executor(_threads, copy_context().run, function, *args)


class ProgramRunner:
    """Checks and runs the programs of one agent.

    Args:
        tools: tools of the agent; a program can call their operations.
        store: stores paused and durable programs; without it, a program that has to wait fails.
        limits: limits of each program.
        rights: text that is stored with a program; its rights when it is resumed are derived from it.
    """

    def __init__(self, tools: Sequence[Tool], *, store: ProgramStore | None = None, limits: Limits | None = None, rights: str = "") -> None:
        self.api = ProgramApi(tools)
        self.limits = limits or Limits()
        self._store = store
        self._rights = rights
        self._setting = next(iter(self.api.values())).setting if self.api else None

    # ------------------------------------------------------------------------------------------------ check
    def check(self, code: str) -> Outcome:
        """Check a program without running it: syntax, names, types, and which operations it can reach.

        Raises:
            ImportError: the extra `programs` is not installed.
        """
        found = self._checked(code)
        if isinstance(found, Outcome):
            return found
        return Outcome("planned", plan_text(found.uses, self.api), uses=found.uses)

    def _checked(self, code: str, functions: Sequence[str] | None = None) -> Analysis | Outcome:
        """Check a program. `functions` are those that it had when it was started: it gets no others when it is resumed."""
        api = self.api if functions is None else self.api.only(functions)
        if len(code) > self.limits.code:
            return rejected([f"the program has {len(code)} characters; at most {self.limits.code} are accepted"])
        try:
            analysis = analyze(code, api)
            sandbox.check_types(code, sandbox.modules_of(analysis, api))
        except InvalidInput as error:
            return rejected([error.message])
        except sandbox.TypeErrors as error:
            problems = diagnostics.problems(error.found, code, api, analysis.uses, analysis.unknown)
            about = diagnostics.concerned(error.found, analysis.tree, analysis.module_of, analysis.uses, api)
            return rejected(problems, within(api, about, _STUB_TOKENS)[0] if about else "")
        return analysis

    # ------------------------------------------------------------------------------------------------ run
    def run(self, code: str, *, key: str | None = None, dry_run: bool = False, atomic: bool = False) -> Outcome:
        """Run a program.

        Args:
            key: makes the program durable: what it has done is not done again when it is run again under the key, also after a crash.
            dry_run: check it and return what it can do; nothing is sent.
            atomic: if it fails, undo what it wrote, last first, as far as the vendors' operations allow.

        Raises:
            Conflict: another program has the key, or the program runs in another process.
            InvalidInput: `key` needs a store, and a client with an idempotency store.
            UnifiedError: the store cannot be used.
        """
        if dry_run:
            return self.check(code)
        with self._counted():
            return self._run(code, key, atomic, None)

    async def arun(self, code: str, *, key: str | None = None, dry_run: bool = False, atomic: bool = False) -> Outcome:
        """Run a program, for async code; see `run`. Its calls are made by the async client in the current event loop."""
        loop = asyncio.get_running_loop()
        if dry_run:
            return await _in_thread(self.check, code)
        with self._counted():
            return await _in_thread(self._run, code, key, atomic, loop)

    def resume(self, id: str) -> Outcome:
        """Resume a paused program, or one whose process died. Of one that has ended, return the outcome.

        Raises:
            NotFound: this agent has no such program.
            Conflict: it runs in another process, or was canceled.
            UnifiedError: the store cannot be used.
        """
        with self._counted():
            return self._resume(self._found(id), None)

    async def aresume(self, id: str) -> Outcome:
        """Resume a program, for async code; see `resume`."""
        loop = asyncio.get_running_loop()
        with self._counted():
            return await _in_thread(lambda: self._resume(self._found(id), loop))

    def _found(self, id: str) -> Program:
        if self._store is None:
            raise InvalidInput("programs are not stored here, so none can be resumed")
        found = self._store.get(id)
        if (found.tenant, found.user, found.team, found.agent) != _identity(self._owner()):
            raise NotFound(f"there is no program {id}")  # as for one that does not exist
        return found

    def _run(self, code: str, key: str | None, atomic: bool, loop: asyncio.AbstractEventLoop | None) -> Outcome:
        checked = self._checked(code)
        if isinstance(checked, Outcome):
            return checked
        hashed = hashlib.sha256(code.encode()).hexdigest()
        content = Contained(code, atomic, functions=tuple(sorted({use.path for use in checked.uses})), rights=self._rights)
        run = _Run(secrets.token_hex(8), hashed, content, checked, loop)
        if key is None:
            return self._execute(run)
        store = self._durable_store(loop)
        run.token = store.begin(run.id, self._owner(), key, hashed, content, retain=self.limits.paused)
        if run.token is not None:
            return self._execute(run)
        known = store.find(self._owner(), key)
        if known is None:
            raise Conflict(f"the program of the key {key!r} has just expired: try again", retry_safe=True)
        if known.hash != hashed:
            raise Conflict(f"another program was run under the key {key!r}: use another key")
        return self._resume(known, loop)

    def _resume(self, program: Program, loop: asyncio.AbstractEventLoop | None) -> Outcome:
        assert self._store is not None
        if program.status in ("completed", "failed"):
            return of_stored(program)
        token = self._store.acquire(program.id)
        program = self._store.get(program.id)
        content = msgspec.structs.replace(program.content, rights=self._rights or program.content.rights)
        checked = self._checked(content.code, content.functions)
        if isinstance(checked, Outcome):
            message = f"The operations that program {program.id} uses have changed since it was paused.\n{checked.text}"
            self._store.end(program.id, token, "failed", msgspec.structs.replace(content, text=message))
            return Outcome("failed", message, program.id, problems=checked.problems)
        before = self._store.entries(program.id)
        if program.approval and content.waits is not None and (denial := self._denial(program.approval)) is not None:
            number, entry = content.waits
            before[number] = msgspec.structs.replace(entry, error=("RuntimeError", denial))
            self._store.add(program.id, token, number, before[number])
        return self._execute(_Run(program.id, program.hash, content, checked, loop, token, before))

    def _denial(self, approval: str) -> str | None:
        """Return the error of a call that a person has denied; None if no one has."""
        setting = self._setting
        client = (setting.client or setting.async_client or current_client.client()) if setting is not None else None
        approvals = client.policy.approvals if client is not None and client.policy is not None else None
        if not isinstance(approvals, ApprovalStore):
            return None
        try:
            found = approvals.get(approval)
        except NotFound:
            return None
        if found.status != "denied":
            return None
        return f"Denied: {found.decided_by} has denied this call" + (f": {found.note}" if found.note else "")

    def _execute(self, run: _Run) -> Outcome:
        store, code, analysis = self._store, run.content.code, run.analysis
        save = (lambda number, entry: store.add(run.id, token, number, entry)) if store and (token := run.token) else None
        run.journal = Journal(run.before, save)
        keys = f"program/{run.id}" if self._idempotent(run.loop) else None
        origin = ProgramOrigin(run.id, run.hash, source=code)
        host = ProgramHost(self.api, origin, run.journal, self.limits, loop=run.loop, key=keys, atomic=run.content.atomic)
        printed = _Printed(self.limits.printed)
        source = rewrite(code, analysis, self.api)
        modules = sandbox.modules_of(analysis, self.api)
        with self._leased(run):
            try:
                value = sandbox.execute(source, modules, host, self.limits, run.id, printed.write)
            except Paused as pause:
                return self._paused(run, pause)
            except (sandbox.ProgramError, LimitReached, Diverged) as error:
                line = getattr(error, "line", 0)
                return self._failed(run, host, printed, f"line {line}: {error}" if line else str(error))
        return self._completed(run, printed, value)

    # ------------------------------------------------------------------------------------------------ outcomes
    def _completed(self, run: _Run, printed: _Printed, value: Any) -> Outcome:
        data = visible_data(result(value))
        text = self._text(data, str(printed), run.journal)
        self._end(run, "completed", text=text, data=data)
        return Outcome("completed", text, run.id, data, str(printed), uses=run.analysis.uses)

    def _failed(self, run: _Run, host: ProgramHost, printed: _Printed, message: str) -> Outcome:
        undone = undo(host) if run.content.atomic else ""
        lines = [sentence(f"The program failed: {message}"), undone or changed(run.journal)]
        if shown := str(printed):
            lines.append(fenced({"printed": fit(visible_data(shown), self.limits.result_tokens)}, _SOURCE))
        text = "\n".join(line for line in lines if line)
        self._end(run, "failed", message=message, text=text)
        return Outcome("failed", text, run.id, printed=shown, problems=(message,), uses=run.analysis.uses)

    def _end(self, run: _Run, status: Status, **outcome: Any) -> None:
        if run.token is not None and self._store is not None:
            content = msgspec.structs.replace(run.content, **{"reason": "", "message": "", "waits": None, **outcome})
            self._store.end(run.id, run.token, status, content)

    def _paused(self, run: _Run, pause: Paused) -> Outcome:
        if self._store is None:
            text = sentence(f"line {pause.line}: {pause.error.message}")
            return Outcome("failed", f"{text}\n{changed(run.journal)}", run.id, approval=pause.approval, problems=(text,))
        content = msgspec.structs.replace(run.content, reason=pause.reason, message=pause.error.message, waits=pause.waits)
        keep = self.limits.paused
        if run.token is None:
            run.token = self._store.begin(run.id, self._owner(), None, run.hash, content, retain=keep, entries=run.journal.entries)
            assert run.token is not None, "a program without a key is always new"
        self._store.end(
            run.id, run.token, "paused", content, approval=pause.approval, line=pause.line, resume_at=pause.resume_at or 0.0, retain=keep
        )
        text = f"Program {run.id} is paused at line {pause.line}: {sentence(pause.error.message)} {next_step(pause)} {changed(run.journal)}"
        return Outcome("paused", text.strip(), run.id, approval=pause.approval)

    def _text(self, data: Any, printed: str, journal: Journal) -> str:
        shown: dict[str, Any] = {}
        if printed:
            shown["printed"] = visible_data(printed)
        if data is not None or not printed:
            shown["value"] = data
        text = fenced(fit(shown, self.limits.result_tokens), _SOURCE)
        if tokens(text) > self.limits.result_tokens:
            text = f"{cut(text, self.limits.result_tokens)}…</data> The result is cut: return less."
        return f"{text}\n{changed(journal)}" if journal.writes() else text

    # ------------------------------------------------------------------------------------------------ stores and counts
    def _owner(self) -> Owner:
        setting = self._setting
        if setting is None:
            return Owner("default", None, None, None)
        client = setting.client or setting.async_client or current_client.client()
        return Owner(client.connections.tenant, setting.user, setting.team, setting.agent)

    def _durable_store(self, loop: asyncio.AbstractEventLoop | None) -> ProgramStore:
        if self._store is None:
            raise InvalidInput("key: programs are not stored here; pass a store (`open_program_store()`)")
        if not self._idempotent(loop):
            raise InvalidInput("key: a durable program needs a client with an idempotency store (`Client(idempotency=…)`)")
        return self._store

    def _idempotent(self, loop: asyncio.AbstractEventLoop | None) -> bool:
        setting = self._setting
        if setting is None:
            return False
        client: Any = setting.client or current_client.client()
        if loop is not None and (setting.async_client is not None or setting.client is None):
            client = setting.async_client or current_client.async_client()
        return client.idempotency is not None or client.broker_client is not None

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count the program among those of its agent and its user.

        Raises:
            UnifiedError: too many of them run.
        """
        setting = self._setting
        names = [("agent", (setting.agent or "") if setting else ""), ("user", (setting.user or "") if setting else "")]
        with _lock:
            for name in names:
                if _running[name] >= self.limits.concurrent:
                    raise Conflict(f"{self.limits.concurrent} programs of this {name[0]} run already; wait until one ends", retry_safe=True)
            _running.update(names)
        try:
            yield
        finally:
            with _lock:
                _running.subtract(names)
                for name in names:
                    if not _running[name]:
                        del _running[name]

    @contextmanager
    def _leased(self, run: _Run) -> Iterator[None]:
        """Renew the lease of a stored program while it runs."""
        if run.token is None or self._store is None:
            yield
            return
        store, id, token, ended = self._store, run.id, run.token, threading.Event()

        def renew() -> None:
            while not ended.wait(15.0):
                try:
                    if not store.renew(id, token):
                        return
                except UnifiedError:
                    continue  # the store is down: the next call of the program notices

        worker = threading.Thread(target=renew, name="unified-program-lease", daemon=True)
        worker.start()
        try:
            yield
        finally:
            ended.set()


def _identity(owner: Owner) -> tuple[str, str | None, str | None, str | None]:
    return owner.tenant, owner.user, owner.team, owner.agent
