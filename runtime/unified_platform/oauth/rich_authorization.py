"""Rich Authorization Requests (RFC 9396): rights in `authorization_details`, down to one action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from unified_platform.oauth.errors import UntrustedToken
from unified_runtime.core.errors import InvalidInput

Detail = Mapping[str, Any]
"""One element of `authorization_details`: a `type`, the common fields of section 2.2 and those of the type."""

_SETS = ("locations", "actions", "datatypes", "privileges")
_LARGEST = 16 * 1024


def encoded(details: Sequence[Detail]) -> str:
    """Return the parameter's value: a JSON array (section 2).

    Raises:
        InvalidInput: an element has no type, or the array cannot be sent.
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


def check_granted(granted: Sequence[Detail] | None, requested: Sequence[Detail]) -> None:
    """Reject rights beyond those requested. A server may grant less, and may enrich an element with its own data (section 7.1).

    Raises:
        UntrustedToken: an element was not requested, or exceeds the requested one.
    """
    for detail in granted or ():
        if not any(_within(detail, one) for one in requested):
            raise UntrustedToken(f"the authorization server grants more than was requested: {_brief(detail)}")


def _within(granted: Detail, requested: Detail) -> bool:
    for name, value in requested.items():
        given = granted.get(name)
        if name in _SETS:
            # If a requested list is missing from the grant, that would mean all (section 2.2).
            if not isinstance(given, list | tuple) or not set(given) <= set(value):
                return False
        elif msgspec.to_builtins(given) != msgspec.to_builtins(value):
            return False
    return not any(name in granted and name not in requested for name in ("privileges",))


def _brief(detail: Detail) -> str:
    return msgspec.json.encode(detail).decode("utf-8")[:200]
