"""A guard as an application or a command sets it up: policies from their places, approvals and the audit trail in one store."""

from __future__ import annotations

from pathlib import Path

from unified_platform.control.approvals import ApprovalStore
from unified_platform.control.audit import Audit
from unified_platform.control.store import open_store
from unified_platform.policy import places as kept
from unified_runtime.control.guard import Guard


def guard(*places: str | Path, time_zone: str = "UTC", store: str | Path | None = None) -> Guard:
    """A guard over the policies at some places (files and folders of Cedar or Rego, OPA servers).

    Args:
        places: see `unified_platform.policy.places.load`.
        time_zone: where the policies' people are.
        store: where approvals and the trail are kept: a path or `postgresql://…`; by default what `UNIFIED_CONTROL` says.

    Raises:
        PolicyMistakes: policies are wrong; tells every mistake with its place.
        InvalidInput: a place does not exist or holds no policy, or a library is not installed.
        UnifiedError: the store cannot be opened.
    """
    engine = kept.load(*places, time_zone=time_zone)
    database = open_store(store)
    audit = Audit(database)
    return Guard(engine, approvals=ApprovalStore(database, audit=audit), audit=audit)
