"""One line about an operation of a document, from its name and path: shipped facts have no text of the vendor."""

from __future__ import annotations

from unified_openapi.documents.words import VERBS, singular, split


def phrase(name: str, endpoint: str) -> str:
    """Return what an operation does in a few words: `addWatcher` is `add watcher`, `GET /users/{id}/events` is `list events of a user`.

    Args:
        name: its name in the document.
        endpoint: its method and path.
    """
    method, _, path = endpoint.partition(" ")
    if " " not in name:
        found = split(name)
        verb = next((at for at, word in enumerate(found) if word in VERBS), None)
        if verb is not None and len(found) > 1:
            return " ".join([found[verb], *found[:verb], *found[verb + 1 :]])
        if len(found) > 1:
            return " ".join(found)
    segments = [part for part in path.partition("?")[0].split("/") if part]
    nouns = [" ".join(split(part)) for part in segments if "{" not in part and split(part)]
    item = bool(segments) and "{" in segments[-1]
    verb_of = {"GET": "get" if item else "list", "POST": "update" if item else "create", "PUT": "update", "PATCH": "update"}
    last = singular(nouns[-1]) if item and nouns else nouns[-1] if nouns else name
    of = f" of {singular(nouns[-2])}" if len(nouns) > 1 else ""
    return f"{verb_of.get(method, method.lower())} {last}{of}"
