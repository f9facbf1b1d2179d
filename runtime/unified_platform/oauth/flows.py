"""The steps of connecting, as flows: from the start of an authorization to a connection in the vault, and its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from unified_platform.environment import variable
from unified_platform.oauth import after, apps, authorizing, declared, device, grants, keeping, lifecycle, pending, registration
from unified_platform.oauth.apps import Apps
from unified_platform.oauth.asking import Asked, Started
from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.declared import Declaration
from unified_platform.oauth.device import DeviceAuthorization
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.errors import WrongCallback
from unified_platform.oauth.once import OneTime
from unified_platform.oauth.servers import Server
from unified_platform.oauth.tokens import Tokens
from unified_platform.vault.interface import Vault
from unified_platform.vault.records import ConnectionRecord, Kind, Pending, Place, Status, new_id
from unified_runtime.connections import check_values
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import InvalidInput, UnifiedError, Unsupported
from unified_runtime.vendors import Vendor, load

R = TypeVar("R")
Declarations = Callable[[Vendor], Declaration]


class Flows:
    """The steps of connecting, without I/O of their own."""

    def __init__(self, vault: Vault, *, clients: Apps = apps.from_environment, declarations: Declarations = declared.of) -> None:
        self._vault = vault
        self._clients = clients
        self._declared = declarations

    # ------------------------------------------------------------------------------------------------- authorization code
    def start(self, asked: Asked, redirect_uri: str) -> Flow[Started]:
        vendor, declaration, values = self._checked(asked)
        wanted = asked.wanted(declaration)
        server = yield from declaration.server(values)
        client = yield from self._client(vendor, declaration, server, redirect_uri)
        prover = Prover() if asked.bound else None
        url, made = yield from authorizing.begin(
            server,
            client,
            redirect_uri,
            scopes=wanted,
            resources=asked.resources,
            authorization_details=asked.authorization_details,
            prover=prover,
            dialect=declaration.dialect(values),
            pushed=asked.pushed,
        )
        waiting = pending.kept(asked, declaration, made, client, values)
        yield from _blocking(lambda: self._vault.pending.put(waiting))
        return Started(url, made.state.reveal())

    def finish(self, callback_url: Secret, state: str | None) -> Flow[ConnectionRecord]:
        waiting, vendor, declaration = yield from self._taken(callback_url, state, once=False)
        server = yield from declaration.server(waiting.values)
        client = keeping.client_of(waiting, self._clients(vendor.name, declaration))
        made = pending.authorization(waiting)
        asked_at = time.time()
        granted = yield from authorizing.finish(callback_url, made, server, client, dialect=declaration.dialect(waiting.values))
        return (
            yield from self._connected(
                vendor,
                declaration,
                waiting.place,
                granted.tokens,
                asked_at,
                client,
                values=waiting.values,
                scopes=waiting.scopes,
                server=pending.server_of(waiting),
                prover=made.prover,
                identity=granted.claims,
            )
        )

    def finish_once(self, callback_url: Secret, state: str | None) -> Flow[tuple[OneTime, Flow[bool] | None]]:
        """The right for one action, and the flow that ends it, where the server offers that."""
        waiting, vendor, declaration = yield from self._taken(callback_url, state, once=True)
        server = yield from declaration.server(waiting.values)
        client = keeping.client_of(waiting, self._clients(vendor.name, declaration))
        dialect = declaration.dialect(waiting.values)
        made = pending.authorization(waiting)
        granted = yield from authorizing.finish(callback_url, made, server, client, dialect=dialect)
        tokens = granted.tokens
        values = check_values(vendor, (yield from after.kept(vendor, declaration, tokens, waiting.values, made.prover)))
        right = OneTime(waiting.place, declaration.scheme, pending.server_of(waiting), values, tokens, made.prover)
        ends = server.revocation_endpoint is not None
        return right, lifecycle.revoke(server, client, tokens.access, hint=keeping.ACCESS) if ends else None

    def _taken(self, callback_url: Secret, state: str | None, *, once: bool) -> Flow[tuple[Pending, Vendor, Declaration]]:
        given = authorizing.state_of(callback_url)
        if state is not None and Secret(state) != given:
            raise WrongCallback("the callback is not of this session: its state is another")
        waiting = yield from _blocking(lambda: self._vault.pending.take(given))
        if waiting is None:
            raise WrongCallback("no authorization of ours has this state, or it was finished, or has expired; start connecting again")
        if pending.is_for_once(waiting) != once:
            raise WrongCallback(f"this authorization was started for {'a connection' if once else 'one action: finish_once ends it'}")
        vendor = load(waiting.place.vendor)
        return waiting, vendor, self._declared(vendor)

    # ------------------------------------------------------------------------------------------------------------- device
    def start_device(self, asked: Asked) -> Flow[DeviceAuthorization]:
        vendor, declaration, values = self._checked(asked)
        server = yield from declaration.server(values)
        client = self._known(vendor, declaration)
        return (yield from device.begin(server, client, scopes=asked.wanted(declaration), dialect=declaration.dialect(values)))

    def finish_device(self, asked: Asked, made: DeviceAuthorization) -> Flow[ConnectionRecord]:
        vendor, declaration, values = self._checked(asked)
        server = yield from declaration.server(values)
        client = self._known(vendor, declaration)
        tokens = yield from device.finish(server, client, made, dialect=declaration.dialect(values))
        wanted = asked.wanted(declaration)
        return (
            yield from self._connected(
                vendor, declaration, asked.place, tokens, time.time(), client, values=values, scopes=wanted, server=asked.server
            )
        )

    # ------------------------------------------------------------------------------------------------------- without a user
    def machine(self, asked: Asked) -> Flow[ConnectionRecord]:
        vendor, declaration, values = self._checked(asked)
        server = yield from declaration.server(values)
        client = self._known(vendor, declaration)
        prover = Prover() if asked.bound else None
        wanted = asked.wanted(declaration, always=False)
        asked_at = time.time()
        tokens = yield from grants.client_credentials(
            server,
            client,
            scopes=wanted or None,
            resources=asked.resources,
            authorization_details=asked.authorization_details,
            dialect=declaration.dialect(values),
            prover=prover,
        )
        return (
            yield from self._connected(
                vendor, declaration, asked.place, tokens, asked_at, client,
                values=values, scopes=wanted, server=asked.server, prover=prover, grant="client_credentials",
            )
        )  # fmt: skip

    def service_account(self, asked: Asked, issuer: str, key: Secret, key_id: str | None, subject: str | None) -> Flow[ConnectionRecord]:
        vendor, declaration, values = self._checked(asked)
        server = yield from declaration.server(values)
        wanted = asked.wanted(declaration, always=False)
        asked_at = time.time()
        tokens = yield from grants.jwt_bearer(server, key, issuer=issuer, key_id=key_id, subject=subject, scopes=wanted)
        own = {"issuer": issuer, **({"key_id": key_id} if key_id else {}), **({"subject": subject} if subject else {})}
        return (
            yield from self._connected(
                vendor, declaration, asked.place, tokens, asked_at, None,
                values=values, scopes=wanted, server=asked.server, grant="jwt_bearer", own=own, signing_key=key,
            )
        )  # fmt: skip

    # -------------------------------------------------------------------------------------------------------------- ending
    def revoke(self, place: Place) -> Flow[bool]:
        """End a connection at the vendor, where it offers that, and forget its secrets. Whether the vendor was told."""
        record = yield from _blocking(lambda: self._vault.find(place))
        if record is None:
            return False
        told = False
        if record.kind is Kind.OAUTH and record.status is not Status.REVOKED and "client_id" in record.details:
            vendor = load(place.vendor)
            declaration = self._declared(vendor)
            server = yield from declaration.server(record.values)
            if server.revocation_endpoint is not None:
                client = keeping.client_of(record, self._clients(vendor.name, declaration))
                name = keeping.REFRESH if keeping.REFRESH in record.secrets else keeping.ACCESS
                told = yield from lifecycle.revoke(server, client, record.secrets[name], hint=name)
        ended = replace(record, secrets={}, status=Status.REVOKED, reason="it was ended on purpose")
        yield from _blocking(lambda: self._vault.compare_and_swap(ended, record.version))
        return told

    # ------------------------------------------------------------------------------------------------------------- the rest
    def _checked(self, asked: Asked) -> tuple[Vendor, Declaration, dict[str, str]]:
        vendor = load(asked.vendor)
        _ = asked.place  # what is wrong with it is told before anyone is sent anywhere
        declaration = self._declared(vendor)
        if not declaration.connects and "token" not in declaration.endpoints:
            raise Unsupported(
                f"{vendor.title} sends no user anywhere to connect: its tokens come of a login there, and are given to `unified connect`",
                vendor=vendor.name,
            )
        brought = {*declaration.keep, *(name for step in declaration.after for name in step.keep)}
        return vendor, declaration, check_values(_lenient(vendor, brought), asked.values)

    def _client(self, vendor: Vendor, declaration: Declaration, server: Server, redirect_uri: str) -> Flow[OAuthClient]:
        """The application's client, or a new one where the server registers clients itself."""
        client = self._clients(vendor.name, declaration)
        if client is not None:
            return _safe(client, declaration, vendor)
        if server.registration_endpoint is None:
            raise _unregistered(vendor)
        return (yield from registration.register(server, name="unified", redirect_uris=[redirect_uri]))

    def _known(self, vendor: Vendor, declaration: Declaration) -> OAuthClient:
        client = self._clients(vendor.name, declaration)
        if client is None:
            raise _unregistered(vendor)
        return _safe(client, declaration, vendor)

    def _connected(
        self,
        vendor: Vendor,
        declaration: Declaration,
        place: Place,
        tokens: Tokens,
        asked_at: float,
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
    ) -> Flow[ConnectionRecord]:
        found = yield from after.kept(vendor, declaration, tokens, values, prover)
        account = (identity or {}).get("email") or (identity or {}).get("preferred_username") or (identity or {}).get("sub")
        kept = {
            keeping.GRANT: grant,
            "token_type": tokens.type,
            **keeping.lifetime(tokens, asked_at),
            **(keeping.client_details(client) if client is not None else {}),
            **(own or {}),
        }
        secret = keeping.secrets_of(tokens, client, prover) | ({keeping.SIGNING_KEY: signing_key} if signing_key is not None else {})
        record = ConnectionRecord(
            id=new_id(),
            place=place,
            scheme=declaration.scheme,
            kind=Kind.OAUTH,
            secrets=secret,
            account=str(account) if account else None,
            values=check_values(vendor, found),
            server=server,
            scopes=tuple(scopes) if tokens.scopes is None else tokens.scopes,
            expires_at=tokens.expires_at,
            details=kept,
        )
        return (yield from _blocking(lambda: self._vault.put(record)))


def _lenient(vendor: Vendor, brought: Iterable[str]) -> Vendor:
    """The vendor, with the values that connecting itself brings not required before."""
    values = {name: replace(value, required=False) if name in brought else value for name, value in vendor.connection.items()}
    return replace(vendor, connection=values)


def _safe(client: OAuthClient, declaration: Declaration, vendor: Vendor) -> OAuthClient:
    """Refuse a client without a secret where the server passes PKCE over: a stolen code would be enough (RFC 9700, section 2.1.1)."""
    if client.secret is None and not declaration.pkce:
        raise InvalidInput(f"{vendor.title} passes PKCE over, so its clients need their secret: {_variables(vendor)}", vendor=vendor.name)
    return client


def _unregistered(vendor: Vendor) -> InvalidInput:
    return InvalidInput(
        f"the application is no client of {vendor.title} yet: register it there, then set {_variables(vendor)}", vendor=vendor.name
    )


def _variables(vendor: Vendor) -> str:
    return f"{variable(vendor.name, apps.ID)} and {variable(vendor.name, apps.SECRET)}"


def _blocking(function: Callable[[], R]) -> Flow[R]:
    """What the vault does, which may block: in a thread where the client is async."""

    def caught() -> R | UnifiedError:
        try:
            return function()
        except UnifiedError as error:
            return error

    errand = Errand(caught, blocks=True)
    yield errand
    if isinstance(errand.result, UnifiedError):
        raise errand.result
    return errand.result
