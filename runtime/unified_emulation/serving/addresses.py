"""Addresses of emulated vendors: the vendor's name, then the path that the vendor itself has (`/todoist/api/v1/tasks`)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2

from unified_emulation.engine.samples import matching
from unified_platform.connections.environment import USERNAME, wanted
from unified_runtime.client.emulated import VARIABLE
from unified_runtime.core.connections import Connection
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
    return {name: sample_of(vendor, name, base) for name, value in vendor.connection.items() if value.required}


def sample_of(vendor: Vendor, name: str, base: str) -> str:
    """Return a value of the form that the vendor declares for a connection value, always the same."""
    pattern = vendor.connection[name].pattern
    candidates = (f"{base}/{vendor.name}", *_READABLE)
    fitting = next((one for one in candidates if re.fullmatch(pattern or ".+", one) and (pattern or "/" not in one)), None)
    return fitting or matching((pattern or ".+").replace("https?:", "https:"), 1) or "1001"


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


def server_of(vendor: Vendor, scheme: str, base: str, values: Mapping[str, str]) -> str:
    """Return the address by which an emulator replaces a vendor's server, with samples of the values that are not known yet."""
    path = path_of(_template(vendor, scheme))
    return f"{base}/{vendor.name}{_PLACEHOLDER.sub(lambda match: values.get(match[1]) or sample_of(vendor, match[1], base), path)}"


def connection(vendor: Vendor, base: str, *, user: str | None = None, team: str | None = None) -> Connection:
    """Return a connection to an emulated vendor."""
    values = values_of(vendor, base)
    scheme = scheme_of(vendor, values)
    server = server_of(vendor, scheme, base, values)
    return Connection(vendor, credential_of(vendor, scheme), values, user=user, team=team, scheme=scheme, server=server)


class Entered(NamedTuple):
    """Input that connects the emulator of a vendor, instead of what a person would enter."""

    scheme: str
    values: dict[str, str]
    secrets: dict[str, str]
    server: str


def entered(vendor: Vendor, given: Mapping[str, str]) -> Entered:
    """Return the parts of a connection to the running emulator of a vendor: that of `UNIFIED_EMULATOR`, or at the default address.

    Raises:
        InvalidInput: no emulator of the vendor is running there.
    """
    base = checked(os.environ.get(VARIABLE) or DEFAULT)
    try:
        listed = httpx2.get(f"{base}/_api/vendors", timeout=5).json()["vendors"]
    except (httpx2.TransportError, ValueError, KeyError, TypeError):
        raise InvalidInput(f"no emulator is running at {base}. Start one with `unified emulate`, or set {VARIABLE}") from None
    if vendor.name not in (one["name"] for one in listed):
        raise InvalidInput(f"the emulator at {base} does not serve {vendor.name}: start it with `unified emulate {vendor.name}`")
    values = {**values_of(vendor, base), **given}
    scheme = scheme_of(vendor, values)
    secrets = {part: USER if part == USERNAME else SECRET for part in wanted(vendor.schemes[scheme])}
    return Entered(scheme, values, secrets, server_of(vendor, scheme, base, values))
