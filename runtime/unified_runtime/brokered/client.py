"""What makes a client one of a broker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from unified_runtime.brokered.remote import Key, Remote
from unified_runtime.connections import Connection, Connections
from unified_runtime.context import Acting
from unified_runtime.errors import InvalidInput
from unified_runtime.settings import Settings

_ELSEWHERE = "this client calls through a broker, which holds the connections: connect there, with `unified connect`"


class BrokerConnections(Connections):
    """The connections are the broker's: none is made or found here."""

    def __init__(self, remote: Remote, transport: Any) -> None:
        super().__init__()
        self._remote = remote
        self._transport = transport

    def add(self, connection: Connection) -> NoReturn:
        raise InvalidInput(_ELSEWHERE, vendor=connection.vendor.name)

    def remove(self, vendor: str, user: str | None) -> NoReturn:
        raise InvalidInput(_ELSEWHERE, vendor=vendor)

    def vendors(self, names: Iterable[str], acting: Acting) -> tuple[str, ...]:
        """Asks the broker, and blocks while it does."""
        from unified_runtime.calling.client import Client

        return Client(self._transport).perform(self._remote.vendors(tuple(names), acting))


def remote(
    broker: str | None, key: Key | None, user_token: Key | None, settings: Settings, elsewhere: Any, transport: Any = None
) -> tuple[Remote, Connections]:
    """The broker that a client calls through. `transport` is a sync one that reaches it, where another than the process's is needed.

    Raises:
        TypeError: a key without a broker, or a broker together with what it holds itself.
        InvalidInput: the address or the key is none.
    """
    if broker is None:
        raise TypeError("key and user_token are for a broker: Client(broker=..., key=...)")
    if elsewhere is not None:
        raise TypeError("a broker holds connections, budgets and policy itself: they cannot be given to a client beside it")
    made = Remote(broker, key, settings, user_token)
    return made, BrokerConnections(made, transport)
