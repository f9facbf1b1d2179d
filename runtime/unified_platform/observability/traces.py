"""OpenTelemetry spans of calls, attempts and sagas. Only the API is used; the application's SDK exports them.

A call is an `execute_tool` span of the conventions for generative AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/),
each of its attempts a child client span of those for HTTP (https://opentelemetry.io/docs/specs/semconv/http/http-spans/), and a saga an
`invoke_workflow` span around its calls. A URL attribute has the URL's template only: ids and queries are users' data.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from unified_platform.common.extras import require_extra

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

    from unified_runtime.core.observers import AttemptRecord, Begun, CallRecord, Sending

SCOPE = "unified"


class Traces:
    """Observer that makes spans of calls.

    Args:
        provider: provider of tracers; by default the process's.
        to_vendors: send `traceparent` (https://www.w3.org/TR/trace-context/) to vendors too. A broker always gets it.

    Raises:
        InvalidInput: opentelemetry-api is not installed.
    """

    def __init__(self, provider: TracerProvider | None = None, *, to_vendors: bool = False) -> None:
        self._api: Any = require_extra("opentelemetry.trace", "observe", "tracing")
        propagation: Any = require_extra("opentelemetry.trace.propagation.tracecontext", "observe", "tracing")
        self._context: Any = require_extra("opentelemetry.context", "observe", "tracing")
        self._carrier = propagation.TraceContextTextMapPropagator()
        self._own = provider
        self._tracer = self._api.get_tracer(SCOPE, tracer_provider=provider)
        self._to_vendors = to_vendors

    def begun(self, call: Begun) -> _Call | None:
        if self._own is None and isinstance(self._api.get_tracer_provider(), self._api.ProxyTracerProvider):
            # Without an SDK there is nothing to record, unless a trace from elsewhere must be passed on.
            outcome = self._api.get_current_span().get_span_context()
            return _Call(self, self._api.NonRecordingSpan(outcome)) if outcome.is_valid else None
        span = self._tracer.start_span(
            f"execute_tool {call.tool}",
            kind=self._api.SpanKind.INTERNAL,
            attributes=_given(
                {
                    "gen_ai.operation.name": "execute_tool",
                    "gen_ai.tool.name": call.tool,
                    "gen_ai.tool.type": "function",
                    "gen_ai.agent.id": call.agent,
                    "user.id": call.user,
                    "unified.call.id": call.call_id,
                    "unified.effect": call.effect,
                    "unified.on_behalf_of": call.on_behalf_of,
                    "unified.saga.id": call.saga,
                    "unified.through_broker": call.through_broker or None,
                }
            ),
        )
        return _Call(self, span) if span.get_span_context().is_valid else None

    def ended(self, record: CallRecord) -> None:
        """Do nothing: the call's own span has ended by then."""

    # ------------------------------------------------------------------------------------------------ around calls
    def trace_context(self) -> dict[str, str]:
        carrier: dict[str, str] = {}
        self._carrier.inject(carrier)
        return carrier

    @contextmanager
    def around(self, kind: str, name: str, id: str, trace_context: Mapping[str, str]) -> Generator[None, None, None]:
        attributes = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": name, f"unified.{kind}.id": id}
        parent = self._carrier.extract(trace_context) if trace_context else None
        with self._span(f"invoke_workflow {name}", context=parent, attributes=attributes):
            yield

    @contextmanager
    def serving(self, method: str, route: str) -> Generator[Served, None, None]:
        """Yield the span of a served request. It starts when its parent is known, at the latest when the block ends."""
        attributes = {"http.request.method": method, "http.route": route}
        kind, started = self._api.SpanKind.SERVER, time.time_ns()
        with ExitStack() as stack:

            def start(headers: Mapping[str, str]) -> Any:
                under = self._carrier.extract(headers, context=self._context.Context())
                span = self._span(f"{method} {route}", context=under, kind=kind, attributes=attributes, start_time=started)
                return stack.enter_context(span)

            served = Served(start)
            try:
                yield served
            finally:
                served.begin({})

    @contextmanager
    def _span(self, name: str, **options: Any) -> Generator[Any, None, None]:
        """Yield a span that names the type of an exception only: its text and stack may contain a caller's data."""
        quiet = {"record_exception": False, "set_status_on_exception": False}
        with self._tracer.start_as_current_span(name, **quiet, **options) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(self._api.StatusCode.ERROR)
                raise


class Served:
    """Span of a served request. Headers of a client that is not authenticated have no influence on the trace."""

    __slots__ = ("_span", "_start")

    def __init__(self, start: Callable[[Mapping[str, str]], Any]) -> None:
        self._start = start
        self._span: Any = None

    def begin(self, headers: Mapping[str, str]) -> None:
        """Start the span, under the trace in these headers if there is one. It has no effect if the span was started."""
        if self._span is None:
            self._span = self._start(headers)

    def responded(self, status: int) -> None:
        """Set the status of the response."""
        self.begin({})
        self._span.set_attribute("http.response.status_code", status)
        if status >= 500:
            self._span.set_attribute("error.type", str(status))


class _Call:
    """Span of one call, and of its current attempt."""

    __slots__ = ("_attempt", "_of", "_span", "span_id", "trace_id")

    def __init__(self, of: Traces, span: Span) -> None:
        self._of = of
        self._span = span
        self._attempt: Span | None = None
        context = span.get_span_context()
        self.trace_id: str | None = f"{context.trace_id:032x}" if context.is_valid else None
        self.span_id: str | None = f"{context.span_id:016x}" if context.is_valid else None

    def sending(self, request: Sending) -> Mapping[str, str]:
        of = self._of
        host, _, port = request.host.rpartition(":") if request.host.rpartition(":")[2].isdigit() else (request.host, "", "")
        under = of._api.set_span_in_context(self._span)
        self._attempt = of._tracer.start_span(
            f"{request.method} {request.endpoint}",
            context=under,
            kind=of._api.SpanKind.CLIENT,
            attributes=_given(
                {
                    "http.request.method": request.method,
                    "server.address": host.strip("[]"),
                    "server.port": int(port) if port else 443 if request.scheme == "https" else 80,
                    "url.scheme": request.scheme,
                    "url.template": request.endpoint,
                    "url.full": f"{request.scheme}://{request.host}{request.endpoint}",
                    "http.request.resend_count": request.number - 1 or None,
                    "unified.vendor": request.vendor,
                    "unified.vendor.operation": request.operation,
                }
            ),
        )
        carrier: dict[str, str] = {}
        if request.through_broker or of._to_vendors:
            of._carrier.inject(carrier, context=of._api.set_span_in_context(self._attempt))
        return carrier

    def attempt_ended(self, attempt: AttemptRecord) -> str | None:
        span, self._attempt = self._attempt, None
        if span is None:
            return None
        status = attempt.status
        span.set_attributes(
            _given(
                {
                    "http.response.status_code": status,
                    "http.request.body.size": attempt.bytes_sent,
                    "http.response.body.size": attempt.bytes_received,
                    "error.type": attempt.error or (str(status) if attempt.failed else None),
                    "unified.vendor.request_id": attempt.request_id,
                }
            )
        )
        if attempt.failed:
            span.set_status(self._of._api.StatusCode.ERROR)
        span.end()
        context = span.get_span_context()
        return f"{context.span_id:016x}" if context.is_valid else None

    def ended(self, record: CallRecord) -> None:
        if self._attempt is not None:  # the caller left during the attempt
            self._attempt.set_status(self._of._api.StatusCode.ERROR)
            self._attempt.end()
        self._span.set_attributes(
            _given(
                {
                    "unified.vendor": record.vendor,
                    "unified.connection": record.connection,
                    "unified.outcome": record.outcome,
                    "unified.attempts": len(record.attempts),
                    "unified.rate_limit_wait": record.rate_limit_wait or None,
                    "unified.retry_wait": record.retry_wait or None,
                    "unified.refreshes": record.refreshes or None,
                    "unified.policy.decision": record.decision,
                    "unified.approval.id": record.approval,
                    "unified.items": record.items,
                    "error.type": None if record.outcome == "ok" else record.outcome,
                }
            )
        )
        if record.outcome != "ok":
            self._span.set_status(self._of._api.StatusCode.ERROR, record.error)
        self._span.end()


def _given(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}
