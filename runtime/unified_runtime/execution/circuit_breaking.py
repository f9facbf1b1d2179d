"""Circuit breaker stage: sends no request to a server that fails repeatedly."""

from __future__ import annotations

from unified_runtime.core.errors import Unavailable
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.stages import CallState, Send


def break_circuit(proceed: Send, request: Request, wire: HTTPRequest, call: CallState) -> Flow[ActionResult]:
    """Send a request unless the circuit of its server is open.

    Raises:
        Unavailable: the circuit is open.
    """
    breaker = call.circuit_breaker
    if breaker is not None and (seconds := breaker.admit()) > 0:
        raise Unavailable(
            f"{call.connection.vendor.title} has failed {breaker.failures} times in a row; it is left alone for {seconds:.0f} s",
            retry_after=seconds,
            retry_safe=not call.twice,
        )
    return proceed(request, wire, call)
