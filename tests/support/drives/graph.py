"""Microsoft's transfers: upload sessions in two steps, and downloads by redirect.

By https://learn.microsoft.com/graph/api/driveitem-createuploadsession: a URL accepts the chunks in order, each but the last a multiple
of 320 KiB and less than 60 MiB. It returns 202 with the missing ranges, at the end the item, without a credential. Downloads redirect
by 302.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.support.drives.blobs import Blob
from tests.support.drives.server import Cut, Loopback, Reply, Seen, as_json, ranged
from tests.support.judges import Request
from tests.support.store import Call, Document, Record, Refused, Store, WithHeaders
from tests.support.stores.microsoft_files import DRIVE, OneDrive

UNIT = 320 * 1024
LARGEST = 60 * 1024 * 1024


@dataclass(slots=True)
class Session:
    folder: str
    name: str
    content: Blob = field(default_factory=Blob)
    total: int | None = None
    replaces: str | None = None
    """Id of the item whose content is replaced."""


class GraphDouble:
    """`api` serves the API, `elsewhere` the sessions and the contents."""

    unknown = f"{DRIVE}/01NOWHERE"
    trusted = False

    def __init__(self, document: Document) -> None:
        self.drive = OneDrive(document)
        self.sessions: dict[str, Session] = {}
        handlers = {
            **self.drive.handlers(),
            "driveItem_CreateUploadSession": self._begin,
            "driveRoot_CreateUploadSession": self._begin,
            "driveItem_CreateReplaceSession": self._begin_version,
            "driveItem_Copy": self._copy,
        }
        self.store = Store(document, handlers)
        self.jobs: dict[str, list[Reply]] = {}
        self.monitor: list[Reply | None] = [None]
        """Successive responses of the monitor URL of a copy; None if it is complete."""
        self.monitors = "{origin}/monitor/{id}"
        self.api = Loopback(self._api)
        self.elsewhere = Loopback(self._elsewhere)
        self.wrong: list[str] = []

    def servers(self) -> dict[str, str]:
        return {"default": f"{self.api.origin}/v1.0", "addresses": self.elsewhere.origin}

    def keep(self, name: str, content: Blob) -> str:
        return f"{DRIVE}/{self.drive.create('01ROOT', name, content)['id']}"

    def content(self, id: str) -> Blob:
        return self.drive.contents[id.rpartition("/")[2]]

    def contents(self) -> int:
        return len(self.drive.contents)

    def _refuse(self, why: str, status: int = 400) -> Reply:
        self.wrong.append(why)
        return as_json({"error": {"code": "invalidRequest", "message": why}}, status)

    def _api(self, seen: Seen) -> Reply:
        if seen.headers.get("authorization") != "Bearer token":
            return self._refuse("no credential", 401)
        assert seen.target.startswith("/v1.0/")
        found = re.fullmatch(r"/v1\.0/drives/[^/]+/items/([^/:]+)/content", seen.path)
        if found and seen.method == "GET":
            try:
                self.drive.content(self.drive.find(found[1]))
            except Refused as refused:
                return as_json(refused.body, refused.status)
            return Reply(302, {"Location": f"{self.elsewhere.origin}/content/{found[1]}?tempauth=v1"})
        response = self.store.respond(Request(seen.method, seen.target[5:], tuple(seen.headers.items()), seen.entire() or None))
        self.wrong += [reason for _, reasons in self.store.refused for reason in reasons]
        return Reply(response.status, dict(response.headers), response.body)

    def _begin(self, call: Call) -> Record:
        folder, name = self.drive.item(call)["id"], str(call.path["fileName"])
        self.drive.free(folder, name)
        id = f"s{len(self.sessions)}"
        self.sessions[id] = Session(folder, name)
        return {"uploadUrl": f"{self.elsewhere.origin}/up/{id}", "nextExpectedRanges": ["0-"]}

    def _begin_version(self, call: Call) -> Record:
        id = f"s{len(self.sessions)}"
        self.sessions[id] = Session("", "", replaces=self.drive.item(call)["id"])
        return {"uploadUrl": f"{self.elsewhere.origin}/up/{id}", "nextExpectedRanges": ["0-"]}

    def _copy(self, call: Call) -> WithHeaders:
        id = self.drive.copy(call)
        done = as_json({"percentageComplete": 100.0, "resourceId": id, "status": "completed"})
        self.jobs[id] = [reply or done for reply in self.monitor]
        address = self.monitors.format(origin=self.elsewhere.origin, id=id)
        return WithHeaders(None, (("Location", address),) if address else ())

    def _elsewhere(self, seen: Seen) -> Reply:
        if "authorization" in seen.headers:
            return self._refuse("a credential was sent to a URL from a response")
        if seen.path.startswith("/content/"):
            content = self.drive.contents[seen.path.removeprefix("/content/")]
            return ranged(content, seen, {"Content-Type": "application/octet-stream", "ETag": f'"{id(content):x}"'})
        if seen.path.startswith("/monitor/"):
            left = self.jobs[seen.path.removeprefix("/monitor/")]
            return left.pop(0) if len(left) > 1 else left[0]
        key = seen.path.removeprefix("/up/")
        session = self.sessions.get(key)
        if session is None:
            return as_json({"error": {"code": "itemNotFound", "message": "the session is over"}}, 404)
        if seen.method == "DELETE":
            del self.sessions[key]
            return Reply(204)
        if seen.method == "GET":
            return self._state(session, 200)
        return self._piece(seen, key, session)

    def _piece(self, seen: Seen, key: str, session: Session) -> Reply:
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", seen.headers.get("content-range", ""))
        if found is None or seen.method != "PUT":
            return self._refuse(f"{seen.method} with the range {seen.headers.get('content-range')!r}")
        first, last, total = map(int, found.groups())
        if session.total not in (None, total) or last - first + 1 != seen.length or seen.length > LARGEST:
            return self._refuse(f"bytes {first}-{last}/{total} ({seen.length})")
        session.total = total
        if (last + 1) % UNIT and last + 1 != total:
            return self._refuse("a chunk that is not a multiple of 320 KiB")
        if first != session.content.size:
            return self._state(session, 416)
        try:
            for piece in seen.body:
                session.content.append(piece)
        except Cut:
            session.content.truncate(first)
            raise
        if session.content.size < total:
            return self._state(session, 202)
        del self.sessions[key]
        if session.replaces is not None:
            return as_json(self.drive.replace(session.replaces, session.content), 200)
        return as_json(self.drive.create(session.folder, session.name, session.content), 201)

    def _state(self, session: Session, status: int) -> Reply:
        return as_json({"expirationDateTime": "2030-01-29T09:21:55Z", "nextExpectedRanges": [f"{session.content.size}-"]}, status)
