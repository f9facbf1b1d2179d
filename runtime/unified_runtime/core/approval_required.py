"""Error of a call that needs the approval of a person, with the plan of the call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.plans import Plan


class ApprovalRequired(UnifiedError):
    """A policy requires the approval of a person. Once approved, the same call succeeds, once.

    Attributes:
        approval: the id under which it can be approved (`unified approvals approve ID`).
        plan: the requests the call would send, credentials redacted.
        expires_at: when the approval can no longer be given or used.
        reasons: why it is needed.
    """

    def __init__(
        self,
        message: str,
        *,
        approval: str = "",
        plan: Plan | None = None,
        expires_at: datetime | None = None,
        reasons: tuple[str, ...] = (),
        **context: Any,
    ) -> None:
        super().__init__(message, **context)
        self.approval = approval
        self.plan = plan
        self.expires_at = expires_at
        self.reasons = reasons
