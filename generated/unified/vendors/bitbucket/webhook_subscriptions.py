"""Bitbucket webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
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

POST_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/hooks",
    "POST",
    "/repositories/{workspace}/{repo_slug}/hooks",
    Retry.NEVER,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/hooks", "GET", "/repositories/{workspace}/{repo_slug}/hooks", Retry.SAFE
)
PUT_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS_UID = Endpoint(
    "PUT /repositories/{workspace}/{repo_slug}/hooks/{uid}",
    "PUT",
    "/repositories/{workspace}/{repo_slug}/hooks/{uid}",
    Retry.IDEMPOTENT,
)
DELETE_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS_UID = Endpoint(
    "DELETE /repositories/{workspace}/{repo_slug}/hooks/{uid}",
    "DELETE",
    "/repositories/{workspace}/{repo_slug}/hooks/{uid}",
    Retry.IDEMPOTENT,
)

make_webhook_subscription = record_factory(WebhookSubscription, "bitbucket", absent=("secret",))
PATTERN_WORKSPACE_REPO_SLUG = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("url", "events", "secret", "active")
PATTERN_WORKSPACE_REPO_SLUG_UID = re.compile("([^/]+)/([^:]+):(.+)")

FIELDS: dict[str, str] = {"url": "url", "events": "events", "secret": "secret", "active": "active"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks: POST /repositories/{workspace}/{repo_slug}/hooks."""
    scope_id = input_validation.require("scope_id", webhook_subscription.scope_id, "Bitbucket")
    events = input_validation.require("events", webhook_subscription.events, "Bitbucket")
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, scope_id, "scope_id")
    body: dict[str, Any] = {"description": "Events for unified", "url": webhook_subscription.url, "events": events}
    if webhook_subscription.secret is not None:
        body["secret"] = input_validation.at_most(webhook_subscription.secret, 128, "secret", "Bitbucket")
    if webhook_subscription.active is not None:
        body["active"] = webhook_subscription.active
    body = input_validation.merge(body, ctx.extra, "Bitbucket")
    body = input_validation.default(body, {"active": True})
    response, raw = yield from fetch(
        POST_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS,
        path=(workspace, repo_slug),
        json=body,
        schema=types.WebhookSubscriptionsObject,
    )
    return read_webhook_subscription(response, raw, workspace=workspace, repo_slug=repo_slug)


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /repositories/{workspace}/{repo_slug}/hooks."""
    scope_id = input_validation.require("scope_id", filters.scope_id, "Bitbucket")
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, scope_id, "scope_id")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS,
        path=(workspace, repo_slug),
        query=pagination.page_query({"pagelen": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedWebhookSubscriptions,
    )
    items = response.values or []
    records = [
        read_webhook_subscription(each, raw.at("values", index), workspace=workspace, repo_slug=repo_slug)
        for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.next))


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret: PUT /repositories/{workspace}/{repo_slug}/hooks/{uid}."""
    given = input_validation.changes(webhook_subscription, ctx.extra, "Bitbucket")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "Bitbucket")
    workspace, repo_slug, uid = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_UID, id, "id")
    body: dict[str, Any] = {}
    if webhook_subscription.url is not None:
        body["url"] = webhook_subscription.url
    if webhook_subscription.events is not None:
        body["events"] = webhook_subscription.events
    if webhook_subscription.secret is not None:
        body["secret"] = input_validation.at_most(webhook_subscription.secret, 128, "secret", "Bitbucket")
    if webhook_subscription.active is not None:
        body["active"] = webhook_subscription.active
    body = input_validation.merge(body, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        PUT_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS_UID,
        path=(workspace, repo_slug, uid),
        json=body,
        schema=types.WebhookSubscriptionsObject,
    )
    return read_webhook_subscription(response, raw, workspace=workspace, repo_slug=repo_slug)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /repositories/{workspace}/{repo_slug}/hooks/{uid}."""
    workspace, repo_slug, uid = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_UID, id, "id")
    yield from call(DELETE_REPOSITORIES_WORKSPACE_REPO_SLUG_HOOKS_UID, path=(workspace, repo_slug, uid))


def read_webhook_subscription(
    r: types.WebhookSubscriptionsObject, raw: Raw, *, workspace: str, repo_slug: str
) -> WebhookSubscription:
    """Read a unified WebhookSubscription from a webhook_subscription of Bitbucket."""
    values: WebhookSubscriptionValues = {
        "id": responses.required(
            f"{workspace}/{repo_slug}:{r.uuid}" if r.uuid is not None else None, "id", "Bitbucket"
        ),
        "url": r.url,
        "events": r.events or [],
        "secret": None,
        "scope_id": f"{workspace}/{repo_slug}",
        "active": r.active,
    }
    return make_webhook_subscription(values, raw)
