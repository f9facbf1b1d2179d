"""Codec of a header of a part of MIME (`headers` with `name` and `value`), by the header's name in any case. `decode` never raises.

Source: https://www.rfc-editor.org/rfc/rfc5322#section-2.2 and https://www.rfc-editor.org/rfc/rfc2047
"""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.adapter_api.codecs.mailboxes import decoded

LOSSES: tuple[str, ...] = ("decode: further headers of the same name",)


def decode(value: object, name: str) -> str | None:
    """Return the text of a header with its encoded words decoded; None if there is none."""
    found = header(value, name)
    return None if found is None else decoded(found)


def header(part: object, name: str) -> str | None:
    """Return the first header of this name; None if there is none."""
    headers = part.get("headers") if isinstance(part, Mapping) else None
    for each in headers if isinstance(headers, list) else ():
        if isinstance(each, Mapping) and str(each.get("name")).lower() == name.lower():
            text = each.get("value")
            return text if isinstance(text, str) else None
    return None
