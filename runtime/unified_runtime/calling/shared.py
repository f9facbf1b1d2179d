"""What the default clients of a process share: their connections, and the functions that fill them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from unified_runtime.connections import Connection, Connections
from unified_runtime.credentials import Credential
from unified_runtime.pacing.budgets import Budget, LazyBudget
from unified_runtime.vendors import Vendor, load

if TYPE_CHECKING:
    from unified_runtime.control.guard import Guard
    from unified_runtime.idempotency.ledger import Ledger
    from unified_runtime.observing import Observer, Observers

CONNECTIONS = Connections()

budget: Budget = LazyBudget()
"""Counts the requests of all clients of the process that have no budget of their own: a vendor does not care which of them a request came
from. Set by `pace`."""

guard: Guard | None = None
"""Asks the policy before every call of every client that has no guard of its own. Set by `protect`."""


ledger: Ledger | None = None
"""Remembers the writes with idempotency keys of every client that has no ledger of its own. Set by `remember`."""


observers: Observers | None = None
"""Are told of every call of every client of the process, beside those of its own. Set by `observe`."""


def protect(by: Guard | None) -> None:
    """Ask this guard's policy before every call of the process's clients, but for those made with a guard of their own."""
    global guard
    guard = by


def remember(by: Ledger | None) -> None:
    """Have this ledger remember what the process's clients write under an `idempotency_key`, such as one of `unified_platform.ledger`."""
    global ledger
    ledger = by


def pace(by: Budget | None) -> None:
    """Have this budget count what the process's clients send, such as one of `unified_platform.budgets`; None: each process for itself."""
    global budget
    budget = by if by is not None else LazyBudget()


def observe(*by: Observer) -> None:
    """Tell these observers of every call that the process's clients make; without one, tell nobody.

    Raises:
        TypeError: one of them has no method `ended`.
    """
    global observers
    observers = observers_of(by)


def observers_of(by: Observer | Sequence[Observer] | Observers | None) -> Observers | None:
    """One observer or several as what clients hold; None for nobody."""
    if by is None or by == ():
        return None
    from unified_runtime.observing import Observers  # who observes nothing does not pay for it

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
) -> Connection:
    known = load(vendor) if isinstance(vendor, str) else vendor
    hosts = None
    if server is not None and not isinstance(server, str):
        hosts = {name: url for name, url in server.items() if name != "default"}
        server = server.get("default")
    return Connection(known, credential, values, user=user, scheme=scheme, server=server, hosts=hosts, account_id=account_id)


def connect(
    vendor: str | Vendor,
    credential: Credential,
    /,
    *,
    user: str | None = None,
    scheme: str | None = None,
    server: str | Mapping[str, str] | None = None,
    account_id: str | None = None,
    **values: str,
) -> Connection:
    """Connect a vendor for the default clients.

    Args:
        vendor: its name in the catalog (`jira`).
        credential: made by `basic`, `bearer` or `api_key`.
        user: whose connection this is; calls use it inside `acting(user=...)` alone.
        scheme: the vendor's security scheme, where several take such a credential.
        server: another URL than the vendor's own, such as a self-hosted server or a test double. Where the vendor has
            several, it stands for them all; or they are given by name: `default`, the vendor's `hosts`, and `addresses` for those
            that answers lead to.
        account_id: the vendor's own id of that user, which policies about own records compare with.
        values: what the vendor's server needs (`site="acme"`).

    Raises:
        InvalidInput: the vendor, a value or the credential is not one that can be used.
    """
    made = connection(vendor, credential, user=user, scheme=scheme, server=server, account_id=account_id, values=values)
    CONNECTIONS.add(made)
    return made


def disconnect(vendor: str, *, user: str | None = None) -> None:
    """Forget a connection of the default clients."""
    CONNECTIONS.remove(vendor, user)
