"""Responses of an emulator, and refusals on the way to one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from unified_openapi.behaviour.common import VendorResponse


@dataclass(frozen=True, slots=True)
class Response:
    """Response: status, headers, and a body of JSON (None: no body), or content of another media type."""

    status: int
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    stated: bool = False
    """True if a fact states the complete response."""

    @property
    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body).encode()


def stated_response(stated: VendorResponse) -> Response:
    """Return the response that a fact states."""
    return Response(stated.status, stated.body, tuple(stated.headers.items()), stated=True)


class Refused(Exception):
    """Request that is refused, with the status of the response, the reasons, and the response if a fact states it."""

    def __init__(self, status: int, *reasons: str, stated: VendorResponse | None = None) -> None:
        super().__init__(*reasons)
        self.status, self.reasons, self.stated = status, reasons, stated
