"""Single requests outside of an adapter's steps: a batch request, or a part of a download. Classified and retried like any other."""

from __future__ import annotations

import time

from unified_runtime.core.errors import Unauthorized, UnifiedError
from unified_runtime.core.messages import Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import Flow
from unified_runtime.execution.http_requests import wire_request
from unified_runtime.execution.offloading import redacted
from unified_runtime.execution.retries import renewed, settled_attempt, with_new_credential
from unified_runtime.execution.stages import CallState


def ask(request: Request, call: CallState) -> Flow[Response]:
    """Send one request, as `driver.drive` sends the requests of an operation.

    Raises:
        UnifiedError: with vendor and operation named.
    """
    try:
        call.deadline = time.monotonic() + call.settings.deadline
        if call.connection.renew_at <= time.time():
            yield from renewed(call, rejected=False)
        wire = wire_request(request, call.connection, call.settings, call.deadline)
        settled = yield from settled_attempt((yield from call.send(request, wire, call)), request, wire, call)
        if isinstance(settled, Unauthorized) and call.connection.renewal is not None:
            settled = yield from with_new_credential(settled, request, call)
    except UnifiedError as error:
        call.annotate(error)
        raise
    if isinstance(settled, UnifiedError):
        raise call.annotate(settled)
    return (yield from redacted(settled, call.connection.credential))
