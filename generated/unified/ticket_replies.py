"""A public reply or an internal note on a ticket. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.ticket_replies import TicketReply

VENDORS = VendorModules(__name__, ("freshdesk", "zendesk"))
"""Module of each vendor's adapter, imported on first use."""


@operation("ticket_replies", "create", VENDORS, effect="write")
def create(
    *,
    ticket_id: str,
    body: str,
    internal: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[TicketReply]:
    """Add an internal note to a ticket, or a public reply.

    Args:
        ticket_id: The ticket.
        body: Its text.
        internal: Whether it is a note that only agents see. It is one unless this is false.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.ticket_replies import TicketReplyCreate

    return Invocation(
        model=TicketReplyCreate,
        given={"ticket_id": ticket_id, "body": body, "internal": internal},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("ticket_replies", "list", VENDORS)
def list(
    *,
    ticket_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[TicketReply]:
    """List the replies and notes on a ticket.

    Args:
        ticket_id: The ticket.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.ticket_replies import TicketReplyFilters

    return Invocation(
        model=TicketReplyFilters, given={"ticket_id": ticket_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""
