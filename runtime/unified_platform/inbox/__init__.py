"""What vendors tell by themselves, and what is asked for where they do not: received once, kept, and read at least once."""

from __future__ import annotations

from unified_platform.inbox.following import afollow, follow
from unified_platform.inbox.polling import Poller
from unified_platform.inbox.receiving import Receiver, Reply
from unified_platform.inbox.settings import Hook, Poll
from unified_platform.inbox.store import Inbox, Incoming, open_inbox

__all__ = ["Hook", "Inbox", "Incoming", "Poll", "Poller", "Receiver", "Reply", "afollow", "follow", "open_inbox"]
