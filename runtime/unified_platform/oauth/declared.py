"""How a vendor's users connect: what its `vendor.yaml` declares under `oauth`, as the compiled catalog holds it."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from unified_platform.catalog import PACKAGE
from unified_platform.oauth import servers
from unified_platform.oauth.dialect import Dialect
from unified_platform.oauth.servers import Server
from unified_runtime.driving.driver import Flow
from unified_runtime.errors import InvalidInput, Unsupported
from unified_runtime.vendors import Vendor

Keys = tuple[str | int, ...]
"""A path in an answer: names of objects, indexes of lists."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class After(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request after connecting: `get` an address, choose one of its `items`, `keep` connection values of it."""

    get: str
    keep: dict[str, Keys]
    items: Keys = ()
    where: tuple[tuple[Keys, str], ...] = ()


class Declaration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The compiled `oauth` of a vendor; see docs/mapping.md for what each key means."""

    without: str | None = None
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
    after: tuple[After, ...] = ()

    @property
    def connects(self) -> bool:
        """Whether users can be sent somewhere to connect; else their tokens come from elsewhere and are renewed here alone (Matrix)."""
        return self.issuer is not None or bool({"authorize", "device"} & set(self.endpoints))

    @property
    def method(self) -> str:
        """How a client with a secret authenticates (RFC 7591, section 2)."""
        return "client_secret_post" if self.client == "post" else "client_secret_basic"

    def server(self, values: Mapping[str, str]) -> Flow[Server]:
        """The authorization server, for a connection with these values: as declared, or as it publishes itself.

        Raises:
            InvalidInput: an address needs a value that is not given.
            Untrusted, Unavailable, RateLimited, VendorProtocolError: its metadata cannot be had.
        """
        issuer = None if self.issuer is None else filled(self.issuer, values)
        if issuer is not None and not {"token", "refresh"} & set(self.endpoints):
            return (yield from servers.discovered(issuer))
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
        """Where this vendor's server departs from the standard."""
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
    """A declared text with the connection's values in it. They were checked against their patterns before.

    Raises:
        InvalidInput: one is not given.
    """
    missing = [name for name in _PLACEHOLDER.findall(text) if name not in values]
    if missing:
        raise InvalidInput(f"connecting needs {missing[0]}, which {text} is made with")
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def of(vendor: Vendor) -> Declaration:
    """How users of this vendor connect.

    Raises:
        Unsupported: they cannot by OAuth 2; says what the vendor has instead.
    """
    declaration = _load(vendor.name)
    if declaration is None or declaration.without is not None:
        reason = f": {declaration.without}" if declaration is not None else ""
        raise Unsupported(f"{vendor.title} is not connected by OAuth{reason}", vendor=vendor.name)
    return declaration


@functools.cache
def _load(vendor: str) -> Declaration | None:
    file = importlib.resources.files(PACKAGE) / f"{vendor}.json"
    if not file.is_file():
        return None
    found: Any = msgspec.json.decode(file.read_bytes())["oauth"]
    return None if found is None else msgspec.convert(found, Declaration)
