"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the candidate that a misspelt word most likely means. `cutoff` is the least similarity, from 0 to 1."""
    import difflib

    known = tuple(candidates)
    for candidate in known:
        if candidate.lower().replace("-", "_") == word.lower().replace("-", "_"):
            return candidate
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=cutoff)), None)


def did_you_mean(word: str, candidates: Iterable[str], *, prefix: str = "") -> str | None:
    """Return a help line that names the nearest candidate, or all of them if they are few. `prefix` is put before each."""
    known = tuple(dict.fromkeys(candidates))
    near = nearest(word, known)
    if near is not None:
        return f"did you mean `{prefix}{near}`?"
    return f"there is {listed(prefix + name for name in known)}" if 0 < len(known) <= 8 else None


def listed(words: Iterable[str]) -> str:
    """Return `a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
