"""Connections from credentials that a person enters: API keys, tokens and passwords."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Protocol

from unified_platform.connections import environment
from unified_platform.connections.records import ConnectionKey, ConnectionRecord, Kind, new_id
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.vendors import Scheme, Vendor

REFRESH = "refresh_token"
_VISIBLE = {environment.USERNAME}


class PromptFunction(Protocol):
    """Prompts a person for one value, without echo if it is secret."""

    def __call__(self, what: str, *, hidden: bool, empty: bool = False) -> str: ...


def ask_credential(
    vendor: Vendor,
    key: ConnectionKey,
    values: Mapping[str, str],
    *,
    ask: PromptFunction,
    server: str | None = None,
    scheme: str | None = None,
    oauth: str | None = None,
    renews: str | None = None,
    secrets: Mapping[str, str] | None = None,
) -> ConnectionRecord:
    """Return a record that is not stored yet. `secrets` has the parts of the credential; without it, each is prompted for.

    `oauth` is the scheme of OAuth tokens, which is skipped if there is another: a person cannot enter those. `renews` is a scheme whose
    tokens are refreshed by a refresh token issued with them: it is prompted for too, and `expires_in`, the token's lifetime in seconds,
    is accepted.

    Raises:
        InvalidInput: the vendor, a value or the credential is not valid.
        NotConnected: parts of the credential are missing.
    """
    if secrets is None:
        name = scheme or usual_scheme(vendor, oauth)
        if name not in vendor.schemes:
            raise InvalidInput(f"{vendor.title} has no scheme {name!r}; it has {', '.join(vendor.schemes)}", vendor=vendor.name)
        secrets = {part: ask(f"{vendor.title} {part}", hidden=part not in _VISIBLE) for part in environment.wanted(vendor.schemes[name])}
        scheme = name
        if name == renews:
            secrets = {**secrets, REFRESH: ask(f"{vendor.title} refresh token, if there is one", hidden=True, empty=True)}
    own = {name: value for name, value in secrets.items() if name in vendor.connection and name not in values}
    name, credential = environment.credential(vendor, secrets, scheme)
    renewing = {REFRESH: Secret(secrets[REFRESH])} if name == renews and secrets.get(REFRESH) else {}
    connection = Connection(vendor, credential, {**own, **values}, user=key.user, scheme=name, server=server)
    return ConnectionRecord(
        id=new_id(),
        key=key,
        scheme=name,
        kind=Kind.OAUTH if renewing else Kind(credential.kind),
        secrets={"access_token": credential.secrets["token"], **renewing} if renewing else dict(credential.secrets),
        expires_at=_expiry(secrets.get("expires_in")) if renewing else None,
        username=credential.username,
        values=connection.values,
        server=server,
    )


def _expiry(seconds: str | None) -> float | None:
    if not seconds:
        return None
    if not seconds.isascii() or not seconds.isdigit():
        raise InvalidInput("expires_in is a number of seconds")
    return time.time() + int(seconds)


def usual_scheme(vendor: Vendor, oauth: str | None = None) -> str:
    """Return the default scheme for a person's own key: API key in a header, then token, then password, last an API key in the URL."""
    return min(vendor.schemes, key=lambda name: (name == oauth, _order(vendor.schemes[name]), name))


def _order(scheme: Scheme) -> int:
    if scheme.kind == "api_key":
        return 0 if all(key.location == "header" for key in scheme.keys) else 3
    return 1 if scheme.kind == "bearer" else 2
