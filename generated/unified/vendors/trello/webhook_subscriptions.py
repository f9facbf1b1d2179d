"""Trello webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

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

POST_WEBHOOKS = Endpoint("post-webhooks", "POST", "/webhooks/", Retry.NEVER)
GET_MEMBERS_ID_TOKENS = Endpoint("get-members-id-tokens", "GET", "/members/{id}/tokens", Retry.SAFE)
PUT_WEBHOOKS_ID = Endpoint("put-webhooks-id", "PUT", "/webhooks/{id}", Retry.IDEMPOTENT)
DELETE_WEBHOOKS_ID = Endpoint("delete-webhooks-id", "DELETE", "/webhooks/{id}", Retry.IDEMPOTENT)

make_webhook_subscription = record_factory(WebhookSubscription, "trello", absent=("events", "secret"))
CREATE_UNSUPPORTED = {
    "events": "all events of the board are always delivered",
    "secret": "Trello signs with the secret of the application",
}
UPDATE_UNSUPPORTED = {
    "events": "all events of the board are always delivered",
    "secret": "Trello signs with the secret of the application",
}
UPDATE_NEVER_CLEARED = ("url", "active")

FIELDS: dict[str, str] = {"idModel": "scope_id", "callbackURL": "url", "active": "active", "id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks: POST /webhooks/."""
    input_validation.reject_unsupported(webhook_subscription, CREATE_UNSUPPORTED, "Trello")
    scope_id = input_validation.require("scope_id", webhook_subscription.scope_id, "Trello")
    query: dict[str, Any] = {
        "idModel": input_validation.matching(scope_id, "^[0-9a-fA-F]{24}$", "scope_id", "Trello"),
        "description": "Events for unified",
        "callbackURL": input_validation.at_least(webhook_subscription.url, 1, "url", "Trello"),
    }
    if webhook_subscription.active is not None:
        query["active"] = webhook_subscription.active
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(POST_WEBHOOKS, query=query, schema=types.Webhook)
    return read_webhook_subscription(response, raw)


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /members/{id}/tokens."""
    response, raw = yield from fetch(
        GET_MEMBERS_ID_TOKENS, path=("me",), query={"webhooks": True}, schema=list[types.Token]
    )
    records = [
        read_webhook_subscription(inner, raw.at(index, "webhooks", position))
        for index, each in enumerate(response)
        for position, inner in enumerate(each.webhooks or ())
    ]
    if filters.scope_id is not None:
        records = [each for each in records if each.scope_id == filters.scope_id]
    return Page(records)


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret: PUT /webhooks/{id}."""
    input_validation.reject_unsupported(webhook_subscription, UPDATE_UNSUPPORTED, "Trello", clears=True)
    given = input_validation.changes(webhook_subscription, ctx.extra, "Trello")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "Trello")
    query: dict[str, Any] = {}
    if webhook_subscription.url is not None:
        query["callbackURL"] = input_validation.at_least(webhook_subscription.url, 1, "url", "Trello")
    if webhook_subscription.active is not None:
        query["active"] = webhook_subscription.active
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(
        PUT_WEBHOOKS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query=query,
        schema=types.Webhook,
    )
    return read_webhook_subscription(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /webhooks/{id}."""
    yield from call(DELETE_WEBHOOKS_ID, path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),))


def read_webhook_subscription(r: types.Webhook, raw: Raw) -> WebhookSubscription:
    """Read a unified WebhookSubscription from a Webhook of Trello."""
    values: WebhookSubscriptionValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "url": r.callback_url,
        "events": [],
        "secret": None,
        "scope_id": r.id_model,
        "active": r.active,
    }
    return make_webhook_subscription(values, raw)
