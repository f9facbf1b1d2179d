"""Rich Authorization Requests, RFC 9396: rights said in `authorization_details`, down to one action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from unified_platform.oauth.errors import Untrusted
from unified_runtime.errors import InvalidInput

Detail = Mapping[str, Any]
"""One element of `authorization_details`: a `type`, the common fields of section 2.2 and those of the type."""

_SETS = ("locations", "actions", "datatypes", "privileges")
_LARGEST = 16 * 1024


def encoded(details: Sequence[Detail]) -> str:
    """The parameter's value: a JSON array (section 2).

    Raises:
        InvalidInput: an element has no type, or the whole cannot be sent.
    """
    for number, detail in enumerate(details):
        if not isinstance(detail, Mapping) or not isinstance(detail.get("type"), str) or not detail["type"]:
            raise InvalidInput(f"authorization_details[{number}] needs a `type` (RFC 9396, section 2)")
        for name in _SETS:
            value = detail.get(name)
            if value is not None and (not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value)):
                raise InvalidInput(f"authorization_details[{number}].{name} is a list of texts (RFC 9396, section 2.2)")
    try:
        text = msgspec.json.encode(details)
    except (TypeError, ValueError, RecursionError):
        text = b""
    if not text or len(text) > _LARGEST:
        raise InvalidInput(f"authorization_details cannot be written as JSON of at most {_LARGEST} bytes")
    return text.decode("utf-8")


def check_granted(granted: Sequence[Detail] | None, asked: Sequence[Detail]) -> None:
    """Refuse rights beyond what was asked for. A server may grant less, and may add to an element what it alone knows (section 7.1).

    Raises:
        Untrusted: an element was not asked for, or goes beyond the one that was.
    """
    for detail in granted or ():
        if not any(_within(detail, one) for one in asked):
            raise Untrusted(f"the authorization server grants more than was asked for: {_brief(detail)}")


def _within(granted: Detail, asked: Detail) -> bool:
    for name, value in asked.items():
        given = granted.get(name)
        if name in _SETS:
            # A list that was asked for and is missing would stand for all (section 2.2).
            if not isinstance(given, list | tuple) or not set(given) <= set(value):
                return False
        elif msgspec.to_builtins(given) != msgspec.to_builtins(value):
            return False
    return not any(name in granted and name not in asked for name in ("privileges",))


def _brief(detail: Detail) -> str:
    return msgspec.json.encode(detail).decode("utf-8")[:200]
