"""Protection against server-side request forgery (SSRF): checks each address before anything is written to it.

The address is checked, and not only the name: a name can resolve to another address after the check. Link-local, multicast and unspecified
addresses, and the metadata services of clouds, are never allowed: no vendor's server has such an address. Private addresses and this
machine are allowed if `network_policy` permits it for the server.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from unified_runtime.core.errors import TransportFailure
from unified_runtime.http import network_policy
from unified_runtime.http.resolver import resolve, resolve_async

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "100.100.100.200",  # Alibaba Cloud
            "168.63.129.16",  # Azure
            "192.0.0.192",  # Oracle Cloud
            "fd00:ec2::254",  # AWS
            "fd20:ce::254",  # Google Cloud
        ),
    )
)
"""Metadata services of clouds; 169.254.169.254 is link-local."""

_RESERVED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.31.196.0/24",  # AS112 (RFC 7535)
            "192.52.193.0/24",  # AMT (RFC 7450)
            "192.88.99.0/24",  # 6to4 relay anycast (RFC 7526)
            "192.175.48.0/24",  # AS112 (RFC 7534)
            "2001:1::/48",  # anycast of PCP, TURN and DNS-SD (RFC 7723, RFC 8155, RFC 9665)
            "2001:3::/32",  # AMT (RFC 7450)
            "2001:4:112::/48",  # AS112 (RFC 7535)
            "2620:4f:8000::/48",  # AS112 (RFC 7534)
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing identifiers (RFC 9602)
        ),
    )
)
"""IANA special-purpose addresses that some versions of `ipaddress` report as global."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses within IPv6 (RFC 6052)."""

_HINT = "; the setting `inside` of a broker names hosts that may lie there"
_WITHIN_A_NETWORK = (
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 of one network (RFC 8215)
    ipaddress.ip_network("fec0::/10"),  # site-local (RFC 3879)
    ipaddress.ip_network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 2765)
    ipaddress.ip_network("::/96"),  # IPv4-compatible (RFC 4291, section 2.5.5.1)
)
"""IPv6 addresses of one network that `ipaddress` reports as global; the last 32 bits may be an IPv4 address."""


def blocked_reason(text: str, *, inside: bool) -> str | None:
    """Return the reason that an IP address must not be connected to; None if it may be, or if the text is a name.

    `inside`: it may be in a private network.
    """
    address = _parse(text.partition("%")[0])
    if address is None:
        return None
    for one in _with_embedded(address):
        if one.is_link_local or one.is_multicast or one.is_unspecified or one in _METADATA or any(one in network for network in _RESERVED):
            return "that no vendor's server has"
        if not inside and (not one.is_global or _within_a_network(one)):
            return "in a private network" + _HINT * (network_policy.hosts is not None)
    return None


def _parse(text: str) -> Address | None:
    """Parse an address in any form that resolvers accept (`169.254.43518`, `0xa9fea9fe`); None for a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text))
    except (OSError, ValueError):
        return None


def _within_a_network(address: Address) -> bool:
    return any(address in network for network in _WITHIN_A_NETWORK)


def _with_embedded(address: Address) -> tuple[Address, ...]:
    """Return the address and the IPv4 addresses that it contains."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if _within_a_network(address) and int(address) > 1:  # neither :: nor ::1
        return (address, ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    within = [address.sixtofour] if address.sixtofour is not None else []
    return (address, *within, *(address.teredo or ()))


def blocked(host: str, reason: str) -> TransportFailure:
    """Return the failure of a request that was not sent because of its address."""
    return TransportFailure(f"{host} leads to an address {reason}", sent=False, permanent=True)


def check_address(host: str, address: str, *, inside: bool) -> None:
    """Check an address that a host resolves to.

    Raises:
        TransportFailure: it must not be connected to.
    """
    if (reason := blocked_reason(address, inside=inside)) is not None:
        raise blocked(host, reason)


class AddressCheck:
    """Checks the connections that httpx2 opens, before anything is written to them.

    `trace` and `atrace` are trace extensions of httpcore (https://www.encode.io/httpcore/extensions/#trace), which raise
    `TransportFailure`.
    """

    __slots__ = ("_inside",)

    def __init__(self, *, inside: bool) -> None:
        self._inside = inside

    def trace(self, event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            host = info["host"]
            # Resolved before the library does it, so that servers in a private network cannot be probed, and because the library sets no
            # time limit.
            try:
                found = resolve(host, info["port"], info["timeout"])
            except TimeoutError:
                raise _resolve_timeout(host) from None
            except (OSError, UnicodeError):
                found = []  # the connection reports it
            self._check(host, found)
        elif event == "connection.connect_tcp.complete":
            stream = info["return_value"]
            failure = self._check_peer(stream)
            if failure is not None:
                stream.close()
                raise failure

    async def atrace(self, event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            import asyncio

            host = info["host"]
            try:
                async with asyncio.timeout(info["timeout"]):
                    found = await resolve_async(host, info["port"])
            except TimeoutError:
                raise _resolve_timeout(host) from None
            except (OSError, UnicodeError):
                found = []
            self._check(host, found)
        elif event == "connection.connect_tcp.complete":
            stream = info["return_value"]
            failure = self._check_peer(stream)
            if failure is not None:
                await stream.aclose()
                raise failure

    def _check(self, host: str, found: list[Any]) -> None:
        check_address(host, host, inside=self._inside)
        for *_, address in found:
            check_address(host, str(address[0]), inside=self._inside)

    def _check_peer(self, stream: Any) -> TransportFailure | None:
        """Return the failure if a connection must not be used; None if it may be."""
        peer = stream.get_extra_info("server_addr")
        if not isinstance(peer, tuple) or not peer:
            return TransportFailure("the address of the connection is not known", sent=False, permanent=True)
        reason = blocked_reason(str(peer[0]), inside=self._inside)
        return None if reason is None else blocked(str(peer[0]), reason)


def _resolve_timeout(host: str) -> TransportFailure:
    return TransportFailure(f"ConnectTimeout: the name {host} was not resolved in time", sent=False)
