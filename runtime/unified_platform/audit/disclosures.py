"""Personal values of audit log entries: the chained text has a salted commitment to each, as in SD-JWT (RFC 9901).

Salt and value are stored beside the text, and are removed when the person is erased. The chain stays as it was written, with all
recorded heads. An erased value is replaced by a mark, made with the chain's key, so that write access to the database does
not suffice to hide a value.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from unified_platform.common.erased_names import ERASED

REFERENCE = "..."
"""Name in an object that has a commitment in place of a value, as RFC 9901 has it for the elements of arrays."""

PEOPLE = ("user", "on_behalf_of", "by", "person")
_NAMES = (*PEOPLE, "account")
_TEXTS = ("connection", "made")
_LISTS = ("reasons", "done", "lost")
_SALT_BYTES = 16


class MarkKey(Protocol):
    """Key of the chain, as marks are made with it."""

    @property
    def number(self) -> int: ...

    @property
    def material(self) -> bytes: ...


Disclosures = dict[str, Any]
"""By commitment: a list of salt and value, or the mark of an erased value."""


def commit(entry: Mapping[str, Any]) -> tuple[Mapping[str, Any], Disclosures]:
    """Return an entry with commitments in place of its personal values, and the values.

    Texts such as reasons and paths are replaced as well if they contain one of the entry's names. Equal values of an entry have the same
    commitment.
    """
    names = {value for field in _NAMES if isinstance(value := entry.get(field), str) and value}
    held: Disclosures = {}
    references: dict[str, dict[str, str]] = {}

    def reference(value: Any) -> dict[str, str]:
        text = json.dumps(value, sort_keys=True)
        if text not in references:
            salt = secrets.token_hex(_SALT_BYTES)
            references[text] = {REFERENCE: commitment(salt, value)}
            held[references[text][REFERENCE]] = [salt, value]
        return references[text]

    def replaced(value: Any) -> Any:
        named = isinstance(value, str) and any(name in value for name in names)
        # An object of this form that a caller gave must not be read as a commitment.
        return reference(value) if named or (isinstance(value, Mapping) and REFERENCE in value) else value

    return _mapped(entry, replaced), held


def reveal(entry: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with its values in place of their commitments, and `ERASED` for those that were erased."""

    def value(stored: Any) -> Any:
        digest = _digest(stored)
        if digest is None:
            return stored
        return found[1] if isinstance(found := held.get(digest), list) and len(found) == 2 else ERASED

    return _mapped(entry, value)


def problem(entry: Mapping[str, Any], held: Any, seq: int, keys: Mapping[int, MarkKey], unkeyed: float) -> str | None:
    """Return what is wrong with an entry's values; None if each matches its commitment or was erased.

    Args:
        keys: keys of the chain by number.
        unkeyed: the last entry that may have values erased without a key.
    """
    if not isinstance(held, dict):
        return "its values are not readable"
    references: set[str] = set()

    def noted(stored: Any) -> Any:
        if (digest := _digest(stored)) is not None:
            references.add(digest)
        return stored

    _mapped(entry, noted)
    if held.keys() != references:
        return "a value was removed" if references - held.keys() else "a value was added"
    for digest, found in held.items():
        if isinstance(found, list) and len(found) == 2 and isinstance(found[0], str):
            if not hmac.compare_digest(commitment(found[0], found[1]), digest):
                return "a value was changed"
            continue
        number, _, _ = found.partition(":") if isinstance(found, str) else ("", "", "")
        key = keys.get(int(number)) if number.isascii() and number.isdigit() else None
        if (key is None and (number != "0" or seq > unkeyed)) or not hmac.compare_digest(mark(digest, seq, key), found):
            return "a value was removed"
    return None


def erased(entry: Mapping[str, Any], held: Disclosures, user: str) -> list[str]:
    """Return the commitments of an entry whose values are about a user: the name, and in entries about calls for the user all values except
    the names of other people."""
    people = {field: _value(entry.get(field), held) for field in PEOPLE}
    about = user in (people["user"], people["on_behalf_of"])
    others = {name for name in people.values() if name != user}
    return [
        digest
        for digest, found in held.items()
        if isinstance(found, list) and (found[1] == user or (about and not (isinstance(found[1], str) and found[1] in others)))
    ]


def mark(digest: str, seq: int, key: MarkKey | None) -> str:
    """Return the mark of a value that was erased."""
    about = f"unified audit erased\n{seq}\n{digest}".encode("ascii", "backslashreplace")
    if key is None:
        return f"0:{hashlib.sha256(about).hexdigest()}"
    return f"{key.number}:{hmac.digest(key.material, about, 'sha256').hex()}"


def commitment(salt: str, value: Any) -> str:
    """Return the commitment to a value. The salt has a fixed length, so that no other pair has the same text."""
    return hashlib.sha256(f"{salt}\n{json.dumps(value, sort_keys=True)}".encode("ascii")).hexdigest()


def account_of(entry: Mapping[str, Any], held: Disclosures, user: str) -> str | None:
    """Return the account of an entry about a call with the user's connection."""
    return _value(entry.get("account"), held) if _value(entry.get("user"), held) == user else None


def _value(stored: Any, held: Mapping[str, Any]) -> str | None:
    digest = _digest(stored)
    found = stored if digest is None else found[1] if isinstance(found := held.get(digest), list) else None
    return found if isinstance(found, str) else None


def _digest(stored: Any) -> str | None:
    if isinstance(stored, Mapping) and len(stored) == 1 and isinstance(digest := stored.get(REFERENCE), str):
        return digest
    return None


def _mapped(entry: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """Return an entry with a function applied to each value that can be personal."""
    return {**entry, **dict(_changed(entry, change))}


def _changed(entry: Mapping[str, Any], change: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    for field in (*_NAMES, *_TEXTS):
        if field in entry:
            yield field, change(entry[field])
    for field in _LISTS:
        if isinstance(found := entry.get(field), (list, tuple)):
            yield field, [change(value) for value in found]
    if isinstance(ids := entry.get("ids"), Mapping):
        yield "ids", {name: change(value) for name, value in ids.items()}
    for field, inner in (("delegation", "sub"), ("request", "path")):
        if isinstance(found := entry.get(field), Mapping) and inner in found:
            yield field, {**found, inner: change(found[inner])}
