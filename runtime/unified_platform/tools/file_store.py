"""Files of agents by handle: received from vendors, and to be sent to them. A model sees `file_…`, never the content.

A handle belongs to the user, team and agent that it was created for, and expires. Contents are written to a folder piece by piece.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from unified_openapi.requests.multipart import File
from unified_runtime import InvalidInput, NotFound, Unavailable
from unified_runtime.core.errors import TransportFailure, UnreadableResponse
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Stream
from unified_runtime.core.settings import Settings
from unified_runtime.core.user_folders import data_home

VARIABLE = "UNIFIED_FILES"
"""Environment variable with the folder of agents' files."""
_HANDLE = re.compile(r"file_[A-Za-z0-9_-]{24}")
_CONTENT, _ABOUT = "content", "about.json"
LARGEST = 1024**3
"""Default of the maximum bytes of a file."""
RETENTION = 24 * 3600.0
"""Default of the seconds after which a file is removed."""


class AddressSigner(Protocol):
    """Signs addresses of files; see `unified_platform.tools.file_addresses`."""

    def sign(self, owner: str, handle: str) -> str:
        """Return an address of a file of an owner."""
        ...


class FileStore:
    """Files of one user, team and agent.

    Args:
        user, team, agent, tenant: their owner. Handles of other owners are not found.
        folder: where files are stored; by default `UNIFIED_FILES`, or `unified/files` in the user's data folder.
        largest: maximum bytes of a file.
        retention: seconds after which a file is removed.
        transport: fetches addresses; by default one that connects to public addresses only.
        addresses: signs addresses of files, which tools then return beside handles; by default none.
    """

    def __init__(
        self,
        user: str | None = None,
        team: str | None = None,
        agent: str | None = None,
        tenant: str = "default",
        *,
        folder: Path | None = None,
        largest: int = LARGEST,
        retention: float = RETENTION,
        transport: Any = None,
        addresses: AddressSigner | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._owner = hashlib.sha256(json.dumps([tenant, user, team, agent]).encode()).hexdigest()[:40]
        self._folder = (folder or default_folder()) / self._owner
        self._addresses = addresses
        self.largest = largest
        self._retention = retention
        self._transport = transport
        self._clock = clock

    def add(self, content: Iterable[bytes] | bytes | os.PathLike[str], name: str, media_type: str | None = None) -> str:
        """Store a content, and return its handle.

        Raises:
            InvalidInput: it is larger than files may be.
        """
        with self.receiving(name, media_type) as receiver:
            for piece in _pieces(content):
                receiver.write(piece)
            return receiver.finish()

    def receiving(self, name: str, media_type: str | None = None) -> Receiver:
        """Return a file to be written, which has a handle when it is finished. Expired files are removed."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._expire()
        return Receiver(self._folder, PurePosixPath(name).name or "file", media_type, self.largest, self._clock)

    def open(self, handle: str) -> File:
        """Return the file of a handle; its content is a path.

        Raises:
            NotFound: there is none, it has expired, or it belongs to another user or agent.
        """
        found = stored_file(self._folder, handle, self._clock() - self._retention)
        if found is None:
            raise NotFound(f"there is no file {handle[:40]!r}; it may have expired")
        return found

    def address(self, handle: str) -> str | None:
        """Return a signed address from which a file can be downloaded without a key; None if the store signs none.

        Raises:
            NotFound: there is no file of that handle, it has expired, or it belongs to another user or agent.
        """
        self.open(handle)
        return None if self._addresses is None else self._addresses.sign(self._owner, handle)

    def fetched(self, address: str) -> File:
        """Return the file at an https address, such as a signed one. Its content is requested when it is read, without a credential.

        Raises:
            InvalidInput: it is not an https address.
        """
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None or not address.isascii() or " " in address:
            raise InvalidInput(f"{address[:60]!r} is not an https address of a file")
        return File(self._fetch(parts._replace(fragment="").geturl()), PurePosixPath(unquote(parts.path)).name or "file")

    def _fetch(self, address: str) -> Iterator[bytes]:
        transport = self._transport
        if transport is None:
            from unified_runtime.http._sync.default import DefaultTransport

            transport = self._transport = DefaultTransport()
        host = urlsplit(address).netloc.encode("ascii")
        request = HTTPRequest(
            method="GET",
            url=address,
            headers=[(b"Host", host), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity"), (b"User-Agent", b"unified-apis")],
            timeout=Settings().timeout,
            largest=self.largest,
            deadline=math.inf,
            stream=True,
            inside=False,  # a model has written the address
        )
        try:
            response = transport.send(request)
            if response.status != 200:
                if isinstance(response, Stream):
                    response.close()
                raise NotFound(f"the file's address responds with HTTP {response.status}")
            received = 0
            for piece in _of(response):
                received += len(piece)
                if received > self.largest:
                    raise InvalidInput(f"a file has at most {self.largest} bytes")
                yield piece
        except (TransportFailure, UnreadableResponse) as failure:
            reason = failure.message
        else:
            return
        raise Unavailable(f"the file's address cannot be read: {reason}", retry_safe=True)

    def _expire(self) -> None:
        before = self._clock() - self._retention
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)


class Receiver:
    """File that is being written. It is removed unless it is finished."""

    def __init__(self, folder: Path, name: str, media_type: str | None, largest: int, clock: Callable[[], float]) -> None:
        self.handle = f"file_{secrets.token_urlsafe(18)}"
        self.size = 0
        self._folder = folder
        self._about = {"name": name, "media_type": media_type, "created": clock()}
        self._largest = largest
        self._temporary = Path(tempfile.mkdtemp(prefix=".", dir=folder))
        self._file = (self._temporary / _CONTENT).open("wb")

    def write(self, piece: bytes) -> None:
        """Write the next bytes.

        Raises:
            InvalidInput: the file is larger than files may be.
        """
        self.size += len(piece)
        if self.size > self._largest:
            raise InvalidInput(f"a file has at most {self._largest} bytes")
        self._file.write(piece)

    def finish(self) -> str:
        """Complete the file, and return its handle."""
        self._file.close()
        (self._temporary / _ABOUT).write_text(json.dumps(self._about), encoding="utf-8")
        self._temporary.replace(self._folder / self.handle)
        return self.handle

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        shutil.rmtree(self._temporary, ignore_errors=True)


def default_folder() -> Path:
    """Return the folder of agents' files: that of `UNIFIED_FILES`, or `unified/files` in the user's data folder."""
    given = os.environ.get(VARIABLE)
    return Path(given).expanduser() if given else data_home() / "unified" / "files"


def stored_file(folder: Path, handle: str, since: float) -> File | None:
    """Return the file of a handle in an owner's folder, if it was created after a time; its content is a path."""
    if not _HANDLE.fullmatch(handle):
        return None
    try:
        about = json.loads((folder / handle / _ABOUT).read_bytes())
    except FileNotFoundError:
        return None
    return File(folder / handle / _CONTENT, about["name"], about["media_type"]) if about["created"] > since else None


def is_handle(text: str) -> bool:
    """Return true for a text that has the form of a handle."""
    return _HANDLE.fullmatch(text) is not None


def _pieces(content: Iterable[bytes] | bytes | os.PathLike[str]) -> Iterator[bytes]:
    if isinstance(content, (bytes, bytearray)):
        yield bytes(content)
    elif isinstance(content, os.PathLike):
        with open(content, "rb") as file:
            while piece := file.read(1024 * 1024):
                yield piece
    else:
        yield from content


def _of(response: Any) -> Iterator[bytes]:
    if not isinstance(response, Stream):
        yield response.body
        return
    try:
        while piece := response.piece():
            yield piece
    finally:
        response.close()
