"""Vendors of our own on loopback, with a store that is counted and faults at chosen points of the wire.

One server emulates Redmine, GitHub, Jira or Slack: creating a record, reading it and listing records are enough for a create call.
"""

from __future__ import annotations

import json
import random
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from unified_runtime import Client, api_key, basic, bearer

POST_FAULTS = (
    "reset_before",
    "reset_after",
    "closed_and_executed_later",
    "html_200",
    "empty_200",
    "502_after",
    "503_before",
    "truncated",
    "of_another",
    "trickle",
    "429",
)
GET_FAULTS = ("reset_before", "html_200", "503_before", "of_another", "truncated")


@dataclass
class Record:
    number: int
    title: str
    body: str
    made: float


@dataclass
class Fault:
    """Fault of a request: `name` is one of the faults above, empty for none."""

    name: str = ""
    delay: float = 0.3


@dataclass
class Store:
    """State of the vendor. `clock` is its clock's offset from this machine's, in seconds; `dated`: responses have a `Date` header."""

    clock: float = 0.0
    dated: bool = True
    records: list[Record] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, title: str, body: str) -> Record:
        with self.lock:
            record = Record(len(self.records) + 1, title, body, time.time() + self.clock)
            self.records.append(record)
            return record

    def get(self, number: int) -> Record | None:
        with self.lock:
            return self.records[number - 1] if 0 < number <= len(self.records) else None

    def newest(self) -> list[Record]:
        with self.lock:
            return self.records[::-1]


class Dialect:
    """Format of one vendor's requests and responses."""

    name = ""
    project = ""
    text_in_response = True
    """The response to a create holds the text that was written."""

    def connect(self, client: Client, url: str, **more: Any) -> None:
        raise NotImplementedError

    def create(self, title: str, key: str | None) -> tuple[str, str]:
        """Make the unified call; return the id of the record and its text."""
        from unified import tasks

        task = tasks.create(title=title, project_id=self.project, via=self.name, idempotency_key=key)
        return task.id, task.title or ""

    def number(self, id: str) -> int:
        """Return the record's number in the store."""
        return int(re.split(r"\D", id)[-1])

    def answer(self, store: Store, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any, dict[str, str]]:
        raise NotImplementedError


def _stamp(made: float) -> str:
    return datetime.fromtimestamp(made, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Redmine(Dialect):
    name = "redmine"
    project = "1"

    def connect(self, client: Client, url: str, **more: Any) -> None:
        client.connect("redmine", api_key("k" * 20), url=url, **more)

    def _shown(self, record: Record) -> dict[str, Any]:
        return {"id": record.number, "subject": record.title, "description": record.body, "created_on": _stamp(record.made)}

    def answer(self, store: Store, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "POST":
            given = json.loads(body)["issue"]
            return 201, {"issue": self._shown(store.add(given["subject"], given.get("description", "")))}, {}
        if (found := re.fullmatch(r"/issues/(\d+)\.json", path)) is not None:
            record = store.get(int(found[1]))
            return (200, {"issue": self._shown(record)}, {}) if record is not None else (404, {}, {})
        records, start, limit = store.newest(), int(query.get("offset", ["0"])[0]), int(query.get("limit", ["25"])[0])
        shown = [self._shown(record) for record in records[start : start + limit]]
        return 200, {"issues": shown, "total_count": len(records), "offset": start, "limit": limit}, {}


class GitHub(Dialect):
    name = "github"
    project = "acme/site"

    def connect(self, client: Client, url: str, **more: Any) -> None:
        client.connect("github", bearer("t" * 20), server=url, **more)

    def _shown(self, record: Record) -> dict[str, Any]:
        api = "https://api.github.com/repos/acme/site"
        reported = {"id": 10**6 + record.number, "number": record.number, "title": record.title, "body": record.body, "state": "open"}
        return {**reported, "created_at": _stamp(record.made), "repository_url": api, "html_url": f"https://github.com/{record.number}"}

    def answer(self, store: Store, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "POST":
            given = json.loads(body)
            return 201, self._shown(store.add(given["title"], given.get("body") or "")), {}
        if (found := re.fullmatch(r"/repos/acme/site/issues/(\d+)", path)) is not None:
            record = store.get(int(found[1]))
            return (200, self._shown(record), {}) if record is not None else (404, {}, {})
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["30"])[0])
        records = store.newest()
        more = {"Link": f'<{path}?per_page={size}&page={page + 1}>; rel="next"'} if len(records) > page * size else {}
        return 200, [self._shown(record) for record in records[(page - 1) * size : page * size]], more


class Jira(Dialect):
    name = "jira"
    project = "OPS"
    text_in_response = False

    def connect(self, client: Client, url: str, **more: Any) -> None:
        client.connect("jira", basic("me@acme.example", "p" * 20), server=url, site="acme", **more)

    def _shown(self, record: Record) -> dict[str, Any]:
        fields = {"summary": record.title, "created": _stamp(record.made)}
        return {"id": str(10000 + record.number), "key": f"OPS-{record.number}", "fields": fields}

    def answer(self, store: Store, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any, dict[str, str]]:
        if method == "POST":
            record = store.add(json.loads(body)["fields"]["summary"], "")
            return 201, {"id": str(10000 + record.number), "key": f"OPS-{record.number}"}, {}
        if (found := re.fullmatch(r"/rest/api/3/issue/OPS-(\d+)", path)) is not None:
            one = store.get(int(found[1]))
            if method == "DELETE":
                store.deleted.append(int(found[1]))
                return 204, None, {}
            return (200, self._shown(one), {}) if one is not None else (404, {}, {})
        records, start, size = store.newest(), int(query.get("nextPageToken", ["0"])[0]), int(query.get("maxResults", ["50"])[0])
        more = {"nextPageToken": str(start + size)} if len(records) > start + size else {}
        return 200, {"issues": [self._shown(record) for record in records[start : start + size]], **more}, {}


class Slack(Dialect):
    name = "slack"

    def connect(self, client: Client, url: str, **more: Any) -> None:
        client.connect("slack", bearer("t" * 20), server=url, **more)

    def create(self, title: str, key: str | None) -> tuple[str, str]:
        from unified import messages

        message = messages.send(channel_id="C0123456789", text=title, via="slack", idempotency_key=key)
        return message.id, message.text or ""

    def answer(self, store: Store, method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any, dict[str, str]]:
        record = store.add(parse_qs(body.decode())["text"][0], "")
        message = {"type": "message", "ts": f"1700000000.{record.number:06d}", "text": record.title, "user": "U1"}
        return 200, {"ok": True, "channel": "C0123456789", "ts": message["ts"], "message": message}, {}


DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (Redmine(), GitHub(), Jira(), Slack())}


class Server:
    """Vendor on a port of this machine. `fault` chooses the fault of each request, by its method."""

    def __init__(self, dialect: Dialect, store: Store, fault: Callable[[str], Fault]) -> None:
        self.dialect = dialect
        self.store = store
        self.fault = fault
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._later: list[threading.Timer] = []
        self._last = threading.Lock(), [b""]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                taken, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(taken,), daemon=True).start()

    def _serve(self, taken: socket.socket) -> None:
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = taken.makefile("rb")
        try:
            while self._one(taken, stream):
                pass
        except OSError:
            pass
        finally:
            stream.close()
            taken.close()

    def _one(self, taken: socket.socket, stream: Any) -> bool:
        """Serve one request. Return true if the connection is used again."""
        line = stream.readline().decode("latin-1").split()
        if not line:
            return False
        length = 0
        while (header := stream.readline().strip()) != b"":
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        body = stream.read(length)
        method, target = line[0], urlsplit(line[1])
        fault = self.fault(method)
        with self.store.lock:
            self.store.injected[f"{method} {fault.name}"] += 1

        def execute() -> bytes:
            status, value, more = self.dialect.answer(self.store, method, unquote(target.path), parse_qs(target.query), body)
            return self._written(status, b"" if value is None else json.dumps(value).encode(), more)

        return self._sent(taken, fault, execute)

    def _sent(self, taken: socket.socket, fault: Fault, execute: Callable[[], bytes]) -> bool:
        name = fault.name
        if name == "reset_before":
            return self._reset(taken)
        if name == "closed_and_executed_later":
            timer = threading.Timer(fault.delay, execute)
            timer.daemon = True
            self._later.append(timer)
            timer.start()
            return False
        if name in ("html_200", "empty_200"):
            page = b"<html><title>Log in</title></html>" if name == "html_200" else b""
            taken.sendall(self._written(200, page, {"Content-Type": "text/html"}))
            return True
        if name in ("503_before", "429", "403"):
            taken.sendall(self._written(int(name[:3]), b"{}", {} if name == "403" else {"Retry-After": "0"}))
            return True
        data = execute()
        if name == "reset_after":
            return self._reset(taken)
        if name == "502_after":
            taken.sendall(self._written(502, b"<html>bad gateway</html>", {"Content-Type": "text/html"}))
            return True
        if name == "truncated":
            rest = data.partition(b"\r\n\r\n")[2]
            half = rest[: len(rest) // 2]
            taken.sendall(self._written(200, half, {}))
            return True
        lock, last = self._last
        with lock:
            data, last[0] = (last[0] or data, data) if name == "of_another" else (data, data)
        if name == "trickle":
            for byte in data:
                taken.sendall(bytes([byte]))
                time.sleep(0.05)
            return True
        taken.sendall(data)
        return True

    @staticmethod
    def _reset(taken: socket.socket) -> bool:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def _written(self, status: int, body: bytes, headers: dict[str, str]) -> bytes:
        head = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        if self.store.dated:
            head["Date"] = formatdate(time.time() + self.store.clock, usegmt=True)
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body

    def close(self) -> None:
        """Stop, and let delayed requests be executed."""
        self._listening.close()
        for timer in self._later:
            timer.join(30)


def seeded(seed: int, rate: float, posts: tuple[str, ...] = POST_FAULTS, gets: tuple[str, ...] = GET_FAULTS, delay: float = 0.3) -> Any:
    """A choice of faults: each request meets one at this rate."""
    chance, lock = random.Random(seed), threading.Lock()

    def choose(method: str) -> Fault:
        with lock:
            names = posts if method == "POST" else gets
            return Fault(chance.choice(names), delay) if names and chance.random() < rate else Fault()

    return choose
