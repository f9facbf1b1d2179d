"""Adapters of files, with responses as the vendors document them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.shipped import responding
from unified import drives, files, permissions
from unified_runtime import VendorProtocolError

GOOGLE = {"id": "f1", "name": "May.pdf", "mimeType": "application/pdf", "trashed": False}
GRAPH = {"id": "i1", "name": "May.docx", "size": 3, "file": {"mimeType": "text/plain", "hashes": {"quickXorHash": "d3Jvbmc="}}}
DROPBOX = {".tag": "file", "id": "id:abcdefghi", "name": "May.pdf", "path_display": "/May.pdf", "rev": "0123456789", "size": 3}


def dropbox_member() -> list[dict[str, Any]]:
    return [{"member": {".tag": "email", "email": "grace@example.com"}, "result": {".tag": "success", "success": {".tag": "viewer"}}}]


@pytest.mark.parametrize(("notify", "sent"), [(None, False), (False, False), (True, True)])
def test_sharing_sends_no_mail_unless_requested(notify: bool | None, sent: bool) -> None:
    given = {"email": "grace@example.com", "role": "reader"} | ({} if notify is None else {"notify": notify})
    with responding("google-drive", {"id": "p1"}, GOOGLE) as requests:
        files.share("f1", via="google-drive", **given)
        assert requests.query(0)["sendNotificationEmail"] == str(sent).lower()
    with responding("microsoft-graph", {"value": []}, GRAPH) as requests:
        files.share("i1", via="microsoft-graph", **given)
        assert requests.body(0)["sendInvitation"] is sent
    with responding("dropbox", DROPBOX, dropbox_member(), DROPBOX) as requests:
        files.share(DROPBOX["id"], via="dropbox", **given)
        assert requests.body(1)["quiet"] is not sent


@pytest.mark.parametrize("drive", ["business", "documentLibrary"])
def test_a_document_that_sharepoint_has_changed_is_downloaded(drive: str) -> None:
    item = GRAPH | {"size": 2, "parentReference": {"driveId": "d", "id": "i0", "driveType": drive}}
    with responding("microsoft-graph", item, b"abc"):
        assert files.download("i1", via="microsoft-graph").read() == b"abc"


def test_a_content_of_a_personal_drive_has_its_hash() -> None:
    item = GRAPH | {"parentReference": {"driveId": "d", "id": "i0", "driveType": "personal"}}
    with responding("microsoft-graph", item, b"abc"), pytest.raises(VendorProtocolError, match="quickxor"):
        files.download("i1", via="microsoft-graph").read()


def test_permissions_of_a_file_of_drive() -> None:
    rows = [
        {"id": "p1", "type": "user", "role": "organizer", "emailAddress": "ada@example.com", "displayName": "Ada"},
        {"id": "anyoneWithLink", "type": "anyone", "role": "reader"},
    ]
    with responding("google-drive", {"permissions": rows}) as requests:
        found = list(permissions.list(file_id="f1", via="google-drive"))
        assert requests.lines == ["GET /drive/v3/files/f1/permissions"]
        assert requests.query()["supportsAllDrives"] == "true"
    assert [(each.id, each.kind, each.role, each.email) for each in found] == [
        ("f1/p1", "user", "owner", "ada@example.com"),
        ("f1/anyoneWithLink", "anyone", "reader", None),
    ]
    with responding("google-drive", (204, b"")) as requests:
        permissions.delete("f1/anyoneWithLink", via="google-drive")
        assert requests.lines == ["DELETE /drive/v3/files/f1/permissions/anyoneWithLink"]


def test_shared_drives_are_listed() -> None:
    with responding("google-drive", {"drives": [{"id": "0A", "name": "Team"}]}):
        assert [(each.id, each.name) for each in drives.list(via="google-drive")] == [("0A", "Team")]
