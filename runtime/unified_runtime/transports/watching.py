"""Judges the address that a connection has, before a byte is written to it.

The address counts, and not the name alone: a name can lead elsewhere when it is used than when it was looked at. Nobody's server has a
link-local, multicast or unspecified address, nor one that clouds tell secrets at: these are never reached. Private addresses and this
machine are, where `reach` says that the server may lie there.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from unified_runtime import reach
from unified_runtime.errors import TransportFailure

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
"""Where clouds tell machines about themselves, beside 169.254.169.254, which is link-local."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses within IPv6 (RFC 6052)."""

_HINT = "; the setting `inside` of a broker names hosts that may lie there"
_WITHIN_A_NETWORK = (
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 of one network (RFC 8215)
    ipaddress.ip_network("fec0::/10"),  # site-local (RFC 3879)
    ipaddress.ip_network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 2765)
    ipaddress.ip_network("::/96"),  # IPv4-compatible (RFC 4291, section 2.5.5.1)
)
"""Addresses of IPv6 that lead no farther than one network, which `ipaddress` takes for global; the last 32 bits may be one of IPv4."""


def wrong(text: str, *, inside: bool) -> str | None:
    """What is wrong with reaching an IP address; None if nothing is."""
    address = _read(text.partition("%")[0])
    if address is None:
        return None
    for one in _meant(address):
        if one.is_link_local or one.is_multicast or one.is_unspecified or one in _METADATA:
            return "where no vendor's server is"
        if not inside and (not one.is_global or _within_a_network(one)):
            return "in a private network" + _HINT * (reach.hosts is not None)
    return None


def _read(text: str) -> Address | None:
    """The address that a text is one of, in any way that a resolver reads (`169.254.43518`, `0xa9fea9fe`); None for a name."""
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


def _meant(address: Address) -> tuple[Address, ...]:
    """The address, and those of IPv4 that it stands for."""
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


def refusal(host: str, reason: str) -> TransportFailure:
    """The failure of a request that was not sent."""
    return TransportFailure(f"{host} leads to an address {reason}", sent=False, permanent=True)


def judge(host: str, address: str, *, inside: bool) -> None:
    """Let an address pass that a host leads to.

    Raises:
        TransportFailure: it may not be reached.
    """
    if (reason := wrong(address, inside=inside)) is not None:
        raise refusal(host, reason)


class Watch:
    """Watches a pool of httpx2 open connections, and ends those that lead where they may not, before a byte is written.

    It is the pool's `trace`: https://www.encode.io/httpcore/extensions/#trace. Its methods raise `TransportFailure`.
    """

    __slots__ = ("_inside",)

    def __init__(self, *, inside: bool) -> None:
        self._inside = inside

    def __call__(self, event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.started":
            host, port = info["host"], info["port"]
            # Asked beforehand, so that what answers in a private network cannot be felt out.
            self._judge(host, [host] if self._inside else [host, *looked_up(host, port)])
        elif event == "connection.connect_tcp.complete":
            stream = info["return_value"]
            failure = self._peer(stream)
            if failure is not None:
                stream.close()
                raise failure

    async def watch(self, event: str, info: dict[str, Any]) -> None:
        """The async twin."""
        if event == "connection.connect_tcp.started":
            import asyncio

            host, port = info["host"], info["port"]
            found = [] if self._inside else await asyncio.get_running_loop().run_in_executor(None, looked_up, host, port)
            self._judge(host, [host, *found])
        elif event == "connection.connect_tcp.complete":
            stream = info["return_value"]
            failure = self._peer(stream)
            if failure is not None:
                await stream.aclose()
                raise failure

    def _judge(self, host: str, addresses: list[str]) -> None:
        for address in addresses:
            judge(host, address, inside=self._inside)

    def _peer(self, stream: Any) -> TransportFailure | None:
        """What is wrong with the address that a connection has."""
        peer = stream.get_extra_info("server_addr")
        if not isinstance(peer, tuple) or not peer:
            return TransportFailure("the address that was connected to cannot be told", sent=False, permanent=True)
        reason = wrong(str(peer[0]), inside=self._inside)
        return None if reason is None else refusal(str(peer[0]), reason)


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a host; none where the look-up fails, which the connection then tells."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        return []
