"""What the default clients of a process share: their connections, and the functions that fill them."""

from __future__ import annotations

from unified_runtime.budgets import Budget, LazyBudget
from unified_runtime.connections import Connection, Connections
from unified_runtime.credentials import Credential
from unified_runtime.vendors import Vendor, load

CONNECTIONS = Connections()
BUDGET: Budget = LazyBudget()
"""One count for all clients of the process: a vendor does not care which of them a request came from."""


def connection(
    vendor: str | Vendor, credential: Credential, *, user: str | None, scheme: str | None, server: str | None, values: dict[str, str]
) -> Connection:
    known = load(vendor) if isinstance(vendor, str) else vendor
    return Connection(known, credential, values, user=user, scheme=scheme, server=server)


def connect(
    vendor: str | Vendor,
    credential: Credential,
    /,
    *,
    user: str | None = None,
    scheme: str | None = None,
    server: str | None = None,
    **values: str,
) -> Connection:
    """Connect a vendor for the default clients.

    Args:
        vendor: its name in the catalog (`jira`).
        credential: made by `basic`, `bearer` or `api_key`.
        user: whose connection this is; calls use it inside `acting(user=...)` alone.
        scheme: the vendor's security scheme, where several take such a credential.
        server: another URL than the vendor's own, such as a self-hosted server or a test double.
        values: what the vendor's server needs (`site="acme"`).

    Raises:
        InvalidInput: the vendor, a value or the credential is not one that can be used.
    """
    made = connection(vendor, credential, user=user, scheme=scheme, server=server, values=values)
    CONNECTIONS.add(made)
    return made


def disconnect(vendor: str, *, user: str | None = None) -> None:
    """Forget a connection of the default clients."""
    CONNECTIONS.remove(vendor, user)
