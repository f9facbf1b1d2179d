"""Approval stage of one call: redeems an approval that a person gave, or requests one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.errors import Denied, UnifiedError
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest, deny
from unified_runtime.core.program_origin import program_origin
from unified_runtime.policy.approvals import APPROVED_SECONDS, ApprovalSubject, NotBindable, PendingApproval, RedeemedApproval, summary
from unified_runtime.policy.enforcer import log

if TYPE_CHECKING:
    from unified_runtime.core.plans import Plan
    from unified_runtime.execution.policy_subjects import PolicySubject
    from unified_runtime.policy.enforcer import PolicyEnforcer

T = TypeVar("T")


class Unrequested(NamedTuple):
    """Approval that has to be requested: what it is bound to, and the requests that would be sent."""

    subject: ApprovalSubject
    plan: Plan


class CallApproval:
    """Approval of one call, or of one page of a list. `spent` is the approval under which it runs."""

    __slots__ = ("_cursor", "_enforcer", "_of", "spent")

    def __init__(self, of: PolicySubject, enforcer: PolicyEnforcer, cursor: str | None, spent: RedeemedApproval | None) -> None:
        self._of = of
        self._enforcer = enforcer
        self._cursor = cursor
        self.spent = spent

    @property
    def id(self) -> str | None:
        """Id of the approval under which the call runs."""
        return self.spent.approval if self.spent is not None else None

    def redeemed(self, question: PolicyRequest, decision: Decision) -> tuple[Decision, UnifiedError | Unrequested | None]:
        """Redeem an approval that was given. Returns the decision, and if there is no approval, the approval to request or the error with
        which the call would end if it were approved."""
        return self._vouched(decision, lambda: self._redeemed(question, decision))

    def requested(
        self,
        question: PolicyRequest,
        decision: Decision,
        unrequested: Unrequested,
        record: Mapping[str, Any] | None,
        no_record_reason: str | None,
    ) -> tuple[Decision, UnifiedError | None]:
        """Request the approval. `record` is shown to the approver; `no_record_reason` is set if there is no record.

        Returns the decision and the error with which the call ends.
        """
        return self._vouched(decision, lambda: (decision, self._pending(question, decision, unrequested, record, no_record_reason)))

    def _redeemed(self, question: PolicyRequest, decision: Decision) -> tuple[Decision, UnifiedError | Unrequested | None]:
        if question.approved:
            return deny("the policy wants an approval although one was given", policies=decision.policies), None
        approvals = self._enforcer.approvals
        if approvals is None:
            return deny("it needs an approval, and nothing keeps approvals here", *decision.reasons, policies=decision.policies), None
        wanted = self._of.approval_subject(self._cursor)
        spent = approvals.redeem(wanted)
        if spent is not None:
            self.spent = RedeemedApproval(spent, time.time() + APPROVED_SECONDS)
            again = self._enforcer.decide([msgspec.structs.replace(question, approved=True)])[0]
            return (again, None) if again.outcome is not Outcome.APPROVAL else (deny("an approval does not satisfy the policy"), None)
        plan = self._plan()
        if isinstance(plan, UnifiedError):
            return deny(f"it cannot be made: {type(plan).__name__}", policies=decision.policies), plan
        pending = approvals.undecided(wanted)
        if pending is not None:
            return decision, _required(wanted, plan, pending, decision)
        return decision, Unrequested(wanted, plan)

    def _pending(
        self,
        question: PolicyRequest,
        decision: Decision,
        unrequested: Unrequested,
        record: Mapping[str, Any] | None,
        no_record_reason: str | None,
    ) -> ApprovalRequired:
        from unified_runtime.policy.change_preview import described  # few calls need an approval

        approvals = self._enforcer.approvals
        assert approvals is not None
        shown = msgspec.structs.replace(unrequested.subject, no_record_reason=no_record_reason)
        if record is not None:
            shown = described(shown, question, record)
        plan = unrequested.plan.to_dict()
        if (program := program_origin.get()) is not None:
            plan["program"] = {"id": program.id, "line": program.line, "source": program.source}
        return _required(unrequested.subject, unrequested.plan, approvals.ask(shown, plan, decision.reasons), decision)

    def _vouched(self, decision: Decision, act: Callable[[], tuple[Decision, T]]) -> tuple[Decision, T | UnifiedError | None]:
        """Return the result of `act`, or a denial if the approvals cannot be used."""
        try:
            return act()
        except NotBindable as error:
            return deny(f"it needs an approval, which cannot be bound to it: {error}", policies=decision.policies), None
        except Denied as error:
            return deny(*(error.reasons or (error.message,)), policies=decision.policies), error.with_traceback(None)
        except Exception as error:  # noqa: BLE001  a store is others' code; what it cannot vouch for is not approved
            log.error("the approvals cannot be read", exc_info=error)
            return deny(f"it needs an approval, and approvals cannot be read: {type(error).__name__}", policies=decision.policies), None

    def _plan(self) -> Plan | UnifiedError:
        """Return the requests of the call, or the error with which it would end before it is sent: then no approval is requested."""
        from unified_runtime.execution.plans import plan

        try:
            return plan(self._of.operation, self._of.invocation, self._of.connections, cursor=self._cursor)
        except UnifiedError as error:
            return error.with_traceback(None)


def _required(subject: ApprovalSubject, plan: Plan, pending: PendingApproval, decision: Decision) -> ApprovalRequired:
    """Return the error of a call that needs an approval. It contains no text of the record: models read the error, and only the approver
    may see the record."""
    reasons = "; ".join(decision.reasons)
    return ApprovalRequired(
        f"a person has to approve this{': ' + reasons if reasons else ''}. {summary(subject)} "
        f"(approval {pending.id}, until {pending.expires_at.isoformat()})",
        approval=pending.id,
        plan=plan,
        expires_at=pending.expires_at,
        reasons=decision.reasons,
    )
