"""Syntax tree of `webhooks` in a vendor's file: deliveries and their verification."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language.ast.paths import PathsText, PathText, PredicateText
from unified_openapi.source.spans import Span, Text


class DeliveryField(Struct, frozen=True):
    """Location of a value in a delivery: a header, a query parameter, a part of the address, or (`path`) its body."""

    kind: str
    name: Text | PathText


class WebhookVerification(Struct, frozen=True):
    """Verification of a delivery: a header of the form `format`; a signature is computed over `signed_content`."""

    header: Text
    format: Text
    span: Span
    hmac: str | None = None
    signed_content: str = "{body}"
    timestamp_header: Text | None = None
    tolerance_seconds: int = 300
    jwt: str | None = None
    """Algorithm of a JSON Web Token, which is the proof in place of a signature."""
    claims: tuple[tuple[str, str], ...] = ()
    """Claims of the token by name, and their values: text with `{url}` and `{method}`."""


class WebhookEvent(Struct, frozen=True):
    """One kind of delivery: the unified event that it maps to, and the id of its record."""

    type: Text
    id: PathsText
    span: Span
    event_types: tuple[Text, ...] = ()
    condition: PredicateText | None = None
    time: PathText | None = None
    """Path of the event time in the signed body."""
    actor: PathText | None = None
    """Path of the id of the user who caused the event."""


class Webhooks(Struct, frozen=True, kw_only=True):
    """Webhooks of a vendor."""

    span: Span
    verify: WebhookVerification
    events: tuple[WebhookEvent, ...]
    event_type: DeliveryField | None = None
    delivery_id: DeliveryField | None = None
    attempt_field: Text | None = None
    """Header that counts how often an event was sent. It changes when the event is sent again."""
    challenge: DeliveryField | None = None
    items: PathText | None = None
    path: Text | None = None
    method: str = "POST"
    time: PathText | None = None
    """Path of the time of events that declare none."""
    actor: PathText | None = None
    """Path of the actor of events that declare none."""
    max_age_seconds: int | None = None
    subscriptions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Events, and the vendor's names by which a webhook subscribes to each."""
