"""Did you mean …? For messages about names that do not exist."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'title'?`, or nothing where no known name is near."""
    import difflib  # only ever needed for an error

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def shortened(value: object, most: int = 60) -> str:
    """A value as a message may quote it: its repr, cut in the middle."""
    text = repr(value)
    if len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[:half]}…{text[-half:]}"
