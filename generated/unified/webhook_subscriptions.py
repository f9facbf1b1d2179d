"""A registration by which a vendor sends webhooks to an address. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.webhook_subscriptions import WebhookSubscription

VENDORS = VendorModules(
    __name__, ("bitbucket", "clickup", "gitea", "github", "gitlab", "jira", "linear", "trello", "zendesk")
)
"""Module of each vendor's adapter, imported on first use."""


@operation("webhook_subscriptions", "create", VENDORS, effect="write")
def create(
    *,
    url: str,
    events: Sequence[str] | None | Unset = UNSET,
    secret: str | None | Unset = UNSET,
    scope_id: str | None | Unset = UNSET,
    active: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[WebhookSubscription]:
    """Register an address for webhooks.

    Args:
        url: The address that receives deliveries.
        events: The vendor's names of the events that are delivered.
        secret: The secret that proves deliveries.
        scope_id: What it is about: a repository, project, team or board.
        active: Whether events are delivered.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.webhook_subscriptions import WebhookSubscriptionCreate

    return Invocation(
        model=WebhookSubscriptionCreate,
        given={"url": url, "events": events, "secret": secret, "scope_id": scope_id, "active": active},
        secrets=("secret",),
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("webhook_subscriptions", "list", VENDORS)
def list(
    *,
    scope_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[WebhookSubscription]:
    """List the registrations.

    Args:
        scope_id: What they are about.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.webhook_subscriptions import WebhookSubscriptionFilters

    return Invocation(
        model=WebhookSubscriptionFilters, given={"scope_id": scope_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("webhook_subscriptions", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    url: str | Unset = UNSET,
    events: Sequence[str] | None | Unset = UNSET,
    secret: str | None | Unset = UNSET,
    active: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[WebhookSubscription]:
    """Change a registration's address, events or secret.

    Args:
        id: The registration's id.
        url: The address that receives deliveries.
        events: The vendor's names of the events that are delivered.
        secret: The secret that proves deliveries.
        active: Whether events are delivered.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.webhook_subscriptions import WebhookSubscriptionUpdate

    return Invocation(
        model=WebhookSubscriptionUpdate,
        given={"url": url, "events": events, "secret": secret, "active": active},
        secrets=("secret",),
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("webhook_subscriptions", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Remove a registration.

    Args:
        id: The registration's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
