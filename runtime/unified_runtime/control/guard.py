"""Asks a policy before every call, keeps to its answer, and writes down both.

A call is asked about three times at most: on its arguments before anything happens; on the record that it would read, change or
delete, where the policy says that this decides; and on each request just before it is sent. Whatever is not plainly a yes is a no: an
exception, a late answer, an answer of another type, a log that cannot be written.
"""

from __future__ import annotations

import contextvars
import copy
import functools
import inspect
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from unified_runtime.context import Context, current_acting
from unified_runtime.control.claims import Approvals, AuditLog, Promised, Quotas
from unified_runtime.control.policy import Decision, Outcome, PolicyEngine, Question, deny
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import Denied

if TYPE_CHECKING:
    from unified_runtime.calling.plans import Place
    from unified_runtime.operations import Invocation, _Named
    from unified_runtime.steps import Steps

T = TypeVar("T")

log = logging.getLogger("unified.policy")

THREADS = 8
"""Questions that may wait for an engine outside this process at a time. An engine that hangs uses them up, and then denies at once."""


def _now() -> datetime:
    return datetime.now(UTC)


Within = Callable[[Question], str | None]
"""Whether a caller's rights reach as far as a question: None, or why not."""


class _Threads:
    """The threads in which an engine outside this process is asked, made when first needed and shared by guards that share the engine."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="unified-policy")
        return self._pool


class Guard:
    """A policy engine with what belongs to it.

    Args:
        engine: decides.
        approvals: keeps what people approve; without it, a call that needs approval is denied.
        audit: is told of every decision and call; where it cannot be written, nothing is sent.
        quotas: count each call just before its first request, which is not sent where they say no.
        timeout: seconds an engine may take for one answer.
        clock: the time that policies see.
    """

    def __init__(
        self,
        engine: PolicyEngine,
        *,
        approvals: Approvals | None = None,
        audit: AuditLog | None = None,
        quotas: Quotas | None = None,
        timeout: float = 2.0,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        if not callable(getattr(engine, "decide", None)):
            raise TypeError(f"a policy engine has a method decide(questions); {type(engine).__name__} has none")
        self.engine = engine
        self.approvals = approvals
        self.audit = audit
        self.quotas = quotas
        self.timeout = timeout
        self.clock = clock
        self.embedded = getattr(engine, "embedded", False) is True
        self.immediate = self.embedded and getattr(engine, "immediate", False) is True
        self.by_arguments = self.embedded and getattr(engine, "by_arguments", False) is True
        self.blocks = not self.embedded or approvals is not None or audit is not None
        self.facts: Mapping[str, Any] = {}
        self.within: Within | None = None
        self._threads = _Threads()

    def narrowed(self, within: Within, facts: Mapping[str, Any]) -> Guard:
        """The same guard for one caller: what is not `within` its rights is denied before the engine is asked, and `facts` about it (plain
        values) stand in every entry of the audit log."""
        made = copy.copy(self)
        made.within = within
        made.by_arguments = False  # a caller's rights may be about requests
        made.facts = facts
        return made

    def question(
        self,
        operation: _Named[Any, Any],
        invocation: Invocation[Any],
        arguments: Sequence[Any],
        extra: Mapping[str, Any],
        *,
        vendor: str,
        server: str,
        account_id: str | None,
    ) -> Question:
        """What is asked about a call before anything happens. `arguments` are checked; the last is the input model, where there is one."""
        acting = current_acting()
        given: dict[str, Any] = arguments[-1].model_dump(exclude_unset=True) if invocation.model is not None else {}
        if invocation.content:
            given |= _sizes(invocation.content, arguments[len(invocation.ids or {}) :])
        there = {name: value for name, value in given.items() if value is not None}
        return Question(
            phase="arguments",
            agent=acting.agent,
            user=acting.user,
            on_behalf_of=acting.on_behalf_of,
            resource=operation.resource,
            operation=operation.operation,
            like=operation.like,
            effect=operation.effect,
            vendor=vendor,
            host=urlsplit(server).netloc,
            account_id=account_id,
            ids={name: value for name, value in (invocation.ids or {}).items() if isinstance(value, str)},
            input=there,
            cleared=tuple([name for name in given if name not in there]) if len(there) < len(given) else (),
            extra=extra,
            custom_fields=_custom(operation, invocation, extra, vendor) if extra or operation.finds else {},
            time=self.clock(),
        )

    def planned(
        self, operation: _Named[Any, Any], invocation: Invocation[Any], arguments: Sequence[Any], extra: Mapping[str, Any], place: Place
    ) -> tuple[Callable[[Context], Steps[Any]] | None, tuple[str, ...]]:
        """For a plan: the steps by which a record would be read first, if one would be, and what the policy says.

        Raises:
            Denied: the call would be denied on its arguments.
        """
        vendor = place.vendor.name
        question = self.question(operation, invocation, arguments, extra, vendor=vendor, server=place.server, account_id=place.account_id)
        on_record = False
        for asked in filter(None, (question, source(question, invocation))):
            decision = self.answers([asked])[0]
            if decision.outcome is Outcome.DENY:
                raise denied(decision, vendor=vendor, operation=operation.name)
            if decision.outcome is Outcome.APPROVAL:
                return None, ("a person has to approve this" + "".join(f": {reason}" for reason in decision.reasons),)
            on_record = on_record or decision.on_record
        if not on_record:
            return None, ()
        reads = reads_first(operation, invocation, vendor)
        if reads is not None:
            return reads, ("the policy decides once the record was read",)
        if operation.effect != "read":
            raise Denied(NO_RECORD, vendor=vendor, operation=operation.name)
        return None, ("the policy is shown what was read, and only what it allows is given back",)

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Whether any call of the operation via the vendor could be allowed to the agent, as far as the engine can tell: else it need
        not be shown to it. What is shown is still asked about when it is called."""
        knows = getattr(self.engine, "may_call", None)
        if knows is None:
            return True
        try:
            return knows(agent, operation, vendor) is True
        except Exception as error:
            log.error("the policy engine failed", exc_info=error)
            return False

    # ------------------------------------------------------------------------------------------------ asking
    def answers(self, questions: Sequence[Question]) -> list[Decision]:
        """The engine's decisions, one for each question. Never raises: what goes wrong is a decision to deny."""
        if self.within is not None:
            refused = [self.within(question) for question in questions]
            if refused.count(None) < len(refused):
                return [deny(reason or "it was asked together with what is denied") for reason in refused]
        started = time.monotonic()
        try:
            found = self.engine.decide(questions) if self.embedded else self._elsewhere(questions)
            late = time.monotonic() - started > self.timeout
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except LateError:
            return self._fault("it did not answer in time", len(questions))
        except BaseException as error:
            log.error("the policy engine failed", exc_info=error)
            return self._fault(f"it failed with {type(error).__name__}", len(questions))
        if late:
            return self._fault("it did not answer in time", len(questions))
        if not isinstance(found, (list, tuple)) or len(found) != len(questions):
            return self._fault("it did not give one answer for each question", len(questions))
        return [decision if is_decision(decision) else self._fault("its answer is no decision", 1)[0] for decision in found]

    def _fault(self, what: str, count: int) -> list[Decision]:
        log.warning("a policy could not be asked: %s", what)
        return [deny(f"the policy could not be asked: {what}")] * count

    def _elsewhere(self, questions: Sequence[Question]) -> Any:
        return self._threads.pool().submit(contextvars.Context().run, self.engine.decide, questions).result(self.timeout)

    def stamped(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """An entry of the audit log, with the time and who calls."""
        return {"time": self.clock().isoformat(), **self.facts, **entry}

    def write(self, entry: Mapping[str, Any], before: Sequence[Mapping[str, Any]] = ()) -> str | None:
        """Append to the audit log, if there is one. Returns what went wrong. `before` are entries that were `stamped` and wait for this
        one: all are written together, where the log can do that."""
        if self.audit is None:
            return None
        try:
            stamped = self.stamped(entry)
            if before and (extend := getattr(self.audit, "extend", None)) is not None:
                extend([*before, stamped])
            else:
                for one in (*before, stamped):
                    self.audit.append(one)
        except Exception as error:  # noqa: BLE001  the log is others' code; what it cannot take does not happen
            return _unwritten(error)
        return None

    def writing(self, entry: Mapping[str, Any], before: Sequence[Mapping[str, Any]] = ()) -> Errand[str | None]:
        """`write`, as an errand: a log with a thread of its own needs none of the async client's."""
        aextend = getattr(self.audit, "aextend", None)
        if aextend is None:
            return Errand(lambda: self.write(entry, before), blocks=self.audit is not None)

        async def awaited() -> str | None:
            try:
                await aextend([*before, self.stamped(entry)])
            except Exception as error:  # noqa: BLE001  as in `write`
                return _unwritten(error)
            return None

        return Errand(lambda: self.write(entry, before), blocks=True, awaited=awaited)


def _unwritten(error: Exception) -> str:
    log.error("the audit log cannot be written", exc_info=error)
    return f"the audit log cannot be written: {type(error).__name__}"


def _custom(operation: _Named[Any, Any], invocation: Invocation[Any], extra: Mapping[str, Any], vendor: str) -> Mapping[str, Any]:
    """The custom fields that a call writes or a list looks for, as policies see them.

    Raises:
        InvalidInput: two names are one field.
    """
    from unified_runtime.custom import judged  # few calls write any

    return judged(extra, invocation.custom_fields, operation.adapter(vendor).custom, operation.name)


def _sizes(contents: Mapping[str, Any], sources: Sequence[Any]) -> dict[str, int]:
    """How many bytes each content of a call has, where that is known before it is sent."""
    sizes = {
        name: content.size if isinstance(content, Promised) else source.size
        for (name, content), source in zip(contents.items(), sources, strict=False)
        if source is not None
    }
    return {name: size for name, size in sizes.items() if size is not None}


def is_decision(value: Any) -> bool:
    """Whether an answer is a decision, exactly: a truthy object that looks like one is none."""
    return (
        type(value) is Decision
        and type(value.outcome) is Outcome
        and type(value.on_record) is bool
        and _is_texts(value.reasons)
        and _is_texts(value.policies)
    )


def _is_texts(value: Any) -> bool:
    return type(value) is tuple and (not value or all(type(text) is str for text in value))


def denied(decision: Decision, **context: Any) -> Denied:
    """The error of a decision that says no."""
    told = "; ".join(decision.reasons) or "no rule allows it"
    return Denied(f"a policy forbids this: {told}", reasons=decision.reasons, policies=decision.policies, **context)


NO_RECORD = "the policy decides on the record, and there is none that could be read before"


def source(question: Question, invocation: Invocation[Any]) -> Question | None:
    """What is asked about the record that a call makes another one of, such as a copy: as one that is read. None where there is none.

    What is made is decided on by the inputs; without this, a record that may not be seen could be copied to where it may.
    """
    if question.like != "create" or "id" not in (invocation.ids or {}):
        return None
    return msgspec.structs.replace(question, like="get")


def reads_first(operation: _Named[Any, Any], invocation: Invocation[Any], vendor: str) -> Callable[[Context], Steps[Any]] | None:
    """The steps that read the record an operation is about, where it is read before: what changes, deletes, downloads or copies it.

    None for what makes, gets or lists records, and where the vendor has no `get` by ids that are given.
    """
    ids = invocation.ids
    if not ids or operation.operation == "get" or operation.like in {"list", "changes"}:
        return None
    get: Callable[..., Steps[Any]] | None = getattr(import_module(operation.vendors[vendor]), "get", None)
    if get is None:
        return None
    taken = [name.rstrip("_") for name in inspect.signature(get).parameters][1:]
    if not taken or not all(name in ids for name in taken):
        return None
    return functools.partial(_read, get, tuple(ids[name] for name in taken))


def _read(get: Callable[..., Steps[Any]], ids: tuple[Any, ...], context: Context) -> Steps[Any]:
    return get(context, *ids)
