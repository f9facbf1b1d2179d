"""Zendesk: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "description"))
    code = failures.text(failures.at(body, "error"))
    return Failure(message=message, code=code, fields=failures.mapping(failures.at(body, "details")))


VENDOR = Vendor(
    name="zendesk",
    title="Zendesk",
    servers={"default": "https://{subdomain}.zendesk.com"},
    connection={
        "subdomain": ConnectionValue(
            "The name of your account: acme of acme.zendesk.com.", pattern="[a-z0-9][a-z0-9-]*"
        )
    },
    schemes={"basicAuth": Scheme("basic"), "oauth": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(Limit("default", 200, 60, told=True),),
    package=__name__,
)
