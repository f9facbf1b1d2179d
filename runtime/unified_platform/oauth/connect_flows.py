"""Flows that connect a user: from the start of an authorization to a stored connection, and its revocation."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from unified_platform.common.blocking import blocking
from unified_platform.connections.environment import variable
from unified_platform.connections.errors import VaultUnavailable, VersionConflict
from unified_platform.connections.protocols import Vault
from unified_platform.connections.records import ConnectionKey, ConnectionRecord, Kind, Pending, Status, connect_command, new_id
from unified_platform.oauth import (
    app_credentials,
    authorization_code,
    client_registration,
    device_flow,
    pending_authorization,
    post_connect,
    token_requests,
    token_revocation,
    token_storage,
)
from unified_platform.oauth import (
    declarations as declared,
)
from unified_platform.oauth.app_credentials import AppLookup
from unified_platform.oauth.authorization_request import ConnectRequest, StartedAuthorization
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.device_flow import DeviceAuthorization
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import AccountMismatch, InvalidCallback
from unified_platform.oauth.one_time_grants import OneTimeGrant
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.tokens import Tokens
from unified_runtime.core.connections import check_values
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, UnifiedError, Unsupported
from unified_runtime.core.vendors import Vendor, load
from unified_runtime.execution.flows import Flow

_STORES = 5
"""Attempts to store new tokens in a record that others change too."""

R = TypeVar("R")
Declarations = Callable[[Vendor], Declaration]


class Flows:
    """Flows that connect and revoke, without I/O of their own."""

    def __init__(
        self, vault: Vault, *, clients: AppLookup = app_credentials.from_environment, declarations: Declarations = declared.of
    ) -> None:
        self._vault = vault
        self._clients = clients
        self._declared = declarations

    # ------------------------------------------------------------------------------------------------- authorization code
    def start(self, request: ConnectRequest, redirect_uri: str) -> Flow[StartedAuthorization]:
        vendor, declaration, values = self._checked(request)
        wanted = request.wanted(declaration)
        if (renews := request.renews) is not None:
            old = _comparable((yield from blocking(lambda: self._vault.get(renews))), request.key, vendor)
            # Some servers leave `openid` out of the scopes that they report as granted.
            wanted = tuple(dict.fromkeys((*wanted, *(["openid"] if token_storage.by_id_token(old) else []))))
        server = yield from declaration.server(values)
        client = yield from self._client(vendor, declaration, server, redirect_uri)
        prover = Prover() if request.bound else None
        url, made = yield from authorization_code.begin(
            server,
            client,
            redirect_uri,
            scopes=wanted,
            resources=request.resources,
            authorization_details=request.authorization_details,
            prover=prover,
            dialect=declaration.dialect(values),
            pushed=request.pushed,
        )
        waiting = pending_authorization.stored(request, declaration, made, client, values)
        yield from blocking(lambda: self._vault.pending.put(waiting))
        return StartedAuthorization(url, made.state.reveal())

    def finish(self, callback_url: Secret, state: str | None, user: str | None) -> Flow[ConnectionRecord]:
        waiting, vendor, declaration = yield from self._taken(callback_url, state, once=False)
        if user is not None and waiting.key.user != user:
            raise InvalidCallback("the authorization was started for another user")
        server = yield from declaration.server(waiting.values)
        client = token_storage.client_of(waiting, self._clients(vendor.name, declaration))
        made = pending_authorization.authorization(waiting)
        requested_at = time.time()
        granted = yield from authorization_code.finish(callback_url, made, server, client, dialect=declaration.dialect(waiting.values))
        return (
            yield from self._connected(
                vendor,
                declaration,
                waiting.key,
                granted.tokens,
                requested_at,
                client,
                values=waiting.values,
                scopes=waiting.scopes,
                server=pending_authorization.server_of(waiting),
                prover=made.prover,
                identity=granted.claims,
                renews=pending_authorization.renewed_of(waiting),
                exclusive=pending_authorization.exclusive_of(waiting),
            )
        )

    def finish_once(self, callback_url: Secret, state: str | None) -> Flow[tuple[OneTimeGrant, Flow[bool] | None]]:
        """Return the grant for one action, and the flow that revokes it; None for the flow if the vendor does not offer that."""
        waiting, vendor, declaration = yield from self._taken(callback_url, state, once=True)
        server = yield from declaration.server(waiting.values)
        client = token_storage.client_of(waiting, self._clients(vendor.name, declaration))
        dialect = declaration.dialect(waiting.values)
        made = pending_authorization.authorization(waiting)
        granted = yield from authorization_code.finish(callback_url, made, server, client, dialect=dialect)
        tokens = granted.tokens
        values = check_values(vendor, (yield from post_connect.stored(vendor, declaration, tokens, waiting.values, made.prover)))
        right = OneTimeGrant(waiting.key, declaration.scheme, pending_authorization.server_of(waiting), values, tokens, made.prover)
        ends = server.revocation_endpoint is not None
        return right, token_revocation.revoke(server, client, tokens.access, hint=token_storage.ACCESS) if ends else None

    def _taken(self, callback_url: Secret, state: str | None, *, once: bool) -> Flow[tuple[Pending, Vendor, Declaration]]:
        given = authorization_code.state_of(callback_url)
        if state is not None and Secret(state) != given:
            raise InvalidCallback("the callback is not of this session: its state is another")
        waiting = yield from blocking(lambda: self._vault.pending.take(given))
        if waiting is None or waiting.verifier is None:
            raise InvalidCallback("no authorization of ours has this state, or it was finished, or has expired; start connecting again")
        if pending_authorization.is_for_once(waiting) != once:
            raise InvalidCallback(f"this authorization was started for {'a connection' if once else 'one action: finish_once ends it'}")
        vendor = load(waiting.key.vendor)
        return waiting, vendor, self._declared(vendor)

    # ------------------------------------------------------------------------------------------------------------- device
    def start_device(self, request: ConnectRequest) -> Flow[DeviceAuthorization]:
        vendor, declaration, values = self._checked(request)
        server = yield from declaration.server(values)
        client = self._known(vendor, declaration)
        return (yield from device_flow.begin(server, client, scopes=request.wanted(declaration), dialect=declaration.dialect(values)))

    def finish_device(self, request: ConnectRequest, made: DeviceAuthorization) -> Flow[ConnectionRecord]:
        vendor, declaration, values = self._checked(request)
        server = yield from declaration.server(values)
        client = self._known(vendor, declaration)
        tokens = yield from device_flow.finish(server, client, made, dialect=declaration.dialect(values))
        wanted = request.wanted(declaration)
        return (
            yield from self._connected(
                vendor, declaration, request.key, tokens, time.time(), client,
                values=values, scopes=wanted, server=request.server, exclusive=request.exclusive,
            )
        )  # fmt: skip

    # ------------------------------------------------------------------------ client credentials and service accounts
    def machine(self, request: ConnectRequest) -> Flow[ConnectionRecord]:
        vendor, declaration, values = self._checked(request)
        server = yield from declaration.server(values)
        client = self._known(vendor, declaration)
        prover = Prover() if request.bound else None
        wanted = request.wanted(declaration, always=False)
        requested_at = time.time()
        tokens = yield from token_requests.client_credentials(
            server,
            client,
            scopes=wanted or None,
            resources=request.resources,
            authorization_details=request.authorization_details,
            dialect=declaration.dialect(values),
            prover=prover,
        )
        return (
            yield from self._connected(
                vendor, declaration, request.key, tokens, requested_at, client,
                values=values, scopes=wanted, server=request.server, prover=prover, grant="client_credentials",
                exclusive=request.exclusive,
            )
        )  # fmt: skip

    def service_account(
        self, request: ConnectRequest, issuer: str, key: Secret, key_id: str | None, subject: str | None
    ) -> Flow[ConnectionRecord]:
        vendor, declaration, values = self._checked(request)
        server = yield from declaration.server(values)
        wanted = request.wanted(declaration, always=False)
        requested_at = time.time()
        tokens = yield from token_requests.jwt_bearer(server, key, issuer=issuer, key_id=key_id, subject=subject, scopes=wanted)
        own = {"issuer": issuer, **({"key_id": key_id} if key_id else {}), **({"subject": subject} if subject else {})}
        return (
            yield from self._connected(
                vendor, declaration, request.key, tokens, requested_at, None,
                values=values, scopes=wanted, server=request.server, grant="jwt_bearer", own=own, signing_key=key,
                exclusive=request.exclusive,
            )
        )  # fmt: skip

    # -------------------------------------------------------------------------------------------------------------- revocation
    def revoke(self, key: ConnectionKey) -> Flow[bool]:
        """Revoke a connection at the vendor, if possible, and delete its secrets. Return whether the vendor was notified."""
        data = False
        for _ in range(_STORES):
            record = yield from blocking(lambda: self._vault.find(key))
            if record is None:
                return data
            data = (yield from self._revoke_at_vendor(record)) or data
            ended = replace(record, secrets={}, status=Status.REVOKED, reason="it was ended on purpose")
            with contextlib.suppress(VersionConflict):  # its tokens were refreshed meanwhile: revoke the new ones too
                yield from blocking(functools.partial(self._vault.compare_and_swap, ended, record.version))
                return data
        raise VaultUnavailable(f"the connection to {key} could not be ended: the record changes all the time")

    def _revoke_at_vendor(self, record: ConnectionRecord) -> Flow[bool]:
        """Revoke a connection's tokens at the vendor, if possible. Return whether the vendor was notified."""
        if record.kind is not Kind.OAUTH or record.status is Status.REVOKED or "client_id" not in record.details:
            return False
        vendor = load(record.key.vendor)
        declaration = self._declared(vendor)
        server = yield from declaration.server(record.values)
        if server.revocation_endpoint is None:
            return False
        client = token_storage.client_of(record, self._clients(vendor.name, declaration))
        name = token_storage.REFRESH if token_storage.REFRESH in record.secrets else token_storage.ACCESS
        return (yield from token_revocation.revoke(server, client, record.secrets[name], hint=name))

    # ------------------------------------------------------------------------------------------------------------- the rest
    def _checked(self, request: ConnectRequest) -> tuple[Vendor, Declaration, dict[str, str]]:
        vendor = load(request.vendor)
        _ = request.key  # raises for wrong input, before the user is sent anywhere
        declaration = self._declared(vendor)
        if not declaration.connects and "token" not in declaration.endpoints:
            raise Unsupported(
                f"{vendor.title} has no authorization page: create a token at the vendor, and pass it to `unified connect`",
                vendor=vendor.name,
            )
        brought = {*declaration.keep, *(name for step in declaration.after for name in step.keep)}
        return vendor, declaration, check_values(_lenient(vendor, brought), request.values)

    def _client(self, vendor: Vendor, declaration: Declaration, server: Server, redirect_uri: str) -> Flow[OAuthClient]:
        """Return the application's client, or register a new one if the server offers that."""
        client = self._clients(vendor.name, declaration)
        if client is not None:
            return _safe(client, declaration, vendor)
        if server.registration_endpoint is None:
            raise _unregistered(vendor, declaration, redirect_uri)
        return (yield from client_registration.register(server, name="unified", redirect_uris=[redirect_uri]))

    def _known(self, vendor: Vendor, declaration: Declaration) -> OAuthClient:
        client = self._clients(vendor.name, declaration)
        if client is None:
            raise _unregistered(vendor, declaration)
        return _safe(client, declaration, vendor)

    def _connected(
        self,
        vendor: Vendor,
        declaration: Declaration,
        key: ConnectionKey,
        tokens: Tokens,
        requested_at: float,
        client: OAuthClient | None,
        *,
        values: Mapping[str, str],
        scopes: Sequence[str],
        server: str | None,
        prover: Prover | None = None,
        identity: Mapping[str, Any] | None = None,
        grant: str = "refresh_token",
        own: Mapping[str, str] | None = None,
        signing_key: Secret | None = None,
        renews: str | None = None,
        exclusive: bool | None = None,
    ) -> Flow[ConnectionRecord]:
        found = yield from post_connect.stored(vendor, declaration, tokens, values, prover)
        declared = None
        if grant == "refresh_token":
            try:
                declared = yield from post_connect.account(vendor, declaration, tokens, found, prover)
            except UnifiedError:
                if renews is not None:
                    raise
                # A first connection is stored all the same. If its account is not known, it cannot be reconnected, only created anew.
        accounts = token_storage.accounts(declared, identity)
        if renews is not None:
            _same(_comparable((yield from blocking(lambda: self._vault.get(renews))), key, vendor), accounts, vendor)
        account = (identity or {}).get("email") or (identity or {}).get("preferred_username") or (identity or {}).get("sub")
        saved = {
            token_storage.GRANT: grant,
            "token_type": tokens.type,
            **token_storage.lifetime(tokens, requested_at),
            **({token_storage.ACCOUNT: accounts[0]} if accounts else {}),
            **(token_storage.client_details(client) if client is not None else {}),
            **(own or {}),
        }
        secret = token_storage.secrets_of(tokens, client, prover) | (
            {token_storage.SIGNING_KEY: signing_key} if signing_key is not None else {}
        )
        record = ConnectionRecord(
            id=new_id(),
            key=key,
            scheme=declaration.scheme,
            kind=Kind.OAUTH,
            secrets=secret,
            account=str(account) if account else None,
            values=check_values(vendor, found),
            server=server,
            scopes=tuple(scopes) if tokens.scopes is None else tokens.scopes,
            expires_at=tokens.expires_at,
            details=saved,
            exclusive=exclusive,
        )
        store = (lambda: self._vault.put(record)) if renews is None else (lambda: self._renewed(record, renews, accounts, vendor))
        return (yield from blocking(store))

    def _renewed(self, record: ConnectionRecord, id: str, accounts: Sequence[str], vendor: Vendor) -> ConnectionRecord:
        """Store new tokens of a connection, if it still is the one that was to be reconnected."""
        for _ in range(_STORES):
            old = self._vault.get(id)
            _same(_comparable(old, record.key, vendor), accounts, vendor)
            merged = replace(
                record,
                id=id,
                account=record.account or old.account,
                account_id=old.account_id,
                preferred_at=old.preferred_at,
                exclusive=old.exclusive if record.exclusive is None else record.exclusive,
            )
            with contextlib.suppress(VersionConflict):  # its tokens were refreshed meanwhile
                return self._vault.compare_and_swap(merged, old.version)
        raise VaultUnavailable(f"the new tokens of {record.key} could not be stored: the record changes all the time")


def _comparable(old: ConnectionRecord, key: ConnectionKey, vendor: Vendor) -> ConnectionRecord:
    """Return a connection that can be reconnected, because its account can be compared.

    Raises:
        InvalidInput: it was revoked on purpose, has another key, was not connected by a user, or its account is not known.
    """
    reason = f"it is {old.key}" if old.key != key else token_storage.not_renewable(old)
    if reason is not None:
        command = connect_command(old.key)
        raise InvalidInput(f"the connection to {vendor.title} cannot be renewed: {reason}. Connect it anew: {command}", vendor=vendor.name)
    return old


def _same(old: ConnectionRecord, accounts: Sequence[str], vendor: Vendor) -> None:
    """Raise AccountMismatch unless a connection is of one of these accounts."""
    if token_storage.account_of(old) not in accounts:
        named = f" ({old.account})" if old.account else ""
        raise AccountMismatch(
            f"{vendor.title} was connected with another account than the one that this connection is of{named}. Nothing was changed. "
            f"Sign in at {vendor.title} with that account and connect again. To change to the other account: {connect_command(old.key)}",
            vendor=vendor.name,
        )


def _lenient(vendor: Vendor, brought: Iterable[str]) -> Vendor:
    """Return the vendor without the requirement for those values that connecting itself obtains."""
    values = {name: replace(value, required=False) if name in brought else value for name, value in vendor.connection.items()}
    return replace(vendor, connection=values)


def _safe(client: OAuthClient, declaration: Declaration, vendor: Vendor) -> OAuthClient:
    """Reject a client without a secret if the server ignores PKCE: a stolen code would suffice (RFC 9700, section 2.1.1)."""
    if client.secret is None and not declaration.pkce:
        raise InvalidInput(f"{vendor.title} passes PKCE over, so its clients need their secret: {_variables(vendor)}", vendor=vendor.name)
    return client


def _unregistered(vendor: Vendor, declaration: Declaration, redirect_uri: str | None = None) -> InvalidInput:
    page = "at the vendor" if declaration.app is None else f"at {declared.with_names(declaration.app)}"
    redirect = "" if redirect_uri is None else f" with the redirect URI {redirect_uri}"
    on_this_machine = redirect_uri is not None and redirect_uri.startswith("http://127.0.0.1:")  # its port differs from run to run
    also = f", and {variable(vendor.name, 'redirect_uri')} to that URI" if on_this_machine else ""
    return InvalidInput(
        f"no OAuth app is configured for {vendor.title}. Register one {page}{redirect}, then set {_variables(vendor)}{also}. To use a"
        f" key or token instead: unified connect {vendor.name} --key",
        vendor=vendor.name,
    )


def _variables(vendor: Vendor) -> str:
    return f"{variable(vendor.name, app_credentials.ID)} and {variable(vendor.name, app_credentials.SECRET)}"
