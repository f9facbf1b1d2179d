"""Erasure of one user from every store: credentials first, the audit log last."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from unified_platform.connections.records import ACCOUNT, ConnectionKey, Kind
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.audit.log import StoredAuditLog
    from unified_platform.idempotency.store import DatabaseIdempotencyStore
    from unified_platform.inbox.store import Inbox
    from unified_platform.programs.store import ProgramStore
    from unified_platform.sagas.inspection import SagaInspector
    from unified_platform.usage.store import UsageStore
    from unified_platform.vault import SealedVault

log = logging.getLogger("unified.erasure")


WAITS = "it is erased once the other stores are, since it has the accounts by which data are found"
"""Reason for which the audit log is not erased."""


class Revokes(Protocol):
    """Revokes tokens at vendors; `unified_platform.oauth.connector.Connector`."""

    def revoke(self, key: ConnectionKey) -> bool: ...


Erase = Callable[[str, bool], Mapping[str, int]]
"""Erases a user from one store and returns the number of rows by kind. If the flag is set, it only counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Stores of an installation; None for those that it does not have.

    Attributes:
        vault: the vault of the tenant.
        inbox: the inbox of the tenant.
        others: further stores by name, such as an application's own.
    """

    vault: SealedVault | None = None
    programs: ProgramStore | None = None
    sagas: SagaInspector | None = None
    approvals: ApprovalStore | None = None
    idempotency: DatabaseIdempotencyStore | None = None
    inbox: Inbox | None = None
    usage: UsageStore | None = None
    audit: StoredAuditLog | None = None
    others: Mapping[str, Erase] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErasedUser:
    """Result of an erasure.

    Attributes:
        rows: number of removed or anonymized rows, by store and kind.
        revoked: connections whose tokens were revoked at their vendor.
        not_revoked: connections whose tokens could not be revoked, with the reason.
        failed: stores that failed, with the reason. Erase again to complete it.
    """

    rows: Mapping[str, Mapping[str, int]]
    revoked: tuple[str, ...] = ()
    not_revoked: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> int:
        """Writes and sagas of the user that were still running. Erase again once they have ended."""
        return sum(counts.get("running", 0) for counts in self.rows.values())


def erase_user(
    user: str, stores: Stores, *, tenant: str = TENANT, by: str | None = None, revoker: Revokes | None = None, dry_run: bool = False
) -> ErasedUser:
    """Remove or anonymize a user in every store. It can be repeated, also after a failure: a store that fails does not prevent the others.

    Args:
        by: name of the person who erases, for the audit log.
        revoker: revokes the user's tokens at the vendors before they are deleted.
        dry_run: only count what would be erased.

    Raises:
        InvalidInput: the name is empty.
    """
    if not user.strip():
        raise InvalidInput("the user to erase needs a name")
    rows: dict[str, Mapping[str, int]] = {}
    failed: dict[str, str] = {}
    accounts = _accounts(user, stores, tenant, failed)
    revoked, not_revoked = _revoke(user, stores, revoker) if not dry_run else ((), {})
    for name, erase in _steps(stores, tenant, accounts, by).items():
        if name == "audit" and failed and not dry_run:
            failed[name] = WAITS
            continue
        try:
            rows[name] = erase(user, dry_run)
        except UnifiedError as error:
            log.error("a user could not be erased from %s: %s", name, error.message)
            failed[name] = error.message
    if stores.audit is not None and not dry_run and "audit" not in failed:
        entry = {"time": datetime.now(UTC).isoformat(), "kind": "user_erased", "tenant": tenant, "user": user, "rows": rows}
        who = {} if by is None else {"by": by}
        stores.audit.append_erased(entry | who, user)
    return ErasedUser(rows, revoked, not_revoked, failed)


def _steps(stores: Stores, tenant: str, accounts: set[tuple[str, str]], by: str | None) -> dict[str, Erase]:
    """Return the erasure of each store in order: what lets someone act for the user, then data, then the audit log."""
    steps: dict[str, Erase] = {}
    if (vault := stores.vault) is not None:
        steps["vault"] = lambda user, dry_run: vault.erase(user, dry_run=dry_run)
    steps |= stores.others
    if (programs := stores.programs) is not None:
        steps["programs"] = lambda user, dry_run: programs.erase(user, tenant=tenant, dry_run=dry_run)
    if (sagas := stores.sagas) is not None:
        steps["sagas"] = lambda user, dry_run: sagas.erase(user, tenant=tenant, dry_run=dry_run)
    if (approvals := stores.approvals) is not None:
        whom = {} if by is None else {"by": by}
        steps["approvals"] = lambda user, dry_run: approvals.erase(user, tenant=tenant, dry_run=dry_run, **whom)
    if (idempotency := stores.idempotency) is not None:
        steps["idempotency"] = lambda user, dry_run: idempotency.erase(user, tenant=tenant, dry_run=dry_run)
    if (inbox := stores.inbox) is not None:
        steps["inbox"] = lambda user, dry_run: inbox.erase(user, accounts=accounts, dry_run=dry_run)
    if (usage := stores.usage) is not None:
        steps["usage"] = lambda user, dry_run: usage.erase(user, tenant=tenant, dry_run=dry_run)
    if (audit := stores.audit) is not None:
        steps["audit"] = lambda user, dry_run: {"entries": audit.erase(user, tenant=tenant, dry_run=dry_run)}
    return steps


def _accounts(user: str, stores: Stores, tenant: str, failed: dict[str, str]) -> set[tuple[str, str]]:
    """Return vendor and account of the user's connections, also of those that an earlier attempt has deleted."""
    found: set[tuple[str, str]] = set()
    try:
        if stores.vault is not None:
            for one in stores.vault.list(user=user).records:
                names = (one.account, one.account_id, one.username, one.details.get(ACCOUNT))
                found |= {(one.key.vendor, name) for name in names if name}
        if stores.audit is not None:
            found |= stores.audit.accounts(user, tenant=tenant)
    except UnifiedError as error:
        failed["accounts"] = error.message
    return found


def _revoke(user: str, stores: Stores, revoker: Revokes | None) -> tuple[tuple[str, ...], dict[str, str]]:
    """Revoke the user's OAuth tokens. Return the revoked connections, and the others with the reason."""
    revoked: list[str] = []
    not_revoked: dict[str, str] = {}
    if revoker is None or stores.vault is None:
        return (), {}
    try:
        records = stores.vault.list(user=user).records
    except UnifiedError:  # the next step reports it
        return (), {}
    for one in records:
        if one.kind is not Kind.OAUTH:
            continue
        name = f"{one.key.vendor}/{one.key.name}"
        try:
            if revoker.revoke(one.key):
                revoked.append(name)
            else:
                not_revoked[name] = "the vendor has no revocation"
        except UnifiedError as error:
            not_revoked[name] = error.message
    return tuple(revoked), not_revoked
