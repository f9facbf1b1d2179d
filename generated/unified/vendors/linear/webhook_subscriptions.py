"""Linear webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.webhook_subscriptions import (
    WebhookSubscription,
    WebhookSubscriptionCreate,
    WebhookSubscriptionFilters,
    WebhookSubscriptionUpdate,
    WebhookSubscriptionValues,
)

WEBHOOK_CREATE = Endpoint("webhookCreate", "POST", "/#webhookCreate", Retry.NEVER)
WEBHOOKS = Endpoint("webhooks", "POST", "/#webhooks", Retry.SAFE)
WEBHOOK_UPDATE = Endpoint("webhookUpdate", "POST", "/#webhookUpdate", Retry.NEVER)
WEBHOOK_DELETE = Endpoint("webhookDelete", "POST", "/#webhookDelete", Retry.NEVER)

make_webhook_subscription = record_factory(WebhookSubscription, "linear", absent=("secret",))
WEBHOOK_FIELDS = (
    "\nfragment WebhookFields on Webhook {\n  id\n  url\n  resourceTypes\n  team {\n    id\n  }\n  enabled\n}"
)
WEBHOOK_CREATE_QUERY = (
    "mutation webhookCreate($input: WebhookCreateInput!) {\n"
    "  webhookCreate(input: $input) {\n"
    "    webhook {\n"
    "      ...WebhookFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + WEBHOOK_FIELDS
WEBHOOKS_QUERY = (
    "query webhooks($after: String, $first: Int, $includeArchived: Boolean, $orderBy: PaginationOrderBy) {\n"
    "  webhooks(after: $after, first: $first, includeArchived: $includeArchived, orderBy: $orderBy) {\n"
    "    nodes {\n"
    "      ...WebhookFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + WEBHOOK_FIELDS
UPDATE_NEVER_CLEARED = ("url", "events", "secret", "active")
WEBHOOK_UPDATE_QUERY = (
    "mutation webhookUpdate($id: String!, $input: WebhookUpdateInput!) {\n"
    "  webhookUpdate(id: $id, input: $input) {\n"
    "    webhook {\n"
    "      ...WebhookFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + WEBHOOK_FIELDS
WEBHOOK_DELETE_QUERY = "mutation webhookDelete($id: String!) {\n  webhookDelete(id: $id) {\n    success\n  }\n}"

FIELDS: dict[str, str] = {
    "input.url": "url",
    "input.resourceTypes": "events",
    "input.secret": "secret",
    "input.teamId": "scope_id",
    "input.enabled": "active",
    "id": "id",
    "url": "url",
    "resourceTypes": "events",
    "secret": "secret",
    "teamId": "scope_id",
    "enabled": "active",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks.

    One of:
        POST /#webhookCreate
        POST /#webhookCreate
    """
    if webhook_subscription.scope_id is not None:
        events = input_validation.require("events", webhook_subscription.events, "Linear")
        input_: dict[str, Any] = {
            "url": webhook_subscription.url,
            "resourceTypes": events,
            "teamId": webhook_subscription.scope_id,
        }
        if webhook_subscription.secret is not None:
            input_["secret"] = webhook_subscription.secret
        if webhook_subscription.active is not None:
            input_["enabled"] = webhook_subscription.active
        body: dict[str, Any] = {"input": input_}
        body = input_validation.merge(body, ctx.extra, "Linear")
        response, raw = yield from fetch(
            WEBHOOK_CREATE, json={"query": WEBHOOK_CREATE_QUERY, "variables": body}, schema=types.WebhookCreateResponse
        )
        data = response.data or types.WebhookCreateResponseData()
        webhook_create = data.webhook_create or types.WebhookPayload()
        record = responses.required(webhook_create.webhook, "data.webhookCreate.webhook", "Linear")
        return read_webhook_subscription(record, raw.at("data", "webhookCreate", "webhook"))
    events_2 = input_validation.require("events", webhook_subscription.events, "Linear")
    input__2: dict[str, Any] = {"allPublicTeams": True, "url": webhook_subscription.url, "resourceTypes": events_2}
    if webhook_subscription.secret is not None:
        input__2["secret"] = webhook_subscription.secret
    if webhook_subscription.scope_id is not None:
        input__2["teamId"] = webhook_subscription.scope_id
    if webhook_subscription.active is not None:
        input__2["enabled"] = webhook_subscription.active
    body_2: dict[str, Any] = {"input": input__2}
    body_2 = input_validation.merge(body_2, ctx.extra, "Linear")
    response_2, raw = yield from fetch(
        WEBHOOK_CREATE, json={"query": WEBHOOK_CREATE_QUERY, "variables": body_2}, schema=types.WebhookCreateResponse
    )
    data_2 = response_2.data or types.WebhookCreateResponseData()
    webhook_create_2 = data_2.webhook_create or types.WebhookPayload()
    record = responses.required(webhook_create_2.webhook, "data.webhookCreate.webhook", "Linear")
    return read_webhook_subscription(record, raw.at("data", "webhookCreate", "webhook"))


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: POST /#webhooks."""
    body: dict[str, Any] = {"first": input_validation.page_size(ctx.limit, 250)}
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        WEBHOOKS, json={"query": WEBHOOKS_QUERY, "variables": body}, schema=types.WebhooksResponse
    )
    data = response.data or types.WebhooksResponseData()
    webhooks = data.webhooks or types.WebhookConnection()
    items = webhooks.nodes or []
    records = [
        read_webhook_subscription(each, raw.at("data", "webhooks", "nodes", index)) for index, each in enumerate(items)
    ]
    if filters.scope_id is not None:
        records = [each for each in records if each.scope_id == filters.scope_id]
    data_2 = response.data or types.WebhooksResponseData()
    webhooks_2 = data_2.webhooks or types.WebhookConnection()
    page_info = webhooks_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret: POST /#webhookUpdate."""
    given = input_validation.changes(webhook_subscription, ctx.extra, "Linear")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "Linear")
    input_: dict[str, Any] = {}
    if webhook_subscription.url is not None:
        input_["url"] = webhook_subscription.url
    if webhook_subscription.events is not None:
        input_["resourceTypes"] = webhook_subscription.events
    if webhook_subscription.secret is not None:
        input_["secret"] = webhook_subscription.secret
    if webhook_subscription.active is not None:
        input_["enabled"] = webhook_subscription.active
    body: dict[str, Any] = {"id": id}
    if input_:
        body["input"] = input_
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        WEBHOOK_UPDATE, json={"query": WEBHOOK_UPDATE_QUERY, "variables": body}, schema=types.WebhookUpdateResponse
    )
    data = response.data or types.WebhookUpdateResponseData()
    webhook_update = data.webhook_update or types.WebhookPayload()
    record = responses.required(webhook_update.webhook, "data.webhookUpdate.webhook", "Linear")
    return read_webhook_subscription(record, raw.at("data", "webhookUpdate", "webhook"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: POST /#webhookDelete."""
    yield from call(WEBHOOK_DELETE, json={"query": WEBHOOK_DELETE_QUERY, "variables": {"id": id}})


def read_webhook_subscription(r: types.Webhook, raw: Raw) -> WebhookSubscription:
    """Read a unified WebhookSubscription from a Webhook of Linear."""
    team = r.team or types.Team()
    values: WebhookSubscriptionValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "url": r.url,
        "events": r.resource_types or [],
        "secret": None,
        "scope_id": team.id,
        "active": r.enabled,
    }
    return make_webhook_subscription(values, raw)
