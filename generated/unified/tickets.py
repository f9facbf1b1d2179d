"""A customer's request to a help desk. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from .models.tickets import Ticket

VENDORS = VendorModules(__name__, ("freshdesk", "zendesk"))
"""Module of each vendor's adapter, imported on first use."""


@operation("tickets", "create", VENDORS, effect="write")
def create(
    *,
    subject: str,
    description: str,
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None | Unset = UNSET,
    priority: Literal["low", "normal", "high", "urgent"] | None | Unset = UNSET,
    requester_id: str | None | Unset = UNSET,
    assignee_id: str | None | Unset = UNSET,
    team_id: str | None | Unset = UNSET,
    tags: Sequence[str] | None | Unset = UNSET,
    requester_email: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Ticket]:
    """Create a ticket for a customer.

    Args:
        subject: What it is about.
        description: Its first message; the customer can read it.
        status: How far it is. `pending` waits for the customer, `on_hold` for someone else.
        priority: How pressing it is.
        requester_id: The customer who sent it.
        assignee_id: The agent who works on it.
        team_id: The group of agents it belongs to.
        tags: Its tags; a new list replaces the old.
        requester_email: The customer's address: the vendor writes to it.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tickets import TicketCreate

    return Invocation(
        model=TicketCreate,
        given={
            "subject": subject,
            "description": description,
            "status": status,
            "priority": priority,
            "requester_id": requester_id,
            "assignee_id": assignee_id,
            "team_id": team_id,
            "tags": tags,
            "requester_email": requester_email,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("tickets", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[Ticket]:
    """Read a ticket.

    Args:
        id: The ticket's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("tickets", "list", VENDORS)
def list(
    *,
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None | Unset = UNSET,
    priority: Literal["low", "normal", "high", "urgent"] | None | Unset = UNSET,
    requester_id: str | None | Unset = UNSET,
    assignee_id: str | None | Unset = UNSET,
    unassigned: bool | None | Unset = UNSET,
    team_id: str | None | Unset = UNSET,
    tag: str | None | Unset = UNSET,
    text: str | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Ticket]:
    """Find tickets.

    Args:
        status: With this status.
        priority: With this priority.
        requester_id: Of this customer.
        assignee_id: Assigned to this agent.
        unassigned: Assigned to no one.
        team_id: Of this group.
        tag: With this tag.
        text: Containing this text.
        created_after: Created since then.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.tickets import TicketFilters

    return Invocation(
        model=TicketFilters,
        given={
            "status": status,
            "priority": priority,
            "requester_id": requester_id,
            "assignee_id": assignee_id,
            "unassigned": unassigned,
            "team_id": team_id,
            "tag": tag,
            "text": text,
            "created_after": created_after,
            "updated_after": updated_after,
        },
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("tickets", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    subject: str | Unset = UNSET,
    description: str | Unset = UNSET,
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None | Unset = UNSET,
    priority: Literal["low", "normal", "high", "urgent"] | None | Unset = UNSET,
    requester_id: str | None | Unset = UNSET,
    assignee_id: str | None | Unset = UNSET,
    team_id: str | None | Unset = UNSET,
    tags: Sequence[str] | None | Unset = UNSET,
    add_tags: Sequence[str] | None | Unset = UNSET,
    remove_tags: Sequence[str] | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Ticket]:
    """Change a ticket.

    Args:
        id: The ticket's id.
        subject: What it is about.
        description: Its first message; the customer can read it.
        status: How far it is. `pending` waits for the customer, `on_hold` for someone else.
        priority: How pressing it is.
        requester_id: The customer who sent it.
        assignee_id: The agent who works on it.
        team_id: The group of agents it belongs to.
        tags: Its tags; a new list replaces the old.
        add_tags: Tags to add to the present ones.
        remove_tags: Tags to take off.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tickets import TicketUpdate

    return Invocation(
        model=TicketUpdate,
        given={
            "subject": subject,
            "description": description,
            "status": status,
            "priority": priority,
            "requester_id": requester_id,
            "assignee_id": assignee_id,
            "team_id": team_id,
            "tags": tags,
            "add_tags": UNSET if add_tags is None else add_tags,
            "remove_tags": UNSET if remove_tags is None else remove_tags,
        },
        ids={"id": id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("tickets", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a ticket.

    Args:
        id: The ticket's id.
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
