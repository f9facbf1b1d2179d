"""Adapters of files, with responses as the vendors document them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.functional.shipped import responding
from unified import drives, files, permissions, shared_links
from unified_runtime import Unsupported, VendorProtocolError

GOOGLE = {"id": "f1", "name": "May.pdf", "mimeType": "application/pdf", "trashed": False}
GRAPH = {
    "id": "i1",
    "name": "May.docx",
    "size": 3,
    "file": {"mimeType": "text/plain", "hashes": {"quickXorHash": "d3Jvbmc="}},
    "parentReference": {"driveId": "d1", "id": "i0"},
}
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
        files.share("d1/i1", via="microsoft-graph", **given)
        assert requests.body(0)["sendInvitation"] is sent
    with responding("dropbox", DROPBOX, dropbox_member(), DROPBOX) as requests:
        files.share(DROPBOX["id"], via="dropbox", **given)
        assert requests.body(1)["quiet"] is not sent


@pytest.mark.parametrize("drive", ["business", "documentLibrary"])
def test_a_document_that_sharepoint_has_changed_is_downloaded(drive: str) -> None:
    item = GRAPH | {"size": 2, "parentReference": {"driveId": "d1", "id": "i0", "driveType": drive}}
    with responding("microsoft-graph", item, b"abc"):
        assert files.download("d1/i1", via="microsoft-graph").read() == b"abc"


def test_a_content_of_a_personal_drive_has_its_hash() -> None:
    item = GRAPH | {"parentReference": {"driveId": "d1", "id": "i0", "driveType": "personal"}}
    with responding("microsoft-graph", item, b"abc"), pytest.raises(VendorProtocolError, match="quickxor"):
        files.download("d1/i1", via="microsoft-graph").read()


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


def test_links_to_files() -> None:
    made = {"id": "anyoneWithLink", "type": "anyone", "role": "reader"}
    with responding("google-drive", made) as requests:
        link = shared_links.create(file_id="f1", scope="anyone", role="reader", via="google-drive")
        assert requests.body() == {"type": "anyone", "role": "reader", "allowFileDiscovery": False}
        assert (link.id, link.file_id, link.scope, link.url) == ("f1/anyoneWithLink", "f1", "anyone", "https://drive.google.com/open?id=f1")
    until = datetime(2030, 1, 2, 9, 30, tzinfo=UTC)
    with responding("google-drive"), pytest.raises(Unsupported, match="but links cannot"):
        shared_links.create(file_id="f1", expires_at=until, via="google-drive")
    permission = {
        "id": "p9",
        "roles": ["write"],
        "expirationDateTime": "2030-01-02T09:30:00Z",
        "link": {"type": "edit", "scope": "organization", "webUrl": "https://1drv.ms/b/s!x"},
    }
    with responding("microsoft-graph", permission) as requests:
        link = shared_links.create(file_id="d1/i1", scope="organization", role="writer", expires_at=until, via="microsoft-graph")
        assert requests.body() == {"type": "edit", "scope": "organization", "expirationDateTime": "2030-01-02T09:30:00Z"}
        assert (link.id, link.file_id, link.role, link.url, link.expires_at) == (
            "d1/i1/p9",
            "d1/i1",
            "writer",
            "https://1drv.ms/b/s!x",
            until,
        )
    metadata = {
        ".tag": "file",
        "url": "https://www.dropbox.com/scl/fi/x/May.pdf?dl=0",
        "id": "id:abcdefghi",
        "name": "May.pdf",
        "expires": "2030-01-02T09:30:00Z",
        "link_permissions": {"can_revoke": True, "effective_audience": {".tag": "team"}, "link_access_level": {".tag": "viewer"}},
    }
    with responding("dropbox", metadata) as requests:
        link = shared_links.create(file_id="id:abcdefghi", scope="organization", expires_at=until, via="dropbox")
        assert requests.body() == {
            "path": "id:abcdefghi",
            "settings": {"audience": {".tag": "team"}, "expires": "2030-01-02T09:30:00Z"},
        }
        assert (link.file_id, link.scope, link.role, link.id) == ("id:abcdefghi", "organization", "reader", metadata["url"])


def test_links_of_a_file_are_listed_and_revoked() -> None:
    rows = [
        {"id": "p1", "type": "user", "role": "owner", "emailAddress": "ada@example.com"},
        {"id": "anyoneWithLink", "type": "anyone", "role": "reader"},
    ]
    with responding("google-drive", {"permissions": rows}):
        assert [each.id for each in shared_links.list(file_id="f1", via="google-drive")] == ["f1/anyoneWithLink"]
    given = {"id": "p9", "roles": ["read"], "link": {"type": "view", "scope": "anonymous", "webUrl": "https://1drv.ms/b/s!x"}}
    owner = {"id": "p1", "roles": ["owner"], "grantedToV2": {"user": {"id": "1", "displayName": "Ada", "email": "ada@example.com"}}}
    with responding("microsoft-graph", {"value": [owner, given]}):
        assert [(each.id, each.scope) for each in shared_links.list(file_id="d1/i1", via="microsoft-graph")] == [("d1/i1/p9", "anyone")]
    with responding("dropbox", (200, b"null")) as requests:
        shared_links.delete("https://www.dropbox.com/scl/fi/x/May.pdf?dl=0", via="dropbox")
        assert requests.body() == {"url": "https://www.dropbox.com/scl/fi/x/May.pdf?dl=0"}


def test_permissions_of_a_file_of_onedrive() -> None:
    rows = [
        {"id": "p1", "roles": ["owner"], "grantedToV2": {"user": {"id": "1", "displayName": "Ada", "email": "ada@example.com"}}},
        {"id": "p2", "roles": ["write"], "grantedToV2": {"group": {"id": "2", "displayName": "Team", "email": "team@example.com"}}},
        {"id": "p3", "roles": ["read"], "invitation": {"email": "grace@example.com"}},
        {"id": "p4", "roles": ["read"], "link": {"scope": "anonymous", "type": "view", "webUrl": "https://1drv.ms/b/s!x"}},
    ]
    with responding("microsoft-graph", {"value": rows}) as requests:
        found = list(permissions.list(file_id="d1/i1", via="microsoft-graph"))
        assert requests.lines == ["GET /v1.0/drives/d1/items/i1/permissions"]
    assert [(each.id, each.kind, each.role, each.email) for each in found] == [
        ("d1/i1/p1", "user", "owner", "ada@example.com"),
        ("d1/i1/p2", "group", "writer", "team@example.com"),
        ("d1/i1/p3", "user", "reader", "grace@example.com"),
        ("d1/i1/p4", "anyone", "reader", None),
    ]


def dropbox_members() -> dict[str, Any]:
    account = "dbid:" + "A" * 35
    return {
        "users": [{"access_type": {".tag": "owner"}, "user": {"account_id": account, "email": "ada@example.com", "display_name": "Ada"}}],
        "groups": [{"access_type": {".tag": "editor"}, "group": {"group_id": "g:1", "group_name": "Team"}}],
        "invitees": [{"access_type": {".tag": "viewer"}, "invitee": {".tag": "email", "email": "grace@example.com"}}],
    }


def test_permissions_of_a_file_and_of_a_folder_of_dropbox() -> None:
    expected = [
        ("user", "owner", "ada@example.com", "Ada"),
        ("group", "writer", None, "Team"),
        ("user", "commenter", "grace@example.com", None),
    ]
    folder = {".tag": "folder", "id": "id:abcdefghi", "name": "Reports", "shared_folder_id": "84528192421"}
    for entry, path in ((DROPBOX, "list_file_members"), (folder, "list_folder_members")):
        with responding("dropbox", entry, {**dropbox_members(), "cursor": "more"}, {"users": [], "groups": [], "invitees": []}) as requests:
            found = list(permissions.list(file_id="id:abcdefghi", via="dropbox"))
            assert requests.lines[1:] == [f"POST /2/sharing/{path}", f"POST /2/sharing/{path}/continue"]
        assert [(each.kind, each.role, each.email, each.name) for each in found] == expected
        assert found[2].id == "grace@example.com/id:abcdefghi"


@pytest.mark.parametrize(
    ("member", "sent"),
    [
        ("grace@example.com", {".tag": "email", "email": "grace@example.com"}),
        ("g:1", {".tag": "dropbox_id", "dropbox_id": "g:1"}),
    ],
)
def test_access_to_a_file_of_dropbox_is_taken_away(member: str, sent: dict[str, str]) -> None:
    with responding("dropbox", DROPBOX, dropbox_members(), {".tag": "success"}) as requests:
        permissions.delete(f"{member}/id:abcdefghi", via="dropbox")
        assert requests.body() == {"file": "id:abcdefghi", "member": sent}


# ------------------------------------------------------------------------------------------------------------------ drives of Graph
def graph_item(drive: str, id: str = "i1", parent: str = "i0", **more: Any) -> dict[str, Any]:
    return {"id": id, "name": "May.docx", "parentReference": {"driveId": drive, "id": parent}, **more}


def test_a_found_item_of_another_drive_is_read_there() -> None:
    with responding("microsoft-graph", {"value": [graph_item("d2"), graph_item("d1", "i3")]}, graph_item("d2")) as requests:
        found = list(files.search(text="May", via="microsoft-graph"))
        assert [(each.id, each.parent_id) for each in found] == [("d2/i1", "d2/i0"), ("d1/i3", "d1/i0")]
        assert files.get(found[0].id, via="microsoft-graph").id == "d2/i1"
        assert requests.lines[1] == "GET /v1.0/drives/d2/items/i1"
    with responding("microsoft-graph", graph_item("d2"), graph_item("d2", parent="i7"), (204, None)) as requests:
        files.update("d2/i1", name="June.docx", via="microsoft-graph")
        assert files.move("d2/i1", parent_id="d2/i7", via="microsoft-graph").parent_id == "d2/i7"
        assert requests.body(1) == {"parentReference": {"driveId": "d2", "id": "i7"}}
        files.delete("d2/i1", via="microsoft-graph")
        assert [*dict.fromkeys(line.partition(" ")[2] for line in requests.lines)] == ["/v1.0/drives/d2/items/i1"]


def test_the_root_of_a_drive_is_a_folder() -> None:
    listed = {"value": [{"id": "d2", "name": "Team", "driveType": "documentLibrary", "createdDateTime": "2030-01-02T09:30:00Z"}]}
    with responding("microsoft-graph", listed, {"value": [graph_item("d2")]}, {"value": []}, graph_item("d2", "i9")) as requests:
        (drive,) = drives.list(via="microsoft-graph")
        assert (drive.id, drive.name) == ("d2/root", "Team")
        assert [each.id for each in files.list(parent_id=drive.id, via="microsoft-graph")] == ["d2/i1"]
        list(files.list(via="microsoft-graph"))
        files.upload(name="x.txt", content=b"x", parent_id=drive.id, via="microsoft-graph")
        assert requests.lines == [
            "GET /v1.0/users/ada@example.com/drives",
            "GET /v1.0/drives/d2/items/root/children",
            "GET /v1.0/users/ada@example.com/drive/root/children",
            "PUT /v1.0/drives/d2/items/root:/x.txt:/content",
        ]
