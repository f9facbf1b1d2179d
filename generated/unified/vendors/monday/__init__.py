"""Servers, credentials, limits and errors of monday. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.every(error_details.at(body, "errors"), ("message",))
    code = error_details.text(error_details.at(body, "errors", 0, "extensions", "code"))
    kinds = {
        "ResourceNotFoundException": "NotFound",
        "InvalidItemIdException": "NotFound",
        "InvalidBoardIdException": "NotFound",
        "InvalidArgumentException": "Rejected",
        "ColumnValueException": "Rejected",
        "CorrectedValueException": "Rejected",
        "ItemNameTooLongException": "Rejected",
        "ItemsLimitationException": "Rejected",
        "InvalidColumnIdException": "Rejected",
        "RecordInvalidException": "Rejected",
        "INVALID_GRAPHQL_REQUEST": "Rejected",
        "GRAPHQL_VALIDATION_FAILED": "Rejected",
        "BAD_USER_INPUT": "Rejected",
        "undefinedField": "Rejected",
        "missingRequiredArguments": "Rejected",
        "UNAUTHENTICATED": "Unauthorized",
        "Unauthorized": "Unauthorized",
        "UserUnauthorizedException": "Forbidden",
        "USER_UNAUTHORIZED": "Forbidden",
        "missingRequiredPermissions": "Forbidden",
        "ComplexityException": "RateLimited",
        "COMPLEXITY_BUDGET_EXHAUSTED": "RateLimited",
        "RateLimitExceeded": "RateLimited",
        "RATE_LIMIT_EXCEEDED": "RateLimited",
        "maxConcurrencyExceeded": "RateLimited",
        "IP_RATE_LIMIT_EXCEEDED": "RateLimited",
        "FIELD_MINUTE_RATE_LIMIT_EXCEEDED": "RateLimited",
        "DAILY_LIMIT_EXCEEDED": "LimitExhausted",
        "INTERNAL_SERVER_ERROR": "Unavailable",
        "API_TEMPORARILY_BLOCKED": "Unavailable",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


def failed(response: Response) -> bool:
    """Return true if a response with a success status reports a failure."""
    if not error_details.may_have(response, b"errors", b"success"):
        return False
    body = error_details.body(response)
    return (bool(error_details.at(body, "errors"))) or (
        error_details.at(error_details.payload(body), "success") is False
    )


VENDOR = Vendor(
    name="monday",
    title="monday",
    servers={"default": "https://api.monday.com/v2"},
    connection={},
    schemes={"apiKey": Scheme("api_key", (KeyLocation("key", "header", "Authorization"),)), "oauth": Scheme("bearer")},
    headers={"API-Version": "2026-07"},
    failure=failure,
    failed=failed,
    limits=(Limit("default", 1000, 60), Limit("running", max_concurrent=40)),
    package=__name__,
)
