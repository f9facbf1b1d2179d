"""Words of requests and of names: stems, stop words, and the verbs that mean a kind of operation."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from unified_platform.search import vocabulary

KINDS = ("create", "get", "list", "changes", "update", "delete")
_BY_WORD: dict[str, frozenset[str]] = {}
for _kind in KINDS:
    for _verb in vocabulary.words("verbs", _kind):
        _BY_WORD[_verb] = _BY_WORD.get(_verb, frozenset()) | {_kind}
STOP = vocabulary.words("requests", "stop")
_PLAIN = vocabulary.words("verbs", "plain")
_AFTER_VERBS = vocabulary.words("requests", "after_verbs")
_POSSESSIVE = frozenset({"her", "his", "my", "our", "their"})
_DEFINITE = _POSSESSIVE | {"its", "that", "the", "this", "your"}
_QUESTIONS = vocabulary.words("requests", "questions")
_IMPERATIVES = [(tuple(verb.split()), meaning.split()) for verb, meaning in vocabulary.lines("verbs", "imperatives", ">")]
_NEAR = 7
"""Words within which the second part of a verb is looked up: `hand the ticket of Tom over`."""
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_ENDING = ("ing", "ed", "e")
_BRITISH = re.compile(r"([a-z]{4})is(e|ed|ing|ation|ations)$")
"""`organise`, `authorisation`; words in which `s` is the usual spelling have `z` in names of operations and in requests alike."""
_DOUBLE = re.compile(r"([bdgmnprt])\1$")


def tokens(text: str) -> list[str]:
    """Return the words of a text, in small letters, without possessive endings."""
    return [re.sub(r"['’](?:s|re|ve|ll|d|m)?$", "", word.lower()).replace("’", "'") for word in _WORD.findall(text)]


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a word without its ending, roughly: the same for `invoices` and `invoice`, `merging`, `merged` and `merge`."""
    if len(word) < 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes", "statuses")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ment") and len(word) > 8:
        word = word[:-4]
    word = _BRITISH.sub(r"\1iz\2", word)
    for ending in _ENDING:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return _DOUBLE.sub(r"\1", word[: -len(ending)]) if ending != "e" else word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Wish:
    """Kind of operation that a request means.

    Attributes:
        kinds: kinds of operations; none if it is not known.
        reads: true if it is a question.
        acts: true if it names an action of another kind, such as `merge`.
        several: true if it names its records in the plural, false if in the singular; None if it is not known.
        identified: true if it has the number, key or id of a record.
    """

    kinds: frozenset[str]
    reads: bool
    acts: bool
    several: bool | None = None
    identified: bool = False


def wish(words: list[str]) -> Wish:
    """Return what kind of operation the words of a request mean: by its first verb, or by a question."""
    position = next((at for at, word in enumerate(words) if word in _QUESTIONS or word not in STOP or is_imperative(words, at)), None)
    if position is None:
        return Wish(frozenset(), False, False)
    if words[:2] in (["is", "there"], ["are", "there"]):
        return Wish(frozenset({"list"}), True, False)
    word, following = words[position], words[position + 1] if position + 1 < len(words) else ""
    if word in _QUESTIONS or (words[0] in _POSSESSIVE and not is_verb(word)):  # `my open tickets`
        return Wish(frozenset(), True, False)
    if word == "open" and following in _DEFINITE:
        return Wish(frozenset({"get"}), True, False)
    if word == "open" and following not in _AFTER_VERBS:
        return Wish(frozenset({"list"}), True, False)
    if word == "open" and following in ("a", "an"):
        return Wish(frozenset({"create"}), False, False)
    if word == "new" and ("anything" in words[:position] or _is_plural(following)):  # `anything new`, `new leads since Monday`
        return Wish(frozenset({"list"}), True, False)
    if _is_plural(word) and following not in _DEFINITE | {"a", "an"}:  # `drafts of last week`
        return Wish(frozenset(), False, False)
    found = _BY_WORD.get(word) or _BY_WORD.get(word.removesuffix("s")) or frozenset()
    if found:
        return Wish(found, found <= {"get", "list", "changes"}, False)
    return Wish(frozenset(), False, following in _AFTER_VERBS)


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith("ss") and word not in _BY_WORD


def with_plain_verb(words: list[str]) -> list[str]:
    """Return the words of a request with another verb for its first one, if that is an idiom: `hand the card over` is `assign the card`."""
    first = next((at for at, word in enumerate(words) if word not in STOP or is_imperative(words, at)), None)
    if first is None:
        return words
    for verb, meaning in _IMPERATIVES:
        if verb[0] != words[first]:
            continue
        if len(verb) == 1:
            return [*words[:first], *meaning, *words[first + 1 :]]
        after = words[first + 1 : first + _NEAR]
        if verb[1] in after:
            at = first + 1 + after.index(verb[1])
            return [*words[:first], *meaning, *words[first + 1 : at], *words[at + 1 :]]
    return words


def is_imperative(words: list[str], position: int) -> bool:
    """Return true if a word that is otherwise a stop word is a verb here: the `like` of `like a post`."""
    return position == 0 and words[0] in ("like", "let") and words[1:2] != ["to"]


def is_verb(word: str) -> bool:
    """Return true if a word means a kind of operation."""
    return word in _BY_WORD


def is_plain_verb(word: str) -> bool:
    """Return true if a word only means a kind of operation."""
    return word in _PLAIN or word.removesuffix("s") in _PLAIN
