"""Similarity of two names, split into words, with synonyms unified."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_SYNONYMS = {
    # names of records
    "task": "issue card ticket story todo workitem",
    "comment": "note reply remark",
    "project": "board repository repo space",
    "user": "member person people teammate agent employee profile admin",
    "message": "post",
    "event": "meeting appointment",
    "contact": "lead person",
    "company": "organization organisation",
    "file": "document attachment",
    # names of fields
    "text": "content body message",
    "title": "name summary subject headline content text",
    "description": "body desc content text detail notes note",
    "status": "state stage completed closed done",
    "assignee": "assigned responsible responder member owner",
    "creator": "author reporter user",
    "due": "duedate deadline",
    "start": "startdate begin",
    "created": "creation createtime inserted opened",
    "updated": "modified changed edited activity updatetime",
    "completed": "closed finished resolved resolutiondate completion done",
    "url": "permalink link href uri",
    "label": "tag category",
    "priority": "urgency importance",
    "type": "kind tracker issuetype",
    "parent": "parentid",
    "email": "mail emailaddress",
}
_MEANS: dict[str, dict[str, int]] = {}
"""A word to its possible meanings, with their ranks in the list of synonyms: the first are the likeliest."""
for _canonical, _others in _SYNONYMS.items():
    for _rank, _other in enumerate((_canonical, *_others.split())):
        _MEANS.setdefault(_other, {})[_canonical] = _rank

_PHRASES = {
    ("create", "at"): ("created",),
    ("create", "time"): ("created",),
    ("update", "at"): ("updated",),
    ("update", "time"): ("updated",),
    ("edit", "at"): ("edited",),
    ("created", "by"): ("creator",),
    ("creator", "user"): ("creator",),
    ("modified", "by"): ("editor",),
    ("updated", "by"): ("editor",),
    ("assigned", "to"): ("assignee",),
    ("last", "modified"): ("updated",),
    ("last", "updated"): ("updated",),
    ("last", "activity"): ("updated",),
    ("work", "item"): ("task",),
    ("email", "address"): ("email",),
    ("mail", "address"): ("email",),
    ("display", "name"): ("name",),
    ("full", "name"): ("name",),
    ("resolution", "date"): ("completed",),
    ("issue", "type"): ("type",),
}

_NOISE = frozenset({"at", "on", "date", "time", "is", "the", "of", "by", "utc", "timestamp", "value"})


def words(name: str) -> list[str]:
    """Return a name's words: `createdAt` is created at."""
    return [word.lower() for word in _WORD.findall(name)]


@lru_cache(maxsize=8192)
def tokens(name: str) -> tuple[str, ...]:
    """Return a name's words: small, singular, without those for the format of a value (`created_at`, `dateCreated`: created)."""
    found = [singular(word) for word in words(name)]
    for phrase, better in _PHRASES.items():
        for start in range(len(found) - len(phrase) + 1):
            if tuple(found[start : start + len(phrase)]) == phrase:
                found[start : start + len(phrase)] = better
                break
    return tuple(word for word in found if word not in _NOISE) or tuple(found)


def singular(word: str) -> str:
    """Return a noun's singular, by its spelling."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return word


def alike(left: str, right: str) -> float:
    """Return the share of words that two names have in common, from 0 to 1; a synonym counts a little less."""
    a, b = tokens(left), tokens(right)
    if not a or not b:
        return 0.0
    return sum(max(_word(x, y) for y in b) for x in a) / max(len(a), len(b))


def _word(left: str, right: str) -> float:
    if left == right:
        return 1.0
    ours, theirs = _MEANS.get(left, {}), _MEANS.get(right, {})
    shared = [ours[meaning] + theirs[meaning] for meaning in ours.keys() & theirs.keys()]
    return 0.85 - 0.004 * min(shared) if shared else 0.0


_HANDLES = frozenset({"id", "iid", "key", "gid", "uuid", "or", "name", "slug", "number", "index", "username", "login"})


def same_reference(left: str, right: str) -> float:
    """Return the similarity of two names of references, with any kind of id: `task_id`, `issueIdOrKey` and `task` are one."""
    return alike(_stem(left), _stem(right))


def _stem(name: str) -> str:
    saved = [word for word in tokens(name) if word not in _HANDLES]
    return "_".join(saved or tokens(name))


def is_handle(name: str) -> bool:
    """Return true if a name is only that of an identifier: `id`, `idOrKey`."""
    return set(tokens(name)) <= _HANDLES
