"""Errors as vendors document them: the kind that callers get, its message, and whether the request is sent again."""

from __future__ import annotations

from typing import Any

import pytest

import unified.companies
import unified.contacts
import unified.files
import unified.messages
import unified.users
from tests.functional.shipped import shipped
from unified_runtime import Conflict, Forbidden, LimitExhausted, Rejected, Unsupported

MESSAGE = "C0DEMO00001:1893456000.000100"


@pytest.mark.parametrize(
    ("error", "kind", "texts"),
    [
        ({"error": "invalid_name"}, Rejected, ["invalid_name"]),
        (
            {"error": "missing_scope", "needed": "reactions:write", "provided": "chat:write"},
            Forbidden,
            ["missing_scope", "reactions:write", "chat:write"],
        ),
        (
            {"error": "invalid_arguments", "response_metadata": {"messages": ["[ERROR] missing required field: name"]}},
            Rejected,
            ["invalid_arguments: [ERROR] missing required field: name"],
        ),
        ({"error": "not_in_channel"}, Forbidden, ["not_in_channel", "join the channel first"]),
        ({"error": "fatal_error", "response_metadata": None}, Rejected, ["fatal_error"]),
    ],
)
def test_slack_reports_what_is_wrong(error: dict[str, Any], kind: type[Exception], texts: list[str]) -> None:
    with pytest.raises(kind) as caught:
        shipped(unified.messages.react, MESSAGE, emoji="👍", via="slack", responses=[{"ok": False, **error}])
    for text in texts:
        assert text in str(caught.value)


def google(reason: str, message: str) -> Any:
    return 403, {"error": {"code": 403, "message": message, "errors": [{"reason": reason, "message": message}]}}


def test_drive_explains_how_to_read_a_document() -> None:
    response = google("fileNotDownloadable", "Only files with binary content can be downloaded. Use Export with Docs Editors files.")
    with pytest.raises(Unsupported, match="export"):
        shipped(lambda **more: unified.files.download("1", **more).read(), via="google-drive", responses=[{}, response])
    response = google("exportSizeLimitExceeded", "This file is too large to be exported.")
    with pytest.raises(Unsupported, match="10 MB"):
        shipped(
            lambda **more: unified.files.export("1", mime_type="application/pdf", **more).read(), via="google-drive", responses=[response]
        )


def test_the_requests_of_a_day_are_not_sent_again() -> None:
    response = [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    with pytest.raises(LimitExhausted, match="used up") as caught:
        shipped(lambda **more: list(unified.users.list(**more)), via="salesforce", responses=[(403, response)])
    assert caught.value.retry_safe


# ------------------------------------------------------------------ duplicates
DUPLICATE: Any = (
    400,
    [
        {
            "errorCode": "DUPLICATES_DETECTED",
            "message": "Use one of these records?",
            "duplicateResult": {"allowSave": True, "matchResults": [{"matchRecords": [{"record": {"Id": "003000000000001AAA"}}]}]},
        }
    ],
)


def test_salesforce_names_the_record_that_there_is() -> None:
    with pytest.raises(Conflict, match=r"003000000000001AAA.*allow_duplicate"):
        shipped(unified.contacts.create, last_name="Lovelace", via="salesforce", responses=[DUPLICATE])


def test_a_duplicate_is_saved_if_requested() -> None:
    responses = [(201, {"id": "003000000000002AAA", "success": True, "errors": []}), {"Id": "003000000000002AAA", "LastName": "Lovelace"}]
    ran = shipped(unified.contacts.create, last_name="Lovelace", allow_duplicate=True, via="salesforce", responses=responses)
    assert ran.headers[0]["Sforce-Duplicate-Rule-Header"] == "allowSave=true"
    ran = shipped(unified.contacts.create, last_name="Lovelace", via="salesforce", responses=responses)
    assert "Sforce-Duplicate-Rule-Header" not in ran.headers[0]


def test_salesforce_lists_without_naming_fields_that_a_profile_may_not_see() -> None:
    for listed in (unified.contacts.list, unified.companies.list, unified.users.list):
        ran = shipped(listed, via="salesforce", responses=[{"totalSize": 0, "done": True, "records": []}])
        assert "SELECT FIELDS(STANDARD) FROM" in ran.sent[0]


def test_salesforce_reads_a_record_of_which_a_profile_may_not_see_some_fields() -> None:
    hidden = (400, [{"errorCode": "INVALID_FIELD", "message": "No such column 'AssistantPhone' on entity 'Contact'."}])
    record = {"Id": "003000000000001AAA", "LastName": "Lovelace", "Phone": "1"}
    ran = shipped(unified.contacts.get, "003000000000001AAA", via="salesforce", responses=[hidden, record])
    assert (ran.value.last_name, [phone.number for phone in ran.value.phones]) == ("Lovelace", ["1"])
    assert "AssistantPhone" in ran.sent[0]
    assert "fields=" not in ran.sent[1]
    ran = shipped(
        unified.contacts.update, "003000000000001AAA", job_title="Boss", via="salesforce", responses=[(204, None), hidden, record]
    )
    assert ran.value.last_name == "Lovelace"
    unknown = (400, [{"errorCode": "MALFORMED_ID", "message": "malformed id"}])
    with pytest.raises(Rejected):
        shipped(unified.contacts.get, "003000000000001AAA", via="salesforce", responses=[unknown])
