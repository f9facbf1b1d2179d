"""GitLab webhook_subscriptions, compiled from its mapping. Written by `gen build`; do not edit."""

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

POST_API_V4_PROJECTS_ID_HOOKS = Endpoint("postApiV4ProjectsIdHooks", "POST", "/api/v4/projects/{id}/hooks", Retry.NEVER)
GET_API_V4_PROJECTS_ID_HOOKS = Endpoint("getApiV4ProjectsIdHooks", "GET", "/api/v4/projects/{id}/hooks", Retry.SAFE)
GET_API_V4_PROJECTS_ID_HOOKS_HOOK_ID = Endpoint(
    "getApiV4ProjectsIdHooksHookId", "GET", "/api/v4/projects/{id}/hooks/{hook_id}", Retry.SAFE
)
PUT_API_V4_PROJECTS_ID_HOOKS_HOOK_ID = Endpoint(
    "putApiV4ProjectsIdHooksHookId", "PUT", "/api/v4/projects/{id}/hooks/{hook_id}", Retry.IDEMPOTENT
)
DELETE_API_V4_PROJECTS_ID_HOOKS_HOOK_ID = Endpoint(
    "deleteApiV4ProjectsIdHooksHookId", "DELETE", "/api/v4/projects/{id}/hooks/{hook_id}", Retry.IDEMPOTENT
)

make_webhook_subscription = record_factory(WebhookSubscription, "gitlab", absent=("events", "secret", "active"))
CREATE_UNSUPPORTED = {
    "events": "events of issues and of their comments are always delivered",
    "active": "GitLab has no paused webhooks",
}
PATTERN_ID = re.compile("(.+)")
UPDATE_UNSUPPORTED = {
    "events": "events of issues and of their comments are always delivered",
    "active": "GitLab has no paused webhooks",
}
UPDATE_NEVER_CLEARED = ("url", "secret")
PATTERN_ID_HOOK_ID = re.compile("([^:]+):(.+)")
PUT_API_V4_PROJECTS_ID_HOOKS_HOOK_ID_SENDS = frozenset(("secret", "url"))

FIELDS: dict[str, str] = {"url": "url", "token": "secret"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, webhook_subscription: WebhookSubscriptionCreate) -> Steps[WebhookSubscription]:
    """Register an address for webhooks: POST /api/v4/projects/{id}/hooks."""
    input_validation.reject_unsupported(webhook_subscription, CREATE_UNSUPPORTED, "GitLab")
    scope_id = input_validation.require("scope_id", webhook_subscription.scope_id, "GitLab")
    (id_,) = input_validation.parts(PATTERN_ID, scope_id, "scope_id")
    body: dict[str, Any] = {
        "push_events": False,
        "issues_events": True,
        "confidential_issues_events": True,
        "note_events": True,
        "confidential_note_events": True,
        "url": webhook_subscription.url,
    }
    if webhook_subscription.secret is not None:
        body["token"] = webhook_subscription.secret
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        POST_API_V4_PROJECTS_ID_HOOKS,
        path=(input_validation.integer_id(id_, "scope_id", "GitLab"),),
        json=body,
        schema=types.APIEntitiesProjectHook,
    )
    return read_webhook_subscription(response, raw, id_=id_)


def list_(ctx: Context, filters: WebhookSubscriptionFilters) -> Steps[Page[WebhookSubscription]]:
    """List the registrations: GET /api/v4/projects/{id}/hooks."""
    scope_id = input_validation.require("scope_id", filters.scope_id, "GitLab")
    (id_,) = input_validation.parts(PATTERN_ID, scope_id, "scope_id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_HOOKS,
        path=(input_validation.integer_id(id_, "scope_id", "GitLab"),),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesProjectHook],
    )
    records = [read_webhook_subscription(each, raw.at(index), id_=id_) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def update(ctx: Context, id: str, webhook_subscription: WebhookSubscriptionUpdate) -> Steps[WebhookSubscription]:
    """Change a registration's address, events or secret.

    In turn:
        GET /api/v4/projects/{id}/hooks/{hook_id}
        PUT /api/v4/projects/{id}/hooks/{hook_id}, if needed
    """
    input_validation.reject_unsupported(webhook_subscription, UPDATE_UNSUPPORTED, "GitLab", clears=True)
    given = input_validation.changes(webhook_subscription, ctx.extra, "GitLab")
    input_validation.reject_clearing(webhook_subscription, given, UPDATE_NEVER_CLEARED, "GitLab")
    id_, hook_id = input_validation.parts(PATTERN_ID_HOOK_ID, id, "id")
    found: tuple[types.APIEntitiesProjectHook, Raw] | None = None
    before = yield from call(
        GET_API_V4_PROJECTS_ID_HOOKS_HOOK_ID,
        path=(input_validation.integer_id(id_, "id", "GitLab"), input_validation.integer_id(hook_id, "id", "GitLab")),
        schema=types.WebhookSubscriptionsAPIEntitiesProjectHook,
        save_as="before",
    )
    if given & PUT_API_V4_PROJECTS_ID_HOOKS_HOOK_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {
            "push_events": False,
            "issues_events": True,
            "confidential_issues_events": True,
            "note_events": True,
            "confidential_note_events": True,
        }
        if webhook_subscription.secret is not None:
            body["token"] = webhook_subscription.secret
        if before.url is not None or webhook_subscription.url is not None:
            body["url"] = webhook_subscription.url if webhook_subscription.url is not None else before.url
        body = input_validation.merge(body, ctx.extra, "GitLab")
        response, raw = yield from fetch(
            PUT_API_V4_PROJECTS_ID_HOOKS_HOOK_ID,
            path=(
                input_validation.integer_id(id_, "id", "GitLab"),
                input_validation.integer_id(hook_id, "id", "GitLab"),
            ),
            json=body,
            schema=types.APIEntitiesProjectHook,
        )
        found = response, raw
    record, raw = responses.last_response(found, "GitLab")
    return read_webhook_subscription(record, raw, id_=id_)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Remove a registration: DELETE /api/v4/projects/{id}/hooks/{hook_id}."""
    id_, hook_id = input_validation.parts(PATTERN_ID_HOOK_ID, id, "id")
    yield from call(
        DELETE_API_V4_PROJECTS_ID_HOOKS_HOOK_ID,
        path=(input_validation.integer_id(id_, "id", "GitLab"), input_validation.integer_id(hook_id, "id", "GitLab")),
    )


def read_webhook_subscription(r: types.APIEntitiesProjectHook, raw: Raw, *, id_: str) -> WebhookSubscription:
    """Read a unified WebhookSubscription from an API_Entities_ProjectHook of GitLab."""
    values: WebhookSubscriptionValues = {
        "id": responses.required(f"{id_}:{r.id}" if r.id is not None else None, "id", "GitLab"),
        "url": r.url,
        "events": [],
        "secret": None,
        "scope_id": f"{id_}",
        "active": None,
    }
    return make_webhook_subscription(values, raw)
