"""Endpoints: operations of vendors' APIs by method, path template and retry class, and percent-encoding of path values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Any
from urllib.parse import quote, unquote

from unified_runtime.core.errors import InvalidInput, VendorProtocolError
from unified_runtime.core.symbols import Symbol


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


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


def _climbs(text: str) -> bool:
    """Return true if a segment leads to a parent (`..`) on a server or proxy that decodes it before resolving the path.

    Encoded, `..%2Fx` is one segment (RFC 3986, section 2.2), but some servers decode it first, and some twice.
    """
    for _ in range(3):
        steps = text.replace("\\", "/").split("/")
        if any(step.partition(";")[0] in {".", ".."} for step in steps):
            return True
        decoded = unquote(text)
        if decoded == text:
            return False
        text = decoded
    return True  # encoded several times, unlike any valid id


class Endpoint:
    """Operation of the vendor's API.

    `operation` is its id in the vendor's document, `template` its path with `{parameters}`. `host` names the vendor's server that it is
    on, None for the connection's own. `batch` is the `Batch` of the vendor's batch operation for it, if any.
    """

    __slots__ = ("_texts", "batch", "host", "method", "names", "operation", "retry", "template")

    def __init__(self, operation: str, method: str, template: str, retry: Retry, host: str | None = None, batch: Any = None) -> None:
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
        """Return the same operation with another retry class: for example, beginning an upload session twice is harmless."""
        return Endpoint(self.operation, self.method, self.template, retry, self.host)

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
            text = value if type(value) is str and _PLAIN(value) else self._segment(self.names[position], value)
            url += text + self._texts[position + 1]
        return url

    def _segment(self, name: str, value: object) -> str:
        if isinstance(value, Symbol):
            return str(value)
        if value is None:
            raise VendorProtocolError(f"an earlier response lacks the {name} that {self.method} {self.template} needs")
        text = str(value)
        if not text or _CONTROL(text) or _climbs(text):
            raise InvalidInput(f"{text!r} cannot be the {name} of {self.method} {self.template}")
        try:
            return quote(text, safe="")
        except UnicodeEncodeError:
            raise InvalidInput(f"the {name} of {self.method} {self.template} is not valid Unicode: {text!r}") from None

    def __repr__(self) -> str:
        return f"Endpoint({self.operation}: {self.method} {self.template})"
