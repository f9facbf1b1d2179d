"""Setup of a policy enforcer: policies from files or servers, with approvals and the audit log in one store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.policy import loader
from unified_platform.store.database import Database
from unified_runtime.policy.enforcer import PolicyEnforcer


def open_enforcer(
    *sources: str | Path,
    time_zone: str = "UTC",
    store: str | Path | None = None,
    opens: Callable[[Database], StoredAuditLog] = StoredAuditLog,
) -> PolicyEnforcer:
    """Return a policy enforcer over policies at some locations (files and folders of Cedar or Rego, OPA servers).

    Args:
        sources: see `unified_platform.policy.loader.load`.
        time_zone: time zone of the policies.
        store: database of approvals and the audit log: a path or `postgresql://…`; by default `UNIFIED_CONTROL`.
        opens: opens the audit log of the store; `audit.chain_keys.open_audit_log` opens one with a keyed chain, as for a broker.

    Raises:
        PolicyErrors: policies are not valid; lists every mistake with its location.
        InvalidInput: a location does not exist or has no policy, or a library is not installed.
        UnifiedError: the store cannot be opened.
    """
    engine = loader.load(*sources, time_zone=time_zone)
    database = open_store(store)
    audit = opens(database)
    return PolicyEnforcer(engine, approvals=ApprovalStore(database, audit=audit), audit=audit)
