"""Jira webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
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

POST_REST_WEBHOOKS_1_0_WEBHOOK = Endpoint(
    "POST /rest/webhooks/1.0/webhook", "POST", "/rest/webhooks/1.0/webhook", Retry.NEVER
)
GET_REST_WEBHOOKS_1_0_WEBHOOK = Endpoint(
    "GET /rest/webhooks/1.0/webhook", "GET", "/rest/webhooks/1.0/webhook", Retry.SAFE
)
PUT_REST_WEBHOOKS_1_0_WEBHOOK_ID = Endpoint(
    "PUT /rest/webhooks/1.0/webhook/{id}", "PUT", "/rest/webhooks/1.0/webhook/{id}", Retry.IDEMPOTENT
)
DELETE_REST_WEBHOOKS_1_0_WEBHOOK_ID = Endpoint(
    "DELETE /rest/webhooks/1.0/webhook/{id}", "DELETE", "/rest/webhooks/1.0/webhook/{id}", Retry.IDEMPOTENT
)

PATTERN_WEBHOOK_ID = re.compile(".*/webhook/(?P<id>[^/]+)")
make_webhook_subscription = record_factory(WebhookSubscription, "jira", absent=("secret", "scope_id"))
CREATE_UNSUPPORTED = {"scope_id": "a webhook is about the site"}
LIST_UNSUPPORTED = {"scope_id": ""}
UPDATE_NEVER_CLEARED = ("url", "secret", "active")

FIELDS: dict[str, str] = {"url": "url", "events": "events", "secret": "secret", "enabled": "active", "id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks: POST /rest/webhooks/1.0/webhook."""
    input_validation.reject_unsupported(webhook_subscription, CREATE_UNSUPPORTED, "Jira")
    events = input_validation.require("events", webhook_subscription.events, "Jira")
    body: dict[str, Any] = {"name": "Events for unified", "url": webhook_subscription.url, "events": events}
    if webhook_subscription.secret is not None:
        body["secret"] = webhook_subscription.secret
    if webhook_subscription.active is not None:
        body["enabled"] = webhook_subscription.active
    body = input_validation.merge(body, ctx.extra, "Jira")
    response, raw = yield from fetch(POST_REST_WEBHOOKS_1_0_WEBHOOK, json=body, schema=types.AdminWebhook)
    return read_webhook_subscription(response, raw)


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /rest/webhooks/1.0/webhook."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Jira")
    response, raw = yield from fetch(GET_REST_WEBHOOKS_1_0_WEBHOOK, schema=list[types.AdminWebhook])
    records = [read_webhook_subscription(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret: PUT /rest/webhooks/1.0/webhook/{id}."""
    given = input_validation.changes(webhook_subscription, ctx.extra, "Jira")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "Jira")
    body: dict[str, Any] = {"name": "Events for unified"}
    if webhook_subscription.url is not None:
        body["url"] = webhook_subscription.url
    if "events" in given:
        body["events"] = [] if webhook_subscription.events is None else webhook_subscription.events
    if webhook_subscription.secret is not None:
        body["secret"] = webhook_subscription.secret
    if webhook_subscription.active is not None:
        body["enabled"] = webhook_subscription.active
    body = input_validation.merge(body, ctx.extra, "Jira")
    response, raw = yield from fetch(PUT_REST_WEBHOOKS_1_0_WEBHOOK_ID, path=(id,), json=body, schema=types.AdminWebhook)
    return read_webhook_subscription(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /rest/webhooks/1.0/webhook/{id}."""
    yield from call(DELETE_REST_WEBHOOKS_1_0_WEBHOOK_ID, path=(id,))


def read_webhook_subscription(r: types.AdminWebhook, raw: Raw) -> WebhookSubscription:
    """Read a unified WebhookSubscription from an AdminWebhook of Jira."""
    id_ = PATTERN_WEBHOOK_ID.fullmatch(r.self or "")
    values: WebhookSubscriptionValues = {
        "id": responses.required(f"{(id_ and id_['id'])}" if (id_ and id_["id"]) is not None else None, "id", "Jira"),
        "url": r.url,
        "events": r.events or [],
        "secret": None,
        "scope_id": None,
        "active": r.enabled,
    }
    return make_webhook_subscription(values, raw)
