"""Quoting of shell commands that people copy from a message or a page."""

from __future__ import annotations

import shlex


def command(*words: str) -> str:
    """Return a POSIX shell command of the words, each quoted as far as it needs.

    Invisible characters are written as escapes (`$'\\n'`, which bash, zsh and ksh read), so that the command stays on one line and
    hides nothing.
    """
    return " ".join(shlex.quote(word) if word.isprintable() else _escaped(word) for word in words)


def _escaped(word: str) -> str:
    return "$'" + "".join(_character(character) for character in word) + "'"


def _character(character: str) -> str:
    if character in "'\\":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
