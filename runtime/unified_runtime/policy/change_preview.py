"""Change preview for approvers: the title of an existing record, and each field with its old and new value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from unified_runtime.core.policy_decisions import PolicyRequest
from unified_runtime.policy.approvals import ApprovalSubject, Change, title_of

SHOWN = 160
"""Maximum characters of a title or value that are shown."""

FIELDS = 100
"""Maximum number of changed fields that are shown."""

_CONTEXT = 20
"""Characters shown before the first difference of two long texts."""


def described(subject: ApprovalSubject, question: PolicyRequest, record: Mapping[str, Any]) -> ApprovalSubject:
    """Return the subject with the record's title and the changes that the inputs make. The digest stays the same."""
    title = title_of(record)
    return msgspec.structs.replace(
        subject, title=None if title is None else _shortened(_text(title)), changes=changes_of(question, record), no_record_reason=None
    )


def changes_of(question: PolicyRequest, record: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the changes that a call makes to the fields of a record, as shortened JSON; none for reads and for calls that create another
    record.

    Inputs that are not fields of the record are not included. An input equal to the record's value is included, since the call writes it.
    """
    if question.effect == "read" or question.like == "create":
        return ()
    given = {**question.input, **dict.fromkeys(question.cleared)}
    return tuple([_change(name, record[name], new) for name, new in given.items() if name in record][:FIELDS])


def _change(name: str, old: Any, new: Any) -> Change:
    before, after = _text(old), _text(new)
    start = 0
    if len(before) > SHOWN or len(after) > SHOWN:  # show also a change near the end of a long text
        same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), min(len(before), len(after)))
        start = max(0, same - _CONTEXT)
    return Change(name, _json(old, before, start), _json(new, after, start))


def _text(value: Any) -> str:
    """Return a text as it is, or another value as JSON. Lone surrogates, which UTF-8 cannot hold, are written as `\\ud800`."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return msgspec.json.encode(value, enc_hook=str, order="sorted").decode()


def _json(value: Any, text: str, start: int) -> str:
    """Return the value as JSON; a shortened value as a JSON string, so that its end is always marked."""
    if not start and len(text) <= SHOWN:
        return msgspec.json.encode(text).decode() if isinstance(value, str) else text
    return msgspec.json.encode(_shortened(text, start)).decode() + f" ({len(text)} characters)"


def _shortened(text: str, start: int = 0) -> str:
    return f"{'…' if start else ''}{text[start : start + SHOWN]}{'…' if start + SHOWN < len(text) else ''}"
