"""Flows: generators that yield the client's next action and are sent its outcome. The sync and the async client run the same flows."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.connection_sources import Renew
from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import TransportFailure, UnifiedError
from unified_runtime.core.messages import HTTPRequest, Local
from unified_runtime.core.responses import Response

T = TypeVar("T")

Action = HTTPRequest | float | BlockingTask[Any] | Renew | Local
"""Next action of a client: send a request, wait (seconds), run a blocking task, refresh a credential, or do the work that an adapter
requests. A call that may be batched requests, as `Local` work, to join a batch (`batching.BatchSlot`)."""

ActionResult = Response | TransportFailure | Connection | UnifiedError | None
"""Outcome of an action: a response or a failure; a connection or an error instead of one; or None."""

Flow = Generator[Action, ActionResult, T]


class RateLimitWait(float):
    """Seconds to wait for a vendor's rate limit. For the client, this is a pause like any other."""

    __slots__ = ()
