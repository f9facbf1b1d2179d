"""Policy enforcer: has the policy engine decide on every call, applies its decisions, and logs them.

A call is decided on in up to three phases: its arguments, before anything is sent; the record that it would read, change or delete, if the
policy's decision depends on it; and each request just before it is sent. Policies fail closed: anything other than an explicit allow is a
denial, including an exception, a timeout, a value of another type, and a log that cannot be written.
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
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.context import Context, current_acting
from unified_runtime.core.errors import Denied
from unified_runtime.core.plans import NEEDS_APPROVAL
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyEngine, PolicyRequest, deny
from unified_runtime.core.redactor import REDACTED
from unified_runtime.policy.approvals import Approvals, AuditLog, DeclaredContent, Quotas

if TYPE_CHECKING:
    from unified_runtime.adapter_api.steps import Steps
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.core.vendors import Vendor
    from unified_runtime.policy.written_fields import Written

T = TypeVar("T")

log = logging.getLogger("unified.policy")

THREADS = 8
"""Maximum number of concurrent questions to an engine outside this process. If the engine hangs and all are in use, calls are denied at
once."""


def _now() -> datetime:
    return datetime.now(UTC)


Within = Callable[[PolicyRequest], str | None]
"""Checks if a question is within a caller's rights: returns None, or the reason that it is not."""


class _Threads:
    """Threads that call an engine outside this process; created when first needed and shared by enforcers that share the engine."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="unified-policy")
        return self._pool


class Destination(Protocol):
    """Vendor and account that a planned call goes to."""

    @property
    def vendor(self) -> Vendor: ...
    @property
    def server(self) -> str: ...
    @property
    def account_id(self) -> str | None: ...
    @property
    def tenant(self) -> str: ...
    @property
    def connection(self) -> str | None: ...


class PolicyEnforcer:
    """Policy engine with its approvals, audit log and quotas.

    Args:
        engine: decides.
        approvals: stores approvals; without it, a call that needs approval is denied.
        audit: receives every decision and call; if it cannot be written, nothing is sent.
        quotas: count each call just before its first request, which is not sent if the quota is used up.
        timeout: maximum seconds for one decision of the engine.
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
        self.decides_by_arguments = self.by_arguments
        self.blocks = not self.embedded or approvals is not None or audit is not None
        self.facts: Mapping[str, Any] = {}
        self.within: Within | None = None
        self._threads = _Threads()

    @property
    def by_tool(self) -> bool:
        """True if the engine decides only by agent, user, tenant, vendor and operation."""
        return self.embedded and getattr(self.engine, "by_tool", False) is True

    def narrowed(self, within: Within, facts: Mapping[str, Any]) -> PolicyEnforcer:
        """Return this enforcer for one caller: calls that are not `within` its rights are denied before the engine is called, and `facts`
        about the caller (plain values) are in every entry of the audit log."""
        made = copy.copy(self)
        made.within = within
        made.by_arguments = False  # a caller's rights may depend on requests
        made.facts = facts
        return made

    def unattended(self) -> PolicyEnforcer:
        """Return this enforcer without approvals: a call that needs one is denied, and no approval is requested."""
        made = copy.copy(self)
        made.approvals = None
        return made

    def question(
        self,
        operation: OperationBase[Any, Any],
        invocation: Invocation[Any],
        arguments: Sequence[Any],
        extra: Mapping[str, Any],
        *,
        vendor: str,
        server: str,
        account_id: str | None,
        tenant: str,
        connection: str | None,
    ) -> PolicyRequest:
        """Return the question about a call before anything is sent. `arguments` are checked; the last is the input model, if there is
        one."""
        acting = current_acting()
        given: dict[str, Any] = arguments[-1].model_dump(exclude_unset=True) if invocation.model is not None else {}
        given |= {name: REDACTED for name in invocation.secrets if given.get(name) is not None}
        if invocation.content:
            given |= _sizes(invocation.content, arguments[len(invocation.ids or {}) :])
        found = _written(operation, invocation, extra, vendor) if extra else None
        if found is not None:
            given |= found.input
        there = {name: value for name, value in given.items() if value is not None} if given else given
        return PolicyRequest(
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
            tenant=tenant,
            connection=connection,
            account_id=account_id,
            ids={name: value for name, value in (invocation.ids or {}).items() if isinstance(value, str)},
            input=there,
            cleared=tuple([name for name in given if name not in there]) if len(there) < len(given) else (),
            extra=extra,
            extra_fields=() if found is None else found.fields,
            undetermined=() if found is None else found.undetermined,
            custom_fields=_custom(operation, invocation, found, vendor) if found is not None or operation.finds else {},
            time=self.clock(),
        )

    def planned(
        self,
        operation: OperationBase[Any, Any],
        invocation: Invocation[Any],
        arguments: Sequence[Any],
        extra: Mapping[str, Any],
        destination: Destination,
    ) -> tuple[Callable[[Context], Steps[Any]] | None, tuple[str, ...]]:
        """Return, for a plan, the steps that would read a record first, if any, and the notes of the policy.

        Raises:
            Denied: the call would be denied on its arguments.
        """
        vendor = destination.vendor.name
        question = self.question(
            operation,
            invocation,
            arguments,
            extra,
            vendor=vendor,
            server=destination.server,
            account_id=destination.account_id,
            tenant=destination.tenant,
            connection=destination.connection,
        )
        on_record = False
        for each in filter(None, (question, source(question, invocation))):
            decision = self.decide([each])[0]
            if decision.outcome is Outcome.DENY:
                raise denied(decision, vendor=vendor, operation=operation.name)
            if decision.outcome is Outcome.APPROVAL:
                return None, (NEEDS_APPROVAL + "".join(f": {reason}" for reason in decision.reasons),)
            on_record = on_record or decision.on_record
        if not on_record:
            return None, ()
        if question.resource == vendor:
            raise Denied(TOOLKITS_HAVE_NO_RECORD, vendor=vendor, operation=operation.name)
        reads = reads_first(operation, invocation, vendor)
        if reads is not None:
            return reads, ("the policy decides once the record was read",)
        if operation.effect != "read":
            raise Denied(NO_RECORD, vendor=vendor, operation=operation.name)
        return None, ("the policy is shown what was read, and only what it allows is given back",)

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Return False if the engine can never allow the agent a call of the operation via the vendor: then it need not be shown to the
        agent. Operations that are shown are still decided on when they are called."""
        knows = getattr(self.engine, "may_call", None)
        if knows is None:
            return True
        try:
            return knows(agent, operation, vendor) is True
        except Exception as error:
            log.error("the policy engine failed", exc_info=error)
            return False

    # ------------------------------------------------------------------------------------------------ decisions
    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        """Return the engine's decisions, one for each question. Never raises: any error is a denial."""
        if self.within is not None:
            refused = [self.within(question) for question in questions]
            if refused.count(None) < len(refused):
                return [deny(reason or "it was requested together with calls that are denied") for reason in refused]
        started = time.monotonic()
        try:
            found = self.engine.decide(questions) if self.embedded else self._elsewhere(questions)
            late = time.monotonic() - started > self.timeout
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except LateError:
            return self._fault("it did not respond in time", len(questions))
        except BaseException as error:
            log.error("the policy engine failed", exc_info=error)
            return self._fault(f"it failed with {type(error).__name__}", len(questions))
        if late:
            return self._fault("it did not respond in time", len(questions))
        if not isinstance(found, (list, tuple)) or len(found) != len(questions):
            return self._fault("it did not return one decision for each question", len(questions))
        decided = [decision if is_decision(decision) else self._fault("its result is not a decision", 1)[0] for decision in found]
        if questions[0].undetermined:
            return [by_name(decision, question) for decision, question in zip(decided, questions, strict=True)]
        return decided

    def _fault(self, what: str, count: int) -> list[Decision]:
        log.warning("a policy could not be evaluated: %s", what)
        return [deny(f"the policy could not be evaluated: {what}")] * count

    def _elsewhere(self, questions: Sequence[PolicyRequest]) -> Any:
        return self._threads.pool().submit(contextvars.Context().run, self.engine.decide, questions).result(self.timeout)

    def stamped(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an audit log entry with the time and the caller added."""
        return {"time": self.clock().isoformat(), **self.facts, **entry}

    def write(self, entry: Mapping[str, Any], before: Sequence[Mapping[str, Any]] = ()) -> str | None:
        """Append to the audit log, if there is one. Returns the error message if it failed, else None. `before` are entries that were
        `stamped` and wait for this one: all are written together, if the log supports that."""
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

    def writing(self, entry: Mapping[str, Any], before: Sequence[Mapping[str, Any]] = ()) -> BlockingTask[str | None]:
        """Return `write` as a blocking task; a log with its own thread does not need one of the async client's."""
        aextend = getattr(self.audit, "aextend", None)
        if aextend is None:
            return BlockingTask(lambda: self.write(entry, before), blocks=self.audit is not None)

        async def awaited() -> str | None:
            try:
                await aextend([*before, self.stamped(entry)])
            except Exception as error:  # noqa: BLE001  as in `write`
                return _unwritten(error)
            return None

        return BlockingTask(lambda: self.write(entry, before), blocks=True, awaited=awaited)


def _unwritten(error: Exception) -> str:
    log.error("the audit log cannot be written", exc_info=error)
    return f"the audit log cannot be written: {type(error).__name__}"


def _written(operation: OperationBase[Any, Any], invocation: Invocation[Any], extra: Mapping[str, Any], vendor: str) -> Written:
    """Return the unified and custom fields that `extra` writes.

    Raises:
        InvalidInput: it writes a field twice.
    """
    from unified_runtime.policy.written_fields import written  # imported late: few calls have any

    return written(extra, vendor, operation.vendors[vendor], operation.name, invocation.model)


def _custom(operation: OperationBase[Any, Any], invocation: Invocation[Any], found: Written | None, vendor: str) -> Mapping[str, Any]:
    """Return the custom fields that a call writes or a list filters by, as policies see them.

    Raises:
        InvalidInput: two names are the same field.
    """
    from unified_runtime.adapter_api.custom_fields import judged  # imported late: few calls write any

    passed_on = {} if found is None else found.custom_fields
    return judged(passed_on, invocation.custom_fields, operation.adapter(vendor).custom, operation.name)


def by_name(decision: Decision, question: PolicyRequest) -> Decision:
    """Return the decision; a denial if it would allow an undetermined path of `extra` without naming it."""
    if decision.outcome is Outcome.DENY or not question.undetermined:
        return decision
    from unified_runtime.policy.written_fields import covers

    missing = [path for path in question.undetermined if not any(covers(name, path) for name in decision.extra)]
    if not missing:
        return decision
    reason = f"extra {', '.join(missing)} is not among the fields that a policy knows; a policy has to allow it by name"
    return deny(reason, policies=decision.policies)


def _sizes(contents: Mapping[str, Any], sources: Sequence[Any]) -> dict[str, int]:
    """Return the size in bytes of each content of a call, if known before it is sent."""
    sizes = {
        name: content.size if isinstance(content, DeclaredContent) else source.size
        for (name, content), source in zip(contents.items(), sources, strict=False)
        if source is not None
    }
    return {name: size for name, size in sizes.items() if size is not None}


def is_decision(value: Any) -> bool:
    """Return True if a value is exactly a decision: other truthy objects, even similar ones, are not."""
    if type(value) is not Decision or type(value.outcome) is not Outcome or type(value.on_record) is not bool:
        return False
    reasons, policies, extra = value.reasons, value.policies, value.extra
    if not (type(reasons) is type(policies) is type(extra) is tuple):
        return False
    return {str}.issuperset(map(type, (*reasons, *policies, *extra)))


def denied(decision: Decision, **context: Any) -> Denied:
    """Return the error of a denial."""
    reasons = "; ".join(decision.reasons) or "no rule allows it"
    return Denied(f"a policy forbids this: {reasons}", reasons=decision.reasons, policies=decision.policies, **context)


NO_RECORD = "the policy decides on the record, and there is none that could be read before"
TOOLKITS_HAVE_NO_RECORD = (
    "the policy decides on the record, and operations of toolkits have none (in Rego, `on_record := input.resource != input.vendor` "
    "decides on their arguments)"
)


def source(question: PolicyRequest, invocation: Invocation[Any]) -> PolicyRequest | None:
    """Return the question about the record that a call creates another one from, such as a copy: it is decided on as a read. None without
    one.

    The new record is decided on by the inputs. Without this check, a record that must not be read could be copied to a readable location.
    """
    if question.like != "create" or "id" not in (invocation.ids or {}):
        return None
    return msgspec.structs.replace(question, like="get")


def reads_first(operation: OperationBase[Any, Any], invocation: Invocation[Any], vendor: str) -> Callable[[Context], Steps[Any]] | None:
    """Return the steps that read an operation's record before the call, for operations that change, delete, download or copy it.

    None for operations that create, get or list records, and if the vendor has no `get` by the given ids.
    """
    ids = invocation.ids
    if not ids or operation.operation == "get" or operation.like in {"list", "changes"}:
        return None
    get: Callable[..., Steps[Any]] | None = getattr(import_module(operation.vendors[vendor]), "get", None)
    if get is None:
        return None
    parameters = [name.rstrip("_") for name in inspect.signature(get).parameters][1:]
    if not parameters or not all(name in ids for name in parameters):
        return None
    return functools.partial(_read, get, tuple(ids[name] for name in parameters))


def _read(get: Callable[..., Steps[Any]], ids: tuple[Any, ...], context: Context) -> Steps[Any]:
    return get(context, *ids)
