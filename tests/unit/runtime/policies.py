"""Policy engines, approvals and an audit log for tests of the policy enforcer, as simple as possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow
from unified_runtime.policy.approvals import ApprovalSubject, PendingApproval

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class Engine:
    """Policy engine that decides by a function, and saves its requests."""

    embedded = True

    def __init__(self, rule: Callable[[PolicyRequest], Any] = lambda question: allow()) -> None:
        self.rule = rule
        self.called: list[PolicyRequest] = []
        self.batches: list[int] = []

    def decide(self, questions: Sequence[PolicyRequest]) -> Sequence[Decision]:
        self.called += questions
        self.batches.append(len(questions))
        return [self.rule(question) for question in questions]

    @property
    def phases(self) -> list[str]:
        return [question.phase for question in self.called]


class ThreadedEngine(Engine):
    """The same policy engine, called in a thread of its own."""

    embedded = False


class MemoryApprovals:
    """Approvals in memory."""

    def __init__(self) -> None:
        self.pending: dict[str, ApprovalSubject] = {}
        self.approved: list[str] = []
        self.spent: list[str] = []

    def redeem(self, subject: ApprovalSubject) -> str | None:
        for id in self.approved:
            if self.pending[id].digest == subject.digest:
                self.approved.remove(id)
                self.spent.append(id)
                return id
        return None

    def undecided(self, subject: ApprovalSubject) -> PendingApproval | None:
        return None

    def ask(self, subject: ApprovalSubject, plan: Mapping[str, Any] | None, reasons: tuple[str, ...]) -> PendingApproval:
        id = f"a{len(self.pending) + 1}"
        self.pending[id] = subject
        return PendingApproval(id, NOW + timedelta(hours=1))

    def approve(self, id: str) -> None:
        self.approved.append(id)


class MemoryAuditLog:
    """Audit log in memory."""

    def __init__(self) -> None:
        self.entries: list[Mapping[str, Any]] = []

    def append(self, entry: Mapping[str, Any]) -> None:
        self.entries.append(entry)

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return [(entry.get("phase", entry["kind"]), entry.get("decision") or entry["outcome"]) for entry in self.entries]
