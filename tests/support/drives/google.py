"""Google Drive's transfers: two parts in one body, resumable sessions, contents in ranges.

By https://developers.google.com/workspace/drive/api/guides/manage-uploads and .../manage-downloads. A session accepts chunks in order,
each but the last a multiple of 256 KiB; of an interrupted chunk, the largest such multiple is stored. Sessions are on another origin than
the API here, and reject a credential.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.support import multipart
from tests.support.drives.blobs import Blob
from tests.support.drives.server import Cut, Loopback, Reply, Seen, as_json, ranged
from tests.support.google_masks import masked, parsed
from tests.support.judges import Request
from tests.support.store import Call, Clock, Document, Record, Refused, Store

UNIT = 256 * 1024
SIMPLE = 5 * 1024 * 1024
NOT_FOUND = {"error": {"code": 404, "message": "File not found", "errors": [{"reason": "notFound"}]}}
FOLDER, OWNER = "0AKroot0000000Uk9PVA", {"emailAddress": "ada@example.com", "displayName": "Ada"}


class Drive:
    """Files with their revisions, the present one last. `contents` are by the id of the file."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.files: dict[str, Record] = {}
        self.contents: dict[str, Blob] = {}
        self.revisions: dict[str, list[Record]] = {}

    def handlers(self) -> dict[str, Any]:
        return {
            "drive.files.get": lambda call: masked(self.file(call), parsed(call.query["fields"])),
            "drive.revisions.list": lambda call: masked({"revisions": self.revisions[self.file(call)["id"]]}, parsed(call.query["fields"])),
        }

    def file(self, call: Call) -> Record:
        if call.path["fileId"] not in self.files:
            raise Refused(404, NOT_FOUND)
        return self.files[call.path["fileId"]]

    def create(self, body: Record, content: Blob) -> Record:
        if any(folder not in (FOLDER, *self.files) for folder in body.get("parents", ())):
            raise Refused(404, NOT_FOUND)
        id, now = f"1{len(self.files):032d}", self.clock.tick()
        self.files[id] = {
            "kind": "drive#file", "id": id, "name": "Untitled", "mimeType": "application/octet-stream", "parents": [FOLDER],
            "owners": [OWNER], "shared": False, "trashed": False, "createdTime": now, "modifiedTime": now,
            "webViewLink": f"https://drive.google.com/file/d/{id}/view", **body,
        }  # fmt: skip
        self.revisions[id] = []
        return self._described(id, content)

    def replace(self, id: str, body: Record, content: Blob, kind: str) -> Record:
        """Replace the content of a file. The media type of the new content becomes its own unless the description has another."""
        self.files[id] |= {"mimeType": kind, **body, "modifiedTime": self.clock.tick()}
        return self._described(id, content)

    def _described(self, id: str, content: Blob) -> Record:
        self.contents[id] = content
        self.files[id] |= {"size": str(content.size), "md5Checksum": content.hashed("md5"), "version": str(len(self.revisions[id]) + 1)}
        saved = {name: self.files[id][name] for name in ("modifiedTime", "mimeType", "size", "md5Checksum")}
        self.revisions[id].append({"id": f"0B{self.files[id]['version']}", "lastModifyingUser": OWNER, **saved})
        return self.files[id]


@dataclass(slots=True)
class Session:
    metadata: dict[str, Any]
    mask: str
    total: int | None
    content: Blob = field(default_factory=Blob)
    done: dict[str, Any] | None = None
    replaces: str | None = None
    """Id of the file whose content is replaced."""
    kind: str = ""


class GoogleDrive:
    """`api` serves the API, `elsewhere` the sessions."""

    unknown = "1nowhere"
    trusted = False

    def __init__(self, document: Document) -> None:
        self.drive = Drive()
        self.store = Store(document, self.drive.handlers())
        self.sessions: dict[str, Session] = {}
        self.api = Loopback(self._api)
        self.elsewhere = Loopback(self._session)
        self.wrong: list[str] = []

    def servers(self) -> dict[str, str]:
        return {"default": f"{self.api.origin}/drive/v3", "upload": self.api.origin, "addresses": self.elsewhere.origin}

    def keep(self, name: str, content: Blob) -> str:
        return str(self.drive.create({"name": name}, content)["id"])

    def content(self, id: str) -> Blob:
        return self.drive.contents[id]

    def contents(self) -> int:
        return len(self.drive.contents)

    def _refuse(self, why: str, status: int = 400) -> Reply:
        self.wrong.append(why)
        return as_json({"error": {"code": status, "message": why}}, status)

    def _api(self, seen: Seen) -> Reply:
        if seen.headers.get("authorization") != "Bearer token":
            return self._refuse("no credential", 401)
        if seen.path == "/upload/drive/v3/files" and seen.method == "POST":
            return self._upload(seen)
        if seen.path.startswith("/upload/drive/v3/files/") and seen.method == "PATCH":
            id = seen.path.rpartition("/")[2]
            if id not in self.drive.contents:
                return as_json(NOT_FOUND, 404)
            return self._upload(seen, id)
        found = re.fullmatch(r"/drive/v3/files/([^/]+)(/export)?", seen.path)
        if found and seen.method == "GET" and (found[2] or seen.one("alt") == "media"):
            return self._download(seen, found[1], exported=bool(found[2]))
        assert seen.path.startswith("/drive/v3/")
        target = seen.target.removeprefix("/drive/v3")
        response = self.store.respond(Request(seen.method, target, tuple(seen.headers.items()), seen.entire() or None))
        return Reply(response.status, dict(response.headers), response.body)

    def _download(self, seen: Seen, id: str, *, exported: bool) -> Reply:
        content = self.drive.contents.get(id)
        if content is None:
            return as_json(NOT_FOUND, 404)
        if exported:  # generated on request: no length, no ranges
            return Reply(200, {"Content-Type": seen.one("mimeType") or ""}, content.pieces(), None)
        return ranged(content, seen, {"Content-Type": "application/octet-stream"})

    def _upload(self, seen: Seen, replaces: str | None = None) -> Reply:
        mask = seen.one("fields") or ""
        kind = seen.headers.get("content-type", "")
        if seen.one("uploadType") == "multipart":
            parts = multipart.parts(seen.entire(), kind)
            if parts is None or len(parts) != 2:
                return self._refuse(f"the body is not of two parts: {kind}")
            (about, described), (content_type, content) = parts
            if not about.startswith("application/json"):
                return self._refuse("the first part is not JSON")
            if len(content) > SIMPLE:
                return self._refuse("too large for one request", 413)
            try:
                record = self._stored(replaces, json.loads(described), Blob(content), content_type)
            except Refused as refused:
                return as_json(refused.body, refused.status)
            return as_json(self._masked(record, mask))
        if seen.one("uploadType") != "resumable":
            return self._refuse(f"uploadType {seen.one('uploadType')}")
        if not kind.startswith("application/json"):
            return self._refuse(f"metadata as {kind}")
        total = seen.headers.get("x-upload-content-length")
        id = f"AHmUCY{len(self.sessions)}"
        self.sessions[id] = Session(
            json.loads(seen.entire() or b"{}"),
            mask,
            int(total) if total is not None else None,
            replaces=replaces,
            kind=seen.headers.get("x-upload-content-type", ""),
        )
        return Reply(200, {"Location": f"{self.elsewhere.origin}/upload/drive/v3/files?uploadType=resumable&upload_id={id}"})

    def _session(self, seen: Seen) -> Reply:
        if "authorization" in seen.headers:
            return self._refuse("a credential was sent to the address of a session", 400)
        session = self.sessions.get(seen.one("upload_id") or "")
        if session is None:
            return self._refuse("no such session", 404)
        if seen.method == "DELETE":
            del self.sessions[seen.one("upload_id") or ""]
            return Reply(499)
        if session.done is not None:
            return as_json(session.done)
        found = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", seen.headers.get("content-range", ""))
        if found is None or seen.method != "PUT":
            return self._refuse(f"{seen.method} with the range {seen.headers.get('content-range')!r}")
        if found[3] != "*":
            if session.total not in (None, int(found[3])):
                return self._refuse("the size changed")
            session.total = int(found[3])
        if found[1] is None:
            if seen.length:
                return self._refuse("a question with a body")
            return self._state(session)
        first, last = int(found[1]), int(found[2])
        if first != session.content.size or last - first + 1 != seen.length:
            return self._refuse(f"bytes {first}-{last} ({seen.length}), and {session.content.size} are here")
        if (last + 1) % UNIT and last + 1 != session.total:
            return self._refuse("a chunk that is not a multiple of 256 KiB")
        try:
            for piece in seen.body:
                session.content.append(piece)
        except Cut:
            session.content.truncate(session.content.size // UNIT * UNIT)
            raise
        return self._state(session)

    def _state(self, session: Session) -> Reply:
        size = session.content.size
        if size == session.total:
            record = self._stored(session.replaces, session.metadata, session.content, session.kind)
            session.done = self._masked(record, session.mask)
            return as_json(session.done)
        return Reply(308, {"Range": f"bytes=0-{size - 1}"} if size else {})

    def _stored(self, replaces: str | None, described: dict[str, Any], content: Blob, kind: str) -> dict[str, Any]:
        if replaces is None:
            return self.drive.create(described, content)
        return self.drive.replace(replaces, described, content, kind)

    def _masked(self, record: dict[str, Any], mask: str) -> Any:
        names = re.sub(r"\([^)]*\)", "", mask).split(",")
        return {name: record[name] for name in names if name in record} if mask else {"id": record["id"], "name": record["name"]}
