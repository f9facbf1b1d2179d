"""Dropbox: files by path, without regard to case; responses that are unions have a tag; uploads in sessions.

By https://www.dropbox.com/developers/documentation/http/documentation: an error is status 409 with the tags on the path to it, a folder
is created by a write into it, a chunk of an upload is stored entirely or not at all, and one that does not begin at the session's end
is rejected with the right offset.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from tests.support.drives.blobs import Blob
from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter

BLOCK = 4 * 1024 * 1024
LARGEST = 150 * 1024 * 1024
"""Maximum number of bytes of one request."""


def content_hash(content: Blob) -> str:
    """https://www.dropbox.com/developers/reference/content-hash"""
    blocks = (b"".join(content.pieces(start, min(start + BLOCK, content.size))) for start in range(0, content.size, BLOCK))
    return hashlib.sha256(b"".join(hashlib.sha256(block).digest() for block in blocks)).hexdigest()


def refused(*tags: str, **more: Any) -> Refused:
    """An error of an endpoint: its tags from the outermost in, and the other fields of the innermost."""
    error: Record = {".tag": tags[-1], **more}
    for tag in reversed(tags[:-1]):
        error = {".tag": tag, tag: error}
    return Refused(409, {"error_summary": "/".join(tags) + "/...", "error": error})


class Dropbox:
    """The files of one account. `contents` are by id."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.numbers = counter(1)
        self.entries: dict[str, Record] = {}
        """Entries by path in small letters."""
        self.contents: dict[str, Blob] = {}
        self.sessions: dict[str, Blob] = {}
        self.members: dict[str, list[Record]] = {}
        self.lists: dict[str, tuple[str, list[Record], int]] = {}
        self.jobs: dict[str, list[Record]] = {}
        self.revisions: dict[str, list[tuple[Record, Blob]]] = {}
        """Earlier states of a file and their contents, by its id, the oldest first."""
        self.links: dict[str, Record] = {}
        """Shared links by URL."""

    def handlers(self) -> dict[str, Handler]:
        return {
            "files/get_metadata": self.metadata,
            "files/list_folder": self.list_folder,
            "files/list_folder/continue": self.further,
            "files/search_v2": self.search,
            "files/search/continue_v2": self.further,
            "files/create_folder_v2": lambda call: {"metadata": _untagged(self.create_folder(call.body["path"]))},
            "files/move_v2": lambda call: {"metadata": self.relocate(call.body, keep=False)},
            "files/copy_v2": lambda call: {"metadata": self.relocate(call.body, keep=True)},
            "files/delete_v2": lambda call: {"metadata": self.delete(call.body["path"])},
            "files/upload_session/start": lambda call: {"session_id": self.start([call.content])},
            "files/upload_session/append_v2": lambda call: self.append(call.headers["Dropbox-API-Arg"], [call.content]),
            "files/upload_session/finish": lambda call: self.finish(call.headers["Dropbox-API-Arg"], [call.content]),
            "files/download": lambda call: self.content(call.headers["Dropbox-API-Arg"]["path"]),
            "files/list_revisions": self.list_revisions,
            "files/restore": self.restore,
            "files/export": lambda call: self.content(call.headers["Dropbox-API-Arg"]["path"]),
            "sharing/add_file_member": self.share,
            "sharing/share_folder": self.share_folder,
            "sharing/check_share_job_status": self.job,
            "sharing/add_folder_member": self.add_folder_member,
            "sharing/list_file_members": lambda call: self.listed_members(self.find(call.body["file"], "access_error", "invalid_file")),
            "sharing/list_folder_members": lambda call: self.listed_members(self.shared_folder(call)),
            "sharing/remove_file_member_2": self.remove_file_member,
            "sharing/remove_folder_member": self.remove_folder_member,
            "sharing/create_shared_link_with_settings": self.create_link,
            "sharing/list_shared_links": self.list_links,
            "sharing/revoke_shared_link": self.revoke_link,
        }

    # ------------------------------------------------------------------------------------------- entries
    def find(self, path: str, *tags: str) -> Record:
        """Return the entry at a path or with an id; `tags` are those of the error if there is none."""
        if path in ("", "/"):
            raise Refused(400, None)  # "The root folder is unsupported."
        found = self._by_id(path) if path.startswith("id:") else self.entries.get(path.lower())
        if found is None:
            raise refused(*tags, "not_found")
        return found

    def _by_id(self, id: str) -> Record | None:
        return next((entry for entry in self.entries.values() if entry["id"] == id), None)

    def _put(self, path: str, made: Record) -> Record:
        """Add an entry at a path, with its folders."""
        names = path.split("/")[1:]
        if not all(names) or any(name in (".", "..") for name in names):
            raise refused("path", "malformed_path")
        folder = path.rpartition("/")[0]
        if folder and folder.lower() not in self.entries:
            self.create_folder(folder)
        shown = f"{self.entries[folder.lower()]['path_display'] if folder else ''}/{names[-1]}"
        entry = {**made, "name": names[-1], "path_display": shown, "path_lower": shown.lower()}
        self.entries[shown.lower()] = entry
        return entry

    def create_folder(self, path: str) -> Record:
        if path.lower() in self.entries:
            raise refused("path", "conflict", "folder")
        return self._put(path, {".tag": "folder", "id": self._id()})

    def create(self, path: str, content: Blob) -> Record:
        if path.lower() in self.entries:
            raise refused("path", "conflict", "file")
        now = self._now()
        made = self._put(path, {
            ".tag": "file", "id": self._id(), "client_modified": now, "server_modified": now, "rev": f"{next(self.numbers):015x}",
            "size": content.size, "is_downloadable": True, "content_hash": content_hash(content),
            "preview_url": f"https://www.dropbox.com/scl/fi/{path.rpartition('/')[2].encode().hex()}",
        })  # fmt: skip
        self.contents[made["id"]] = content
        return made

    def replace(self, entry: Record, content: Blob) -> Record:
        if entry[".tag"] != "file":
            raise refused("path", "conflict", "folder")
        self.revisions.setdefault(entry["id"], []).append((dict(entry), self.contents[entry["id"]]))
        entry |= {
            "rev": f"{next(self.numbers):015x}", "size": content.size, "content_hash": content_hash(content),
            "server_modified": self._now(),
        }  # fmt: skip
        self.contents[entry["id"]] = content
        return entry

    def list_revisions(self, call: Call) -> Record:
        entry = self.find(call.body["path"], "path")
        if entry[".tag"] != "file":
            raise refused("path", "not_file")
        revs = [entry, *(earlier for earlier, _ in reversed(self.revisions.get(entry["id"], [])))]
        if "before_rev" in call.body:
            revs = revs[[each["rev"] for each in revs].index(call.body["before_rev"]) + 1 :]
        size = call.body.get("limit", 10)
        return {"is_deleted": False, "entries": [_untagged(each) for each in revs[:size]], "has_more": len(revs) > size}

    def restore(self, call: Call) -> Record:
        entry = self.find(call.body["path"], "path_lookup")
        if entry[".tag"] != "file":
            raise refused("path_write", "conflict", "folder")
        for earlier, content in self.revisions.get(entry["id"], []):
            if earlier["rev"] == call.body["rev"]:
                return _untagged(self.replace(entry, content))
        if entry["rev"] == call.body["rev"]:
            return _untagged(entry)
        raise refused("invalid_revision")

    def _id(self) -> str:
        return f"id:{next(self.numbers):022d}"

    def _now(self) -> str:
        return self.clock.tick().replace(".000Z", "Z")

    def _below(self, entry: Record) -> Iterator[Record]:
        yield from [other for other in self.entries.values() if other["path_lower"].startswith(entry["path_lower"] + "/")]

    def relocate(self, body: Record, *, keep: bool) -> Record:
        entry, to = self.find(body["from_path"], "from_lookup"), body["to_path"]
        if to.lower().startswith(entry["path_lower"] + "/"):
            raise refused("cant_move_folder_into_itself")
        if to.lower() in self.entries:
            if not body.get("autorename"):
                raise refused("to", "conflict", "file")
            stem, dot, suffix = to.rpartition("/")[2].partition(".")
            to = f"{to.rpartition('/')[0]}/{stem} ({next(self.numbers)}){dot}{suffix}"
        before = entry["path_display"]
        moved = [(entry, to), *((inner, to + inner["path_display"][len(before) :]) for inner in self._below(entry))]
        if not keep:
            for old, _ in moved:
                del self.entries[old["path_lower"]]
        made = []
        for old, location in moved:
            new = dict(old)
            if keep:
                new["id"] = self._id()
                if old["id"] in self.contents:
                    self.contents[new["id"]] = self.contents[old["id"]]
            if ".tag" in new and new[".tag"] == "file":
                new |= {"rev": f"{next(self.numbers):015x}", "server_modified": self._now()}
            made.append(self._put(location, new))
        return made[0]

    def delete(self, path: str) -> Record:
        entry = self.find(path, "path_lookup")
        for gone in [entry, *self._below(entry)]:
            del self.entries[gone["path_lower"]]
            self.contents.pop(gone["id"], None)
        return entry

    # ------------------------------------------------------------------------------------------- reading
    def metadata(self, call: Call) -> Record:
        if call.body["path"].startswith("rev:"):
            return self.revised(call.body["path"])[0]
        return self._shown(self.find(call.body["path"], "path"), call.body)

    def _shown(self, entry: Record, body: Record) -> Record:
        if entry[".tag"] == "file" and body.get("include_has_explicit_shared_members"):
            return {**entry, "has_explicit_shared_members": entry["id"] in self.members}
        return entry

    def list_folder(self, call: Call) -> Record:
        path = call.body["path"]
        folder = "" if path == "" else self.find(path, "path")["path_lower"]
        if folder and self.entries[folder][".tag"] != "folder":
            raise refused("path", "not_folder")
        found = [self._shown(entry, call.body) for entry in self.entries.values() if entry["path_lower"].rpartition("/")[0] == folder]
        return self._page("entries", found, call.body.get("limit", 2000))

    def search(self, call: Call) -> Record:
        text = call.body["query"].casefold()
        options = call.body.get("options") or {}
        found = [entry for entry in self.entries.values() if text in entry["name"].casefold()]
        if not options.get("filename_only"):
            found += [entry for entry in self.entries.values() if entry not in found and self._contains(entry, text)]
        matches = [{"metadata": {".tag": "metadata", "metadata": entry}} for entry in found]
        return self._page("matches", matches, options.get("max_results", 100))

    def _contains(self, entry: Record, text: str) -> bool:
        content = self.contents.get(entry["id"])
        return content is not None and text in content.entire().decode(errors="replace").casefold()

    def further(self, call: Call) -> Record:
        name, found, size = self.lists.pop(call.body["cursor"])
        return self._page(name, found, size)

    def _page(self, name: str, found: list[Record], size: int) -> Record:
        cursor = f"AA{next(self.numbers)}"
        self.lists[cursor] = (name, found[size:], size)
        page: Record = {name: found[:size], "has_more": len(found) > size}
        return {**page, "cursor": cursor} if name == "entries" or page["has_more"] else page

    def revised(self, path: str) -> tuple[Record, Blob]:
        """Return the state and the content of a file in a revision."""
        present = [(entry, self.contents[entry["id"]]) for entry in self.entries.values() if entry["id"] in self.contents]
        for entry, content in [*present, *(pair for pairs in self.revisions.values() for pair in pairs)]:
            if entry["rev"] == path.removeprefix("rev:"):
                return entry, content
        raise refused("path", "not_found")

    def content(self, path: str) -> Blob:
        if path.startswith("rev:"):
            return self.revised(path)[1]
        entry = self.find(path, "path")
        if entry[".tag"] != "file":
            raise refused("path", "not_file")
        return self.contents[entry["id"]]

    # ------------------------------------------------------------------------------------------- uploads
    def start(self, pieces: Iterable[bytes]) -> str:
        id = f"pid_upload_session:{next(self.numbers)}"
        self.sessions[id] = Blob()
        self._take(self.sessions[id], pieces)
        return id

    def append(self, about: Record, pieces: Iterable[bytes]) -> None:
        self._take(self._session(about), pieces)

    def finish(self, about: Record, pieces: Iterable[bytes]) -> Record:
        session = self._session(about, "lookup_failed")
        self._take(session, pieces)
        commit = about["commit"]
        if commit.get("mode") == "overwrite" and commit["path"].startswith("id:"):
            made = _untagged(self.replace(self.find(commit["path"], "path"), session))
        elif commit.get("mode") == "overwrite" and commit["path"].lower() in self.entries:
            made = _untagged(self.replace(self.entries[commit["path"].lower()], session))
        else:
            made = _untagged(self.create(commit["path"], session))
        del self.sessions[about["cursor"]["session_id"]]
        return made

    def _session(self, about: Record, *tags: str) -> Blob:
        session = self.sessions.get(about["cursor"]["session_id"])
        if session is None:
            raise refused(*tags, "not_found")
        if session.size != about["cursor"]["offset"]:
            raise refused(*tags, "incorrect_offset", correct_offset=session.size)
        return session

    def _take(self, session: Blob, pieces: Iterable[bytes]) -> None:
        before, entire = session.size, False
        try:
            for piece in pieces:
                session.append(piece)
            assert session.size - before <= LARGEST, "a request of more than 150 MiB"
            entire = True
        finally:
            if not entire:
                session.truncate(before)

    # ------------------------------------------------------------------------------------------- sharing
    def share(self, call: Call) -> list[Record]:
        entry = self.find(call.body["file"], "access_error", "invalid_file")
        if entry[".tag"] != "file":
            raise refused("access_error", "invalid_file")
        added = [{"member": member, "access_level": call.body["access_level"]} for member in call.body["members"]]
        self.members.setdefault(entry["id"], []).extend(added)
        return [{"member": member, "result": {".tag": "success"}} for member in call.body["members"]]

    def share_folder(self, call: Call) -> Record:
        entry = self.find(call.body["path"], "bad_path")
        if entry[".tag"] != "folder":
            raise refused("bad_path", "is_file")
        if "shared_folder_id" in entry:
            raise refused("bad_path", "already_shared")
        number = str(next(self.numbers))
        entry |= {"shared_folder_id": number, "sharing_info": {"read_only": False, "shared_folder_id": number}}
        if any(path.startswith(entry["path_lower"] + "/") for path in self.entries):  # a folder with contents is deleted in the background
            self.jobs[f"job{number}"] = [{".tag": "in_progress"}, {".tag": "complete", "shared_folder_id": number}]
            return {".tag": "async_job_id", "async_job_id": f"job{number}"}
        return {".tag": "complete", "shared_folder_id": number, "name": entry["name"]}

    def job(self, call: Call) -> Record:
        left = self.jobs.get(call.body["async_job_id"])
        if left is None:
            raise refused("invalid_async_job_id")
        return left.pop(0) if len(left) > 1 else left[0]

    def add_folder_member(self, call: Call) -> None:
        self.members.setdefault(self.shared_folder(call)["id"], []).extend(call.body["members"])

    def shared_folder(self, call: Call) -> Record:
        found = [entry for entry in self.entries.values() if entry.get("shared_folder_id") == call.body["shared_folder_id"]]
        if not found:
            raise refused("access_error", "invalid_id")
        return found[0]

    def listed_members(self, entry: Record) -> Record:
        """Members who have an account are users, others are invited; the first user is the owner."""
        owner = {"access_type": {".tag": "owner"}, "user": {"account_id": OWNER, "email": "ada@example.com", "display_name": "Ada"}}
        invited = [
            {"access_type": {".tag": each["access_level"]}, "invitee": each["member"]} for each in self.members.get(entry["id"], [])
        ]  # fmt: skip
        return {"users": [owner], "groups": [], "invitees": invited}

    def remove_file_member(self, call: Call) -> Record:
        self.remove(self.find(call.body["file"], "access_error", "invalid_file"), call.body["member"])
        return {".tag": "success", "access_level": None}

    def remove_folder_member(self, call: Call) -> Record:
        self.remove(self.shared_folder(call), call.body["member"])
        return {".tag": "async_job_id", "async_job_id": f"job{next(self.numbers)}"}

    def remove(self, entry: Record, member: Record) -> None:
        left = [each for each in self.members.get(entry["id"], []) if each["member"] != member]
        if len(left) == len(self.members.get(entry["id"], [])) and member.get("dropbox_id") != OWNER:
            raise refused("member_error", "invalid_member")
        self.members[entry["id"]] = left

    def create_link(self, call: Call) -> Record:
        entry, settings = self.find(call.body["path"], "path"), call.body.get("settings") or {}
        if any(link["id"] == entry["id"] for link in self.links.values()):
            raise refused("shared_link_already_exists")
        url = f"https://www.dropbox.com/scl/fi/{next(self.numbers)}/{quote(entry['name'])}?dl=0"
        self.links[url] = self.link(entry, url, settings)
        return self.links[url]

    def link(self, entry: Record, url: str, settings: Record) -> Record:
        made = {
            ".tag": entry[".tag"], "url": url, "id": entry["id"], "name": entry["name"], "path_lower": entry["path_lower"],
            "link_permissions": {
                "can_revoke": True, "effective_audience": settings.get("audience") or {".tag": "public"},
                "link_access_level": settings.get("access") or {".tag": "viewer"},
            },
        }  # fmt: skip
        if "expires" in settings:
            made["expires"] = settings["expires"]
        return made

    def list_links(self, call: Call) -> Record:
        entry = self.find(call.body["path"], "path")
        return {"links": [link for link in self.links.values() if link["id"] == entry["id"]], "has_more": False}

    def revoke_link(self, call: Call) -> None:
        if self.links.pop(call.body["url"], None) is None:
            raise refused("shared_link_not_found")


def _untagged(entry: Record) -> Record:
    """A response of only one type has no tag."""
    return {name: value for name, value in entry.items() if name != ".tag"}


OWNER = "dbid:" + "A" * 35
"""Account of the authenticated user."""
SEEDS = ("id:0000000000000000000001", "id:0000000000000000000002", "id:0000000000000000000004")
"""A folder, a file in it, and one at the root."""
REVISIONS = ("000000000000003", "000000000000005")
"""Revisions of the two files."""
LINK = "https://www.dropbox.com/scl/fi/seeded/May.txt?dl=0"
"""A link to the first file."""


def store(document: Document) -> Store:
    made = Dropbox(document)
    made.create_folder("/Reports")
    made.create("/Reports/May.txt", Blob(b"May"))
    made.create("/Notes.txt", Blob(b"Notes"))
    assert {entry["id"] for entry in made.entries.values()} == {*SEEDS}
    assert {entry["rev"] for entry in made.entries.values() if "rev" in entry} == {*REVISIONS}
    made.links[LINK] = made.link(made.find(SEEDS[1]), LINK, {})
    return Store(document, made.handlers())
