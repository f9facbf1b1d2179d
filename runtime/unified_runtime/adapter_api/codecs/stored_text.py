"""Text that a codec writes after a document that the vendor has, so that the document stays as it is."""

from __future__ import annotations

from typing import Any


class StoredText(str):
    """Markdown that is appended to `stored`, the vendor's document."""

    __slots__ = ("stored",)

    stored: Any

    def __new__(cls, text: str, stored: Any) -> StoredText:
        """Return the text with the document that it is appended to."""
        made = super().__new__(cls, text)
        made.stored = stored
        return made
