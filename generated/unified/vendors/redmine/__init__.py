"""Servers, credentials, limits and errors of Redmine. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "errors", 0))
    return Failure(message=message, messages=error_details.texts(error_details.at(body, "errors")))


VENDOR = Vendor(
    name="redmine",
    title="Redmine",
    servers={"default": "{url}"},
    connection={
        "url": ConnectionValue(
            "The URL of your Redmine server, such as https://redmine.example.org.",
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        )
    },
    schemes={
        "ApiKey": Scheme("api_key", (KeyLocation("x_redmine_api_key", "header", "X-Redmine-API-Key"),)),
        "ApiKeyInQuery": Scheme("api_key", (KeyLocation("key", "query", "key"),)),
        "Basic": Scheme("basic"),
        "OAuth2": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    limits=(),
    package=__name__,
)
