"""Webhooks of HubSpot. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from HubSpot."""
    if kind == "contact.creation":
        yield event("contact.created", "contacts", "{}", error_details.at(body, "objectId"))
    if kind == "contact.propertyChange":
        yield event("contact.updated", "contacts", "{}", error_details.at(body, "objectId"))
    if kind in {"contact.deletion", "contact.privacyDeletion"}:
        yield event("contact.deleted", "contacts", "{}", error_details.at(body, "objectId"))
    if kind == "company.creation":
        yield event("company.created", "companies", "{}", error_details.at(body, "objectId"))
    if kind == "company.propertyChange":
        yield event("company.updated", "companies", "{}", error_details.at(body, "objectId"))
    if kind == "company.deletion":
        yield event("company.deleted", "companies", "{}", error_details.at(body, "objectId"))
    if kind == "deal.creation":
        yield event("deal.created", "deals", "{}", error_details.at(body, "objectId"))
    if kind == "deal.propertyChange":
        yield event("deal.updated", "deals", "{}", error_details.at(body, "objectId"))
    if kind == "deal.deletion":
        yield event("deal.deleted", "deals", "{}", error_details.at(body, "objectId"))


WEBHOOKS = Webhooks(
    vendor="hubspot",
    proof=Proof(
        "X-HubSpot-Signature-v3",
        "{base64}",
        hmac="sha256",
        signed_content="{method}{url}{body}{timestamp}",
        timestamp_header="X-HubSpot-Request-Timestamp",
        tolerance_seconds=300,
    ),
    read=read,
    kind=DeliveryField("path", ("subscriptionType",)),
    attempt_field="attemptNumber",
    items=(),
)
