"""Acme: how it is reached. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure | None:
    """Read what a failed answer says."""
    body = failures.body(response)
    message = failures.text(failures.at(body, "message"))
    code = failures.text(failures.at(body, "code"))
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
