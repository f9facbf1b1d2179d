"""HubSpot: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of HubSpot's own tells."""
    if kind == "contact.creation":
        yield event("contact.created", "contacts", "{}", failures.at(body, "objectId"))
    if kind == "contact.propertyChange":
        yield event("contact.updated", "contacts", "{}", failures.at(body, "objectId"))
    if kind in {"contact.deletion", "contact.privacyDeletion"}:
        yield event("contact.deleted", "contacts", "{}", failures.at(body, "objectId"))
    if kind == "company.creation":
        yield event("company.created", "companies", "{}", failures.at(body, "objectId"))
    if kind == "company.propertyChange":
        yield event("company.updated", "companies", "{}", failures.at(body, "objectId"))
    if kind == "company.deletion":
        yield event("company.deleted", "companies", "{}", failures.at(body, "objectId"))
    if kind == "deal.creation":
        yield event("deal.created", "deals", "{}", failures.at(body, "objectId"))
    if kind == "deal.propertyChange":
        yield event("deal.updated", "deals", "{}", failures.at(body, "objectId"))
    if kind == "deal.deletion":
        yield event("deal.deleted", "deals", "{}", failures.at(body, "objectId"))


WEBHOOKS = Webhooks(
    vendor="hubspot",
    proof=Proof(
        "X-HubSpot-Signature-v3",
        "{base64}",
        algorithm="sha256",
        over="{method}{url}{body}{timestamp}",
        timestamp="X-HubSpot-Request-Timestamp",
        window=300,
    ),
    read=read,
    kind=Place("path", ("subscriptionType",)),
    delivery=Place("path", ("eventId",)),
    each=(),
)
