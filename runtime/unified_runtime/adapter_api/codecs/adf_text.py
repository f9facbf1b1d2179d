"""Codec of Markdown and Atlassian Document Format (ADF) documents that are sent as JSON in a text (Confluence).

Law: `decode(encode(m)) == normalize(m)`, like `adf`.

Source: https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/
"""

from __future__ import annotations

import json
from typing import Any

from unified_runtime.adapter_api.codecs import adf

LOSSES: tuple[str, ...] = adf.LOSSES
normalize = adf.normalize


def encode(value: str) -> str:
    """Return the ADF document for a Markdown text, as JSON; with `extend`, the stored document and the text after it."""
    return json.dumps(adf.encode(value), ensure_ascii=False, separators=(",", ":"))


def decode(value: str) -> str:
    """Return the Markdown for an ADF document in JSON. A text that is not JSON is empty. Never fails."""
    return adf.decode(_document(value))


def extend(stored: str, addition: str) -> str:
    """Return a text that `encode` writes after a stored document, which stays as it is."""
    return adf.extend(_document(stored), addition)


def lost(stored: str, text: str = "") -> list[str]:
    """Return what a stored document has that replacing it with `text` would lose, such as `mentions` that it does not repeat."""
    return adf.lost(_document(stored), text)


def _document(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
