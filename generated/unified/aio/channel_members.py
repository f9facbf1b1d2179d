"""A person in a channel. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import channel_members as _sync

list = _sync.list.asynchronous
add = _sync.add.asynchronous
remove = _sync.remove.asynchronous
