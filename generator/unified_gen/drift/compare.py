"""Compare the traits of an operation under two documents, and name each difference in the user's words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from unified_gen.drift.model import Change, Verdict
from unified_gen.drift.traits import Part, Trait
from unified_openapi.schemas.shapes import NO_BOUNDS, Bounds

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\b|\*/\*")
_WRITTEN = re.compile(
    r"application/(?:[\w.+-]+\+)?json\b|\*/\*|application/x-www-form-urlencoded|multipart/|text/|application/octet-stream"
)
_SHOWN_LINES = 6


def compare(before: Iterable[Trait], after: Iterable[Trait], code: tuple[str, str] | None = None) -> tuple[Change, ...]:
    """Return the differences.

    Args:
        before: traits under the present document.
        after: traits under the new one.
        code: the generated code of both; None if it is not compared.
    """
    old = {(trait.aspect, trait.key): trait for trait in before}
    new = {(trait.aspect, trait.key): trait for trait in after}
    shared = {key for aspect, key in old.keys() & new.keys() if aspect == "location"}
    differs = code is not None and code[0] != code[1]
    keys = [key for key in {**old, **new} if not isinstance(key[1], Part) or key[1].input in shared]
    return tuple(dict.fromkeys(change for key in keys for change in _compared(old.get(key), new.get(key), differs)))


def code_change(before: str, after: str) -> Change:
    """Return a difference of generated code that no trait explains."""
    found = [line for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="") if line[:1] in "+-"]
    lines = [line[0] + " " + line[1:].strip() for line in found if not line.startswith(("+++", "---")) and line[1:].strip()]
    more = f" and {len(lines) - _SHOWN_LINES} more lines" if len(lines) > _SHOWN_LINES else ""
    return Change("generated code", "", "; ".join(lines[:_SHOWN_LINES]) + more)


def _compared(old: Trait | None, new: Trait | None, differs: bool) -> Iterator[Change]:
    trait = new or old
    assert trait is not None
    if old is not None and new is not None and old.value == new.value:
        return
    words = f"{old.words if old is not None else 'none'} → {new.words if new is not None else 'none'}"
    match trait.aspect:
        case "deprecated":
            if new is not None:
                yield Change("deprecated", trait.subject, "the vendor has marked it as going", Verdict.DEPRECATED, trait.field)
        case "write-only":
            if new is not None:
                yield Change("write-only", trait.subject, "responses do not have it any more", Verdict.LOSSY, trait.field)
        case "enum value":
            if new is None and old is not None:
                yield Change("enum value", trait.subject, f"{old.words} is sent, and not accepted any more", Verdict.LOSSY, trait.field)
        case "selected field":
            if new is None or old is None:
                if new is None:
                    yield Change("selected field", trait.subject, "it cannot be requested any more", Verdict.LOSSY, trait.field)
            else:
                yield Change("selected field", trait.subject, words)
        case "type":
            if old is not None and new is not None and _other_type(old, new, differs):
                yield Change("type", trait.subject, words, Verdict.CHANGED)
        case "bounds":
            before, after = (found.value if found is not None else NO_BOUNDS for found in (old, new))
            if differs or _narrower(before, after):
                yield Change("bounds", trait.subject, words)
        case "body":
            if old is not None and new is not None:
                yield Change("body", trait.subject, words)
        case "media type":
            if old is not None and new is not None:
                yield from _media_type(old, new, words)
        case _:
            if old is not None and (new is not None or trait.declared):
                yield Change(trait.aspect, trait.subject, words)


def _other_type(old: Trait, new: Trait, differs: bool) -> bool:
    """Return true if a type matters: values that are sent may be refused, values that are read may be others, or the code changes."""
    (kinds, formats), (now, now_formats) = old.value, new.value
    read = isinstance(new.key, tuple) and new.key[:1] == ("read",)
    wider = bool(now - kinds) if kinds else False
    narrower = bool(kinds - now) if now else False
    if "integer" in kinds and "number" in now and not read:
        narrower = bool(kinds - now - {"integer"})
    return (wider if read else narrower) or (differs and (kinds, formats) != (now, now_formats))


def _narrower(old: Bounds, new: Bounds) -> bool:
    lower = [(old.min_length, new.min_length), (old.minimum, new.minimum), (old.above, new.above), (old.min_items, new.min_items)]
    upper = [(old.max_length, new.max_length), (old.maximum, new.maximum), (old.below, new.below), (old.max_items, new.max_items)]
    return (
        any(now is not None and (was is None or now > was) for was, now in lower)
        or any(now is not None and (was is None or now < was) for was, now in upper)
        or (new.pattern is not None and new.pattern != old.pattern)
    )


def _media_type(old: Trait, new: Trait, words: str) -> Iterator[Change]:
    if isinstance(new.value, str):
        verdict = Verdict.CHANGED if _WRITTEN.match(new.value) else Verdict.BROKEN
        yield Change("media type", new.subject, words, verdict)
    elif _json(old.value) and not _json(new.value):
        yield Change("media type", new.subject, f"{words}; responses are read as JSON", Verdict.BROKEN if new.value else Verdict.LOSSY)


def _json(names: Iterable[Any]) -> bool:
    return any(_JSON.match(name) for name in names)
