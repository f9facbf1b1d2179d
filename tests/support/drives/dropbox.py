"""Dropbox's content endpoints: arguments in a header, bytes in the body, on a host of their own that needs the credential.

By https://www.dropbox.com/developers/documentation/http/documentation#formats: `Dropbox-API-Arg` is JSON in ASCII, a body is
application/octet-stream, and a download without a body has no type. The store checks the arguments.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.drives.blobs import Blob
from tests.support.drives.server import Loopback, Reply, Seen, as_json, ranged
from tests.support.judges import Request
from tests.support.store import Document, Refused, Store
from tests.support.stores.dropbox import Dropbox

HEADER = "dropbox-api-arg"


class DropboxDouble:
    """`api` serves the calls, `elsewhere` the contents."""

    unknown = "id:nowhere"
    trusted = True

    def __init__(self, document: Document) -> None:
        self.dropbox = Dropbox(document)
        self.document = document
        self.store = Store(document, self.dropbox.handlers())
        self.api = Loopback(self._api)
        self.elsewhere = Loopback(self._content)
        self.wrong: list[str] = []

    def servers(self) -> dict[str, str]:
        return {"default": f"{self.api.origin}/2", "content": f"{self.elsewhere.origin}/2"}

    def keep(self, name: str, content: Blob) -> str:
        return str(self.dropbox.create(f"/{name}", content)["id"])

    def content(self, id: str) -> Blob:
        return self.dropbox.contents[id]

    def contents(self) -> int:
        return len(self.dropbox.contents)

    def _refuse(self, why: str, status: int = 400) -> Reply:
        self.wrong.append(why)
        return Reply(status, {"Content-Type": "text/plain"}, why.encode())

    def _api(self, seen: Seen) -> Reply:
        if seen.headers.get("authorization") != "Bearer token":
            return self._refuse("no credential", 401)
        assert seen.target.startswith("/2/")
        response = self.store.respond(Request(seen.method, seen.target[2:], tuple(seen.headers.items()), seen.entire() or None))
        self.wrong += [reason for _, reasons in self.store.refused for reason in reasons]
        return Reply(response.status, dict(response.headers), response.body)

    def _content(self, seen: Seen) -> Reply:
        if seen.headers.get("authorization") != "Bearer token":
            return self._refuse("no credential", 401)
        found = self.document.routes.find(seen.method, seen.path.removeprefix("/2"))
        text = seen.headers.get(HEADER, "")
        if found is None or not text.isascii() or "\x7f" in text:
            return self._refuse(f"{seen.method} {seen.path} with the argument {text!r}")
        argument = json.loads(text)
        parameter = found.operation.parameters[("header", "Dropbox-API-Arg")]
        if reasons := self.document.inputs.reasons(parameter, [text]):
            return self._refuse("; ".join(reasons))
        kind = seen.headers.get("content-type")
        if kind != ("application/octet-stream" if found.operation.node.get("requestBody") else None):
            return self._refuse(f"{seen.path} with a body of the type {kind}")
        serve: dict[str, Callable[[Any, Seen], Reply]] = {
            "files/upload_session/start": lambda _, seen: as_json({"session_id": self.dropbox.start(seen.body)}),
            "files/upload_session/append_v2": lambda about, seen: as_json(self.dropbox.append(about, seen.body)),
            "files/upload_session/finish": lambda about, seen: as_json(self.dropbox.finish(about, seen.body)),
            "files/download": self._download,
            "files/export": lambda about, seen: Reply(200, {}, self.dropbox.content(about["path"]).pieces(), None),
        }
        try:
            return serve[found.operation.id](argument, seen)
        except Refused as refused:
            return as_json(refused.body, refused.status)

    def _download(self, about: Any, seen: Seen) -> Reply:
        path = about["path"]
        entry = self.dropbox.revised(path)[0] if path.startswith("rev:") else self.dropbox.find(path, "path")
        etag = f'"{entry["rev"]}"'
        return ranged(self.dropbox.content(about["path"]), seen, {"Content-Type": "application/octet-stream", "ETag": etag})
