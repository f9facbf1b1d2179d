"""Servers, credentials, limits and errors of Google Drive. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Failure, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error", "message"))
    code = error_details.text(error_details.at(body, "error", "errors", 0, "reason"))
    kinds = {
        "rateLimitExceeded": "RateLimited",
        "userRateLimitExceeded": "RateLimited",
        "insufficientFilePermissions": "Forbidden",
        "notFound": "NotFound",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""))


VENDOR = Vendor(
    name="google-drive",
    title="Google Drive",
    servers={"default": "https://www.googleapis.com/drive/v3"},
    connection={},
    schemes={"oauth2": Scheme("bearer")},
    headers={},
    failure=failure,
    limits=(),
    api_hosts={"upload": "https://www.googleapis.com"},
    transfer_hosts=("https://www.googleapis.com",),
    package=__name__,
)
