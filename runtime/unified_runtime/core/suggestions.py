"""Suggestions of similar names ("did you mean") and shortened values for error messages."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a suggestion such as `; did you mean 'title'?`, or an empty string if no known name is similar."""
    import difflib  # only needed for errors

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def shortened(value: object, most: int = 60) -> str:
    """Return the repr of a value for a message, cut in the middle if it is longer than `most` characters."""
    text = repr(value)
    if len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[:half]}…{text[-half:]}"
