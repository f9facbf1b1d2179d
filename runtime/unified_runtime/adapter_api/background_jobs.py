"""Background jobs of a vendor: requests that are executed after their response, and polling until the job is complete.

The operation's deadline limits the polling. The job continues at the vendor even if polling fails, so if its end is not observed, the
error is `Unconfirmed`: it may still be executed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, NoReturn, TypeVar, cast

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.decoding import decode
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.error_classification import retry_after
from unified_runtime.core.errors import NotFound, RateLimited, Rejected, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.core.messages import Pause, Request
from unified_runtime.core.planning import PlannedResponse
from unified_runtime.core.symbols import Symbol

S = TypeVar("S")

SLOWEST = 4
"""The pause between two polls grows with their number, like the backoff after as many failures, up to this number."""

_LOOK = Endpoint("job", "GET", "(work in the background)", Retry.SAFE)
_AGAIN = "again until the work is done"


def start_job(
    endpoint: Endpoint,
    *,
    header: str,
    until: Callable[[S], bool],
    failed: Callable[[S], bool] | None = None,
    message: Callable[[S], Any] | None = None,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[S]:
    """Start a job, poll the URL in a `header` of the response until the job is complete, and return the last response.

    The URL must have a host that the vendor declares, and the credential is not sent to it.

    Raises:
        Rejected: the job failed.
        Unconfirmed: the end of the job was not observed.
    """
    target = endpoint.url(path)
    begun = yield Request(endpoint=endpoint, target=target, query=query, headers=headers, json=json, form=form)
    if isinstance(begun, PlannedResponse):
        yield Request(endpoint=_LOOK, target="", address=str(Symbol(f"{endpoint.operation}.{header}")), purpose=_AGAIN)
        return cast("S", Symbol(save_as or endpoint.operation))
    address = begun.headers.get(header.lower())
    if not address:
        error = VendorProtocolError(f"the response to {endpoint.method} {endpoint.template} lacks the header {header}")
        _unconfirmed(error)
    return (yield from _until(Request(endpoint=_LOOK, target="", address=address), schema, until, failed, message))


def poll_job(
    endpoint: Endpoint,
    *,
    until: Callable[[S], bool],
    failed: Callable[[S], bool] | None = None,
    message: Callable[[S], Any] | None = None,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[S]:
    """Poll a job that an earlier request started until it is complete, and return the last response.

    Raises:
        Rejected: the job failed.
        Unconfirmed: the end of the job was not observed.
    """
    request = Request(
        endpoint=endpoint.as_(Retry.SAFE),
        target=endpoint.url(path),
        query=query,
        headers=headers,
        json=json,
        form=form,
        purpose=_AGAIN,
    )
    return (yield from _until(request, schema, until, failed, message, save_as))


def _until(
    request: Request,
    schema: type[S],
    until: Callable[[S], bool],
    failed: Callable[[S], bool] | None,
    message: Callable[[S], Any] | None,
    save_as: str | None = None,
) -> Steps[S]:
    for number in count(1):
        try:
            response = yield request
            if isinstance(response, PlannedResponse):
                return cast("S", Symbol(save_as or request.endpoint.operation))
            job = decode(response, schema)
        except (Unavailable, RateLimited, NotFound, VendorProtocolError) as error:
            _unconfirmed(error)
        if until(job):
            return job
        if failed is not None and failed(job):
            why = message(job) if message is not None else None
            text = f": {why[:300]}" if isinstance(why, str) and why else ""
            raise Rejected(f"the vendor took it on, and could not do it{text}", request_id=response.request_id)
        pause = Pause(retry_after(response) or 0.0, min(number, SLOWEST), bounded=True)
        yield pause
        if pause.late:
            break
    raise Unconfirmed(f"the vendor took it on, and is still at it; {_LOOK_FIRST}")


_LOOK_FIRST = "it may still be executed: check the vendor before you repeat it"


def _unconfirmed(error: UnifiedError) -> NoReturn:
    raise Unconfirmed(f"the vendor took it on, and does not report if it is done ({error.message}); {_LOOK_FIRST}") from error
