"""ClickUp webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.webhook_subscriptions import (
    WebhookSubscription,
    WebhookSubscriptionCreate,
    WebhookSubscriptionFilters,
    WebhookSubscriptionUpdate,
    WebhookSubscriptionValues,
)

CREATE_WEBHOOK = Endpoint("CreateWebhook", "POST", "/v2/team/{team_id}/webhook", Retry.NEVER)
GET_WEBHOOKS = Endpoint("GetWebhooks", "GET", "/v2/team/{team_id}/webhook", Retry.SAFE)
UPDATE_WEBHOOK = Endpoint("UpdateWebhook", "PUT", "/v2/webhook/{webhook_id}", Retry.IDEMPOTENT)
DELETE_WEBHOOK = Endpoint("DeleteWebhook", "DELETE", "/v2/webhook/{webhook_id}", Retry.IDEMPOTENT)

make_webhook_subscription = record_factory(WebhookSubscription, "clickup", absent=("active",))
CREATE_UNSUPPORTED = {
    "secret": "ClickUp chooses the secret",
    "active": "ClickUp suspends a webhook after many failures; an update activates it",
}
UPDATE_UNSUPPORTED = {
    "secret": "ClickUp chooses the secret",
    "active": "ClickUp suspends a webhook after many failures; an update activates it",
}
UPDATE_NEVER_CLEARED = ("url", "events")
UPDATE_WEBHOOK_SENDS = frozenset(("url",))
UPDATE_WEBHOOK_SENDS_2 = frozenset(("events",))

FIELDS: dict[str, str] = {"endpoint": "url", "events": "events", "list_id": "scope_id", "webhook_id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks: POST /v2/team/{team_id}/webhook."""
    input_validation.reject_unsupported(webhook_subscription, CREATE_UNSUPPORTED, "ClickUp")
    events = input_validation.require("events", webhook_subscription.events, "ClickUp")
    body: dict[str, Any] = {"endpoint": webhook_subscription.url, "events": events}
    if webhook_subscription.scope_id is not None:
        body["list_id"] = input_validation.integer_id(webhook_subscription.scope_id, "scope_id", "ClickUp")
    body = input_validation.merge(body, ctx.extra, "ClickUp")
    response, raw = yield from fetch(
        CREATE_WEBHOOK, path=(ctx.connection["workspace"],), json=body, schema=types.CreateWebhookResponse
    )
    record = responses.required(response.webhook, "webhook", "ClickUp")
    return read_webhook_subscription(record, raw.at("webhook"))


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /v2/team/{team_id}/webhook."""
    response, raw = yield from fetch(
        GET_WEBHOOKS, path=(ctx.connection["workspace"],), schema=types.GetWebhooksResponse
    )
    items = response.webhooks or []
    records = [read_webhook_subscription(each, raw.at("webhooks", index)) for index, each in enumerate(items)]
    if filters.scope_id is not None:
        records = [each for each in records if each.scope_id == filters.scope_id]
    return Page(records)


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret.

    One of:
        PUT /v2/webhook/{webhook_id}
        GET /v2/team/{team_id}/webhook, then PUT /v2/webhook/{webhook_id}, if needed
        GET /v2/team/{team_id}/webhook, then PUT /v2/webhook/{webhook_id}, if needed
    """
    input_validation.reject_unsupported(webhook_subscription, UPDATE_UNSUPPORTED, "ClickUp", clears=True)
    given = input_validation.changes(webhook_subscription, ctx.extra, "ClickUp")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "ClickUp")
    if webhook_subscription.url is not None and webhook_subscription.events is not None:
        body: dict[str, Any] = {
            "status": "active",
            "endpoint": webhook_subscription.url,
            "events": webhook_subscription.events,
        }
        body = input_validation.merge(body, ctx.extra, "ClickUp")
        response, raw = yield from fetch(UPDATE_WEBHOOK, path=(id,), json=body, schema=types.UpdateWebhookResponse)
        record = responses.required(response.webhook, "webhook", "ClickUp")
        return read_webhook_subscription(record, raw.at("webhook"))
    if webhook_subscription.url is not None:
        found: tuple[types.Webhook, Raw] | None = None
        before_response = yield from call(
            GET_WEBHOOKS,
            path=(ctx.connection["workspace"],),
            schema=types.WebhookSubscriptionsBeforeResponse,
            save_as="before",
        )
        before = responses.found(
            responses.first(before_response.webhooks, lambda each: each.id == id, "before"),
            f"ClickUp has no webhook {id}",
            "NotFound",
        )
        if given & UPDATE_WEBHOOK_SENDS or ctx.extra:
            body_2: dict[str, Any] = {"status": "active", "endpoint": webhook_subscription.url}
            if before.events is not None:
                body_2["events"] = before.events
            body_2 = input_validation.merge(body_2, ctx.extra, "ClickUp")
            response_2, raw = yield from fetch(
                UPDATE_WEBHOOK, path=(id,), json=body_2, schema=types.UpdateWebhookResponse
            )
            found = responses.required(response_2.webhook, "webhook", "ClickUp"), raw.at("webhook")
        record, raw = responses.last_response(found, "ClickUp")
        return read_webhook_subscription(record, raw)
    found_2: tuple[types.Webhook, Raw] | None = None
    before_response_2 = yield from call(
        GET_WEBHOOKS,
        path=(ctx.connection["workspace"],),
        schema=types.WebhookSubscriptionsBeforeResponse2,
        save_as="before",
    )
    before_2 = responses.found(
        responses.first(before_response_2.webhooks, lambda each: each.id == id, "before"),
        f"ClickUp has no webhook {id}",
        "NotFound",
    )
    if given & UPDATE_WEBHOOK_SENDS_2 or ctx.extra:
        body_3: dict[str, Any] = {"status": "active"}
        if before_2.endpoint is not None:
            body_3["endpoint"] = before_2.endpoint
        if webhook_subscription.events is not None:
            body_3["events"] = webhook_subscription.events
        body_3 = input_validation.merge(body_3, ctx.extra, "ClickUp")
        response_3, raw = yield from fetch(UPDATE_WEBHOOK, path=(id,), json=body_3, schema=types.UpdateWebhookResponse)
        found_2 = responses.required(response_3.webhook, "webhook", "ClickUp"), raw.at("webhook")
    record, raw = responses.last_response(found_2, "ClickUp")
    return read_webhook_subscription(record, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /v2/webhook/{webhook_id}."""
    yield from call(DELETE_WEBHOOK, path=(id,))


def read_webhook_subscription(r: types.Webhook, raw: Raw) -> WebhookSubscription:
    """Read a unified WebhookSubscription from a Webhook of ClickUp."""
    values: WebhookSubscriptionValues = {
        "id": responses.required(r.id, "id", "ClickUp"),
        "url": r.endpoint,
        "events": r.events or [],
        "secret": r.secret,
        "scope_id": r.list_id,
        "active": None,
    }
    return make_webhook_subscription(values, raw)
