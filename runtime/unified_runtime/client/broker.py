"""Connections of a client that calls through a broker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from unified_runtime.broker_client.client import BrokerClient, Key
from unified_runtime.client._sync.flow_runner import FlowRunner
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.context import Acting
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.settings import Settings
from unified_runtime.http.base import Transport

_ELSEWHERE = "this client calls through a broker, which holds the connections: connect there, with `unified connect`"


class BrokerConnections(Connections):
    """Connections of the broker: none is created or looked up in this process."""

    def __init__(self, broker_client: BrokerClient, transport: Any) -> None:
        super().__init__()
        self._broker_client = broker_client
        self._transport = transport
        self._blocking: FlowRunner | None = None

    def add(self, connection: Connection) -> NoReturn:
        raise InvalidInput(_ELSEWHERE, vendor=connection.vendor.name)

    def remove(self, vendor: str, user: str | None) -> NoReturn:
        raise InvalidInput(_ELSEWHERE, vendor=vendor)

    def vendors(self, names: Iterable[str], acting: Acting) -> tuple[str, ...]:
        """Request the connected vendors from the broker. Blocks."""
        return self._runner().perform(self._broker_client.vendors(tuple(names), acting))

    def operations(self, vendors: Iterable[str] | None, acting: Acting) -> Mapping[str, tuple[str, ...]]:
        """Return the operations that the key and the broker's policies allow, each with its connected vendors.

        Of the named vendors, all if none of them is connected.

        Sends a request to the broker, and blocks.
        """
        return self._runner().perform(self._broker_client.operations(None if vendors is None else tuple(vendors), acting))

    def _runner(self) -> FlowRunner:
        if self._blocking is None:
            self._blocking = FlowRunner(self._transport)
        return self._blocking


def open_broker_client(
    broker: str | None, key: Key | None, user_token: Key | None, settings: Settings, elsewhere: Any, transport: Any = None
) -> tuple[BrokerClient, Connections]:
    """Return the client of the broker and its connections. `transport` is a sync one for requests that block; None creates one.

    Raises:
        TypeError: a key without a broker, or a broker together with arguments that the broker itself holds.
        InvalidInput: the URL or the key is not valid.
    """
    if broker is None:
        raise TypeError("key and user_token are for a broker: Client(broker=..., key=...)")
    if elsewhere is not None:
        raise TypeError("a broker has its own connections, rate limits and policy: they cannot be given to a client beside it")
    made = BrokerClient(broker, key, settings, user_token)
    return made, BrokerConnections(made, transport if isinstance(transport, Transport) else None)
