"""Default settings and connections, shared by the clients of a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import Credential
from unified_runtime.core.operations import UNSET, Unset
from unified_runtime.core.vendors import Vendor
from unified_runtime.rate_limits.rate_limiter import LazyRateLimiter, RateLimiter
from unified_runtime.toolkits.vendor_lookup import load_vendor

if TYPE_CHECKING:
    from unified_runtime.core.observers import Observer, Observers
    from unified_runtime.idempotency.store import IdempotencyStore
    from unified_runtime.policy.enforcer import PolicyEnforcer

CONNECTIONS = Connections()

rate_limiter: RateLimiter = LazyRateLimiter()
"""Counts the requests of all clients without a rate limiter of their own: vendors count them together, too."""

policy: PolicyEnforcer | None = None
"""Applies to calls of clients without a policy of their own."""

idempotency: IdempotencyStore | None = None
"""Stores writes with an idempotency key, for clients without a store of their own."""

observers: Observers | None = None
"""Receive records of the calls of all clients of the process, in addition to the clients' own observers."""


def configure(
    *,
    policy: PolicyEnforcer | None | Unset = UNSET,
    rate_limiter: RateLimiter | None | Unset = UNSET,
    idempotency: IdempotencyStore | None | Unset = UNSET,
    observers: Observer | Sequence[Observer] | None | Unset = UNSET,
) -> None:
    """Set what applies to all clients of this process. An argument that is not given leaves its setting unchanged; None resets it.

    Args:
        policy: decides about every call; a client's own policy takes precedence.
        rate_limiter: counts requests against vendors' limits; by default in memory. `unified_platform.rate_limits` opens a shared one.
        idempotency: stores writes with an `idempotency_key`, such as `unified_platform.idempotency.open_idempotency_store`.
        observers: receive a record of every call, in addition to a client's own.

    Raises:
        TypeError: an observer has no method `ended`.
    """
    state = globals()
    if not isinstance(policy, Unset):
        state["policy"] = policy
    if not isinstance(rate_limiter, Unset):
        state["rate_limiter"] = rate_limiter if rate_limiter is not None else LazyRateLimiter()
    if not isinstance(idempotency, Unset):
        state["idempotency"] = idempotency
    if not isinstance(observers, Unset):
        state["observers"] = observers_of(observers)


def observers_of(by: Observer | Sequence[Observer] | Observers | None) -> Observers | None:
    """Return one or several observers in the form that clients hold; None if there are none."""
    if by is None or by == ():
        return None
    from unified_runtime.core.observers import Observers  # imported late: processes without observers do not need it

    return Observers.of(by)


def connection(
    vendor: str | Vendor,
    credential: Credential,
    *,
    user: str | None,
    scheme: str | None,
    server: str | Mapping[str, str] | None,
    account_id: str | None,
    values: dict[str, str],
    exclusive: bool = False,
) -> Connection:
    known = load_vendor(vendor) if isinstance(vendor, str) else vendor
    hosts = None
    if server is not None and not isinstance(server, str):
        hosts = {name: url for name, url in server.items() if name != "default"}
        server = server.get("default")
    return Connection(
        known, credential, values, user=user, scheme=scheme, server=server, hosts=hosts, account_id=account_id, exclusive=exclusive
    )


def connect(
    vendor: str | Vendor,
    credential: Credential,
    /,
    *,
    user: str | None = None,
    scheme: str | None = None,
    server: str | Mapping[str, str] | None = None,
    account_id: str | None = None,
    exclusive: bool = False,
    **values: str,
) -> Connection:
    """Connect a vendor for the default clients.

    Args:
        vendor: its name in the catalog (`jira`).
        credential: made by `basic`, `bearer` or `api_key`.
        user: the user that the connection belongs to; only calls inside `acting(user=...)` use it.
        scheme: the vendor's security scheme, if several accept such a credential.
        server: another URL than the vendor's own, such as a self-hosted server or a test double. If the vendor has several servers, it
            replaces all of them; or they are given by name: `default`, the vendor's `hosts`, and `addresses` for the servers
            of URLs in responses.
        account_id: the vendor's own id of that user, which policies about own records compare with.
        exclusive: only this installation writes with the account, each write under an idempotency key and through one idempotency
            store. Lost responses can then be reconciled by content at more vendors, for one look-up before each such write.
        values: the values that the vendor's server requires (`site="acme"`).

    Raises:
        InvalidInput: the vendor, a value or the credential is not valid.
    """
    made = connection(
        vendor, credential, user=user, scheme=scheme, server=server, account_id=account_id, values=values, exclusive=exclusive
    )
    CONNECTIONS.add(made)
    return made


def disconnect(vendor: str, *, user: str | None = None) -> None:
    """Remove a connection from the default clients."""
    CONNECTIONS.remove(vendor, user)
