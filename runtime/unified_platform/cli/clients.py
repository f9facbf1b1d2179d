"""The connections of a process that was started with credentials in its environment, or beside a vault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from unified_platform.catalog import capabilities
from unified_platform.connections import environment
from unified_platform.rate_limits import shared_rate_limiter
from unified_platform.vault.location import URL, default_url
from unified_platform.vault.opening import default_key
from unified_runtime import AsyncClient, Client, IdempotencyStore, InvalidInput, NotConnected
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.toolkits.vendor_lookup import load_vendor


def from_environment(client: Client | AsyncClient, environ: Mapping[str, str], user: str | None) -> tuple[str, ...]:
    """Connect every vendor whose credential is in the environment (`UNIFIED_JIRA_PASSWORD`), and return their names.

    Raises:
        InvalidInput: a value is none that the vendor can use.
        NotConnected: a part of a vendor's credential is missing; the message names it.
    """
    found = []
    for entry in capabilities.load():
        if not any(name.startswith(environment.variable(entry.name, "")) for name in environ):
            continue
        vendor = load_vendor(entry.name)
        data = environment.from_variables(vendor, environ)
        if not data:
            continue
        scheme, credential = environment.credential(vendor, data, None)
        values = {name: value for name, value in data.items() if name in vendor.connection}
        client.connect(vendor, credential, user=user, scheme=scheme, exclusive=False, **values)
        found.append(entry.name)
    return tuple(found)


BROKER_KEY = "UNIFIED_BROKER_KEY"
"""Holds the key that an agent shows to its broker."""


def of_broker(url: str, environ: Mapping[str, str]) -> AsyncClient:
    """A client whose calls are made by a broker.

    Raises:
        InvalidInput: the address is none, or there is no key.
    """
    if not environ.get(BROKER_KEY):
        raise InvalidInput(f"the broker {url} wants the agent's key, in the variable {BROKER_KEY}")
    return AsyncClient(broker=url, key=environ[BROKER_KEY])


def client(
    environ: Mapping[str, str],
    *,
    user: str | None,
    enforcer: PolicyEnforcer | None = None,
    idempotency: IdempotencyStore | None = None,
) -> AsyncClient:
    """A client with the connections of the environment and of the vault, if there is one (`UNIFIED_VAULT`).

    Raises:
        InvalidInput: as `from_environment` does.
        NotConnected: as `from_environment` does; or there is neither.
        VaultError: the vault cannot be opened.
    """
    vault = None
    if environ.get(URL) or Path(default_url(environ)).exists():
        from unified_platform.vault import open_vault  # its libraries are an extra's

        vault = open_vault(default_url(environ), key=default_key(environ), exist=True).source()
    made = AsyncClient(vault=vault, policy=enforcer, rate_limiter=shared_rate_limiter(environ), idempotency=idempotency)
    if not from_environment(made, environ, user) and vault is None:
        raise NotConnected("nothing is connected: run `unified connect VENDOR`, or set credentials such as UNIFIED_JIRA_PASSWORD")
    return made
