"""Servers, credentials, limits and errors of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "message"))
    code = error_details.text(error_details.at(body, "code"))
    return Failure(message=message, code=code)


VENDOR = Vendor(
    name="acme",
    title="Acme",
    servers={"token": "https://{site}.acme.example/v1"},
    connection={"site": ConnectionValue("The name before .acme.example.")},
    schemes={"token": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(),
    package=__name__,
)
