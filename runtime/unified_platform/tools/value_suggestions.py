"""Enum values and arguments that a model's other word for the same means: `urgent` for `highest`, `title` for `summary`."""

from __future__ import annotations

from collections.abc import Collection

from unified_runtime.core.suggestions import did_you_mean

_MEANINGS: dict[str, tuple[str, ...]] = {
    "urgent": ("highest", "critical", "blocker", "emergency", "immediate", "asap", "p0", "p1", "very high", "top", "severe"),
    "high": ("important", "major", "p2"),
    "medium": ("normal", "moderate", "default", "average", "standard", "p3"),
    "low": ("lowest", "minor", "trivial", "p4", "p5", "very low"),
    "done": ("closed", "close", "complete", "completed", "finished", "resolved", "fixed"),
    "open": ("todo", "to do", "new", "backlog", "reopened", "reopen", "unresolved", "active", "not started"),
    "in_progress": ("doing", "started", "wip", "ongoing", "working", "in work", "in review"),
    "canceled": ("cancelled", "cancel", "aborted", "wontfix", "won't fix", "rejected", "abandoned", "invalid"),
    "accepted": ("accept", "yes", "going", "attending"),
    "declined": ("decline", "no", "rejected", "not going"),
    "tentative": ("maybe", "tentatively"),
    "pending": ("needs action", "no response", "unanswered"),
    "won": ("win", "closed won", "success"),
    "lost": ("lose", "closed lost", "failed"),
    "writer": ("editor", "edit", "write", "contributor"),
    "reader": ("viewer", "view", "read", "read only"),
    "anyone": ("public", "everyone", "link"),
    "organization": ("domain", "company", "team"),
    "mobile": ("cell", "cellphone", "cell phone"),
    "created_desc": ("newest", "latest", "most recent"),
    "updated_desc": ("recently updated", "last updated"),
    "private": ("confidential", "hidden"),
}

_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "title": ("name", "summary", "subject", "heading"),
    "name": ("title", "summary", "label"),
    "body": ("text", "content", "message", "comment", "note"),
    "text": ("body", "content", "message", "query", "search", "q", "keyword", "keywords", "search query", "comment"),
    "description": ("body", "content", "details", "notes", "text"),
    "type": ("issue type", "issuetype", "task type", "kind"),
    "status": ("state", "completed", "is completed", "closed"),
    "priority": ("severity", "urgency", "importance"),
    "id": ("key", "number"),
    "project_id": ("repo", "repository", "project key", "board", "board id", "list id"),
    "parent_id": ("parent", "parent task", "epic", "folder"),
    "assignee_ids": ("assignee", "assigned to", "owner"),
    "assignee_id": ("assigned to", "owner"),
    "labels": ("tags", "label"),
    "due_date": ("due", "due on", "due at", "deadline"),
    "start": ("start time", "starts at", "begin", "date"),
    "end": ("end time", "ends at", "duration", "duration minutes"),
    "starts_after": ("start", "from", "since", "time min", "timemin", "date", "start date"),
    "starts_before": ("end", "to", "until", "time max", "timemax", "end date"),
    "updated_after": ("since", "modified after", "updated since"),
    "attendees": ("guests", "invitees", "participants"),
    "online": ("video", "conference", "meet link"),
    "cursor": ("page", "page token", "next cursor", "offset"),
    "limit": ("max results", "per page", "page size", "count", "top"),
    "amount": ("value", "price"),
    "stage_id": ("stage",),
    "channel_id": ("channel",),
    "via": ("vendor", "provider", "app", "service", "integration"),
}


def suggested_argument(name: str, known: Collection[str]) -> str:
    """Return a suggestion such as `; did you mean 'title'?`, by meaning or else by spelling; an empty text without any."""
    plain = _plain(name)
    for argument in known:
        if plain in _ARGUMENTS.get(argument, ()):
            return f"; did you mean {argument!r}?"
    if "id" in known and plain.endswith((" id", " key", " number")):
        return did_you_mean(name, [one for one in known if one != "id"]) or "; did you mean 'id'?"
    return did_you_mean(name, known)


def suggested_value(value: str, choices: Collection[str]) -> str:
    """Return a suggestion such as `; did you mean 'urgent'?`, by meaning or else by spelling; an empty text without any."""
    plain = _plain(value)
    for choice in choices:
        if plain in _MEANINGS.get(choice, ()):
            return f"; did you mean {choice!r}?"
    return did_you_mean(value, choices)


def _plain(text: str) -> str:
    return text.strip().lower().replace("_", " ").replace("-", " ")
