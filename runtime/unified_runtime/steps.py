"""The vocabulary of generated adapters: operations are generators that yield requests and are sent responses.

They do no I/O, so one adapter serves the sync and the async client, plans and tests.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, overload
from urllib.parse import quote, unquote

from unified_runtime.errors import InvalidInput, VendorProtocolError
from unified_runtime.messages import Local, Request, Response
from unified_runtime.raw import Document, Raw
from unified_runtime.reading import broken, decode
from unified_runtime.symbols import PlanEnds, Planned, Symbol

if TYPE_CHECKING:
    from unified_runtime.batches import Batch

T = TypeVar("T")
S = TypeVar("S")

Steps = Generator[Request | Local, Response, T]
"""An operation in progress: yields requests, is sent responses, returns the unified value.

Between requests it may ask the client to read a source, or to wait (`Local`); what it is sent then says nothing.
"""


class Retry(Enum):
    """When a request may be sent again.

    SAFE changes nothing, IDEMPOTENT changes the same thing once however often it is sent (RFC 9110, section 9.2.2). KEYED carries the
    vendor's idempotency key, and is done once under it: the request may be repeated, and the call only if the caller chose the key. NEVER
    is repeated only where the vendor provably has not processed it.
    """

    SAFE = "safe"
    IDEMPOTENT = "idempotent"
    KEYED = "keyed"
    NEVER = "never"


_PLAIN = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*\Z").match
"""What stands in a path as it is: unreserved characters (RFC 3986), not beginning with a dot."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


def _climbs(text: str) -> bool:
    """Whether a server, or a proxy before it, that decodes a segment before it looks at the path would find a step in it that leads up.

    Encoded, `..%2Fx` is one segment (RFC 3986, section 2.2); some decode it first all the same, and some twice.
    """
    for _ in range(3):
        steps = text.replace("\\", "/").split("/")
        if any(step.partition(";")[0] in {".", ".."} for step in steps):
            return True
        decoded = unquote(text)
        if decoded == text:
            return False
        text = decoded
    return True  # encoded over and over: no id is


class Endpoint:
    """One operation of the vendor's API.

    `operation` is its id in the vendor's document, `template` its path with `{parameters}`. `host` names the vendor's server that
    it stands on, None the connection's own. `batch` is the vendor's operation that does the same for many at once, if there is one.
    """

    __slots__ = ("_texts", "batch", "host", "method", "names", "operation", "retry", "template")

    def __init__(
        self, operation: str, method: str, template: str, retry: Retry, host: str | None = None, batch: Batch | None = None
    ) -> None:
        self.operation = operation
        self.host = host
        self.method = method
        self.template = template
        self.retry = retry
        self.batch = batch
        parts = re.split(r"\{([^{}]+)\}", template)
        self._texts = tuple(parts[0::2])
        self.names = tuple(parts[1::2])

    def as_(self, retry: Retry) -> Endpoint:
        """The same operation where a repetition means something else: to begin an upload session twice does no harm."""
        return Endpoint(self.operation, self.method, self.template, retry, self.host)

    def url(self, values: Sequence[object] = ()) -> str:
        """The path with its parameters filled in, each percent-encoded so that it cannot leave its segment.

        Raises:
            InvalidInput: a value is empty, holds a control character, or would climb out of its segment where somebody decodes it first.
            VendorProtocolError: a value is None, which only a vendor's earlier answer can have caused.
        """
        if len(values) != len(self.names):
            raise ValueError(f"{self.method} {self.template} takes {len(self.names)} path values, not {len(values)}")
        url = self._texts[0]
        for position, value in enumerate(values):
            text = value if type(value) is str and _PLAIN(value) else self._segment(self.names[position], value)
            url += text + self._texts[position + 1]
        return url

    def _segment(self, name: str, value: object) -> str:
        if isinstance(value, Symbol):
            return str(value)
        if value is None:
            raise VendorProtocolError(f"an earlier answer lacks the {name} that {self.method} {self.template} needs")
        text = str(value)
        if not text or _CONTROL(text) or _climbs(text):
            raise InvalidInput(f"{text!r} cannot be the {name} of {self.method} {self.template}")
        try:
            return quote(text, safe="")
        except UnicodeEncodeError:
            raise InvalidInput(f"the {name} of {self.method} {self.template} is not valid Unicode: {text!r}") from None

    def __repr__(self) -> str:
        return f"Endpoint({self.operation}: {self.method} {self.template})"


@overload
def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: str | None = None,
    reads: type[S],
    keep: str | None = None,
) -> Steps[S]: ...


@overload
def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: str | None = None,
    reads: None = None,
    keep: str | None = None,
) -> Steps[None]: ...


def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: str | None = None,
    reads: type[Any] | None = None,
    keep: str | None = None,
) -> Steps[Any]:
    """Send one request and decode its answer into `reads`.

    `query` leaves out what is None and repeats a sequence. `url` is an address that the vendor gave (the next page): it must lie on
    the connection's server, and may add to the query, and replace the path by one below it (see `wire.page_url`).
    Under a plan the answer is `Symbol(keep)`.
    """
    request = Request(
        endpoint=endpoint,
        target=endpoint.url(path),
        path=path,
        query=query,
        headers=headers,
        json=json,
        form=form,
        content=content,
        url=url,
    )
    response = yield request
    if isinstance(response, Planned):
        return None if reads is None else Symbol(keep or endpoint.operation)
    if reads is not None and endpoint.retry is not Retry.NEVER and broken(response):
        response = yield request
    return None if reads is None else decode(response, reads)


def fetch(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: str | None = None,
    reads: type[S],
    keep: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """As `call`, for the answer that the operation's value is read from: returns the struct and the answer itself.

    Under a plan it ends the plan, unless `keep` says that later requests need the answer.
    """
    request = Request(
        endpoint=endpoint,
        target=endpoint.url(path),
        path=path,
        query=query,
        headers=headers,
        json=json,
        form=form,
        content=content,
        url=url,
    )
    response = yield request
    if isinstance(response, Planned):
        if keep is None:
            raise PlanEnds
        unknown: Any = Symbol(keep)
        return unknown, Raw(Document(b"null"))
    if endpoint.retry is not Retry.NEVER and broken(response):
        response = yield request
    return decode(response, reads), Raw(Document(response.body, response))
