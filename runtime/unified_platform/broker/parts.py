"""Parts that the broker's application is made of."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from unified_platform.broker.calls import Calls
from unified_platform.broker.events import Readers
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_runtime.policy.approvals import AuditLog

if TYPE_CHECKING:
    from unified_platform.broker.sagas import BrokerSagas
    from unified_platform.web import Connect


@dataclass(slots=True)
class Broker:
    """Parts of the application. `ready` are checks that raise if the broker cannot serve, such as of its database.

    `routes` are further pages, `mounts` applications by path (`/mcp`); a mount gets the caller from `mounted_principal`.
    """

    calls: Calls
    identity: Identity
    limits: Limits = field(default_factory=Limits)
    sagas: BrokerSagas | None = None
    audit: AuditLog | None = None
    ready: Sequence[Callable[[], None]] = ()
    routes: Sequence[BaseRoute] = ()
    mounts: Mapping[str, ASGIApp] = field(default_factory=dict)
    middleware: Callable[[ASGIApp], ASGIApp] | None = None
    """Middleware around the application, for logs, metrics and traces."""
    closing: Sequence[Callable[[], None]] = ()
    readers: Readers | None = None
    """Reads events for agents; None if there are none."""
    around: Sequence[Callable[[], contextlib.AbstractAsyncContextManager[Any]]] = ()
    """Context managers entered while the application runs, such as a mounted application's lifespan."""
    connect: Connect | None = None
    """Pages where users connect accounts; None if there are none."""
    shutdown_delay: float = 0
    """Seconds after SIGTERM in which calls are still accepted, while `/ready` returns 503."""
    secure: bool = False
    """True if the broker is reached over https; browsers then get a Strict-Transport-Security header."""
