"""Servers, credentials, limits and errors of Slack. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, Limit, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure | None:
    """Read an error response."""
    body = error_details.body(response)
    message = (
        error_details.composed(
            ("", ": the scope ", " is needed, and the token has ", ""),
            error_details.at(body, "error"),
            error_details.at(body, "needed"),
            error_details.at(body, "provided"),
        )
        or error_details.composed(
            ("", ": ", ""), error_details.at(body, "error"), error_details.at(body, "response_metadata", "messages")
        )
        or error_details.text(error_details.at(body, "error"))
    )
    code = error_details.text(error_details.at(body, "error"))
    kinds = {
        "channel_not_found": "NotFound",
        "message_not_found": "NotFound",
        "thread_not_found": "NotFound",
        "user_not_found": "NotFound",
        "users_not_found": "NotFound",
        "not_authed": "Unauthorized",
        "invalid_auth": "Unauthorized",
        "account_inactive": "Unauthorized",
        "token_revoked": "Unauthorized",
        "missing_scope": "Forbidden",
        "no_permission": "Forbidden",
        "not_in_channel": "Forbidden",
        "cant_update_message": "Forbidden",
        "cant_delete_message": "Forbidden",
        "restricted_action": "Forbidden",
        "ekm_access_denied": "Forbidden",
        "is_archived": "Conflict",
        "edit_window_closed": "Conflict",
        "already_reacted": "Conflict",
        "no_reaction": "Conflict",
        "already_pinned": "Conflict",
        "not_pinned": "Conflict",
        "already_archived": "Conflict",
        "already_in_channel": "Conflict",
        "last_member": "Conflict",
        "cant_archive_general": "Conflict",
        "cant_leave_general": "Conflict",
        "cant_kick_from_general": "Conflict",
        "name_taken": "Conflict",
        "msg_too_long": "Rejected",
        "no_text": "Rejected",
        "too_many_attachments": "Rejected",
        "invalid_name": "Rejected",
        "invalid_name_specials": "Rejected",
        "invalid_name_maxlength": "Rejected",
        "invalid_name_required": "Rejected",
        "bad_timestamp": "Rejected",
        "invalid_arguments": "Rejected",
        "rate_limited": "RateLimited",
        "ratelimited": "RateLimited",
    }
    hints = {"not_in_channel": "join the channel first", "missing_scope": "connect again with this scope"}
    return Failure(message=message, code=code, kind=kinds.get(code or ""), hint=error_details.kind(code, hints))


def failed(response: Response) -> bool:
    """Return true if a response with a success status reports a failure."""
    body = error_details.body(response)
    return error_details.at(body, "ok") is False


VENDOR = Vendor(
    name="slack",
    title="Slack",
    servers={"default": "https://slack.com/api"},
    connection={
        "workspace": ConnectionValue(
            "The first part of your address (acme for acme.slack.com); needed for the `url` of messages.",
            required=False,
            pattern="[a-z0-9-]+(\\.enterprise)?",
        )
    },
    schemes={"slackAuth": Scheme("bearer")},
    headers={},
    failure=failure,
    failed=failed,
    limits=(
        Limit(
            "tier2",
            20,
            60,
            operations=(
                "conversations_archive",
                "conversations_create",
                "conversations_list",
                "conversations_rename",
                "conversations_setTopic",
                "pins_add",
                "pins_remove",
                "reactions_remove",
                "search_messages",
                "users_list",
            ),
            partition_by=("operation",),
        ),
        Limit(
            "tier3",
            50,
            60,
            operations=(
                "chat_delete",
                "chat_update",
                "conversations_history",
                "conversations_info",
                "conversations_invite",
                "conversations_join",
                "conversations_kick",
                "conversations_leave",
                "conversations_open",
                "conversations_replies",
                "reactions_add",
                "reactions_get",
            ),
            partition_by=("operation",),
        ),
        Limit(
            "tier4",
            100,
            60,
            operations=(
                "conversations_members",
                "files_completeUploadExternal",
                "files_getUploadURLExternal",
                "users_info",
            ),
            partition_by=("operation",),
        ),
        Limit("special", operations=("auth_test", "chat_postMessage"), partition_by=("operation",), reported=True),
        Limit("posts", 1, 1, operations=("chat_postMessage",), partition_by=("channel",)),
    ),
    transfer_hosts=("https://files.slack.com",),
    package=__name__,
)
