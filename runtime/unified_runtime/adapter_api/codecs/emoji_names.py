"""Codec of an emoji and Slack's name of it: 👍 and `+1`. Names without an emoji, those of an account's own, are the same on both sides.

Law: `decode(encode(x)) == normalize(x)`. `encode` accepts a character, a name, and a name between colons. A skin tone is a suffix of the
name: `+1::skin-tone-3`. The names are those of emoji-data, which Slack uses (`emoji_names.txt`: a character and its names in a line).

Source: https://docs.slack.dev/reference/methods/reactions.add and https://github.com/iamcal/emoji-data (MIT licence)
"""

from __future__ import annotations

import importlib.resources
from functools import cache

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: variation selectors; of two skin tones the second; colons around a name; other names of the same emoji",
    "decode: a skin tone that Slack does not have",
)

_TONES = {chr(0x1F3FA + number): number + 1 for number in range(1, 6)}
"""Slack's numbers of skin tones, by the character that sets one."""
_SELECTOR = "\N{VARIATION SELECTOR-16}"
_TONE = "::skin-tone-"


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Return the emoji by name, and the first name by emoji without variation selectors."""
    text = (importlib.resources.files(__package__) / "emoji_names.txt").read_text("utf-8")
    rows = [row.split(" ") for row in text.splitlines()]
    return {name: row[0] for row in rows for name in row[1:]}, {row[0].replace(_SELECTOR, ""): row[1] for row in rows}


def encode(value: str) -> str:
    """Return the name of an emoji; any other text without the colons around it."""
    bare = value.strip().replace(_SELECTOR, "")
    tone = next((_TONES[char] for char in bare if char in _TONES), None)
    name = _table()[1].get(bare)  # a tone by itself is an emoji too
    if name is not None:
        return name
    name = _table()[1].get("".join(char for char in bare if char not in _TONES))
    if name is None:
        return value.strip().strip(":") if len(bare) > 1 else bare
    return name if tone is None else f"{name}{_TONE}{tone}"


def decode(value: str) -> str:
    """Return the emoji of a name; a name that has none as it is."""
    name, _, tone = value.partition(_TONE)
    found = _table()[0].get(name)
    if found is None:
        return value
    sign = next((char for char, number in _TONES.items() if str(number) == tone), "")
    return found[0] + sign + found[1:].removeprefix(_SELECTOR) if sign else found


def normalize(value: str) -> str:
    """Return an emoji or a name as it is after writing it and reading it back."""
    return decode(encode(value))
