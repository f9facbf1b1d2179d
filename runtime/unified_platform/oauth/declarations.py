"""OAuth declaration of a vendor: the `oauth` section of its `vendor.yaml`, as compiled into the catalog."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from unified_platform.oauth import server_metadata
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.vendor_dialect import Dialect
from unified_runtime.core import typed_json
from unified_runtime.core.errors import InvalidInput, Unsupported
from unified_runtime.core.private_vendors import catalog_file
from unified_runtime.core.vendors import Vendor
from unified_runtime.execution.flows import Flow

Keys = tuple[str | int, ...]
"""A path in a response: names of objects, indexes of lists."""

_PLACEHOLDER = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")


class PostConnectStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Request after connecting: `get` a URL, choose one of its `items`, `keep` connection values of it."""

    get: str
    keep: dict[str, Keys]
    items: Keys = ()
    where: tuple[tuple[Keys, str], ...] = ()
    post: bool = False
    """True for a POST with the body `null`."""


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Path of the connected account's id, in the response to a GET of `get`; without `get`, in the token response."""

    id: tuple[Keys, ...]
    get: str | None = None


class Declaration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Compiled `oauth` section of a vendor; docs/reference/mapping.md explains each key."""

    without: str | None = None
    app: str | None = None
    scheme: str = ""
    issuer: str | None = None
    endpoints: dict[str, str] = {}
    client: str = "basic"
    send: str = "form"
    pkce: bool = True
    parameters: dict[str, str] = {}
    separator: str = " "
    parameter: str = "scope"
    always: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    lifetime: int | None = None
    types: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    keep: dict[str, Keys] = {}
    after: tuple[PostConnectStep, ...] = ()
    account: Account | None = None

    @property
    def connects(self) -> bool:
        """True if users can connect by a URL. If not, tokens come from elsewhere and are only refreshed here (Matrix)."""
        return self.issuer is not None or bool({"authorize", "device"} & set(self.endpoints))

    @property
    def method(self) -> str:
        """Authentication method of a client with a secret (RFC 7591, section 2)."""
        return "client_secret_post" if self.client == "post" else "client_secret_basic"

    def server(self, values: Mapping[str, str]) -> Flow[Server]:
        """Return the authorization server for these connection values: as declared, or by its own metadata.

        Raises:
            InvalidInput: a URL needs a value that is missing.
            UntrustedToken, Unavailable, RateLimited, VendorProtocolError: its metadata cannot be fetched.
        """
        issuer = None if self.issuer is None else filled(self.issuer, values)
        if issuer is not None and not {"token", "refresh"} & set(self.endpoints):
            return (yield from server_metadata.discovered(issuer))
        found = {name: filled(text, values) for name, text in self.endpoints.items()}
        return Server(
            issuer=issuer,
            authorization_endpoint=found.get("authorize"),
            token_endpoint=found.get("token"),
            jwks_uri=found.get("keys"),
            registration_endpoint=found.get("register"),
            revocation_endpoint=found.get("revoke"),
            introspection_endpoint=found.get("introspect"),
            device_authorization_endpoint=found.get("device"),
            pushed=found.get("push"),
        )

    def dialect(self, values: Mapping[str, str]) -> Dialect:
        """Return this vendor's deviations from the standard."""
        return Dialect(
            separator=self.separator,
            scope=self.parameter,
            send=self.send,
            at=self.at,
            lifetime=self.lifetime,
            types=self.types,
            renewal=filled(self.endpoints["refresh"], values) if "refresh" in self.endpoints else None,
            invalid=self.invalid,
            parameters={name: filled(text, values) for name, text in self.parameters.items()},
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a declared text with the connection's values inserted, or the default of one that it lacks.

    The values were checked against their patterns before.

    Raises:
        InvalidInput: a value is missing.
    """
    missing = [match[1] for match in _PLACEHOLDER.finditer(text) if match[1] not in values and match[2] is None]
    if missing:
        raise InvalidInput(f"connecting needs {missing[0]}, which {text} is made with")
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[2]), text)


def with_names(text: str) -> str:
    """Return a declared text for people: `<site>` instead of the value of a connection."""
    return _PLACEHOLDER.sub(lambda match: match[2] or f"<{match[1]}>", text)


def of(vendor: Vendor) -> Declaration:
    """Return a vendor's OAuth declaration.

    Raises:
        Unsupported: the vendor has no OAuth 2; the message names what it has instead.
    """
    declaration = _load(vendor.name)
    if declaration is None or declaration.without is not None:
        reason = f": {declaration.without}" if declaration is not None else ""
        raise Unsupported(f"{vendor.title} is not connected by OAuth{reason}", vendor=vendor.name)
    return declaration


@functools.cache
def _load(vendor: str) -> Declaration | None:
    file = catalog_file(vendor)
    if not file.is_file():
        return None
    found: Any = msgspec.json.decode(file.read_bytes())["oauth"]
    return None if found is None else typed_json.convert(found, Declaration)
