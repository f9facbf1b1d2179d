"""Documents at the addresses where vendors publish them. A document is only transferred again if its ETag has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx2
import msgspec
from msgspec import Struct

FOLDER = ".cache/watch"
"""Folder of documents that were fetched, below the project's root."""
MOST_BYTES = 100_000_000
SECONDS = 60


class Unavailable(Exception):
    """A document that cannot be fetched, with the reason."""


class _Saved(Struct, frozen=True):
    """State of a fetched document; its bytes are in a file beside this."""

    url: str
    etag: str
    sha256: str


class Published:
    """Fetches documents over HTTPS, and stores them with their ETags."""

    def __init__(self, root: Path, transport: httpx2.BaseTransport | None = None) -> None:
        self._folder = root / FOLDER
        self._client = httpx2.Client(transport=transport, timeout=SECONDS, follow_redirects=True, max_redirects=5)

    def fetch(self, url: str) -> bytes:
        """Return the document at an address.

        Raises:
            Unavailable: the server does not return it.
        """
        name = hashlib.sha256(url.encode()).hexdigest()[:32]
        state, content = self._folder / f"{name}.json", self._folder / f"{name}.document"
        saved = _read(state, content)
        headers = {"If-None-Match": saved[0].etag} if saved is not None else {}
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.url.scheme != "https":
                    raise Unavailable(f"{url} redirects to {response.url}, which is not https")
                if response.status_code == 304 and saved is not None:
                    return saved[1]
                if response.status_code != 200:
                    raise Unavailable(f"{url} responded with {response.status_code}")
                parts, size = [], 0
                for part in response.iter_bytes():
                    size += len(part)
                    if size > MOST_BYTES:
                        raise Unavailable(f"{url} has more than {MOST_BYTES:,} bytes")
                    parts.append(part)
                etag = response.headers.get("ETag", "")
        except httpx2.HTTPError as error:
            raise Unavailable(f"{url}: {str(error) or type(error).__name__}") from None
        data = b"".join(parts)
        if etag:
            self._folder.mkdir(parents=True, exist_ok=True)
            content.write_bytes(data)
            state.write_bytes(msgspec.json.encode(_Saved(url, etag, hashlib.sha256(data).hexdigest())))
        return data


def _read(state: Path, content: Path) -> tuple[_Saved, bytes] | None:
    """Return a stored document; None if there is none, or it is damaged."""
    try:
        saved, data = msgspec.json.decode(state.read_bytes(), type=_Saved), content.read_bytes()
    except (OSError, msgspec.DecodeError):
        return None
    return (saved, data) if hashlib.sha256(data).hexdigest() == saved.sha256 else None
