"""Spans of calls and their requests, by the API of OpenTelemetry alone: what becomes of them is the application's SDK's to say.

A call is an `execute_tool` span of the conventions for generative AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/),
each of its attempts below it a client span of those for HTTP (https://opentelemetry.io/docs/specs/semconv/http/http-spans/), and a saga an
`invoke_workflow` span around its calls. Where the conventions ask for a URL, they get its template: ids and queries are the users' own.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from unified_platform.extras import extra

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

    from unified_runtime.observing import AttemptRecord, Begun, CallRecord, Sending

SCOPE = "unified"


class Traces:
    """Follows calls as spans.

    Args:
        provider: of tracers; the process's by default.
        to_vendors: send `traceparent` (https://www.w3.org/TR/trace-context/) to vendors too. A broker is always sent it.

    Raises:
        InvalidInput: opentelemetry-api is not installed.
    """

    def __init__(self, provider: TracerProvider | None = None, *, to_vendors: bool = False) -> None:
        self._api: Any = extra("opentelemetry.trace", "observe", "tracing")
        propagation: Any = extra("opentelemetry.trace.propagation.tracecontext", "observe", "tracing")
        self._context: Any = extra("opentelemetry.context", "observe", "tracing")
        self._carrier = propagation.TraceContextTextMapPropagator()
        self._own = provider
        self._tracer = self._api.get_tracer(SCOPE, tracer_provider=provider)
        self._to_vendors = to_vendors

    def begun(self, call: Begun) -> _Call | None:
        if self._own is None and isinstance(self._api.get_tracer_provider(), self._api.ProxyTracerProvider):
            # Without an SDK there is nothing to follow, unless a trace that came from elsewhere is to be handed on.
            came = self._api.get_current_span().get_span_context()
            return _Call(self, self._api.NonRecordingSpan(came)) if came.is_valid else None
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
                    "unified.remote": call.remote or None,
                }
            ),
        )
        return _Call(self, span) if span.get_span_context().is_valid else None

    def ended(self, record: CallRecord) -> None:
        """The call's own span has ended by then."""

    # ------------------------------------------------------------------------------------------------ around calls
    def carried(self) -> dict[str, str]:
        carrier: dict[str, str] = {}
        self._carrier.inject(carrier)
        return carrier

    @contextmanager
    def around(self, kind: str, name: str, id: str, carried: Mapping[str, str]) -> Generator[None, None, None]:
        attributes = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": name, f"unified.{kind}.id": id}
        parent = self._carrier.extract(carried) if carried else None
        with self._tracer.start_as_current_span(f"invoke_workflow {name}", context=parent, attributes=attributes):
            yield

    @contextmanager
    def serving(self, method: str, route: str, headers: Mapping[str, str]) -> Generator[Any, None, None]:
        """A request that is served, under the trace that its headers name. Gives its span."""
        attributes = {"http.request.method": method, "http.route": route}
        with self._tracer.start_as_current_span(
            f"{method} {route}", context=self._carrier.extract(headers), kind=self._api.SpanKind.SERVER, attributes=attributes
        ) as span:
            yield span


class _Call:
    """The span of one call, and that of the attempt that is under way."""

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
        if request.remote or of._to_vendors:
            of._carrier.inject(carrier, context=of._api.set_span_in_context(self._attempt))
        return carrier

    def answered(self, attempt: AttemptRecord) -> str | None:
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
        if self._attempt is not None:  # the caller left while it was under way
            self._attempt.set_status(self._of._api.StatusCode.ERROR)
            self._attempt.end()
        self._span.set_attributes(
            _given(
                {
                    "unified.vendor": record.vendor,
                    "unified.connection": record.connection,
                    "unified.outcome": record.outcome,
                    "unified.attempts": len(record.attempts),
                    "unified.budget_wait": record.budget_wait or None,
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
