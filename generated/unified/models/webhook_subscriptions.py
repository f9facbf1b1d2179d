"""The unified webhook_subscriptions: A registration by which a vendor sends webhooks to an address. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class WebhookSubscription(Record):
    """A registration by which a vendor sends webhooks to an address."""

    id: str
    """The registration's id."""
    url: str | None = None
    """The address that receives deliveries."""
    events: list[str] = []
    """The vendor's names of the events that are delivered."""
    secret: Annotated[str | None, Field(repr=False, exclude=True)] = None
    """The secret that proves deliveries."""
    scope_id: str | None = None
    """What it is about: a repository, project, team or board."""
    active: bool | None = None
    """Whether events are delivered."""


class WebhookSubscriptionCreate(Input):
    """Register an address for webhooks."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: Annotated[str, Field(min_length=1)]
    """The address that receives deliveries."""
    events: list[str] | None = None
    """The vendor's names of the events that are delivered."""
    secret: Annotated[str | None, Field(repr=False)] = None
    """The secret that proves deliveries."""
    scope_id: Annotated[str | None, Field(min_length=1)] = None
    """What it is about: a repository, project, team or board."""
    active: bool | None = None
    """Whether events are delivered."""


class WebhookSubscriptionFilters(Input):
    """List the registrations."""

    model_config = ConfigDict(
        extra="forbid",
    )
    scope_id: Annotated[str | None, Field(min_length=1)] = None
    """What they are about."""


class WebhookSubscriptionUpdate(Input):
    """Change a registration's address, events or secret."""

    model_config = ConfigDict(
        extra="forbid",
    )
    url: Annotated[str | None, Field(min_length=1)] = None
    """The address that receives deliveries."""
    events: list[str] | None = None
    """The vendor's names of the events that are delivered."""
    secret: Annotated[str | None, Field(repr=False)] = None
    """The secret that proves deliveries."""
    active: bool | None = None
    """Whether events are delivered."""


if TYPE_CHECKING:

    class WebhookSubscriptionValues(TypedDict):
        """Values of WebhookSubscription."""

        id: str
        url: str | None
        events: list[str]
        secret: str | None
        scope_id: str | None
        active: bool | None
else:
    WebhookSubscriptionValues = dict
