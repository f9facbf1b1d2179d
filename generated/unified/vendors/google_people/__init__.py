"""Servers, credentials, limits and errors of Google People. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "message"))
    code = error_details.text(error_details.at(body, "error", "status"))
    kinds = {
        "RESOURCE_EXHAUSTED": "RateLimited",
        "PERMISSION_DENIED": "Forbidden",
        "UNAUTHENTICATED": "Unauthorized",
        "NOT_FOUND": "NotFound",
        "INVALID_ARGUMENT": "Rejected",
        "FAILED_PRECONDITION": "Rejected",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="google-people",
    title="Google People",
    servers={"default": "https://people.googleapis.com"},
    connection={},
    schemes={"oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(),
    package=__name__,
)
