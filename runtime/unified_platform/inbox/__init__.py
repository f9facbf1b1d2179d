"""Inbox of events from webhooks and polling: stored once, delivered to each reader at least once."""

from __future__ import annotations

from unified_platform.inbox.handlers import Handlers, alisten, listen, on
from unified_platform.inbox.poller import Poller
from unified_platform.inbox.pusher import Pusher
from unified_platform.inbox.reader import afollow, follow
from unified_platform.inbox.receiver import Receiver, Reply
from unified_platform.inbox.registrations import check_registration, register, registration_scopes, unregister
from unified_platform.inbox.settings import Hook, Poll, Push
from unified_platform.inbox.store import Inbox, InboxEvent, open_inbox

__all__ = [
    "Handlers",
    "Hook",
    "Inbox",
    "InboxEvent",
    "Poll",
    "Poller",
    "Push",
    "Pusher",
    "Receiver",
    "Reply",
    "afollow",
    "alisten",
    "check_registration",
    "follow",
    "listen",
    "on",
    "open_inbox",
    "register",
    "registration_scopes",
    "unregister",
]
