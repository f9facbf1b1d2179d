"""Results of tool calls for a model: cut to fit its context, and marked so that vendor text cannot act as instructions.

A vendor's text is untrusted: anyone who can write a comment or an e-mail could otherwise instruct the model. It is put between
`<data>` and `</data>`, as JSON without `<`, so that no text can close the tag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_jsonable_python

from unified_platform.common.invisible_text import visible_data
from unified_platform.tools.token_counts import tokens

BYTES_PER_TOKEN = 4
"""Approximation for English and Python. JSON has about 3.3: it is counted (`token_counts`)."""
FRAME = 24
"""Tokens of the text around a vendor's data."""

_RECOVERABLE = frozenset(("InvalidInput", "Rejected", "Unsupported", "NotFound", "Conflict"))
"""Names of errors about the request, which other arguments can fix."""

_SHORTEST = 80
"""Minimum characters to which a text is cut."""


@dataclass(frozen=True, slots=True)
class Result:
    """Result of a tool call.

    `data` is the value as plain JSON, None for a failure. `text` is the text for the model. `failed` is True for an error, whose kind
    (`NotFound`) is `error`; `retry` is True if the same arguments may be sent again. `approval` is the id under which a person can
    approve the call, `connect_url` a page where the user connects the account that is missing. `untrusted` lists the parts of `data` with
    text of the vendor `source`, as JSON Pointers (RFC 6901): `""` for all of it.
    """

    text: str
    data: Any = None
    failed: bool = False
    error: str | None = None
    retry: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    approval: str | None = None
    connect_url: str | None = None
    source: str | None = None
    untrusted: tuple[str, ...] = ()

    @property
    def pending(self) -> bool:
        """True if nothing failed, and the call waits for a person's approval: exactly the same call is executed once it is approved."""
        return self.approval is not None

    @property
    def recoverable(self) -> bool:
        """True if it failed in a way that other arguments, or a retry, can fix."""
        return self.failed and (self.retry or self.error in _RECOVERABLE)


def sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends with punctuation."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def fenced(data: Any, vendor: str) -> str:
    """Return the data as text for a model, marked as the vendor's."""
    return f'<data from="{vendor}">{compact(data)}</data>'


def compact(data: Any) -> str:
    """Encode JSON without optional whitespace, and without `<`."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def plain(record: Any, fields: tuple[str, ...] | None = None, custom: Iterable[str] | None = ()) -> Any:
    """Return a record as plain JSON, without absent values, with the fields in `fields` only (`id` always), and with the custom fields in
    `custom` (None: all that it has). Invisible characters are escaped.
    """
    if not hasattr(record, "model_dump"):
        return visible_data(record)
    data: dict[str, Any] = record.model_dump(mode="json", exclude_none=True)
    data = {name: value for name, value in data.items() if value != []}
    if fields is not None:
        data = {name: value for name, value in data.items() if name == "id" or name in fields}
    if custom is None or custom:
        own = record.custom_fields
        names = own if custom is None else custom
        data["custom_fields"] = to_jsonable_python({name: own[name] for name in names if own.get(name) is not None})
    return visible_data(data)


def shortened(value: Any, most: int) -> Any:
    """Return the value with every longer text cut and marked as cut."""
    if isinstance(value, str) and len(value) > most:
        return f"{value[:most]}… ({len(value) - most} more characters)"
    if isinstance(value, dict):
        return {name: shortened(one, most) for name, one in value.items()}
    if isinstance(value, list):
        return [shortened(one, most) for one in value]
    return value


def size(data: Any) -> int:
    """Return the characters of the data as text for a model."""
    return len(compact(data))


def tokens_of(data: Any) -> int:
    """Return the tokens of the data as text for a model, including its separator."""
    return tokens(compact(data)) + 1


def fit(data: Any, most: int) -> Any:
    """Return the data with its longest texts cut until it fits into so many tokens with the text around it, as far as cutting texts can
    achieve that."""
    longest = most * BYTES_PER_TOKEN
    cut = data
    while tokens(compact(cut)) + FRAME > most and longest > _SHORTEST:
        longest //= 2
        cut = shortened(data, longest)
    return cut
