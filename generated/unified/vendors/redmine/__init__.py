"""Redmine: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyPlace, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "errors", 0))
    return Failure(message=message, messages=failures.texts(failures.at(body, "errors")))


VENDOR = Vendor(
    name="redmine",
    title="Redmine",
    servers={"default": "{url}"},
    connection={
        "url": ConnectionValue(
            "The address of your Redmine, such as https://redmine.example.org.",
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        )
    },
    schemes={
        "ApiKey": Scheme("api_key", (KeyPlace("x_redmine_api_key", "header", "X-Redmine-API-Key"),)),
        "ApiKeyInQuery": Scheme("api_key", (KeyPlace("key", "query", "key"),)),
        "Basic": Scheme("basic"),
        "OAuth2": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    limits=(),
    package=__name__,
)
