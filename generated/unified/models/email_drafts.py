"""The unified email_drafts: An email that is not sent yet. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class EmailDraft(Record):
    """An email that is not sent yet."""

    id: str
    """The draft's id."""
    email_id: str | None = None
    """Its id as an email."""
    thread_id: str | None = None
    """The conversation it belongs to."""
    subject: str | None = None
    """The subject."""
    to: list[str] = []
    """Addresses of the recipients."""
    cc: list[str] = []
    """Addresses that get a copy."""
    bcc: list[str] = []
    """Addresses that get a copy without others knowing."""
    body: str | None = None
    """The text."""


class EmailDraftCreate(Input):
    """Write an email without sending it."""

    model_config = ConfigDict(
        extra="forbid",
    )
    subject: Annotated[str, Field(min_length=1)]
    """The subject."""
    to: list[str] | None = None
    """Addresses of the recipients."""
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str, Field(min_length=1)]
    """The text."""


class EmailDraftFilters(Input):
    """List the drafts."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EmailDraftReply(Input):
    """Write a reply to an email without sending it."""

    model_config = ConfigDict(
        extra="forbid",
    )
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str, Field(min_length=1)]
    """The text."""


class EmailDraftSend(Input):
    """Send a draft. It cannot be taken back."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EmailDraftUpdate(Input):
    """Change a draft."""

    model_config = ConfigDict(
        extra="forbid",
    )
    subject: Annotated[str | None, Field(min_length=1)] = None
    """The subject."""
    to: list[str] | None = None
    """Addresses of the recipients."""
    cc: list[str] | None = None
    """Addresses that get a copy."""
    bcc: list[str] | None = None
    """Addresses that get a copy without others knowing."""
    body: Annotated[str | None, Field(min_length=1)] = None
    """The text."""


if TYPE_CHECKING:

    class EmailDraftValues(TypedDict):
        """Values of EmailDraft."""

        id: str
        email_id: str | None
        thread_id: str | None
        subject: str | None
        to: list[str]
        cc: list[str]
        bcc: list[str]
        body: NotRequired[str | None]
else:
    EmailDraftValues = dict
