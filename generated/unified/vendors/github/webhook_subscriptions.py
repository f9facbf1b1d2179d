"""GitHub webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

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

REPOS_CREATE_WEBHOOK = Endpoint("repos/create-webhook", "POST", "/repos/{owner}/{repo}/hooks", Retry.NEVER)
REPOS_LIST_WEBHOOKS = Endpoint("repos/list-webhooks", "GET", "/repos/{owner}/{repo}/hooks", Retry.SAFE)
REPOS_UPDATE_WEBHOOK = Endpoint("repos/update-webhook", "PATCH", "/repos/{owner}/{repo}/hooks/{hook_id}", Retry.NEVER)
REPOS_DELETE_WEBHOOK = Endpoint(
    "repos/delete-webhook", "DELETE", "/repos/{owner}/{repo}/hooks/{hook_id}", Retry.IDEMPOTENT
)

make_webhook_subscription = record_factory(WebhookSubscription, "github", absent=("secret",))
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("url", "secret", "active")
PATTERN_OWNER_REPO_HOOK_ID = re.compile("([^/]+)/([^:]+):(.+)")

FIELDS: dict[str, str] = {
    "config.url": "url",
    "events": "events",
    "config.secret": "secret",
    "active": "active",
    "url": "url",
    "secret": "secret",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks: POST /repos/{owner}/{repo}/hooks."""
    scope_id = input_validation.require("scope_id", webhook_subscription.scope_id, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, scope_id, "scope_id")
    config: dict[str, Any] = {"content_type": "json", "url": webhook_subscription.url}
    if webhook_subscription.secret is not None:
        config["secret"] = webhook_subscription.secret
    body: dict[str, Any] = {"name": "web", "config": config}
    if webhook_subscription.events is not None:
        body["events"] = webhook_subscription.events
    if webhook_subscription.active is not None:
        body["active"] = webhook_subscription.active
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(REPOS_CREATE_WEBHOOK, path=(owner, repo), json=body, schema=types.Hook)
    return read_webhook_subscription(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /repos/{owner}/{repo}/hooks."""
    scope_id = input_validation.require("scope_id", filters.scope_id, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, scope_id, "scope_id")
    response, raw = yield from fetch(
        REPOS_LIST_WEBHOOKS,
        path=(owner, repo),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.Hook],
    )
    records = [
        read_webhook_subscription(each, raw.at(index), owner=owner, repo=repo) for index, each in enumerate(response)
    ]
    return Page(records, cursor=pagination.link_header(raw))


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret: PATCH /repos/{owner}/{repo}/hooks/{hook_id}."""
    given = input_validation.changes(webhook_subscription, ctx.extra, "GitHub")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "GitHub")
    owner, repo, hook_id = input_validation.parts(PATTERN_OWNER_REPO_HOOK_ID, id, "id")
    config: dict[str, Any] = {"content_type": "json"}
    if webhook_subscription.url is not None:
        config["url"] = webhook_subscription.url
    if webhook_subscription.secret is not None:
        config["secret"] = webhook_subscription.secret
    body: dict[str, Any] = {"config": config}
    if "events" in given:
        body["events"] = [] if webhook_subscription.events is None else webhook_subscription.events
    if webhook_subscription.active is not None:
        body["active"] = webhook_subscription.active
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        REPOS_UPDATE_WEBHOOK,
        path=(owner, repo, input_validation.integer_id(hook_id, "id", "GitHub")),
        json=body,
        schema=types.Hook,
    )
    return read_webhook_subscription(response, raw, owner=owner, repo=repo)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /repos/{owner}/{repo}/hooks/{hook_id}."""
    owner, repo, hook_id = input_validation.parts(PATTERN_OWNER_REPO_HOOK_ID, id, "id")
    yield from call(REPOS_DELETE_WEBHOOK, path=(owner, repo, input_validation.integer_id(hook_id, "id", "GitHub")))


def read_webhook_subscription(r: types.Hook, raw: Raw, *, owner: str, repo: str) -> WebhookSubscription:
    """Read a unified WebhookSubscription from a hook of GitHub."""
    config = r.config or types.WebhookConfig()
    values: WebhookSubscriptionValues = {
        "id": responses.required(f"{owner}/{repo}:{r.id}" if r.id is not None else None, "id", "GitHub"),
        "url": config.url,
        "events": r.events or [],
        "secret": None,
        "scope_id": f"{owner}/{repo}",
        "active": r.active,
    }
    return make_webhook_subscription(values, raw)
