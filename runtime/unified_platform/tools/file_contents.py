"""File contents for a model: upload of text that it wrote, and excerpts of a vendor's text files."""

from __future__ import annotations

import codecs
from typing import Any, Self

from unified_platform.tools import results
from unified_platform.tools.file_store import Receiver
from unified_platform.tools.page_collector import Progress
from unified_platform.tools.token_counts import cut

_BYTES_PER_TOKEN = 6
"""Bytes that are received for each token that is shown: English has fewer."""


class Excerpt:
    """Beginning of a content that is being received.

    Args:
        tokens: maximum tokens.
        progress: called with the number of received bytes.
    """

    def __init__(self, tokens: int, progress: Progress | None = None) -> None:
        self._tokens = tokens
        self._room = tokens * _BYTES_PER_TOKEN
        self._progress = progress
        self._received = bytearray()
        self._size: int | None = None
        self._complete = True

    blocks = False
    """True if adding a chunk may block."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Discard what was received."""

    def add(self, data: bytes, done: int, total: int | None) -> bool:
        """Add a chunk. Return True while more fits."""
        self._received += data
        self._size = total
        if self._progress is not None:
            self._progress(done, total)
        self._complete = len(self._received) <= self._room
        return self._complete

    @property
    def data(self) -> dict[str, Any] | None:
        """Return the text; None if the content is not text.

        `size` is the number of bytes of the complete content, if the vendor reports it; `cut` is present if the text is not complete.
        """
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            # A character that was cut in two is left out.
            text = decoder.decode(bytes(self._received[: self._room]), final=self._complete)
        except UnicodeDecodeError:
            return None
        if "\0" in text:
            return None
        size = len(self._received) if self._complete else self._size
        shown = cut(text, max(1, self._tokens - results.FRAME), results.tokens_of)
        return (
            {"text": shown}
            | ({} if size is None else {"size": size})
            | ({} if self._complete and len(shown) == len(text) else {"cut": True})
        )


class StoredFile(Excerpt):
    """Content that is stored as an agent's file while it is received; the beginning of a text is an excerpt.

    Args:
        receiver: the file to write.
        tokens: maximum tokens of the excerpt.
        progress: called with the number of received bytes.
    """

    blocks = True

    def __init__(self, receiver: Receiver, tokens: int, progress: Progress | None = None) -> None:
        super().__init__(tokens, progress)
        self._receiver = receiver
        self._stored = 0

    def __exit__(self, *exception: object) -> None:
        self._receiver.__exit__(*exception)

    def add(self, data: bytes, done: int, total: int | None) -> bool:
        """Write a chunk.

        Raises:
            InvalidInput: the file is larger than files may be.
        """
        self._receiver.write(data)
        self._stored = done
        if len(self._received) <= self._room:
            super().add(data, done, total)
        elif self._progress is not None:
            self._progress(done, total)
        return True

    def finish(self, name: str, media_type: str | None) -> dict[str, Any]:
        """Complete the file. Return what a model sees: its handle, name and size, and the beginning of a text."""
        shown = (self.data or {}) if self._stored else {}
        text = shown.get("text")
        found = {"file": self._receiver.finish(), "name": name, "size": self._stored, "media_type": media_type, "text": text}
        if "cut" in shown:
            found["cut"] = True
        return {key: value for key, value in found.items() if value is not None}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "Its text."},
        "size": {"type": "integer", "description": "Bytes of the complete content."},
        "cut": {"type": "boolean", "description": "The text is only the beginning."},
    },
    "required": ["text"],
}
"""JSON Schema of `Excerpt.data`."""
