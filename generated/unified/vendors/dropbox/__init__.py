"""Servers, credentials, limits and errors of Dropbox. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = error_details.text(error_details.at(body, "error_summary"))
    code = error_details.text(error_details.at(body, "error_summary"))
    kinds = {
        "invalid_access_token/*": "Unauthorized",
        "expired_access_token/*": "Unauthorized",
        "*not_found/*": "NotFound",
        "missing_scope/*": "Forbidden",
        "*no_write_permission/*": "Forbidden",
        "*access_restricted/*": "Forbidden",
        "*no_permission/*": "Forbidden",
        "*insufficient_permissions/*": "Forbidden",
        "*invalid_file/*": "Forbidden",
        "*restricted_content/*": "Forbidden",
        "*malformed_path/*": "Rejected",
        "*disallowed_name/*": "Rejected",
        "*not_file/*": "Rejected",
        "*not_folder/*": "Rejected",
        "*unsupported_file/*": "Rejected",
        "*non_exportable/*": "Rejected",
        "*invalid_export_format/*": "Rejected",
        "*payload_too_large/*": "Rejected",
        "*insufficient_space/*": "Rejected",
        "*insufficient_quota/*": "Rejected",
        "*invalid_argument/*": "Rejected",
        "*invalid_member/*": "Rejected",
        "*bad_member/*": "Rejected",
        "too_many_requests/*": "RateLimited",
        "*too_many_write_operations/*": "RateLimited",
        "*rate_limit/*": "RateLimited",
        "*internal_error/*": "Unavailable",
        "*retry_error/*": "Unavailable",
    }
    return Failure(message=message, code=code, kind=error_details.kind(code, kinds))


def failed(response: Response) -> bool:
    """Return true if a response with a success status reports a failure."""
    body = error_details.body(response)
    return bool(error_details.at(body, 0, "result", ".tag") == "member_error")


VENDOR = Vendor(
    name="dropbox",
    title="Dropbox",
    servers={"default": "https://api.dropboxapi.com/2"},
    connection={
        "root_namespace_id": ConnectionValue(
            "The root namespace of your team space: root_info.root_namespace_id of users/get_current_account, which OAuth connections read themselves. Without it, calls see only your own folder.",
            required=False,
            pattern="[0-9]+",
        )
    },
    schemes={"oauth2": Scheme("bearer")},
    headers={"Dropbox-API-Path-Root": '{".tag": "root", "root": "{connection.root_namespace_id}"}'},
    failure=failure,
    failed=failed,
    limits=(Limit("default", reported=True),),
    api_hosts={
        "content": "https://content.dropboxapi.com/2",
        "notify": "https://notify.dropboxapi.com/2/files/list_folder",
    },
    package=__name__,
)
