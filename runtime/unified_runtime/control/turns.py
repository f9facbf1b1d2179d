"""One call under a guard: what is asked when, the record that is read for it, and what is written down."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from unified_runtime.context import Context
from unified_runtime.control.claims import Claim, Quotas, Unhashable, claim
from unified_runtime.control.guard import NO_RECORD, denied, log, reads_first, source
from unified_runtime.control.policy import Decision, Outcome, Question, RequestFacts, deny
from unified_runtime.driving.driver import Call, Flow, carried, drive
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import ApprovalRequired, Denied, UnifiedError
from unified_runtime.operations import UNSET
from unified_runtime.records import Page, Record, alone

if TYPE_CHECKING:
    from unified_runtime.calling.observed import Observation
    from unified_runtime.calling.plans import Plan
    from unified_runtime.calling.prepared import Prepared
    from unified_runtime.connections import Connections
    from unified_runtime.control.guard import Guard
    from unified_runtime.control.policy import PolicyEngine
    from unified_runtime.messages import HTTPRequest, Request
    from unified_runtime.operations import Invocation, _Named
    from unified_runtime.steps import Steps


class Guarded:
    """One call under a guard; of a list, all pages of it."""

    __slots__ = ("_lock", "_pages", "_spent", "connections", "guard", "invocation", "operation", "question")

    def __init__(
        self, guard: Guard, operation: _Named[Any, Any], invocation: Invocation[Any], prepared: Prepared, connections: Connections
    ) -> None:
        connection = prepared.connection
        self.guard = guard
        self.operation = operation
        self.invocation = invocation
        self.question = guard.question(
            operation,
            invocation,
            prepared.arguments,
            prepared.extra,
            vendor=connection.vendor.name,
            server=connection.server,
            account_id=connection.account_id,
        )
        self.connections = connections
        self._lock = threading.Lock()
        self._spent: str | None = None
        self._pages: set[str | None] = set()

    def flow(self, prepared: Prepared, cursor: str | None, call: Call) -> Flow[Any]:
        """The call, or that of one page: asked about, made, and written down."""
        return _Turn(self, self.spent(cursor)).flow(prepared, cursor, call)

    def spent(self, cursor: str | None) -> str | None:
        """The approval that was spent on this list, for a page of it that was not read yet. Reading a page again is another call."""
        with self._lock:
            if cursor in self._pages:
                self._spent = None
                self._pages.clear()
            self._pages.add(cursor)
            return self._spent

    @property
    def approval(self) -> str | None:
        """The approval that was spent on this call or list."""
        return self._spent

    def spend(self, approval: str) -> None:
        """Let the call, or the pages of the list that are still to come, go on under an approval that was spent on it."""
        with self._lock:
            self._spent = approval

    def claim(self) -> Claim:
        """What an approval of this call is bound to.

        Raises:
            Unhashable: it has an argument that has no fixed form.
        """
        question, invocation = self.question, self.invocation
        given = {name: value for name, value in (invocation.given or {}).items() if value is not UNSET}
        checked = {name: question.input.get(name) for name in given}
        arguments = {**question.ids, **checked}
        arguments |= {name: value for name, value in (invocation.content or {}).items() if value is not None}
        custom = question.custom_fields if self.operation.finds else ()
        beside: dict[str, Any] = {"extra": question.extra, "custom_fields": custom or [*invocation.custom_fields]}
        beside |= {"cursor": invocation.cursor, "limit": invocation.limit, "key": invocation.key}
        for name, value in beside.items():
            if value:
                arguments[f"({name})"] = value
        return claim(
            agent=question.agent,
            user=question.user,
            on_behalf_of=question.on_behalf_of,
            operation=question.name,
            effect=question.effect,
            vendor=question.vendor,
            server=question.host,
            arguments=arguments,
        )


class _Turn:
    """One operation, or one page of a list, from the first question to the last entry."""

    __slots__ = ("_counted", "_guard", "_held", "_id", "_judges", "_of", "_question", "_reading", "_seen", "_settled", "_spent")

    def __init__(self, of: Guarded, spent: str | None) -> None:
        self._of = of
        self._guard = of.guard
        self._id = ""
        self._spent = spent
        self._counted = False
        self._held: list[Mapping[str, Any]] = []
        self._judges = False
        self._settled: tuple[PolicyEngine, Decision] | None = None
        self._reading = False
        self._seen: Observation | None = None
        self._question = msgspec.structs.replace(of.question, approved=spent is not None, time=of.guard.clock())

    def flow(self, prepared: Prepared, cursor: str | None, call: Call) -> Flow[Any]:
        call.gates += (self._before_sending,)
        self._seen = call.seen
        self._id = uuid.uuid4().hex if call.seen is None else call.seen.id
        try:
            yield from self._before(call)
            value = yield from prepared.driven(cursor, call)
            value = yield from self._after(value)
        except UnifiedError as error:
            error.vendor = error.vendor or call.connection.vendor.name
            error.operation = error.operation or call.operation
            carried(error, call)
            yield self._outcome(type(error).__name__, error)
            raise
        except BaseException:
            # The caller gave up, or something broke: a flow that is being closed cannot ask for anything more.
            self._outcome("abandoned", None).run()
            raise
        if self._guard.audit is None:
            return value
        unwritten, told = bool(self._held), self._outcome("done", None)
        yield told
        if unwritten and told.result is not None:  # nothing was sent, and what is not in the trail does not happen
            raise Denied(told.result, vendor=call.connection.vendor.name, operation=call.operation, retry_safe=True)
        return value

    def _outcome(self, outcome: str, error: UnifiedError | None) -> Errand[str | None]:
        return self._writing(self._told(outcome, error))

    # ------------------------------------------------------------------------------------------------ before
    def _before(self, call: Call) -> Flow[None]:
        engine = self._guard.engine  # before it is asked: one that comes meanwhile is asked too
        decision = yield from self._decided(self._question)
        if decision.on_record:
            yield from self._on_record(call)
        elif self._guard.by_arguments:
            self._settled = engine, decision
        copied = source(self._question, self._of.invocation)
        if copied is not None:
            yield from self._may_copy(copied, call)

    def _on_record(self, call: Call) -> Flow[None]:
        """Show the record that the call is about: now, or, of what only reads, what was read."""
        get = reads_first(self._of.operation, self._of.invocation, self._question.vendor)
        if get is not None:
            record = yield from self._read(get, call)
            self._question = msgspec.structs.replace(self._question, phase="record", record=record)
            yield from self._decided(self._question)
        elif self._question.effect == "read":
            self._judges = True
        else:
            raise Denied(NO_RECORD)

    def _may_copy(self, question: Question, call: Call) -> Flow[None]:
        """Ask about the record that is copied; the call itself goes on to be about what is made."""
        decision = yield from self._decided(question)
        if not decision.on_record:
            return
        get = reads_first(self._of.operation, self._of.invocation, question.vendor)
        if get is None:
            raise Denied(NO_RECORD)
        record = yield from self._read(get, call)
        yield from self._decided(msgspec.structs.replace(question, phase="record", record=record, approved=self._question.approved))

    def _read(self, get: Callable[[Context], Steps[Any]], call: Call) -> Flow[Mapping[str, Any]]:
        reading = Call(f"{self._question.resource}.get", call.connection, {}, call.settings, call.budget, call.health, agent=call.agent)
        reading.gates += (self._before_sending,)
        context = Context(call.connection.values, {}, None, None, None)
        self._reading = True
        record = yield from drive(get(context), reading)
        self._reading = False
        if not isinstance(record, Record):
            raise Denied(f"the policy asks for the record, and {self._question.resource}.get gives none")
        return record.model_dump()

    # ------------------------------------------------------------------------------------------------ each request
    def _before_sending(self, request: Request, wire: HTTPRequest) -> Flow[None]:
        settled = self._settled[1] if self._settled is not None and self._settled[0] is self._guard.engine else None
        if settled is None or self._guard.audit is not None:
            yield from self._may_send(request, wire, settled)
        if self._guard.quotas is not None and not self._counted:
            yield from self._within(self._guard.quotas)

    def _may_send(self, request: Request, wire: HTTPRequest, settled: Decision | None) -> Flow[None]:
        """Ask about a request, or write down what was `settled` with the arguments."""
        parts = urlsplit(wire.url)
        body = request.json if request.json is not None else request.form
        facts = RequestFacts(wire.method, parts.netloc, parts.path, request.endpoint.operation, request.query or {}, body)
        yield from self._decided(msgspec.structs.replace(self._question, phase="request", request=facts, time=self._guard.clock()), settled)

    def _within(self, quotas: Quotas) -> Flow[None]:
        """Count the call, before the first of its requests."""
        self._counted = True
        errand = Errand(lambda: self._count(quotas), blocks=True)
        yield errand
        if errand.result is not None:
            raise errand.result

    def _count(self, quotas: Quotas) -> UnifiedError | None:
        question = self._question
        try:
            error = quotas.count(question.agent, question.name, question.vendor)
        except Exception as wrong:  # noqa: BLE001  a store is others' code; what it cannot count is not sent
            log.error("the quotas cannot be counted", exc_info=wrong)
            error = Denied(f"the agent's quotas cannot be counted: {type(wrong).__name__}", retry_safe=True)
        if error is None:
            return None
        if self._seen is not None:
            self._seen.decided(Outcome.DENY, (error.message,), self._spent)
        told = {"kind": "decision", "phase": "quota", "decision": "deny", "reasons": [error.message]}
        wrote = self._write(self._entry(question) | told | {"policies": [*getattr(error, "policies", ())]})
        return error if wrote is None else Denied(wrote, retry_safe=True)

    # ------------------------------------------------------------------------------------------------ after
    def _after(self, value: Any) -> Flow[Any]:
        if not self._judges:
            return value
        if isinstance(value, Page):
            allowed = yield from self._filtered(value)
            return allowed
        if not isinstance(value, Record):
            raise Denied(f"the policy asks for the record, and {self._question.name} gives none")
        self._question = msgspec.structs.replace(self._question, phase="record", record=value.model_dump())
        yield from self._decided(self._question)
        return value

    def _filtered(self, page: Page[Any]) -> Flow[Page[Any]]:
        """The page with the records that may be seen, decided in one batch."""
        if not page.items:
            return page
        questions = [
            msgspec.structs.replace(self._question, phase="record", record=item.model_dump() if isinstance(item, Record) else None)
            for item in page.items
        ]

        def decide() -> list[Decision] | str:
            decisions = self._guard.answers(questions)
            allowed = sum(_allows(decision) for decision in decisions)
            wrong = self._write(
                self._entry(questions[0]) | {"kind": "decision", "decision": "filter", "records": len(decisions), "allowed": allowed}
            )
            return decisions if wrong is None else wrong

        errand = Errand(decide, blocks=self._guard.blocks)
        yield errand
        decisions = errand.result
        if isinstance(decisions, str):
            raise Denied(decisions)
        kept = [
            item
            for item, question, decision in zip(page.items, questions, decisions, strict=True)
            if _allows(decision) and question.record is not None
        ]
        # Records share the vendor's answer, with those in it that may not be seen: what is left has its own part of it alone.
        return page.holding(kept if len(kept) == len(page.items) else [alone(item) for item in kept])

    # ------------------------------------------------------------------------------------------------ deciding
    def _decided(self, question: Question, decision: Decision | None = None) -> Flow[Decision]:
        """The decision, which allows; `decision` if it is known.

        Raises:
            Denied, ApprovalRequired: it does not.
        """
        asked = self._guard.answers([question])[0] if decision is None and self._guard.immediate else decision
        if asked is not None and asked.outcome is not Outcome.APPROVAL:
            found, error = self._ruled(question, asked)
        else:
            errand = Errand(lambda: self._ruled(question, asked), blocks=self._guard.blocks)
            yield errand
            found, error = errand.result
        wrong = yield from self._noted(question, found, error)
        if wrong is not None:
            raise Denied(wrong, retry_safe=True)  # it may be written again later
        if error is not None:
            raise error
        if found.outcome is not Outcome.ALLOW:
            raise denied(found)
        if self._spent is not None and not self._question.approved:
            self._question = msgspec.structs.replace(self._question, approved=True)
        return found

    def _ruled(self, question: Question, asked: Decision | None) -> tuple[Decision, UnifiedError | None]:
        """The decision that counts, and the error by which a call is told that waits for an approval."""
        decision = self._guard.answers([question])[0] if asked is None else asked
        error: UnifiedError | None = None
        if decision.outcome is Outcome.APPROVAL:
            decision, error = self._approved(question, decision)
        if decision.on_record and not self._will_be_shown(question):
            decision = deny("the policy asks for a record that it cannot be shown", policies=decision.policies)
        if self._seen is not None:
            self._seen.decided(decision.outcome, decision.reasons, self._spent)
        return decision, error

    def _noted(self, question: Question, decision: Decision, error: UnifiedError | None) -> Flow[str | None]:
        """Write a decision down, where somebody keeps an audit trail. Returns what went wrong.

        One that may wait is written with the next entry: that comes before anything is sent, and at the latest with what the call came to.
        """
        if self._guard.audit is None:
            return None
        entry = (
            self._entry(question)
            | {"kind": "decision", "decision": decision.outcome.value, "reasons": [*decision.reasons], "policies": [*decision.policies]}
            | ({"approval": self._spent} if self._spent is not None else {})
            | ({"approval": error.approval} if isinstance(error, ApprovalRequired) else {})
        )
        if _may_wait(decision, question):
            self._held.append(self._guard.stamped(entry))
            return None
        errand = self._writing(entry)
        yield errand
        return errand.result

    def _will_be_shown(self, question: Question) -> bool:
        """Whether a record follows that the policy can be asked about."""
        return question.phase == "arguments" or (question.phase == "request" and (self._judges or self._reading))

    def _approved(self, question: Question, decision: Decision) -> tuple[Decision, UnifiedError | None]:
        """What becomes of a decision that wants approval: what an approval that was given makes of it, or the wish for one, or why the
        call could not be made if it were approved."""
        if question.approved:
            return deny("the policy wants an approval although one was given", policies=decision.policies), None
        approvals = self._guard.approvals
        if approvals is None:
            return deny("it needs an approval, and nothing keeps approvals here", *decision.reasons, policies=decision.policies), None
        try:
            wanted = self._of.claim()
            spent = approvals.redeem(wanted)
            if spent is not None:
                self._spent = spent
                self._of.spend(spent)
                again = self._guard.answers([msgspec.structs.replace(question, approved=True)])[0]
                return (again, None) if again.outcome is not Outcome.APPROVAL else (deny("an approval does not satisfy the policy"), None)
            plan = self._plan()
            if isinstance(plan, UnifiedError):
                return deny(f"it cannot be made: {type(plan).__name__}", policies=decision.policies), plan
            pending = approvals.ask(wanted, plan.to_dict(), decision.reasons)
        except Unhashable as error:
            return deny(f"it needs an approval, which cannot be bound to it: {error}", policies=decision.policies), None
        except Exception as error:  # noqa: BLE001  a store is others' code; what it cannot vouch for is not approved
            log.error("the approvals cannot be read", exc_info=error)
            return deny(f"it needs an approval, and approvals cannot be read: {type(error).__name__}", policies=decision.policies), None
        told = "; ".join(decision.reasons)
        return decision, ApprovalRequired(
            f"a person has to approve this{': ' + told if told else ''} (approval {pending.id}, until {pending.expires_at.isoformat()})",
            approval=pending.id,
            plan=plan,
            expires_at=pending.expires_at,
            reasons=decision.reasons,
        )

    def _plan(self) -> Plan | UnifiedError:
        """What would be sent; or what the call itself would end with, before anything is sent: nobody is asked about such a call."""
        from unified_runtime.calling.plans import plan

        try:
            return plan(self._of.operation, self._of.invocation, self._of.connections)
        except UnifiedError as error:
            return error.with_traceback(None)

    # ------------------------------------------------------------------------------------------------ writing down
    def _write(self, entry: Mapping[str, Any]) -> str | None:
        held, self._held = self._held, []
        return self._guard.write(entry, held)

    def _writing(self, entry: Mapping[str, Any]) -> Errand[str | None]:
        held, self._held = self._held, []
        return self._guard.writing(entry, held)

    def _entry(self, question: Question) -> dict[str, Any]:
        """Who wants what, without the values of inputs: they are the user's content, and the trail is kept for long."""
        entry: dict[str, Any] = {
            "call": self._id,
            "phase": question.phase,
            "agent": question.agent,
            "user": question.user,
            "on_behalf_of": question.on_behalf_of,
            "delegation": question.delegation,
            "operation": question.name,
            "effect": question.effect,
            "vendor": question.vendor,
            "host": question.host,
            "ids": dict(question.ids),
            "fields": [*question.input, *question.cleared],
            "extra": sorted(question.extra),
        }
        if question.request is not None:
            request = question.request
            entry["request"] = {"method": request.method, "host": request.host, "path": request.path, "endpoint": request.endpoint}
        return {name: value for name, value in entry.items() if value not in (None, {}, [])}

    def _told(self, outcome: str, error: UnifiedError | None) -> dict[str, Any]:
        entry = self._entry(msgspec.structs.replace(self._question, phase="arguments", request=None)) | {"kind": "call", "outcome": outcome}
        del entry["phase"]
        if self._spent is not None:
            entry["approval"] = self._spent
        if error is not None:
            entry |= {name: value for name in ("status", "code", "request_id") if (value := getattr(error, name)) is not None}
            if error.done:
                entry["done"] = [f"{done.request} ({done.status})" for done in error.done]
            entry |= {name: value for name in ("lost", "made") if (value := getattr(error, name))}
        return entry


def _may_wait(decision: Decision, question: Question) -> bool:
    """Whether a decision's entry may be written with the next one: nothing happens on it but what is asked about before it is sent."""
    return decision.outcome is Outcome.ALLOW and question.phase == "arguments"


def _allows(decision: Decision) -> bool:
    return decision.outcome is Outcome.ALLOW and decision.on_record is False
