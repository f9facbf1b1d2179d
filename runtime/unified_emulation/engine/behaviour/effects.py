"""Effects of writes outside of the account: people that are informed, links that are fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import scalars
from unified_openapi.behaviour.kinds import AnyFact, Notification, Unfurl

_LINK = re.compile(r"https?://[^\s<>|)\]\"']+")


@dataclass(frozen=True, slots=True)
class Notified:
    """People that a request informed: by which fact, of which operation, and how."""

    fact: str
    operation: str
    to: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """Link that the vendor's servers fetched because of a request."""

    fact: str
    operation: str
    link: str


def effects(facts: Iterable[tuple[str, AnyFact]], call: Call) -> Iterable[Notified | Fetched]:
    """Yield the effects of a successful request."""
    for name, fact in facts:
        if isinstance(fact, Notification):
            yield Notified(name, call.operation.name, fact.to, fact.by)
        elif isinstance(fact, Unfurl):
            texts = [text for path in fact.properties for value in sent(call, path) for text in scalars([value]) if isinstance(text, str)]
            for link in dict.fromkeys(link for text in texts for link in _LINK.findall(text)):
                yield Fetched(name, call.operation.name, link)
