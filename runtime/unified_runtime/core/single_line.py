"""Conversion of untrusted text to one safe line for messages, logs and terminals."""

from __future__ import annotations


def line(text: str, most: int = 500) -> str:
    """Return the text without line breaks and invisible characters (controls, direction marks), of at most `most` characters.

    Errors quote a vendor's text, and applications log errors: the text must not forge a log line or control a terminal.
    """
    flat = " ".join(text[: 4 * most].split())
    if not flat.isprintable():
        flat = "".join(character if character.isprintable() else "\ufffd" for character in flat)
    return flat if len(flat) <= most else flat[: most - 1] + "…"
