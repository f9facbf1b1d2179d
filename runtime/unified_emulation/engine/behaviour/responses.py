"""Responses to requests that fail, and parts of responses that are withheld."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.values import changed
from unified_emulation.engine.routes import Call
from unified_openapi.behaviour.common import Situation, VendorResponse
from unified_openapi.behaviour.kinds import AnyFact, Error, IdForm, Plan, Retirement, Withheld


def respond(stated: VendorResponse) -> VendorResponse:
    """Return a copy of a response, which can be changed."""
    return VendorResponse(stated.status, copy.deepcopy(stated.body), dict(stated.headers))


def refusal(facts: Iterable[AnyFact], call: Call, now: float) -> VendorResponse | None:
    """Return the response to a request that fails in this situation; None if it does not.

    An error that depends on nothing but its reason is the response to that reason only: see `failure`.
    """
    found = list(facts)
    for fact in found:
        match fact:
            case Retirement() if fact.address is None and datetime.fromtimestamp(now, UTC).date().isoformat() >= fact.on:
                return respond(fact.response)
            case Plan():
                return respond(fact.response)
            case Error() if fact.when != Situation():
                return respond(fact.response)
            case IdForm() if fact.requires and any(re.fullmatch(fact.pattern, str(value)) for value in sent(call, fact.parameter)):
                if not all(sent(call, name) for name in fact.requires):
                    return failure(found, "unknown_record") or VendorResponse(404)
    return None


def failure(facts: Iterable[AnyFact], reason: str) -> VendorResponse | None:
    """Return the vendor's response to a failure for a reason; None if no fact states it."""
    for fact in facts:
        if (
            isinstance(fact, Error)
            and fact.reason == reason
            and not (fact.when.request or fact.when.sends or fact.when.unlike or fact.when.record)
        ):
            return respond(fact.response)
    return None


def retired(facts: Iterable[AnyFact], path: str, now: float) -> VendorResponse | None:
    """Return the response at an address that the document does not have; None if no fact states it."""
    for fact in facts:
        if isinstance(fact, Retirement) and fact.address == path and datetime.fromtimestamp(now, UTC).date().isoformat() >= fact.on:
            return respond(fact.response)
    return None


def withhold(fact: Withheld, content: Any) -> None:
    """Leave properties out of a response, or empty them."""
    for path in fact.properties:
        changed(content, path, lambda holder, name: _hide(holder, name, fact.shown))


def _hide(holder: dict[str, Any], name: str, shown: str) -> None:
    if name not in holder:
        return
    if shown == "absent":
        del holder[name]
    elif shown == "null":
        holder[name] = None
    else:
        value = holder[name]
        holder[name] = [] if isinstance(value, list) else {} if isinstance(value, dict) else ""
