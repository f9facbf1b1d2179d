"""Servers, credentials, limits and errors of Gitea. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message"))
    return Failure(message=message)


VENDOR = Vendor(
    name="gitea",
    title="Gitea",
    servers={"default": "{url}/api/v1"},
    connection={
        "url": ConnectionValue(
            "The URL of your Gitea or Forgejo server, such as https://git.example.org.",
            pattern="https?://[^/?#\\s]+(/[^/?#\\s]+)*",
        )
    },
    schemes={"token": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(),
    package=__name__,
)
