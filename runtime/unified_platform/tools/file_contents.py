"""File contents for a model: upload of text that it wrote, and excerpts of a vendor's text files."""

from __future__ import annotations

import codecs
from typing import Any

from unified_platform.tools import results
from unified_platform.tools.page_collector import Progress


class Excerpt:
    """Beginning of a content that is being received.

    Args:
        tokens: maximum tokens, approximate.
        progress: called with the number of received bytes.
    """

    def __init__(self, tokens: int, progress: Progress | None = None) -> None:
        self._room = tokens * results.BYTES_PER_TOKEN
        self._progress = progress
        self._received = bytearray()
        self._size: int | None = None
        self._complete = True

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
        return {"text": text} | ({} if size is None else {"size": size}) | ({} if self._complete else {"cut": True})


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
