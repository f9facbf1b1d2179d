"""Entries that one call writes to the audit log: its decisions and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest
from unified_runtime.core.program_origin import program_origin

if TYPE_CHECKING:
    from unified_runtime.policy.enforcer import PolicyEnforcer


class CallAudit:
    """Writer of one call's audit log entries. Entries in `held` may wait: they are written with the next one."""

    __slots__ = ("_account", "_enforcer", "held", "id")

    def __init__(self, enforcer: PolicyEnforcer, account: str | None) -> None:
        self._enforcer = enforcer
        self._account = account
        self.id = ""
        self.held: list[Mapping[str, Any]] = []

    def write(self, entry: Mapping[str, Any]) -> str | None:
        """Write an entry. Returns the error message if it failed, else None."""
        held, self.held = self.held, []
        return self._enforcer.write(entry, held)

    def writing(self, entry: Mapping[str, Any]) -> BlockingTask[str | None]:
        """Return `write` as a blocking task."""
        held, self.held = self.held, []
        return self._enforcer.writing(entry, held)

    def decided(
        self, question: PolicyRequest, decision: Decision, approval: str | None, error: UnifiedError | None
    ) -> BlockingTask[str | None] | None:
        """Return the blocking task that writes a decision; None without an audit log.

        A decision that may wait is held: it is written with the next entry, before any request is sent and at the latest with the call's
        outcome.
        """
        if self._enforcer.audit is None:
            return None
        entry = (
            self.entry(question)
            | {"kind": "decision", "decision": decision.outcome.value, "reasons": [*decision.reasons], "policies": [*decision.policies]}
            | ({"approval": approval} if approval is not None else {})
            | ({"approval": error.approval} if isinstance(error, ApprovalRequired) else {})
        )
        if _may_wait(decision, question):
            self.held.append(self._enforcer.stamped(entry))
            return None
        return self.writing(entry)

    def ended(self, question: PolicyRequest, outcome: str, approval: str | None, error: UnifiedError | None) -> BlockingTask[str | None]:
        """Return the blocking task that writes the outcome of the call."""
        entry = self.entry(msgspec.structs.replace(question, phase="arguments", request=None)) | {"kind": "call", "outcome": outcome}
        del entry["phase"]
        if approval is not None:
            entry["approval"] = approval
        if error is not None:
            entry |= {name: value for name in ("status", "code", "request_id") if (value := getattr(error, name)) is not None}
            if error.done:
                entry["done"] = [f"{done.request} ({done.status})" for done in error.done]
            entry |= {name: value for name in ("lost", "made") if (value := getattr(error, name))}
        return self.writing(entry)

    def entry(self, question: PolicyRequest) -> dict[str, Any]:
        """Return an entry about a question, without the values of inputs: they are the user's content, and the log is stored for a long
        time."""
        entry: dict[str, Any] = {
            "call": self.id,
            "phase": question.phase,
            "agent": question.agent,
            "user": question.user,
            "on_behalf_of": question.on_behalf_of,
            "delegation": question.delegation,
            "operation": question.name,
            "effect": question.effect,
            "tenant": question.tenant,
            "vendor": question.vendor,
            "connection": question.connection,
            "account": question.account_id or self._account,
            "host": question.host,
            "ids": dict(question.ids),
            "fields": [*question.input, *question.cleared, *question.extra_fields],
            "extra": _paths(question.extra) if question.extra else [],
        }
        if question.request is not None:
            request = question.request
            entry["request"] = {"method": request.method, "host": request.host, "path": request.path, "endpoint": request.endpoint}
        if (program := program_origin.get()) is not None:
            entry["program"] = {"id": program.id, "hash": program.hash, "line": program.line}
        return {name: value for name, value in entry.items() if value not in (None, {}, [])}


def _paths(extra: Mapping[str, Any]) -> list[str]:
    from unified_runtime.policy.written_fields import paths  # few calls have any

    return sorted(paths(extra))


def _may_wait(decision: Decision, question: PolicyRequest) -> bool:
    """Return True if a decision's entry may be written with the next one: its requests are decided on before they are sent."""
    return decision.outcome is Outcome.ALLOW and question.phase == "arguments"
