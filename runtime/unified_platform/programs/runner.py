"""Check, run and resume of programs: analysis, types, plan, sandbox, journal, and the outcome for a model."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from unified_platform.common.invisible_text import visible_data
from unified_platform.programs import diagnostics, sandbox
from unified_platform.programs.analysis import Analysis, Use, analyze
from unified_platform.programs.api import ProgramApi
from unified_platform.programs.host import LimitReached, Paused, ProgramHost
from unified_platform.programs.journal import Diverged, Journal
from unified_platform.programs.limits import Limits
from unified_platform.programs.paging import rewrite
from unified_platform.programs.store import RETAIN, Contained, Owner, Program, ProgramStore, Status
from unified_platform.programs.values import result
from unified_platform.tools import Tool
from unified_platform.tools.results import fenced, fit, sentence
from unified_runtime import InvalidInput, UnifiedError
from unified_runtime.client import current as current_client
from unified_runtime.core.errors import Conflict, NotFound
from unified_runtime.core.program_origin import ProgramOrigin

State = Literal["completed", "paused", "failed", "rejected", "planned"]
_SOURCE = "program"
"""Name of the source in fences: a program's values contain vendors' texts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a program.

    Attributes:
        state: `completed`, `paused`, `failed`, `rejected` (not run, since it has errors) or `planned` (a dry run).
        text: the outcome for a model.
        id: id of the program; empty if it was not run.
        value: value of its last expression as plain JSON.
        printed: what it printed.
        approval: id of the approval that it waits for.
        problems: errors for which it was rejected.
        uses: functions that it names.
    """

    state: State
    text: str
    id: str = ""
    value: Any = None
    printed: str = ""
    approval: str = ""
    problems: tuple[str, ...] = ()
    uses: tuple[Use, ...] = field(default=(), repr=False)


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


_running: Counter[tuple[str, str]] = Counter()
_lock = threading.Lock()


class ProgramRunner:
    """Checks and runs the programs of one agent.

    Args:
        tools: tools of the agent; a program can call their operations.
        store: stores paused and durable programs; without it, a program that has to wait fails.
        limits: limits of each program.
    """

    def __init__(self, tools: Sequence[Tool], *, store: ProgramStore | None = None, limits: Limits | None = None) -> None:
        self.api = ProgramApi(tools)
        self.limits = limits or Limits()
        self._store = store
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
        return Outcome("planned", _plan(found.uses, self.api), uses=found.uses)

    def _checked(self, code: str) -> Analysis | Outcome:
        if len(code) > self.limits.code:
            return _rejected([f"the program has {len(code)} characters; at most {self.limits.code} are accepted"])
        try:
            analysis = analyze(code, self.api)
            sandbox.check_types(code, sandbox.modules_of(analysis, self.api))
        except InvalidInput as error:
            return _rejected([error.message])
        except sandbox.TypeErrors as error:
            return _rejected(diagnostics.problems(error.found, code, self.api, analysis.uses, analysis.unknown))
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
            return await asyncio.to_thread(self.check, code)
        with self._counted():
            return await asyncio.to_thread(self._run, code, key, atomic, loop)

    def resume(self, id: str) -> Outcome:
        """Resume a paused program, or one whose process died.

        Raises:
            NotFound: this agent has no such program.
            Conflict: it runs in another process, or has ended.
            UnifiedError: the store cannot be used.
        """
        with self._counted():
            return self._resume(self._found(id), None)

    async def aresume(self, id: str) -> Outcome:
        """Resume a program, for async code; see `resume`."""
        loop = asyncio.get_running_loop()
        with self._counted():
            return await asyncio.to_thread(lambda: self._resume(self._found(id), loop))

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
        if key is None:
            return self._execute(secrets.token_hex(8), code, hashed, checked, atomic, loop, token=None, before=None, durable=False)
        store = self._durable_store(loop)
        if (known := store.find(self._owner(), key)) is not None and known.status != "canceled":
            if known.hash != hashed:
                raise Conflict(f"another program was run under the key {key!r}: use another key")
            if known.status in ("completed", "failed"):
                return _stored(known)
            return self._resume(known, loop)
        id = secrets.token_hex(8)
        token = store.begin(id, self._owner(), key, hashed, Contained(code, atomic), retain=self.limits.paused)
        return self._execute(id, code, hashed, checked, atomic, loop, token=token, before=None, durable=True)

    def _resume(self, program: Program, loop: asyncio.AbstractEventLoop | None) -> Outcome:
        assert self._store is not None
        code, atomic = program.content.code, program.content.atomic
        token = self._store.acquire(program.id)
        checked = self._checked(code)
        if isinstance(checked, Outcome):
            message = f"The operations that program {program.id} uses have changed since it was paused.\n{checked.text}"
            self._store.end(program.id, token, "failed", Contained(code, atomic, text=message))
            return Outcome("failed", message, program.id, problems=checked.problems)
        before = self._store.entries(program.id)
        return self._execute(program.id, code, program.hash, checked, atomic, loop, token=token, before=before, durable=True)

    def _execute(
        self,
        id: str,
        code: str,
        hashed: str,
        analysis: Analysis,
        atomic: bool,
        loop: asyncio.AbstractEventLoop | None,
        *,
        token: str | None,
        before: Any,
        durable: bool,
    ) -> Outcome:
        store = self._store
        save = (lambda number, entry: store.add(id, token, number, entry)) if store is not None and token is not None else None
        journal = Journal(before, save)
        keys = f"program/{id}" if self._idempotent(loop) else None
        host = ProgramHost(self.api, ProgramOrigin(id, hashed, source=code), journal, self.limits, loop=loop, key=keys, atomic=atomic)
        printed = _Printed(self.limits.printed)
        source = rewrite(code, analysis, self.api)
        modules = sandbox.modules_of(analysis, self.api)
        with self._leased(id, token):
            try:
                value = sandbox.execute(source, modules, host, self.limits, id, printed.write)
            except Paused as pause:
                return self._paused(id, code, hashed, atomic, token, journal, pause)
            except (sandbox.ProgramError, LimitReached, Diverged) as error:
                line = getattr(error, "line", 0)
                text = f"line {line}: {error}" if line else str(error)
                return self._failed(id, code, atomic, token, journal, host, printed, text, uses=analysis.uses)
        return self._completed(id, code, atomic, token, journal, printed, value, analysis.uses)

    # ------------------------------------------------------------------------------------------------ outcomes
    def _completed(
        self,
        id: str,
        code: str,
        atomic: bool,
        token: str | None,
        journal: Journal,
        printed: _Printed,
        value: Any,
        uses: tuple[Use, ...],
    ) -> Outcome:
        data = visible_data(result(value))
        text = self._text(data, str(printed), journal)
        if token is not None and self._store is not None:
            self._store.end(id, token, "completed", Contained(code, atomic, text=text, data=data), retain=RETAIN)
        return Outcome("completed", text, id, data, str(printed), uses=uses)

    def _failed(
        self,
        id: str,
        code: str,
        atomic: bool,
        token: str | None,
        journal: Journal,
        host: ProgramHost,
        printed: _Printed,
        message: str,
        *,
        uses: tuple[Use, ...],
    ) -> Outcome:
        undone = _undo(host) if atomic else ""
        lines = [sentence(f"The program failed: {message}"), undone or _done(journal)]
        if shown := str(printed):
            lines.append(fenced({"printed": fit(visible_data(shown), self.limits.result_tokens)}, _SOURCE))
        text = "\n".join(line for line in lines if line)
        if token is not None and self._store is not None:
            self._store.end(id, token, "failed", Contained(code, atomic, message=message, text=text), retain=RETAIN)
        return Outcome("failed", text, id, printed=shown, problems=(message,), uses=uses)

    def _paused(self, id: str, code: str, hashed: str, atomic: bool, token: str | None, journal: Journal, pause: Paused) -> Outcome:
        if self._store is None:
            text = sentence(f"line {pause.line}: {pause.error.message}")
            return Outcome("failed", f"{text}\n{_done(journal)}", id, approval=pause.approval, problems=(text,))
        if token is None:
            token = self._store.begin(id, self._owner(), None, hashed, Contained(code, atomic), retain=self.limits.paused)
            for number, entry in journal.entries:
                self._store.add(id, token, number, entry)
        content = Contained(code, atomic, reason=pause.reason, message=pause.error.message)
        resume_at = pause.resume_at or 0.0
        self._store.end(
            id, token, "paused", content, approval=pause.approval, line=pause.line, resume_at=resume_at, retain=self.limits.paused
        )
        text = f"Program {id} is paused at line {pause.line}: {sentence(pause.error.message)} {_next(pause)} {_done(journal)}"
        return Outcome("paused", text.strip(), id, approval=pause.approval)

    def _text(self, data: Any, printed: str, journal: Journal) -> str:
        shown: dict[str, Any] = {}
        if printed:
            shown["printed"] = visible_data(printed)
        if data is not None or not printed:
            shown["value"] = data
        text = fenced(fit(shown, self.limits.result_tokens), _SOURCE)
        if len(text) > self.limits.result_tokens * 4:
            text = f"{text[: self.limits.result_tokens * 4]}…</data> The result is cut: return less."
        writes = journal.writes()
        return f"{text}\n{_done(journal)}" if writes else text

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
        client: Any = (
            (setting.client or current_client.client()) if loop is None else (setting.async_client or current_client.async_client())
        )
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
    def _leased(self, id: str, token: str | None) -> Iterator[None]:
        """Renew the lease of a stored program while it runs."""
        if token is None or self._store is None:
            yield
            return
        store, ended = self._store, threading.Event()

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


def _rejected(problems: Sequence[str]) -> Outcome:
    return Outcome("rejected", diagnostics.report(problems), problems=tuple(problems))


def _stored(program: Program) -> Outcome:
    state: Status = program.status
    outcome: State = "completed" if state == "completed" else "failed"
    return Outcome(outcome, program.content.text, program.id, program.content.data)


def _plan(uses: Sequence[Use], api: ProgramApi) -> str:
    named = [use for use in uses if use.line] or list(uses)
    if not named:
        return "The program is valid and calls nothing."
    lines = []
    for use in sorted(named, key=lambda use: use.line):
        tool = api[use.path]
        lines.append(f"line {use.line}: {use.path} ({tool.effect}, {', '.join(tool.vendors)})")
    return "The program is valid. It can call:\n" + "\n".join(lines)


def _done(journal: Journal) -> str:
    """Return what a program wrote, for its author."""
    writes = journal.writes()
    if not writes:
        return "Nothing was changed."
    lines = [f"line {entry.line}: {entry.name}{f' ({entry.made})' if entry.made else ''}" for _, entry in writes]
    return "Changed: " + "; ".join(lines) + "."


def _next(pause: Paused) -> str:
    if pause.reason == "approval":
        return "It goes on when a person has approved the call."
    if pause.reason == "rate_limit":
        return "It can be resumed when the limit allows."
    return "A person has to look whether the call was executed (`unified writes list`)."


def _undo(host: ProgramHost) -> str:
    """Undo the writes of an atomic program, last first, and return what was undone and what was not."""
    undone, left = 0, []
    for compensation in sorted(host.compensations, key=lambda one: one.number, reverse=True):
        try:
            host.undo(compensation)
            undone += 1
        except UnifiedError as error:
            left.append(f"write {compensation.number} could not be undone: {error.message}")
    text = f"{undone} of its writes were undone." if undone else "It had written nothing that remains."
    return " ".join([text, *map(sentence, left)])
