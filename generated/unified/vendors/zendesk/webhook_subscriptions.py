"""Zendesk webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, record_parts, responses
from . import types
from ...models.webhook_subscriptions import (
    WebhookSubscription,
    WebhookSubscriptionCreate,
    WebhookSubscriptionFilters,
    WebhookSubscriptionUpdate,
    WebhookSubscriptionValues,
)

POST_API_V2_WEBHOOKS = Endpoint("POST /api/v2/webhooks", "POST", "/api/v2/webhooks", Retry.NEVER)
GET_API_V2_WEBHOOKS_WEBHOOK_ID = Endpoint(
    "GET /api/v2/webhooks/{webhook_id}", "GET", "/api/v2/webhooks/{webhook_id}", Retry.SAFE
)
GET_API_V2_WEBHOOKS_WEBHOOK_ID_SIGNING_SECRET = Endpoint(
    "GET /api/v2/webhooks/{webhook_id}/signing_secret",
    "GET",
    "/api/v2/webhooks/{webhook_id}/signing_secret",
    Retry.SAFE,
)
GET_API_V2_WEBHOOKS = Endpoint("GET /api/v2/webhooks", "GET", "/api/v2/webhooks", Retry.SAFE)
PATCH_API_V2_WEBHOOKS_WEBHOOK_ID = Endpoint(
    "PATCH /api/v2/webhooks/{webhook_id}", "PATCH", "/api/v2/webhooks/{webhook_id}", Retry.NEVER
)
DELETE_API_V2_WEBHOOKS_WEBHOOK_ID = Endpoint(
    "DELETE /api/v2/webhooks/{webhook_id}", "DELETE", "/api/v2/webhooks/{webhook_id}", Retry.IDEMPOTENT
)

ACTIVE_READ: dict[Any, bool] = {"active": True, "inactive": False}
make_webhook_subscription = record_factory(WebhookSubscription, "zendesk", absent=("scope_id",))
CREATE_UNSUPPORTED = {"secret": "Zendesk chooses the secret", "scope_id": "a webhook is about the account"}
ACTIVE_WRITE: dict[Any, Any] = {True: "active", False: "inactive"}
LIST_UNSUPPORTED = {"scope_id": ""}
UPDATE_UNSUPPORTED = {"secret": "Zendesk chooses the secret"}
UPDATE_NEVER_CLEARED = ("url", "active")
PATCH_API_V2_WEBHOOKS_WEBHOOK_ID_SENDS = frozenset(("active", "events", "url"))

FIELDS: dict[str, str] = {
    "webhook.endpoint": "url",
    "webhook.subscriptions": "events",
    "webhook.status": "active",
    "webhook_id": "id",
    "endpoint": "url",
    "subscriptions": "events",
    "status": "active",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks.

    In turn:
        POST /api/v2/webhooks
        GET /api/v2/webhooks/{webhook_id}
    """
    input_validation.reject_unsupported(webhook_subscription, CREATE_UNSUPPORTED, "Zendesk")
    events = input_validation.require("events", webhook_subscription.events, "Zendesk")
    webhook: dict[str, Any] = {
        "name": "Events for unified",
        "http_method": "POST",
        "request_format": "json",
        "endpoint": webhook_subscription.url,
        "subscriptions": events,
    }
    if webhook_subscription.active is not None:
        webhook["status"] = ACTIVE_WRITE[webhook_subscription.active]
    body: dict[str, Any] = {"webhook": webhook}
    body = input_validation.merge(body, ctx.extra, "Zendesk")
    body = input_validation.default(body, {"webhook": {"status": "active"}})
    created = yield from call(POST_API_V2_WEBHOOKS, json=body, schema=types.WebhookResponse, save_as="created")
    yield CreatedRecord((created.webhook or types.WebhookSubscriptionsWebhook()).id)
    response, raw = yield from record_parts.with_part(
        GET_API_V2_WEBHOOKS_WEBHOOK_ID,
        path=((created.webhook or types.WebhookSubscriptionsWebhook()).id,),
        schema=types.WebhookSubscriptionsWebhookResponse,
        fills=("webhook", "signing_secret"),
        read=GET_API_V2_WEBHOOKS_WEBHOOK_ID_SIGNING_SECRET,
    )
    record = responses.required(response.webhook, "webhook", "Zendesk")
    return read_webhook_subscription(record, raw.at("webhook"))


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /api/v2/webhooks."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Zendesk")
    query: dict[str, Any] = {"page[size]": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    response, raw = yield from fetch(GET_API_V2_WEBHOOKS, query=query, schema=types.WebhooksResponse)
    items = response.webhooks or []
    records = [read_webhook_subscription(each, raw.at("webhooks", index)) for index, each in enumerate(items)]
    meta = response.meta or types.WebhooksResponseMeta()
    return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret.

    In turn:
        PATCH /api/v2/webhooks/{webhook_id}, if needed
        GET /api/v2/webhooks/{webhook_id}
    """
    input_validation.reject_unsupported(webhook_subscription, UPDATE_UNSUPPORTED, "Zendesk", clears=True)
    given = input_validation.changes(webhook_subscription, ctx.extra, "Zendesk")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "Zendesk")
    if given & PATCH_API_V2_WEBHOOKS_WEBHOOK_ID_SENDS or ctx.extra:
        webhook: dict[str, Any] = {}
        if webhook_subscription.url is not None:
            webhook["endpoint"] = webhook_subscription.url
        if "events" in given:
            webhook["subscriptions"] = [] if webhook_subscription.events is None else webhook_subscription.events
        if webhook_subscription.active is not None:
            webhook["status"] = ACTIVE_WRITE[webhook_subscription.active]
        body: dict[str, Any] = {}
        if webhook:
            body["webhook"] = webhook
        body = input_validation.merge(body, ctx.extra, "Zendesk")
        yield from call(PATCH_API_V2_WEBHOOKS_WEBHOOK_ID, path=(id,), json=body)
    response, raw = yield from record_parts.with_part(
        GET_API_V2_WEBHOOKS_WEBHOOK_ID,
        path=(id,),
        schema=types.WebhookSubscriptionsWebhookResponse,
        fills=("webhook", "signing_secret"),
        read=GET_API_V2_WEBHOOKS_WEBHOOK_ID_SIGNING_SECRET,
    )
    record = responses.required(response.webhook, "webhook", "Zendesk")
    return read_webhook_subscription(record, raw.at("webhook"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /api/v2/webhooks/{webhook_id}."""
    yield from call(DELETE_API_V2_WEBHOOKS_WEBHOOK_ID, path=(id,))


def read_webhook_subscription(r: types.Webhook, raw: Raw) -> WebhookSubscription:
    """Read a unified WebhookSubscription from a Webhook of Zendesk."""
    signing_secret = r.signing_secret or types.WebhookSecret()
    values: WebhookSubscriptionValues = {
        "id": responses.required(r.id, "id", "Zendesk"),
        "url": r.endpoint,
        "events": r.subscriptions or [],
        "secret": signing_secret.secret,
        "scope_id": None,
        "active": ACTIVE_READ.get(r.status),
    }
    return make_webhook_subscription(values, raw)
