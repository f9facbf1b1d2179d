"""Servers, credentials, limits and errors of Linear. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.every(
        error_details.at(body, "errors"), ("extensions", "userPresentableMessage"), ("message",)
    )
    code = error_details.composed(
        ("", ": ", ""),
        error_details.at(body, "errors", 0, "extensions", "type"),
        error_details.at(body, "errors", 0, "message"),
    ) or error_details.text(error_details.at(body, "errors", 0, "extensions", "code"))
    kinds = {
        "invalid input: Entity not found*": "NotFound",
        "invalid input*": "Rejected",
        "user error*": "Rejected",
        "graphql error*": "Rejected",
        "GRAPHQL_VALIDATION_FAILED": "Rejected",
        "authentication error*": "Unauthorized",
        "AUTHENTICATION_ERROR": "Unauthorized",
        "forbidden*": "Forbidden",
        "feature not accessible*": "Unsupported",
        "ratelimited*": "RateLimited",
        "RATELIMITED": "RateLimited",
        "usage limit exceeded*": "LimitExhausted",
        "internal error*": "Unavailable",
        "lock timeout*": "Unavailable",
        "network error*": "Unavailable",
        "bootstrap error*": "Unavailable",
    }
    return Failure(message=message, code=code, kind=error_details.kind(code, kinds))


def failed(response: Response) -> bool:
    """Return true if a response with a success status reports a failure."""
    if not error_details.may_have(response, b"errors", b"success"):
        return False
    body = error_details.body(response)
    return (bool(error_details.at(body, "errors"))) or (
        error_details.at(error_details.payload(body), "success") is False
    )


VENDOR = Vendor(
    name="linear",
    title="Linear",
    servers={"default": "https://api.linear.app/graphql"},
    connection={
        "team": ConnectionValue(
            "The id of the team in which issues are created: a UUID, copied from the team's menu.",
            pattern="[0-9a-fA-F-]{36}",
        )
    },
    schemes={"apiKey": Scheme("api_key", (KeyLocation("key", "header", "Authorization"),)), "oauth": Scheme("bearer")},
    headers={},
    failure=failure,
    failed=failed,
    limits=(Limit("default", reported=True),),
    package=__name__,
)
