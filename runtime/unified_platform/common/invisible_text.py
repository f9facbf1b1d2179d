"""Invisible and bidirectional control characters made visible, before vendor text reaches a model or an approver.

Text that people do not see can still instruct a model: Unicode tags, zero-width characters and variation selectors carry hidden messages
("ASCII smuggling"), and bidirectional controls show people another order than the model reads (Trojan Source, CVE-2021-42574). The set is
Unicode's Default_Ignorable_Code_Point (UAX #44), controls (Cc) but tab and line breaks, and interlinear annotation characters.
"""

from __future__ import annotations

import re
from typing import Any

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_runs = re.compile(f"[{_IGNORABLE}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_JOINERS = frozenset(("\u200c", "\u200d", "\ufe0f\u200d"))
_PRESENTATION = frozenset(("\ufe0e", "\ufe0f"))
_SHOWN = 8
"""Characters of one run that are named; the others are counted."""


def visible(text: str) -> str:
    """Return the text with invisible characters written as `[U+202E]`.

    Joiners within emoji and within words of scripts that need them, and one selector behind a character, stay: text in these looks
    different without them.
    """
    return text if text.isascii() and text.isprintable() else _runs.sub(_named, text)


def visible_data(data: Any) -> Any:
    """Return plain JSON data with the invisible characters of all texts and names made visible."""
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, dict):
        return {visible(name) if isinstance(name, str) else name: visible_data(value) for name, value in data.items()}
    if isinstance(data, list):
        return [visible_data(value) for value in data]
    return data


def _named(match: re.Match[str]) -> str:
    run, before, after = match[0], match.string[max(match.start() - 1, 0) : match.start()], match.string[match.end() : match.end() + 1]
    if run in _PRESENTATION and before and not before.isspace():
        return run
    if run in _JOINERS and before > "\u02ff" and after > "\u02ff":
        return run
    if len(run) == 1 and "\U000e0100" <= run <= "\U000e01ef" and before >= "\u3400":  # a variant of an ideograph (UTS #37)
        return run
    shown = " ".join(f"U+{ord(character):04X}" for character in run[:_SHOWN])
    return f"[{shown}]" if len(run) <= _SHOWN else f"[{shown} and {len(run) - _SHOWN} more invisible characters]"
