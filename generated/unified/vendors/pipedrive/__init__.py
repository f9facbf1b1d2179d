"""Pipedrive: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyPlace, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "error"))
    code = failures.text(failures.at(body, "code"))
    return Failure(message=message, code=code)


def failed(response: Response) -> bool:
    """Whether an answer with a success status says that the call failed."""
    body = failures.body(response)
    return failures.at(body, "success") is False


VENDOR = Vendor(
    name="pipedrive",
    title="Pipedrive",
    servers={"default": "https://api.pipedrive.com/api/v2"},
    connection={
        "company": ConnectionValue(
            "The first part of your address (acme of acme.pipedrive.com), by which records have addresses for people.",
            required=False,
            pattern="[a-z0-9-]+",
        )
    },
    schemes={
        "api_key": Scheme("api_key", (KeyPlace("x_api_token", "header", "x-api-token"),)),
        "oauth2": Scheme("bearer"),
    },
    headers={},
    failure=failure,
    failed=failed,
    limits=(
        Limit("default", 20, 2, told=True),
        Limit("search", 10, 2, calls=("searchOrganization", "searchPersons"), told=True),
    ),
    hosts={"v1": "https://api.pipedrive.com/v1"},
    package=__name__,
)
