"""Signed addresses of agents' files: each permits to download one file, for some minutes, without a key.

An address consists of the file's owner and handle, the time until which it is valid, and an HMAC-SHA256 of these.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

from unified_openapi.requests.multipart import File
from unified_platform.tools.file_store import RETENTION, default_folder, stored_file
from unified_runtime import InvalidInput, NotFound

LIFETIME = 600.0
"""Default of the seconds for which an address is valid."""
SHORTEST_KEY = 32
"""Minimum bytes of a key."""
_PURPOSE = "download of a file"
_SIGNATURE_BYTES = 24
_ADDRESS = re.compile(r"(?:.*/)?([0-9a-f]{40})/(file_[A-Za-z0-9_-]{24})/([0-9]{1,12})-([A-Za-z0-9_-]{32})")


class FileAddresses:
    """Signs addresses of files, and opens the file of a signed address. Safe to share between threads.

    Args:
        url: address below which the files are served.
        key: secret of at least 32 bytes, the same in all processes that sign and serve.
        folder: where files are stored, as in `FileStore`.
        lifetime: seconds for which an address is valid.
        retention: seconds after which a file is removed, as in `FileStore`.

    Raises:
        InvalidInput: the key is too short, or the lifetime is not positive.
    """

    def __init__(
        self,
        url: str,
        key: bytes,
        *,
        folder: Path | None = None,
        lifetime: float = LIFETIME,
        retention: float = RETENTION,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if len(key) < SHORTEST_KEY:
            raise InvalidInput(f"the key of file addresses must have at least {SHORTEST_KEY} bytes")
        if lifetime <= 0:
            raise InvalidInput("the lifetime of file addresses must be more than 0 seconds")
        self._url = url.rstrip("/")
        self._key = key
        self._folder = folder or default_folder()
        self._lifetime = lifetime
        self._retention = retention
        self._clock = clock

    def sign(self, owner: str, handle: str) -> str:
        """Return an address of a file of an owner. `FileStore.address` checks first that the file exists and is its owner's."""
        until = str(int(self._clock() + self._lifetime))
        return f"{self._url}/{owner}/{handle}/{until}-{self._signature(owner, handle, until)}"

    def open(self, address: str) -> File:
        """Return the file of an address, or of the path of one; its content is a path.

        Raises:
            NotFound: it was not signed with this key or has expired, or the file has.
        """
        match = _ADDRESS.fullmatch(address) if len(address) < 4096 else None
        if match is not None:
            owner, handle, until, signature = match.groups()
            if hmac.compare_digest(signature, self._signature(owner, handle, until)) and int(until) > self._clock():
                found = stored_file(self._folder / owner, handle, self._clock() - self._retention)
                if found is not None:
                    return found
        raise NotFound("there is no file at this address; it may have expired")

    def _signature(self, owner: str, handle: str, until: str) -> str:
        text = json.dumps([_PURPOSE, owner, handle, until])
        return base64.urlsafe_b64encode(hmac.digest(self._key, text.encode(), "sha256")[:_SIGNATURE_BYTES]).decode()
