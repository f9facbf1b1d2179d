"""Servers, credentials, limits and errors of Jira. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "errorMessages", 0))
    return Failure(message=message, fields=error_details.mapping(error_details.at(body, "errors")))


VENDOR = Vendor(
    name="jira",
    title="Jira",
    servers={"basicAuth": "https://{site}.atlassian.net", "OAuth2": "https://api.atlassian.com/ex/jira/{cloud_id}"},
    preferred={"basicAuth": ("https://api.atlassian.com/ex/jira/{cloud_id}",)},
    connection={
        "site": ConnectionValue("The name of your site: acme for acme.atlassian.net.", pattern="[a-z0-9][a-z0-9-]*"),
        "cloud_id": ConnectionValue(
            "The id of your site, as returned by accessible-resources; needed with OAuth, and with API tokens that have scopes.",
            required=False,
            pattern="[0-9a-f-]{36}",
        ),
    },
    schemes={"OAuth2": Scheme("bearer"), "basicAuth": Scheme("basic")},
    headers={},
    failure=failure,
    limits=(Limit("endpoints", partition_by=("operation",), reported=True),),
    package=__name__,
)
