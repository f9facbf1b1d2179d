"""Endpoints: operations of vendors' APIs by method, path template and retry class, and the URLs of their requests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from unified_openapi.requests import urls
from unified_openapi.requests.faults import MissingValue, RequestFault
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.json_limits import translated
from unified_runtime.core.symbols import Symbol

if TYPE_CHECKING:
    from unified_openapi.requests.bodies import BodyFormat
    from unified_openapi.requests.styles import Style


class Retry(Enum):
    """Retry class: the condition on which a request may be sent again.

    SAFE changes nothing, IDEMPOTENT has the same effect however often it is sent (RFC 9110, section 9.2.2). KEYED has the vendor's
    idempotency key, so that the vendor executes it once: the request may be repeated, and the call only if the caller chose the key. NEVER
    is repeated only if the vendor provably has not processed it.
    """

    SAFE = "safe"
    IDEMPOTENT = "idempotent"
    KEYED = "keyed"
    NEVER = "never"


_PLAIN = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*\Z").match
"""Matches values that need no encoding in a path: unreserved characters (RFC 3986), not beginning with a dot."""


class Endpoint:
    """Operation of the vendor's API.

    `operation` is its id in the vendor's document, `template` its path with `{parameters}`. `host` names the vendor's server that it is
    on, None for the connection's own. `batch` is the `Batch` of the vendor's batch operation for it, if any. `path`, `query` and `body`
    declare how parameters and bodies are written, where the document differs from the defaults: path values without a style, query lists
    that repeat their name, and a body that is `application/json` or a form without `encoding`.
    """

    __slots__ = ("_texts", "batch", "body", "host", "method", "names", "operation", "path", "query", "retry", "template")

    def __init__(
        self,
        operation: str,
        method: str,
        template: str,
        retry: Retry,
        host: str | None = None,
        batch: Any = None,
        *,
        path: Mapping[str, Style] | None = None,
        query: Mapping[str, Style] | None = None,
        body: BodyFormat | None = None,
    ) -> None:
        self.operation = operation
        self.host = host
        self.method = method
        self.template = template
        self.retry = retry
        self.batch = batch
        self.path = path
        self.query = query
        self.body = body
        parsed = urls.path_template(template)
        self._texts = parsed.texts
        self.names = parsed.names

    def as_(self, retry: Retry) -> Endpoint:
        """Return the same operation with another retry class: for example, beginning an upload session twice is harmless."""
        return Endpoint(self.operation, self.method, self.template, retry, self.host, path=self.path, query=self.query, body=self.body)

    def url(self, values: Sequence[object] = ()) -> str:
        """Return the path with its parameters filled in, each percent-encoded so that it cannot leave its segment.

        Raises:
            InvalidInput: a value is empty, has a control character, or would leave its segment on a server that decodes it first.
            VendorProtocolError: a value is None, which only an earlier response of the vendor can have caused.
        """
        if len(values) != len(self.names):
            raise ValueError(f"{self.method} {self.template} needs {len(self.names)} path values, not {len(values)}")
        url = self._texts[0]
        for position, value in enumerate(values):
            text = value if type(value) is str and self.path is None and _PLAIN(value) else self._segment(self.names[position], value)
            url += text + self._texts[position + 1]
        return url

    def _segment(self, name: str, value: object) -> str:
        if isinstance(value, Symbol):
            return str(value)
        try:
            return urls.path_value(name, value, self.path.get(name) if self.path is not None else None, f"{self.method} {self.template}")
        except MissingValue:
            raise VendorProtocolError(f"an earlier response lacks the {name} that {self.method} {self.template} needs") from None
        except RequestFault as fault:
            raise translated(fault) from None

    def __repr__(self) -> str:
        return f"Endpoint({self.operation}: {self.method} {self.template})"
