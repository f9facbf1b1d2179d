"""Servers, credentials, limits and errors of Pipedrive. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error"))
    code = error_details.text(error_details.at(body, "code"))
    return Failure(message=message, code=code)


def failed(response: Response) -> bool:
    """Return true if a response with a success status reports a failure."""
    body = error_details.body(response)
    return error_details.at(body, "success") is False


VENDOR = Vendor(
    name="pipedrive",
    title="Pipedrive",
    servers={"default": "https://api.pipedrive.com/api/v2"},
    connection={
        "company": ConnectionValue(
            "The first part of your address (acme for acme.pipedrive.com); needed for the `url` of records.",
            required=False,
            pattern="[a-z0-9-]+",
        )
    },
    schemes={
        "api_key": Scheme("api_key", (KeyLocation("x_api_token", "header", "x-api-token"),)),
        "oauth2": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    failed=failed,
    limits=(
        Limit("default", 20, 2, reported=True),
        Limit("search", 10, 2, operations=("searchOrganization", "searchPersons"), reported=True),
    ),
    api_hosts={"v1": "https://api.pipedrive.com/v1"},
    package=__name__,
)
