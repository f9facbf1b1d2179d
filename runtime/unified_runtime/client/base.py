"""Base of the sync and the async client: their settings, with the process's as defaults."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from unified_runtime.client import defaults
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connection_sources import Source
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import Credential
from unified_runtime.core.settings import Settings
from unified_runtime.rate_limits.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from typing import Self

    from unified_runtime.broker_client.client import BrokerClient, Key
    from unified_runtime.core.observers import Observer, Observers
    from unified_runtime.core.vendors import Vendor
    from unified_runtime.execution.observation import Observation
    from unified_runtime.idempotency.store import IdempotencyStore
    from unified_runtime.policy.enforcer import PolicyEnforcer
    from unified_runtime.toolkits.api import Api


@cache
def observation() -> type[Observation]:
    """Return `Observation`, imported for the first call that has observers. Cached: an import statement in a function looks up its module
    each time it is executed, which takes as long as an entire small function."""
    from unified_runtime.execution.observation import Observation

    return Observation


class BaseClient:
    """Base of `Client` and `AsyncClient`: connections, policy, rate limiter, stores and observers. The subclasses send requests.

    `transport` is a sync one for requests to a broker that block; for the other arguments see `Client`.
    """

    ambient: ClassVar[ContextVar[Any]]
    """Context variable with the client of a `using` block."""

    _owns_transport: bool

    def __init__(
        self,
        transport: Any,
        settings: Settings | None,
        rate_limiter: RateLimiter | None,
        connections: Connections | None,
        policy: PolicyEnforcer | None,
        vault: Source | None,
        idempotency: IdempotencyStore | None,
        observers: Observer | Sequence[Observer] | Observers | None,
        broker: str | None,
        key: Key | None,
        user_token: Key | None,
    ) -> None:
        if connections is not None and vault is not None:
            raise TypeError("a client has a vault of its own or shares connections, which may have one; not both")
        self.settings = settings or Settings()
        self.broker_client: BrokerClient | None = None
        if broker is not None or key is not None or user_token is not None:
            from unified_runtime.client.broker import open_broker_client  # imported late: clients without a broker do not need it

            self.broker_client, connections = open_broker_client(
                broker, key, user_token, self.settings, connections or vault or rate_limiter or policy or idempotency, transport
            )
        self.connections = connections if connections is not None else Connections(vault)
        self._own_rate_limiter = rate_limiter
        self._own_policy = policy
        self._own_idempotency = idempotency
        self._own_observers = defaults.observers_of(observers)

    @property
    def policy(self) -> PolicyEnforcer | None:
        """The client's policy enforcer, or else the process's."""
        return self._own_policy or defaults.policy

    def with_policy(self, policy: PolicyEnforcer) -> Self:
        """Return a copy of this client with another policy enforcer. It shares the HTTP connections and does not close them."""
        made = copy.copy(self)
        made._own_policy = policy
        return made

    def __copy__(self) -> Self:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._owns_transport = False
        return made

    @property
    def rate_limiter(self) -> RateLimiter:
        """The client's rate limiter, or else the process's."""
        return self._own_rate_limiter if self._own_rate_limiter is not None else defaults.rate_limiter

    @property
    def idempotency(self) -> IdempotencyStore | None:
        """The client's idempotency store, or else the process's."""
        return self._own_idempotency or defaults.idempotency

    @property
    def observers(self) -> Observers | None:
        """The client's observers and the process's; None if there are none."""
        own = self._own_observers
        return defaults.observers if own is None else own | defaults.observers

    def connect(
        self,
        vendor: str | Vendor,
        credential: Credential,
        /,
        *,
        user: str | None = None,
        scheme: str | None = None,
        server: str | Mapping[str, str] | None = None,
        account_id: str | None = None,
        exclusive: bool = False,
        **values: str,
    ) -> Connection:
        """Connect a vendor for this client; see `unified.connect`."""
        made = defaults.connection(
            vendor, credential, user=user, scheme=scheme, server=server, account_id=account_id, values=values, exclusive=exclusive
        )
        self.connections.add(made)
        return made

    def api(self, vendor: str) -> Api:
        """Return every operation of a vendor's document, called by this client: `client.api("jira").issues.get_issue("PROJ-7")`.

        Raises:
            InvalidInput: there is no toolkit of this vendor.
        """
        from unified_runtime.toolkits.api import api  # imported late: clients that call unified operations only do not need it

        caller: Any = self  # its subclasses make calls
        return api(vendor, lambda: caller)

    def disconnect(self, vendor: str, *, user: str | None = None) -> None:
        """Remove a connection from this client."""
        self.connections.remove(vendor, user)
