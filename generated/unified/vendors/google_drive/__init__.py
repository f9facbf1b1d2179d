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
        "dailyLimitExceeded": "LimitExhausted",
        "storageQuotaExceeded": "Rejected",
        "fileNotDownloadable": "Unsupported",
        "exportSizeLimitExceeded": "Unsupported",
        "fileNotExportable": "Unsupported",
    }
    hints = {
        "invalidSharingRequest": "the address has no Google account, so share with notify=true",
        "fileNotDownloadable": "it is a document of Google's own format, so read it by export",
        "exportSizeLimitExceeded": "an export has at most 10 MB; open the document's url, or export a smaller part of it",
        "fileNotExportable": "it has a content of its own, so read it by download",
    }
    return Failure(message=message, code=code, kind=kinds.get(code or ""), hint=error_details.kind(code, hints))


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
