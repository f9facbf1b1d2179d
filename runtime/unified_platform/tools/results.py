"""What a call came to, in a form that fits a model's context and cannot be mistaken for instructions.

A vendor's words are data: whoever can write a comment or an e-mail could otherwise write to the model. They stand between
`<data>` and `</data>`, in JSON in which no `<` is left, so that no text can end its own fence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_jsonable_python

BYTES_PER_TOKEN = 4
"""A rule of thumb for JSON and English; a tokenizer of each model's own is not to be had."""

_MENDABLE = frozenset(("InvalidInput", "Rejected", "Unsupported", "NotFound", "Conflict"))
"""Errors about what was asked for, by name."""

_SHORTEST = 80
"""No text is cut below so many characters."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answers.

    `data` is the value as plain JSON, None for a failure. `text` is what to hand to the model. `failed` is True for an error, whose kind
    (`NotFound`) is `error`; `retry` says whether the same arguments may be sent again as they are. `approval` is the id under which a
    person can approve the call.
    """

    text: str
    data: Any = None
    failed: bool = False
    error: str | None = None
    retry: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    approval: str | None = None

    @property
    def mendable(self) -> bool:
        """Whether it failed in a way that other arguments, or the same once more, can mend."""
        return self.failed and (self.retry or self.error in _MENDABLE)


def tokens(text: str) -> int:
    """What a text costs a model's context, about."""
    return -(-len(text.encode("utf-8")) // BYTES_PER_TOKEN)


def sentence(text: str) -> str:
    """The text with a full stop, if nothing ends it yet."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def fenced(data: Any, vendor: str) -> str:
    """The data as text for a model, marked as the vendor's."""
    return f'<data from="{vendor}">{compact(data)}</data>'


def compact(data: Any) -> str:
    """JSON without what can be spared, and without `<`."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def plain(record: Any, fields: tuple[str, ...] | None = None, custom: Sequence[str] = ()) -> Any:
    """A record as plain JSON: what the vendor does not have is left out, and of the rest what `fields` names (`id` always). With it goes
    what the record has of the account's own fields, by the names in `custom`.
    """
    if not hasattr(record, "model_dump"):
        return record
    data: dict[str, Any] = record.model_dump(mode="json", exclude_none=True)
    data = {name: value for name, value in data.items() if value != []}
    if fields is not None:
        data = {name: value for name, value in data.items() if name == "id" or name in fields}
    if custom:
        own = record.custom_fields
        data["custom_fields"] = to_jsonable_python({name: own[name] for name in custom if own.get(name) is not None})
    return data


def shortened(value: Any, most: int) -> Any:
    """The value with every longer text cut, each cut told."""
    if isinstance(value, str) and len(value) > most:
        return f"{value[:most]}… ({len(value) - most} more characters)"
    if isinstance(value, dict):
        return {name: shortened(one, most) for name, one in value.items()}
    if isinstance(value, list):
        return [shortened(one, most) for one in value]
    return value


def size(data: Any) -> int:
    """Bytes that the data takes as text for a model, with what separates it from the next."""
    return len(compact(data).encode("utf-8")) + 1


def within(data: Any, most: int) -> Any:
    """The data with its longest texts cut until it fits into so many tokens, as far as texts are what makes it long."""
    longest = most * BYTES_PER_TOKEN
    cut = data
    while tokens(compact(cut)) > most and longest > _SHORTEST:
        longest //= 2
        cut = shortened(data, longest)
    return cut
