"""Google Drive: files in folders, a mask of fields, a query of three clauses; uploaded contents come through `tests/support/drives`."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.support import multipart
from tests.support.drives.blobs import Blob
from tests.support.google_masks import masked, parsed
from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter

FOLDER = "application/vnd.google-apps.folder"
ROOT = "0AKroot0000000Uk9PVA"
OWNER = {"emailAddress": "ada@example.com", "displayName": "Ada", "kind": "drive#user", "me": True}
_CLAUSES = (
    ("parent", re.compile(r"'((?:[^'\\]|\\.)*)' in parents")),
    ("name", re.compile(r"name contains '((?:[^'\\]|\\.)*)'")),
    ("text", re.compile(r"fullText contains '((?:[^'\\]|\\.)*)'")),
    ("after", re.compile(r"modifiedTime > '([^']+)'")),
    ("trashed", re.compile(r"trashed = (false)")),
)

PERMISSION = "01234567890123456789"
DRIVES = {"0ABcdefghijklmUk9PVA": "Team"}


class Drive:
    """The files of one account. `contents` are by id."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.ids = counter(1)
        self.files: dict[str, Record] = {}
        self.contents: dict[str, Blob] = {}
        self.shares: dict[str, dict[str, Record]] = {}
        self.earlier: dict[str, list[tuple[Record, Blob]]] = {}
        """Earlier contents by the id of the file, the oldest first."""
        self.becomes: dict[str, Becomes] = {}
        self.files[ROOT] = self._new({"name": "My Drive", "mimeType": FOLDER}, ROOT) | {"parents": []}

    def handlers(self) -> dict[str, Handler]:
        return {
            "drive.files.create.upload": self.upload,
            "drive.files.update.upload": self.upload_version,
            "drive.revisions.list": lambda call: self.masked(call, {"revisions": self.revisions(self.file(call.path["fileId"])["id"])}),
            "drive.revisions.get": self.revision,
            "drive.files.export": lambda call: self.contents.get(call.path["fileId"]) or Blob(),
            "drive.files.create": lambda call: self.masked(call, self.create(call.body)),
            "drive.files.generateIds": lambda call: self.masked(call, {"kind": "drive#generatedIds", "space": "drive", "ids": [self.id()]}),
            "drive.files.get": self.read,
            "drive.files.update": lambda call: self.masked(call, self.update(call)),
            "drive.files.copy": lambda call: self.masked(call, self.copy(call)),
            "drive.files.delete": self.delete,
            "drive.files.list": self.list,
            "drive.permissions.create": self.share,
            "drive.permissions.list": lambda call: self.masked(call, {"permissions": [*self._shares(call).values()]}),
            "drive.permissions.delete": self.unshare,
            "drive.drives.list": lambda call: self.masked(call, {"drives": [{"id": id, "name": name} for id, name in DRIVES.items()]}),
        }

    def file(self, id: str) -> Record:
        found = self.files.get(ROOT if id == "root" else id)
        if found is None:
            raise Refused(404, {"error": {"code": 404, "message": "File not found", "errors": [{"reason": "notFound"}]}})
        return found

    def read(self, call: Call) -> Any:
        record = self.file(call.path["fileId"])
        if call.query.get("alt") == "media":
            if record["id"] not in self.contents:
                raise Refused(403, {"error": {"code": 403, "message": "no content", "errors": [{"reason": "fileNotDownloadable"}]}})
            return self.contents[record["id"]]
        return self.masked(call, record)

    def upload(self, call: Call) -> Any:
        """Read a file and its description in one body."""
        parts = multipart.parts(call.content, call.request.header("Content-Type") or "")
        assert parts is not None
        (_, described), (_, content) = parts
        return self.masked(call, self.create(json.loads(described), Blob(content)))

    def upload_version(self, call: Call) -> Any:
        """Read a content and a description in one body."""
        parts = multipart.parts(call.content, call.request.header("Content-Type") or "")
        assert parts is not None
        (_, described), (kind, content) = parts
        return self.masked(call, self.replace(call.path["fileId"], json.loads(described), Blob(content), kind))

    def replace(self, id: str, body: Record, content: Blob, kind: str) -> Record:
        """Replace the content of a file. The media type of the new content becomes its own unless the description has another."""
        record = self.file(id)
        if id not in self.contents:
            raise Refused(403, {"error": {"code": 403, "message": "no content", "errors": [{"reason": "fileNotDownloadable"}]}})
        self.earlier.setdefault(id, []).append((self._revision(record), self.contents[id]))
        self.contents[id] = content
        self._write(record, {"mimeType": kind, **body})
        record |= {
            "size": str(content.size), "md5Checksum": content.hashed("md5"), "modifiedTime": self.clock.tick(),
            "version": str(int(record["version"]) + 1),
        }  # fmt: skip
        return record

    def _revision(self, record: Record) -> Record:
        saved = {name: record[name] for name in ("modifiedTime", "mimeType", "size", "md5Checksum") if name in record}
        return {"id": f"0B{record['version']}", "lastModifyingUser": OWNER, **saved}

    def revisions(self, id: str) -> list[Record]:
        """Return the revisions of a file, the present one last; a folder has none."""
        if id not in self.contents:
            raise Refused(403, {"error": {"code": 403, "message": "no revisions", "errors": [{"reason": "revisionsNotSupported"}]}})
        return [*(record for record, _ in self.earlier.get(id, [])), self._revision(self.file(id))]

    def revision(self, call: Call) -> Any:
        id = self.file(call.path["fileId"])["id"]
        contents = [*(content for _, content in self.earlier.get(id, [])), self.contents.get(id)]
        for record, content in zip(self.revisions(id), contents, strict=True):
            if record["id"] == call.path["revisionId"]:
                return content if call.query.get("alt") == "media" else self.masked(call, record)
        raise Refused(404, {"error": {"code": 404, "message": "Revision not found", "errors": [{"reason": "notFound"}]}})

    def id(self) -> str:
        return f"1{next(self.ids):032d}"

    def create(self, body: Record, content: Blob | None = None) -> Record:
        id = body.get("id") or self.id()
        if id in self.files:
            raise Refused(409, {"error": {"code": 409, "message": "id in use", "errors": [{"reason": "fileIdInUse"}]}})
        record = self._new({}, id)
        self._write(record, body)
        if len(record["parents"]) != 1:
            raise Refused(403, {"error": {"code": 403, "message": "one parent", "errors": [{"reason": "teamDrivesParentLimit"}]}})
        self.file(record["parents"][0])
        if content is not None:
            self.contents[id] = content
            record |= {"size": str(content.size), "md5Checksum": content.hashed("md5")}
        self.files[id] = record
        return record

    def update(self, call: Call) -> Record:
        record = self.file(call.path["fileId"])
        self._write(record, call.body or {})
        for id in (call.query.get("removeParents") or "").split(","):
            record["parents"] = [parent for parent in record["parents"] if parent != id]
        for id in filter(None, (call.query.get("addParents") or "").split(",")):
            self.file(id)
            record["parents"] = [*record["parents"], id]
        assert len(record["parents"]) == 1, "a file has one parent"
        record |= {"modifiedTime": self.clock.tick(), "version": str(int(record["version"]) + 1)}
        return record

    def copy(self, call: Call) -> Record:
        source = self.file(call.path["fileId"])
        saved = {name: source[name] for name in ("name", "mimeType", "parents")}
        return self.create({**saved, **(call.body or {})}, self.contents.get(source["id"]))

    def delete(self, call: Call) -> None:
        id = self.file(call.path["fileId"])["id"]
        self.contents.pop(id, None)
        del self.files[id]

    def share(self, call: Call) -> Record:
        record = self.file(call.path["fileId"])
        record["shared"] = True
        made = {**call.body, "id": f"perm{next(self.ids)}", "kind": "drive#permission"}
        self._shares(call)[made["id"]] = made
        return made

    def _shares(self, call: Call) -> dict[str, Record]:
        """Return the permissions of a file: its owner's, and those that were added."""
        id = self.file(call.path["fileId"])["id"]
        owner = {"id": PERMISSION, "type": "user", "role": "owner", "emailAddress": "ada@example.com", "displayName": "Ada"}
        return self.shares.setdefault(id, {PERMISSION: owner})

    def unshare(self, call: Call) -> None:
        if self._shares(call).pop(call.path["permissionId"], None) is None:
            raise Refused(404, {"error": {"code": 404, "message": "Permission not found", "errors": [{"reason": "notFound"}]}})

    def list(self, call: Call) -> Any:
        wanted: dict[str, str] = {}
        query, at = call.query.get("q") or "", 0
        while at < len(query):
            found_clauses = [(name, clause) for name, pattern in _CLAUSES if (clause := pattern.match(query, at))]
            assert found_clauses, f"the store does not evaluate {query[at:]}"
            ((name, clause),) = found_clauses
            wanted[name] = re.sub(r"\\(.)", r"\1", clause[1])
            at = clause.end() + len(" and ")
        everywhere = call.query.get("includeItemsFromAllDrives") and call.query.get("supportsAllDrives")
        assert call.query.get("corpora") != "allDrives" or everywhere, "items of all drives have to be included and supported"
        found = [record for record in self.files.values() if record["id"] != ROOT]
        if "parent" in wanted:
            parent = self.file(wanted["parent"])["id"]
            found = [record for record in found if parent in record["parents"]]
        if "name" in wanted:
            found = [record for record in found if wanted["name"].lower() in record["name"].lower()]
        if "text" in wanted:  # of the name, the description and the content
            found = [record for record in found if wanted["text"].lower() in self._full_text(record)]
        if "after" in wanted:
            found = [record for record in found if record["modifiedTime"] > wanted["after"]]
        start, size = int(call.query.get("pageToken") or 0), call.query.get("pageSize") or 100
        page: Record = {"files": found[start : start + size], "kind": "drive#fileList", "incompleteSearch": False}
        if start + size < len(found):
            page["nextPageToken"] = str(start + size)
        return self.masked(call, page)

    def _full_text(self, record: Record) -> str:
        content = self.contents.get(record["id"])
        described = f"{record['name']}\n{record.get('description') or ''}"
        return (described if content is None else f"{described}\n{content.entire().decode(errors='replace')}").lower()

    def masked(self, call: Call, value: Any) -> Any:
        """Return the value with the fields that `fields` names; without it, Drive's default fields."""
        mask = call.query.get("fields") or "kind,id,name,mimeType,files(id,name,mimeType),nextPageToken"
        return masked(value, parsed(mask))

    def _new(self, body: Record, id: str) -> Record:
        now = self.clock.tick()
        return {
            "kind": "drive#file", "id": id, "name": "Untitled", "mimeType": "application/octet-stream", "parents": [ROOT],
            "owners": [OWNER], "shared": False, "trashed": False, "version": "1", "createdTime": now, "modifiedTime": now,
            "webViewLink": f"https://drive.google.com/file/d/{id}/view", **body,
        }  # fmt: skip

    def _write(self, record: Record, body: Record) -> None:
        self.document.write(record, body, reads=self.document.schema("#/components/schemas/File"), becomes=self.becomes)


SEEDS = tuple(f"1{number:032d}" for number in (1, 2, 3))
"""A folder, a file in it, and one in My Drive."""


def store(document: Document) -> Store:
    made = Drive(document)
    folder = made.create({"name": "Reports", "mimeType": FOLDER})
    made.create({"name": "May.txt", "mimeType": "text/plain", "parents": [folder["id"]]}, Blob(b"May"))
    made.create({"name": "Notes.txt", "mimeType": "text/plain"}, Blob(b"Notes"))
    return Store(document, made.handlers())
