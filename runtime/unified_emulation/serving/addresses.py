"""Addresses of emulated vendors: the vendor's name, then the path that the vendor itself has (`/todoist/api/v1/tasks`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from unified_emulation.engine.samples import matching
from unified_runtime.core.connections import ADDRESSES, Connection
from unified_runtime.core.credentials import Credential, api_key, basic, bearer
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.vendors import Vendor

HOST, PORT = "127.0.0.1", 4600
DEFAULT = f"http://{HOST}:{PORT}"
SECRET = "emulated"  # noqa: S105 - accepted by emulators only
USER = "ada@example.com"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_READABLE = ("acme", "emulated", "1001")


def checked(address: str) -> str:
    """Return the address of a running emulator.

    Raises:
        InvalidInput: it is not an http URL of this machine.
    """
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK or parts.path.strip("/") or parts.query or parts.username is not None:
        raise InvalidInput(f"{address!r} is not the address of an emulator: use {DEFAULT}")
    return address.rstrip("/")


def path_of(template: str) -> str:
    """Return the path in a template of a server's URL: of `https://api.todoist.com/api/v1`, `/api/v1`."""
    rest = template.partition("://")[2] or template
    return f"/{rest.partition('/')[2]}".rstrip("/") if "/" in rest else ""


def values_of(vendor: Vendor, base: str) -> dict[str, str]:
    """Return a value for each connection value that the vendor requires, of the declared form."""
    found = {}
    for name, value in vendor.connection.items():
        if value.required:
            candidates = (f"{base}/{vendor.name}", *_READABLE)
            pattern = value.pattern or ".+"
            fitting = next((one for one in candidates if re.fullmatch(pattern, one) and (value.pattern or "/" not in one)), None)
            found[name] = fitting or matching(pattern.replace("https?:", "https:"), 1) or "1001"
    return found


def scheme_of(vendor: Vendor, values: Mapping[str, str]) -> str:
    """Return the first security scheme whose server needs no further connection value."""
    for name in vendor.schemes:
        if set(_PLACEHOLDER.findall(_template(vendor, name))) <= values.keys():
            return name
    return next(iter(vendor.schemes))


def _template(vendor: Vendor, scheme: str) -> str:
    return vendor.servers.get(scheme) or vendor.servers.get("default") or next(iter(vendor.servers.values()))


def credential_of(vendor: Vendor, scheme: str, secret: str = SECRET) -> Credential:
    """Return a credential of a scheme that an emulator accepts unless its seed lists the keys."""
    declared = vendor.schemes[scheme]
    if declared.kind == "basic":
        return basic(USER, secret)
    return bearer(secret) if declared.kind == "bearer" else api_key(**{key.secret: secret for key in declared.keys})


def servers_of(vendor: Vendor, scheme: str, base: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses by which an emulator replaces a vendor's servers, by name: `default`, its hosts, and `addresses`."""
    own = f"{base}/{vendor.name}"
    path = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), path_of(_template(vendor, scheme)))
    found = {"default": own + path} | {name: own + path_of(template) for name, template in vendor.api_hosts.items()}
    return found | ({ADDRESSES: base} if vendor.api_hosts or vendor.transfer_hosts else {})


def connection(vendor: Vendor, base: str, *, user: str | None = None, team: str | None = None) -> Connection:
    """Return a connection to an emulated vendor."""
    values = values_of(vendor, base)
    scheme = scheme_of(vendor, values)
    servers = servers_of(vendor, scheme, base, values)
    default = servers.pop("default")
    return Connection(
        vendor, credential_of(vendor, scheme), values, user=user, team=team, scheme=scheme, server=default, hosts=servers or None
    )
