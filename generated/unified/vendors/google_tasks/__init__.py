"""Servers, credentials, limits and errors of Google Tasks. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "message"))
    code = error_details.text(error_details.at(body, "error", "errors", 0, "reason"))
    kinds = {
        "rateLimitExceeded": "RateLimited",
        "userRateLimitExceeded": "RateLimited",
        "quotaExceeded": "LimitExhausted",
        "dailyLimitExceeded": "LimitExhausted",
        "notFound": "NotFound",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="google-tasks",
    title="Google Tasks",
    servers={"default": "https://tasks.googleapis.com"},
    connection={},
    schemes={"oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 50000, 86400, shared=True),),
    package=__name__,
)
