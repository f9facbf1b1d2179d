"""Servers, credentials, limits and errors of Gmail. Written by `gen build`; do not edit."""

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
        "dailyLimitExceeded": "LimitExhausted",
        "insufficientPermissions": "Forbidden",
        "domainPolicy": "Forbidden",
        "notFound": "NotFound",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="gmail",
    title="Gmail",
    servers={"default": "https://gmail.googleapis.com"},
    connection={},
    schemes={"oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(
        Limit(
            "default",
            6000,
            60,
            costs={
                "gmail.users.messages.send": 100,
                "gmail.users.messages.get": 20,
                "gmail.users.messages.list": 5,
                "gmail.users.messages.modify": 5,
                "gmail.users.messages.trash": 20,
            },
        ),
    ),
    package=__name__,
)
