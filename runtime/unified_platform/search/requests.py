"""Requests: the words to search for, each with similar words, the kinds of operations that are meant, and the vendors."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from unified_openapi.documents.words import singular
from unified_platform.search import vocabulary
from unified_platform.search.synonyms import Expansions, container, longest_phrase, similar, stems
from unified_platform.search.vendor_words import implied_vendors, named_vendors
from unified_platform.search.words import STOP, Wish, is_imperative, is_plain_verb, stem, tokens, wish, with_plain_verb

MOST = 16
"""Maximum words of a request that are used: the rest of a long text is rarely about what to do."""

_IDENTIFIED = re.compile(
    r"#[0-9]+\b|\b[0-9]{2,}\b|\b(?:id|number|no\.) (?:of )?\S*[0-9]|\b(?:this|that|with|by) (?:its )?id\b", re.IGNORECASE
)
"""One record is named: `task 8842`, `#12`, `with this id`."""
_KEY = re.compile(r"\b[A-Z][A-Z0-9]+-[0-9]+\b")
"""Key of an issue: an issue is meant."""
_ROOM = re.compile(r"(?<![\w&/])#[A-Za-z][\w-]*")
"""Name of a channel: `#releases`."""
_FILE_NAME = re.compile(r"\b[\w-]+\.(?:csv|docx?|gif|jpe?g|json|log|md|mp[34]|pdf|png|pptx?|txt|xlsx?|zip)\b", re.IGNORECASE)
_IGNORED = re.compile(r"https?://\S+|\S+@\S+|#?\b[0-9]+\b|\"[^\"]*\"|“[^”]*”")
_TOPIC = vocabulary.words("requests", "topic")
_TOPIC_WEIGHT = 0.6
_SCOPE = vocabulary.words("requests", "scope")
_SCOPE_WEIGHT = 0.6
_CONTAINING = vocabulary.words("requests", "containing")
_CONTAINER = 0.75
"""Similarity of a container to itself if its contents are meant: the calendar of `what's on my calendar`."""
_SUBJECTS = vocabulary.words("requests", "subjects")
_COLLECTIVES = vocabulary.words("requests", "collectives")
_OF_SEVERAL = vocabulary.words("requests", "of_several")
_PLAIN_WEIGHT = 0.15
_NAME_WEIGHT = 0.4
"""Weight of a word that is probably somebody's or something's name: capitalized in a sentence."""
_PERSON_WEIGHT = 0.3
"""Weight of the person that a first and last name, or an e-mail address, means."""
_PERSON = re.compile(r"(?<![.\w] )\b[A-Z][a-z]+ [A-Z][a-z]+\b|\S+@\S+\.\w+")
_VENDOR_WEIGHT = 0.5
"""Weight of a noun in the name of a vendor: the calendar of `google calendar`."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One word or phrase of a request.

    Attributes:
        expansions: its stems and similar ones, each with the similarity.
        weight: its weight, 1 at most.
        own: its own stem or stems.
        plain: true for a verb that means no more than a kind: no operation is found only by it.
        vendors: vendors whose records it names: all of their operations are a little about it.
    """

    own: str
    expansions: Expansions
    weight: float
    plain: bool = False
    vendors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is ready to be searched for.

    Attributes:
        concepts: what it is about.
        wish: the kind of operation that it means.
        vendors: vendors that it names.
        implied: vendors that its words imply.
    """

    concepts: tuple[Concept, ...]
    wish: Wish
    vendors: frozenset[str]
    implied: frozenset[str]


def parse(text: str, vendors: Collection[str]) -> Request:
    """Read a request.

    Args:
        text: what a person or a model wrote.
        vendors: vendors that are searched.
    """
    issue = bool(_KEY.search(text))
    named = _FILE_NAME.sub(" file ", _ROOM.sub(" channel ", _KEY.sub(" ", text)))
    plain = with_plain_verb(tokens(_IGNORED.sub(" ", named)))
    found = named_vendors(plain, vendors)
    left = tuple(with_plain_verb(list(found.words))) if found.named else found.words
    wanted = wish(list(left))
    concepts = _concepts(left, _proper_names(text), reads=wanted.reads)
    for word in found.nouns:
        if all(one.own != stem(word) for one in concepts):
            concepts.append(Concept(stem(word), {stem(word): 1.0, **similar().get(stem(word), {})}, _VENDOR_WEIGHT))
    if issue:
        concepts.append(Concept("issu", {"issu": 1.0, "task": 0.7}, 0.6))
    if _PERSON.search(text[1:]) and not any("person" in one.expansions for one in concepts):
        concepts.append(Concept("person", {"person": 1.0, **similar()["person"]}, _PERSON_WEIGHT))
    implied = implied_vendors({word.removesuffix("s") for word in plain} | _pairs(plain))
    wanted = replace(wanted, several=_several(left, concepts, of_one=issue), identified=issue or bool(_IDENTIFIED.search(text)))
    if not wanted.kinds and not wanted.acts and wanted.several:  # `unresolved tickets`
        wanted = replace(wanted, kinds=frozenset({"list"}), reads=True)
    return Request(tuple(concepts), wanted, found.named, implied)


def _several(words: Sequence[str], concepts: Sequence[Concept], *, of_one: bool) -> bool | None:
    """Return true if the first records that the words name are several: one of adjoining words is in the plural, the request begins with
    `who` or `which` and is not `of_one`, or it names a discussion. None without records."""
    named = {one.own.rpartition(" ")[2] for one in concepts if not one.plain}
    beginning = next((at for at, word in enumerate(words) if stem(word) in named), None)
    if beginning is None:
        return None
    if (words[0] in _OF_SEVERAL and not of_one) or not _COLLECTIVES.isdisjoint(words):
        return True
    nouns = itertools.takewhile(lambda word: stem(word) in named, words[beginning:])
    return any(noun.endswith("s") and singular(noun) != noun for noun in nouns)


def _pairs(words: Sequence[str]) -> set[str]:
    return {f"{one}-{other.removesuffix('s')}" for one, other in itertools.pairwise(words)}


def _proper_names(text: str) -> frozenset[str]:
    """Return the words of a sentence that begin with a capital letter, except the first one, in small letters."""
    words = text.split()
    if sum(word[:1].isupper() for word in words) > len(words) / 2:
        return frozenset()
    return frozenset(one for word in words[1:] if word[:1].isupper() and word[1:2].islower() for one in tokens(word))


def _phrase(words: Sequence[str], position: int, size: int) -> str | None:
    """Return the stems of so many words from a position; None if there are fewer."""
    return stems(" ".join(words[position : position + size])) if position + size <= len(words) else None


def _concepts(words: Sequence[str], proper: Collection[str], *, reads: bool) -> list[Concept]:
    found: dict[str, Concept] = {}
    weight = 1.0
    position = 0
    known = similar()
    contained = named = False
    while position < len(words) and len(found) < MOST:
        word = words[position]
        size = next((size for size in range(longest_phrase(), 1, -1) if _phrase(words, position, size) in known), 1)
        phrase = " ".join(words[position : position + size])
        position += size
        if size == 1:
            certain = any(not one.plain for one in found.values())
            if word in STOP:
                contained = word in _CONTAINING or (contained and not named)
                named = False
            if word in _TOPIC and found:
                weight = _TOPIC_WEIGHT
            elif word in _SUBJECTS and certain:  # `the message i sent`
                weight = min(weight, _TOPIC_WEIGHT)
            elif word in _SCOPE and certain:  # `messages in the channel`
                weight = min(weight, _SCOPE_WEIGHT)
            if len(word) < 2 or (word in STOP and not is_imperative(list(words), position - 1)):
                continue
        own = stems(phrase)
        weight_here = weight
        plain = size == 1 and is_plain_verb(word)
        if plain:
            weight_here *= _PLAIN_WEIGHT
        elif size == 1 and word in proper and own not in known:
            weight_here *= _NAME_WEIGHT
        elif word in ("who", "whoever"):
            weight_here, own = weight * _PLAIN_WEIGHT, "user"
        expansions = {own: 1.0, **known.get(own, {})}
        if size > 1:
            # `and` and `of` are not indexed.
            nouns = " ".join(part for part in own.split() if part not in STOP)
            expansions |= {own.replace(" ", ""): 1.0, nouns: 1.0}
        if contained and reads and not plain:
            contents = {container(one.rpartition(" ")[2]): similarity for one, similarity in expansions.items()}
            expansions = {one: _CONTAINER * similarity for one, similarity in expansions.items()} | contents
            named = True
        if own not in found:
            found[own] = Concept(own, expansions, weight_here, plain, implied_vendors({phrase.removesuffix("s").replace(" ", "-")}))
    for one, other in itertools.pairwise(words):
        glued = stem(one) + stem(other) if len(one) > 2 and len(other) > 2 else ""
        joined = one + stem(other)
        for form in {glued, joined} - {""}:
            for part in (stem(one), stem(other)):
                if part in found and found[part].weight >= 0.6:
                    found[part] = replace(found[part], expansions={**found[part].expansions, form: 1.0})
    return list(found.values())
