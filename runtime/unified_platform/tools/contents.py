"""Contents of files for a model: text that it wrote is uploaded, text that a vendor has is shown as far as it fits."""

from __future__ import annotations

import codecs
from typing import Any

from unified_platform.tools import results
from unified_platform.tools.gathering import Progress


class Excerpt:
    """The beginning of a content that is being received.

    Args:
        tokens: the most that it may cost, about.
        progress: is told how many bytes came.
    """

    def __init__(self, tokens: int, progress: Progress | None = None) -> None:
        self._room = tokens * results.BYTES_PER_TOKEN
        self._progress = progress
        self._received = bytearray()
        self._size: int | None = None
        self._whole = True

    def add(self, data: bytes, done: int, total: int | None) -> bool:
        """Take a piece; True while more fits."""
        self._received += data
        self._size = total
        if self._progress is not None:
            self._progress(done, total)
        self._whole = len(self._received) <= self._room
        return self._whole

    @property
    def data(self) -> dict[str, Any] | None:
        """The text; None where it is none.

        `size` is how many bytes the whole has, where the vendor says it; `cut` is there where the text is not the whole.
        """
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            # A character that the cut went through is left out.
            text = decoder.decode(bytes(self._received[: self._room]), final=self._whole)
        except UnicodeDecodeError:
            return None
        if "\0" in text:
            return None
        size = len(self._received) if self._whole else self._size
        return {"text": text} | ({} if size is None else {"size": size}) | ({} if self._whole else {"cut": True})


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "What it says."},
        "size": {"type": "integer", "description": "Bytes of the whole."},
        "cut": {"type": "boolean", "description": "The text is the beginning alone."},
    },
    "required": ["text"],
}
"""The JSON Schema of `Excerpt.data`."""
