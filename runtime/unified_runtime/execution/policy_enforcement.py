"""Policy stage: evaluates the policy for a call, reads the record that the policy needs, and writes the audit log."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.context import Context
from unified_runtime.core.errors import Denied, QuotaExceeded, UnifiedError
from unified_runtime.core.messages import without_contents
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest, RequestFacts, deny
from unified_runtime.core.records import Page, Record, detached
from unified_runtime.core.redaction import without_values
from unified_runtime.execution.approval_requests import CallApproval, Unrequested
from unified_runtime.execution.audit_entries import CallAudit
from unified_runtime.execution.driver import drive
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.stages import CallState
from unified_runtime.policy.approvals import (
    Quotas,
    RedeemedApproval,
)
from unified_runtime.policy.enforcer import NO_RECORD, TOOLKITS_HAVE_NO_RECORD, denied, log, reads_first, source

if TYPE_CHECKING:
    from unified_runtime.adapter_api.steps import Steps
    from unified_runtime.core.messages import HTTPRequest, Request
    from unified_runtime.core.policy_decisions import PolicyEngine
    from unified_runtime.core.settings import Settings
    from unified_runtime.execution.policy_subjects import PolicySubject
    from unified_runtime.execution.stages import CallObserver, Execute, Send
    from unified_runtime.policy.enforcer import PolicyEnforcer

T = TypeVar("T")

REVIEW_SECONDS = 15.0
"""Time limit in seconds for reading a record for the approver. It is read with one attempt."""


class _Later(Exception):
    """Raised to request an approval once the rejected request has left the rate limiter."""

    def __init__(self, question: PolicyRequest, decision: Decision, unrequested: Unrequested) -> None:
        super().__init__()
        self.question = question
        self.decision = decision
        self.unrequested = unrequested


class PolicyStage:
    """Policy stage of one call, or of one page of a list: decides on arguments, requests and records, and writes the audit log.

    Args:
        of: the call.
        cursor: the vendor's cursor of the page.
        spent: the approval under which the page before was read. It covers this page too; its validity does not start again.
    """

    __slots__ = (
        "_approval",
        "_audit",
        "_call",
        "_counted",
        "_enforcer",
        "_judges",
        "_of",
        "_question",
        "_reading",
        "_seen",
        "_settled",
    )

    def __init__(
        self, of: PolicySubject, cursor: str | None = None, spent: RedeemedApproval | None = None, enforcer: PolicyEnforcer | None = None
    ) -> None:
        self._of = of
        self._enforcer = enforcer = enforcer or of.enforcer
        self._audit = CallAudit(enforcer, of.account)
        self._approval = CallApproval(of, enforcer, cursor, spent)
        self._call: CallState | None = None
        self._counted = False
        self._judges = False
        self._settled: tuple[PolicyEngine, Decision] | None = None
        self._reading = False
        self._seen: CallObserver | None = None
        self._question = msgspec.structs.replace(of.question, approved=spent is not None, time=of.enforcer.clock())

    @property
    def spent(self) -> RedeemedApproval | None:
        """Approval that the call runs under."""
        return self._approval.spent

    def run(self, proceed: Execute, steps: Steps[Any], call: CallState) -> Flow[Any]:
        """Decide on the call's arguments, run it, decide on its record, and write the outcome to the audit log."""
        self._call = call
        self._seen = call.seen
        self._audit.id = uuid.uuid4().hex if call.seen is None else call.seen.id
        try:
            try:
                yield from self._before(call)
                value = yield from proceed(steps, call)
                value = yield from self._after(value)
            except _Later as later:
                raise (yield from self._waits(later)) from None
        except UnifiedError as error:
            error.vendor = error.vendor or call.connection.vendor.name
            error.operation = error.operation or call.operation
            call.annotate_done(error)
            yield self._outcome(type(error).__name__, error)
            raise
        except BaseException:
            # The caller gave up, or something failed: a flow that is being closed cannot yield another action.
            self._outcome("abandoned", None).run()
            raise
        finally:
            self._call = None  # the call's stages refer to this one: a reference back would be a cycle for the garbage collector
        if self._enforcer.audit is None:
            return value
        unwritten, logged = bool(self._audit.held), self._outcome("done", None)
        yield logged
        if unwritten and logged.result is not None:  # nothing was sent: a call that cannot be logged is not executed
            raise Denied(logged.result, vendor=call.connection.vendor.name, operation=call.operation, retry_safe=True)
        return value

    def _outcome(self, outcome: str, error: UnifiedError | None) -> BlockingTask[str | None]:
        return self._audit.ended(self._question, outcome, self._approval.id, error)

    # ------------------------------------------------------------------------------------------------ before the call
    def _before(self, call: CallState) -> Flow[None]:
        engine = self._enforcer.engine  # read before the decision: an engine that is set meanwhile decides too
        decision = yield from self._decided(self._question)
        if decision.on_record:
            yield from self._on_record(call)
        elif self._enforcer.by_arguments:
            self._settled = engine, decision
        copied = source(self._question, self._of.invocation)
        if copied is not None:
            yield from self._may_copy(copied, call)

    def _on_record(self, call: CallState) -> Flow[None]:
        """Show the policy the record that the call is about: read it now or, for a read, use the result."""
        if self._question.resource == self._question.vendor:
            raise Denied(TOOLKITS_HAVE_NO_RECORD)
        get = reads_first(self._of.operation, self._of.invocation, self._question.vendor)
        if get is not None:
            record = yield from self._read(get, call)
            self._question = msgspec.structs.replace(self._question, phase="record", record=record)
            yield from self._decided(self._question)
        elif self._question.effect == "read":
            self._judges = True
        else:
            raise Denied(NO_RECORD)

    def _may_copy(self, question: PolicyRequest, call: CallState) -> Flow[None]:
        """Decide on the record that is copied; the call itself is then decided on with the record that it creates."""
        decision = yield from self._decided(question)
        if not decision.on_record:
            return
        get = reads_first(self._of.operation, self._of.invocation, question.vendor)
        if get is None:
            raise Denied(NO_RECORD)
        record = yield from self._read(get, call)
        yield from self._decided(msgspec.structs.replace(question, phase="record", record=record, approved=self._question.approved))

    def _read(self, get: Callable[[Context], Steps[Any]], call: CallState, settings: Settings | None = None) -> Flow[Mapping[str, Any]]:
        operation = f"{self._question.resource}.get"
        reading = call.nested(operation, settings or call.settings, self.send)
        context = Context(call.connection.values, {}, None, None, None)
        self._reading = True
        record = yield from drive(get(context), reading)
        self._reading = False
        if not isinstance(record, Record):
            raise Denied(f"the policy needs the record, and {self._question.resource}.get gives none")
        return record.model_dump()

    # ------------------------------------------------------------------------------------------------ each request
    def send(self, proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        """Decide on a request, unless the decision on the arguments covers it, and count the call in its quotas."""
        settled = self._settled[1] if self._settled is not None and self._settled[0] is self._enforcer.engine else None
        if settled is not None and self._enforcer.audit is None and (self._enforcer.quotas is None or self._counted):
            return proceed(request, wire, call)
        return self._checked(settled, proceed, request, wire, call)

    def _checked(self, settled: Decision | None, proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
        if settled is None or self._enforcer.audit is not None:
            yield from self._may_send(request, wire, settled)
        if self._enforcer.quotas is not None and not self._counted:
            yield from self._within(self._enforcer.quotas)
        return (yield from proceed(request, wire, call))

    def _may_send(self, request: Request, wire: HTTPRequest, settled: Decision | None) -> Flow[None]:
        """Decide on a request, or log the decision that was `settled` with the arguments."""
        parts = urlsplit(wire.url)
        body = request.json if request.json is not None else request.form
        if request.multipart is not None:
            body = without_contents(request.multipart)
        query = request.query or {}
        if secrets := self._of.invocation.secret_values():
            query, body = without_values(query, secrets), without_values(body, secrets)
        facts = RequestFacts(wire.method, parts.netloc, parts.path, request.endpoint.operation, query, body)
        yield from self._decided(
            msgspec.structs.replace(self._question, phase="request", request=facts, time=self._enforcer.clock()), settled
        )

    def _within(self, quotas: Quotas) -> Flow[None]:
        """Count the call, before the first of its requests is sent."""
        self._counted = True
        task = BlockingTask(lambda: self._count(quotas), blocks=True)
        yield task
        if task.result is not None:
            raise task.result

    def _count(self, quotas: Quotas) -> UnifiedError | None:
        question = self._question
        try:
            error = quotas.count(question.agent, question.name, question.vendor, question.tenant)
        except Exception as wrong:  # noqa: BLE001  a store is others' code; what it cannot count is not sent
            log.error("the quotas cannot be counted", exc_info=wrong)
            error = Denied(f"the agent's quotas cannot be counted: {type(wrong).__name__}", retry_safe=True)
        if error is None:
            return None
        if self._seen is not None:
            self._seen.decided(Outcome.DENY, (error.message,), self._approval.id)
        logged = {"kind": "decision", "phase": "quota", "decision": "deny", "reasons": [error.message]}
        wrote = self._audit.write(self._audit.entry(question) | logged | {"policies": [*getattr(error, "policies", ())]})
        return error if wrote is None else Denied(wrote, retry_safe=True)

    # ------------------------------------------------------------------------------------------------ after the call
    def _after(self, value: Any) -> Flow[Any]:
        if not self._judges:
            return value
        if isinstance(value, Page):
            allowed = yield from self._filtered(value)
            return allowed
        if not isinstance(value, Record):
            raise Denied(f"the policy needs the record, and {self._question.name} gives none")
        self._question = msgspec.structs.replace(self._question, phase="record", record=value.model_dump())
        yield from self._decided(self._question)
        return value

    def _filtered(self, page: Page[Any]) -> Flow[Page[Any]]:
        """Return the page with the records that the policy allows, decided in one batch."""
        if not page.items:
            return page
        questions = [
            msgspec.structs.replace(self._question, phase="record", record=item.model_dump() if isinstance(item, Record) else None)
            for item in page.items
        ]

        def decide() -> list[Decision] | str:
            decisions = self._enforcer.decide(questions)
            allowed = sum(_allows(decision) for decision in decisions)
            wrong = self._audit.write(
                self._audit.entry(questions[0]) | {"kind": "decision", "decision": "filter", "records": len(decisions), "allowed": allowed}
            )
            return decisions if wrong is None else wrong

        task = BlockingTask(decide, blocks=self._enforcer.blocks)
        yield task
        decisions = task.result
        if isinstance(decisions, str):
            raise Denied(decisions)
        shown = [
            item
            for item, question, decision in zip(page.items, questions, decisions, strict=True)
            if _allows(decision) and question.record is not None
        ]
        # Records share the vendor's response, which contains denied records too: each record that is left gets only its own part.
        return page.holding(shown if len(shown) == len(page.items) else [detached(item) for item in shown])

    # ------------------------------------------------------------------------------------------------ decisions
    def _decided(self, question: PolicyRequest, decision: Decision | None = None) -> Flow[Decision]:
        """Return the decision, which allows the call; `decision` if it is known.

        Raises:
            Denied, ApprovalRequired: the call is not allowed.
        """
        decided = self._enforcer.decide([question])[0] if decision is None and self._enforcer.immediate else decision
        if decided is not None and decided.outcome is not Outcome.APPROVAL:
            found, error = self._ruled(question, decided)
        else:
            task = BlockingTask(lambda: self._ruled(question, decided), blocks=self._enforcer.blocks)
            yield task
            found, error = task.result
            if isinstance(error, Unrequested):
                if question.phase == "request":
                    if self._call is not None and self._call.unconfirmed:  # after the approval, the call would be executed once more
                        raise Denied("a look-up needs an approval")
                    raise _Later(question, found, error)  # reading the record for the approver needs a rate limiter slot of its own
                found, error = yield from self._requested(question, found, error)
        if self._enforcer.audit is not None and (wrong := (yield from self._noted(question, found, error))) is not None:
            raise Denied(wrong, retry_safe=True)  # the audit log may be writable again later
        if error is not None:
            raise error
        if found.outcome is not Outcome.ALLOW:
            raise denied(found)
        if self._approval.spent is not None and not self._question.approved:
            self._question = msgspec.structs.replace(self._question, approved=True)
        return found

    def _ruled(self, question: PolicyRequest, decided: Decision | None) -> tuple[Decision, Any]:
        """Return the effective decision, and the error of a call that waits for an approval."""
        decision = self._enforcer.decide([question])[0] if decided is None else decided
        error: UnifiedError | Unrequested | None = None
        if decision.outcome is Outcome.APPROVAL:
            decision, error = self._approval.redeemed(question, decision)
            if isinstance(error, Unrequested):
                return decision, error
        if decision.on_record and not self._will_be_shown(question):
            decision = deny("the policy needs a record that it cannot be shown", policies=decision.policies)
        if self._seen is not None:
            self._seen.decided(decision.outcome, decision.reasons, self._approval.id)
        return decision, error

    def _noted(self, question: PolicyRequest, decision: Decision, error: UnifiedError | None) -> Flow[str | None]:
        """Write a decision to the audit log. Returns the error message if it failed, else None."""
        writing = self._audit.decided(question, decision, self._approval.id, error)
        if writing is None:
            return None
        yield writing
        return writing.result

    def _will_be_shown(self, question: PolicyRequest) -> bool:
        """Return True if the policy can still decide on a record of this call."""
        return question.phase == "arguments" or (question.phase == "request" and (self._judges or self._reading))

    def _requested(
        self, question: PolicyRequest, decision: Decision, unrequested: Unrequested
    ) -> Flow[tuple[Decision, UnifiedError | None]]:
        """Request an approval, with what the approver is shown of the record."""
        record, reason = question.record, None
        get = None if record is not None else reads_first(self._of.operation, self._of.invocation, question.vendor)
        if get is not None:
            record, reason = yield from self._for_review(question, get)

        def request() -> tuple[Decision, UnifiedError | None]:
            found, error = self._approval.requested(question, decision, unrequested, record, reason)
            if self._seen is not None:
                self._seen.decided(found.outcome, found.reasons, self._approval.id)
            return found, error

        task = BlockingTask(request, blocks=True)
        yield task
        return task.result

    def _waits(self, later: _Later) -> Flow[UnifiedError]:
        """Request the approval of a request that was not sent. Returns the error with which the call ends."""
        found, error = yield from self._requested(later.question, later.decision, later.unrequested)
        wrong = yield from self._noted(later.question, found, error)
        if wrong is not None:
            return Denied(wrong, retry_safe=True)
        return error if error is not None else denied(found)

    def _for_review(
        self, question: PolicyRequest, get: Callable[[Context], Steps[Any]]
    ) -> Flow[tuple[Mapping[str, Any] | None, str | None]]:
        """Read the record for the approver, if the agent may read it without an approval. Returns the record, or the reason that it is
        missing."""
        call = self._call
        assert call is not None
        stage = PolicyStage(self._of, enforcer=self._enforcer.unattended())
        stage._audit.id = self._audit.id
        stage._question = msgspec.structs.replace(
            question,
            phase="arguments",
            request=None,
            operation="get",
            like="get",
            effect="read",
            input={},
            cleared=(),
            extra={},
            extra_fields=(),
            undetermined=(),
            custom_fields={},
            approved=False,
        )
        settings = dataclasses.replace(call.settings, deadline=min(call.settings.deadline, REVIEW_SECONDS), attempts=1)
        try:
            decision = yield from stage._decided(stage._question)
            record = yield from stage._read(get, call, settings)
            if decision.on_record:
                yield from stage._decided(msgspec.structs.replace(stage._question, phase="record", record=record))
        except QuotaExceeded:
            return None, "the agent's quota is used up"
        except Denied:
            return None, "the agent is not allowed to read it without an approval"
        except UnifiedError as error:
            return None, type(error).__name__
        finally:
            self._audit.held += stage._audit.held
        return record, None


def _allows(decision: Decision) -> bool:
    return decision.outcome is Outcome.ALLOW and decision.on_record is False
