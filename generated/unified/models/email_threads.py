"""The unified email_threads: A conversation of emails. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class EmailThread(Record):
    """A conversation of emails."""

    id: str
    """The thread's id."""
    subject: str | None = None
    """The subject of its first email."""
    emails: Annotated[list[ThreadEmail], Field(validate_default=True)] = []
    """Its emails, the oldest first."""


class EmailThreadArchive(Input):
    """Move all emails of a thread from the inbox to the archive."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EmailThreadFilters(Input):
    """List or search threads, the latest first."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Words in one of its emails."""
    sender: str | None = None
    """With an email of this address."""
    folder_id: Annotated[str | None, Field(min_length=1)] = None
    """With an email in this folder."""
    unread: bool | None = None
    """With unread emails."""
    sent_after: AwareDatetime | None = None
    """With an email since then."""
    sent_before: AwareDatetime | None = None
    """With an email before then."""


class ThreadEmail(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str | None = None
    """The email's id."""
    sender: str | None = None
    """The address of its sender."""
    sender_name: str | None = None
    """The name of its sender."""
    snippet: str | None = None
    """How its text begins."""
    sent_at: AwareDatetime | None = None
    """When it was sent or received."""


if TYPE_CHECKING:

    class EmailThreadValues(TypedDict):
        """Values of EmailThread."""

        id: str
        subject: str | None
        emails: Annotated[list[ThreadEmail], Field(validate_default=True)]
else:
    EmailThreadValues = dict
