"""Jira: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "errorMessages", 0))
    return Failure(message=message, fields=failures.mapping(failures.at(body, "errors")))


VENDOR = Vendor(
    name="jira",
    title="Jira",
    servers={"basicAuth": "https://{site}.atlassian.net", "OAuth2": "https://api.atlassian.com/ex/jira/{cloud_id}"},
    connection={
        "site": ConnectionValue("The name of your site: acme of acme.atlassian.net.", pattern="[a-z0-9][a-z0-9-]*"),
        "cloud_id": ConnectionValue(
            "The id of your site, as accessible-resources lists it; needed with OAuth.",
            required=False,
            pattern="[0-9a-f-]{36}",
        ),
    },
    schemes={"OAuth2": Scheme("bearer"), "basicAuth": Scheme("basic")},
    headers={},
    failure=failure,
    limits=(Limit("endpoints", each=("operation",), told=True),),
    package=__name__,
)
