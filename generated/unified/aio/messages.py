"""What someone wrote in a channel. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified import messages as _sync

send = _sync.send.asynchronous
reply = _sync.reply.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
update = _sync.update.asynchronous
delete = _sync.delete.asynchronous
react = _sync.react.asynchronous
