"""Google Calendar: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "error", "message"))
    code = failures.text(failures.at(body, "error", "errors", 0, "reason"))
    kinds = {
        "rateLimitExceeded": "RateLimited",
        "userRateLimitExceeded": "RateLimited",
        "quotaExceeded": "RateLimited",
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
