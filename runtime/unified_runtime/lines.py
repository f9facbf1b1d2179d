"""Text from outside, made fit to stand on one line: in a message, a log, a terminal."""

from __future__ import annotations


def line(text: str, most: int = 500) -> str:
    """The text without line breaks and characters that cannot be seen (controls, marks of direction), of at most so many characters.

    What a vendor says is quoted in errors, which applications log: it must not look like a line of its own, nor steer a terminal.
    """
    flat = " ".join(text[: 4 * most].split())
    if not flat.isprintable():
        flat = "".join(character if character.isprintable() else "\ufffd" for character in flat)
    return flat if len(flat) <= most else flat[: most - 1] + "…"
