"""Behaviour of chats, files and deals as vendors document it, beyond what their documents describe."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import unified.companies
import unified.contacts
import unified.deal_stages
import unified.deals
import unified.files
import unified.messages
import unified.pipelines
import unified.users
from tests.functional.shipped import shipped
from unified_runtime import Unavailable, Unsupported

ROOM, EVENT = "!room:matrix.test", "!room:matrix.test/$event"
NO_STATE: Any = (404, {"errcode": "M_NOT_FOUND", "error": "Event not found."})
ENCRYPTED = {"algorithm": "m.megolm.v1.aes-sha2"}


def matrix(**more: Any) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": "Hello"}
    return {"event_id": "$event", "room_id": ROOM, "type": "m.room.message", "sender": "@ada:matrix.test", "content": content, **more}


# ------------------------------------------------------------------ Matrix: encrypted rooms
def test_nothing_is_sent_in_the_clear_to_an_encrypted_room() -> None:
    with pytest.raises(Unsupported, match="encrypted"):
        shipped(unified.messages.send, channel_id=ROOM, text="secret", via="matrix", responses=[ENCRYPTED])
    with pytest.raises(Unsupported, match="encrypted"):
        shipped(unified.messages.reply, EVENT, text="secret", via="matrix", responses=[matrix(), ENCRYPTED])
    with pytest.raises(Unsupported, match="encrypted"):
        shipped(lambda **more: list(unified.messages.list(channel_id=ROOM, **more)), via="matrix", responses=[ENCRYPTED])
    responses = [{"user_id": "@ada:matrix.test"}, matrix(), ENCRYPTED]
    with pytest.raises(Unsupported, match="encrypted"):
        shipped(unified.messages.update, EVENT, text="secret", via="matrix", responses=responses)


def test_a_room_without_encryption_is_used_as_before() -> None:
    ran = shipped(
        unified.messages.send, channel_id=ROOM, text="Hello", via="matrix", responses=[NO_STATE, {"event_id": "$event"}, matrix()]
    )
    assert ran.value.text == "Hello"
    assert "/state/m.room.encryption" in ran.requests[0].url
    ran = shipped(unified.messages.list, channel_id=ROOM, via="matrix", responses=[NO_STATE, {"chunk": [matrix()], "start": "s"}])
    assert [each.text for each in ran.value] == ["Hello"]


# ------------------------------------------------------------------ names
def test_discord_shows_the_name_in_the_server() -> None:
    user = {"id": "1200000000000000001", "username": "ada_1815", "global_name": "Ada"}
    for nick, name in (("Countess", "Countess"), (None, "Ada")):
        found = shipped(unified.users.get, user["id"], via="discord", responses=[{"nick": nick, "user": user}]).value
        assert found.name == name


def test_hubspot_owners_have_names_and_are_found_by_them() -> None:
    owners = [{"id": "1", "email": "a@x.example", "firstName": "Ada", "lastName": "Lovelace"}, {"id": "2", "email": "b@x.example"}]
    ran = shipped(unified.users.list, text="lovel", via="hubspot", responses=[{"results": owners}])
    assert [(each.id, each.name) for each in ran.value] == [("1", "Ada Lovelace")]


# ------------------------------------------------------------------ deals
def test_hubspot_lists_the_stages_of_all_pipelines() -> None:
    pipelines = {"results": [{"id": "default", "label": "Sales"}, {"id": "7", "label": "Partners"}]}
    stage = {"id": "won", "label": "Won", "metadata": {"isClosed": "true", "probability": "1.0"}}
    ran = shipped(
        unified.deal_stages.list,
        via="hubspot",
        responses=[pipelines, {"results": [stage]}, pipelines, {"results": [{**stage, "id": "closed"}]}],
    )
    assert [(each.id, each.pipeline_id, each.status) for each in ran.value] == [("won", "default", "won"), ("closed", "7", "won")]
    ran = shipped(unified.pipelines.list, via="hubspot", responses=[pipelines])
    assert [(each.id, each.name) for each in ran.value] == [("default", "Sales"), ("7", "Partners")]


def test_a_close_date_is_the_same_date_in_other_time_zones() -> None:
    deal = {"id": "1", "properties": {"dealname": "Deal", "closedate": "2030-01-02T12:00:00Z"}}
    ran = shipped(unified.deals.update, "1", close_date=date(2030, 1, 2), via="hubspot", responses=[deal, deal])
    assert ran.sent[0][1] == {"properties": {"closedate": "2030-01-02T12:00:00Z"}}
    assert ran.value.close_date == date(2030, 1, 2)


# ------------------------------------------------------------------ files
def test_drive_searches_all_drives_and_reports_those_left_out() -> None:
    ran = shipped(unified.files.search, text="plan", via="google-drive", responses=[{"files": [{"id": "1", "name": "Plan"}]}])
    assert "corpora=allDrives" in ran.sent[0]
    assert "incompleteSearch" in ran.sent[0]
    with pytest.raises(Unavailable, match="narrower"):
        shipped(
            lambda **more: list(unified.files.search(text="plan", **more)),
            via="google-drive",
            responses=[{"incompleteSearch": True, "files": []}],
        )


def test_contents_are_searched_by_an_operation_of_their_own() -> None:
    ran = shipped(unified.files.search_content, text="salary", via="google-drive", responses=[{"files": []}])
    assert "fullText contains 'salary'" in ran.sent[0]
    inside = {"parentReference": {"driveId": "d", "id": "0"}, "file": {}}
    found = {"value": [{"id": "1", "name": "Plan.docx", **inside}, {"id": "2", "name": "Salary.xlsx", **inside}]}
    ran = shipped(unified.files.search, text="salary", via="microsoft-graph", responses=[found])
    assert [each.id for each in ran.value] == ["d/2"]
    ran = shipped(unified.files.search_content, text="salary", via="microsoft-graph", responses=[found])
    assert [each.id for each in ran.value] == ["d/1", "d/2"]


@pytest.mark.parametrize(
    ("item", "is_folder"),
    [
        ({"folder": {}}, True),
        ({"file": {"mimeType": "text/plain"}}, False),
        ({"package": {"type": "oneNote"}}, False),
        ({"remoteItem": {"id": "9", "file": {"mimeType": "text/plain"}}}, False),
        ({"remoteItem": {"id": "9", "folder": {"childCount": 1}}}, True),
    ],
)
def test_onedrive_knows_folders_from_packages_and_shortcuts(item: dict[str, Any], is_folder: bool) -> None:
    response = {"id": "1", "name": "x", "parentReference": {"driveId": "d", "id": "0"}, **item}
    found = shipped(unified.files.get, "d/1", via="microsoft-graph", responses=[response]).value
    assert found.is_folder is is_folder


def test_dropbox_is_rooted_in_the_team_space_if_that_is_given() -> None:
    ran = shipped(
        unified.files.search,
        text="x",
        via="dropbox",
        connection={"root_namespace_id": "42"},
        responses=[{"matches": [], "has_more": False}],
    )
    assert ran.headers[0]["Dropbox-API-Path-Root"] == '{".tag": "root", "root": "42"}'
    ran = shipped(unified.files.search, text="x", via="dropbox", responses=[{"matches": [], "has_more": False}])
    assert "Dropbox-API-Path-Root" not in ran.headers[0]


@pytest.mark.parametrize(
    "listed", [unified.contacts.list, unified.companies.list, unified.deals.list], ids=["contacts", "companies", "deals"]
)
def test_records_of_a_crm_are_found_by_text(listed: Any) -> None:
    ran = shipped(listed, text="lovel", via="hubspot", responses=[{"total": 0, "results": []}])
    assert ran.sent[0][1]["query"] == "lovel"
    ran = shipped(listed, text="lov'el", via="salesforce", responses=[{"totalSize": 0, "done": True, "records": []}])
    assert r"Name LIKE '%lov\'el%'" in ran.sent[0]
    records = [
        {"id": 1, "name": "Lovelace", "last_name": "Lovelace", "title": "Lovelace"},
        {"id": 2, "name": "X", "last_name": "X", "title": "X"},
    ]
    ran = shipped(listed, text="lovel", via="pipedrive", responses=[{"success": True, "data": records, "additional_data": {}}])
    assert [each.id for each in ran.value] == ["1"]
