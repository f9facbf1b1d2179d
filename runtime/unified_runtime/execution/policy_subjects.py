"""Subjects of the policy: a call as the policy engine sees it, and what an approval is bound to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from unified_runtime.core.context import current_acting
from unified_runtime.core.operations import UNSET
from unified_runtime.policy.approvals import ApprovalSubject, approval_subject, call_parts

if TYPE_CHECKING:
    from unified_runtime.core.connection_registry import Connections
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.operations import Invocation, OperationBase
    from unified_runtime.policy.enforcer import PolicyEnforcer


class PolicySubject:
    """Call that a policy decides on; for a list, all of its pages."""

    __slots__ = ("_acting", "_connection", "connections", "enforcer", "invocation", "operation", "question")

    def __init__(
        self,
        enforcer: PolicyEnforcer,
        operation: OperationBase[Any, Any],
        invocation: Invocation[Any],
        connection: Connection,
        arguments: Sequence[Any],
        extra: Mapping[str, Any],
        connections: Connections,
    ) -> None:
        self.enforcer = enforcer
        self.operation = operation
        self.invocation = invocation
        self.question = enforcer.question(
            operation,
            invocation,
            arguments,
            extra,
            vendor=connection.vendor.name,
            server=connection.server,
            account_id=connection.account_id,
            tenant=connection.tenant,
            connection=connection.id or connection.name,
        )
        self.connections = connections
        self._connection = connection
        self._acting = current_acting()

    @property
    def account(self) -> str | None:
        """Display name of the account at the vendor, if known."""
        return self._connection.account

    def approval_subject(self, cursor: str | None = None) -> ApprovalSubject:
        """Return what an approval of this call is bound to; for a list, this includes the vendor's `cursor` of its first page.

        Raises:
            Unhashable: it has an argument that has no fixed form.
        """
        question, invocation = self.question, self.invocation
        given = {name: value for name, value in (invocation.given or {}).items() if value is not UNSET}
        checked = {name: question.input.get(name) for name in given}
        arguments = {**question.ids, **checked}
        arguments |= {name: value for name, value in (invocation.content or {}).items() if value is not None}
        custom = question.custom_fields if self.operation.finds else ()
        beside: dict[str, Any] = {"extra": question.extra, "custom_fields": custom or [*(invocation.custom_fields or ())]}
        beside |= {"cursor": cursor, "limit": invocation.limit, "key": invocation.key}
        for name, value in beside.items():
            if value:
                arguments[f"({name})"] = value
        return approval_subject(**call_parts(self.operation, invocation, self._connection, self._acting, arguments))
