"""What the sync and the async client have in common: what they hold, and what of the process's stands in where they hold none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from unified_runtime.calling import shared
from unified_runtime.connections import Connection, Connections
from unified_runtime.credentials import Credential
from unified_runtime.pacing.budgets import Budget
from unified_runtime.settings import Settings
from unified_runtime.sources import Source

if TYPE_CHECKING:
    from unified_runtime.brokered.remote import Key, Remote
    from unified_runtime.calling.observed import Observation
    from unified_runtime.control.guard import Guard
    from unified_runtime.idempotency.ledger import Ledger
    from unified_runtime.observing import Observer, Observers
    from unified_runtime.vendors import Vendor


@cache
def observation() -> type[Observation]:
    """`Observation`, imported for the first call that somebody observes. An import statement in a function looks for its module each time
    that it is passed, which takes as long as the whole of a small one."""
    from unified_runtime.calling.observed import Observation

    return Observation


class BaseClient:
    """Connections, and what is asked and told around their calls. `Client` and `AsyncClient` send.

    `transport` is a sync one that leads to a broker where another than the process's is needed; for the rest see `Client`.
    """

    def __init__(
        self,
        transport: Any,
        settings: Settings | None,
        budget: Budget | None,
        connections: Connections | None,
        guard: Guard | None,
        vault: Source | None,
        ledger: Ledger | None,
        observer: Observer | Sequence[Observer] | Observers | None,
        broker: str | None,
        key: Key | None,
        user_token: Key | None,
    ) -> None:
        if connections is not None and vault is not None:
            raise TypeError("a client has a vault of its own or shares connections, which may have one; not both")
        self.settings = settings or Settings()
        self.remote: Remote | None = None
        if broker is not None or key is not None or user_token is not None:
            from unified_runtime.brokered.client import remote  # who has no broker does not pay for it

            self.remote, connections = remote(
                broker, key, user_token, self.settings, connections or vault or budget or guard or ledger, transport
            )
        self.connections = connections if connections is not None else Connections(vault)
        self._own_budget = budget
        self._own_guard = guard
        self._own_ledger = ledger
        self.own_observers = shared.observers_of(observer)

    @property
    def guard(self) -> Guard | None:
        """Asks the policy before this client's calls: its own guard, else the process's."""
        return self._own_guard or shared.guard

    @property
    def _budget(self) -> Budget:
        return self._own_budget if self._own_budget is not None else shared.budget

    @property
    def ledger(self) -> Ledger | None:
        """Remembers this client's writes by their idempotency keys: its own ledger, else the process's."""
        return self._own_ledger or shared.ledger

    @property
    def observers(self) -> Observers | None:
        """Are told of this client's calls: its own observers and the process's, or nobody."""
        own = self.own_observers
        return shared.observers if own is None else own | shared.observers

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
        **values: str,
    ) -> Connection:
        """Connect a vendor for this client; see `unified.connect`."""
        made = shared.connection(vendor, credential, user=user, scheme=scheme, server=server, account_id=account_id, values=values)
        self.connections.add(made)
        return made

    def disconnect(self, vendor: str, *, user: str | None = None) -> None:
        """Forget a connection."""
        self.connections.remove(vendor, user)
