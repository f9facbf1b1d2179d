"""Work that a vendor does in the background: it answers before it has done it, and is asked until it has.

The operation's deadline bounds it all. The work goes on at the vendor whatever becomes of the asking, so where its end is not seen
the error is `Unconfirmed`: it may yet be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, NoReturn, TypeVar, cast

from unified_runtime.classify import retry_after
from unified_runtime.errors import NotFound, RateLimited, Rejected, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.messages import Pause, Request
from unified_runtime.reading import decode
from unified_runtime.steps import Endpoint, Retry, Steps
from unified_runtime.symbols import Planned, Symbol

S = TypeVar("S")

SLOWEST = 4
"""The pause between two questions grows up to that after so many failures."""

_LOOK = Endpoint("job", "GET", "(work in the background)", Retry.SAFE)
_AGAIN = "again until the work is done"


def started(
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
    reads: type[S],
    keep: str | None = None,
) -> Steps[S]:
    """Have work begun, and ask at the address that a `header` of the answer holds until it is done; the last answer.

    The address must lie on a host that the vendor declares, and the credential does not go there.

    Raises:
        Rejected: the work failed.
        Unconfirmed: its end was not seen.
    """
    target = endpoint.url(path)
    begun = yield Request(endpoint=endpoint, target=target, query=query, headers=headers, json=json, form=form)
    if isinstance(begun, Planned):
        yield Request(endpoint=_LOOK, target="", address=str(Symbol(f"{endpoint.operation}.{header}")), purpose=_AGAIN)
        return cast("S", Symbol(keep or endpoint.operation))
    address = begun.headers.get(header.lower())
    if not address:
        error = VendorProtocolError(f"the answer to {endpoint.method} {endpoint.template} lacks the header {header}")
        _unconfirmed(error)
    return (yield from _until(Request(endpoint=_LOOK, target="", address=address), reads, until, failed, message))


def repeated(
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
    reads: type[S],
    keep: str | None = None,
) -> Steps[S]:
    """Ask how far work is that an earlier request began, until it is done; the last answer.

    Raises:
        Rejected: the work failed.
        Unconfirmed: its end was not seen.
    """
    asked = Request(
        endpoint=endpoint.as_(Retry.SAFE),
        target=endpoint.url(path),
        query=query,
        headers=headers,
        json=json,
        form=form,
        purpose=_AGAIN,
    )
    return (yield from _until(asked, reads, until, failed, message, keep))


def _until(
    asked: Request,
    reads: type[S],
    until: Callable[[S], bool],
    failed: Callable[[S], bool] | None,
    message: Callable[[S], Any] | None,
    keep: str | None = None,
) -> Steps[S]:
    for number in count(1):
        try:
            answer = yield asked
            if isinstance(answer, Planned):
                return cast("S", Symbol(keep or asked.endpoint.operation))
            told = decode(answer, reads)
        except (Unavailable, RateLimited, NotFound, VendorProtocolError) as error:
            _unconfirmed(error)
        if until(told):
            return told
        if failed is not None and failed(told):
            why = message(told) if message is not None else None
            text = f": {why[:300]}" if isinstance(why, str) and why else ""
            raise Rejected(f"the vendor took it on, and could not do it{text}", request_id=answer.request_id)
        pause = Pause(retry_after(answer) or 0.0, min(number, SLOWEST), bounded=True)
        yield pause
        if pause.late:
            break
    raise Unconfirmed(f"the vendor took it on, and is still at it; {_LOOK_FIRST}")


_LOOK_FIRST = "it may yet be done, so look before you ask for it again"


def _unconfirmed(error: UnifiedError) -> NoReturn:
    raise Unconfirmed(f"the vendor took it on, and does not say whether it is done ({error.message}); {_LOOK_FIRST}") from error
