"""Servers, credentials, limits and errors of Google Calendar. Written by `gen build`; do not edit."""

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
        "forbiddenForNonOrganizer": "Forbidden",
        "notFound": "NotFound",
        "deleted": "NotFound",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="google-calendar",
    title="Google Calendar",
    servers={"default": "https://www.googleapis.com/calendar/v3"},
    connection={},
    schemes={"oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 600, 60), Limit("project", 10000, 60, shared=True)),
    package=__name__,
)
