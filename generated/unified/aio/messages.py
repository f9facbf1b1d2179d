"""What someone wrote in a channel. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import messages as _sync

send = _sync.send.asynchronous
reply = _sync.reply.asynchronous
send_file = _sync.send_file.asynchronous
get = _sync.get.asynchronous
list = _sync.list.asynchronous
search = _sync.search.asynchronous
update = _sync.update.asynchronous
delete = _sync.delete.asynchronous
react = _sync.react.asynchronous
unreact = _sync.unreact.asynchronous
pin = _sync.pin.asynchronous
unpin = _sync.unpin.asynchronous
send_many = _sync.send_many.asynchronous
reply_many = _sync.reply_many.asynchronous
update_many = _sync.update_many.asynchronous
delete_many = _sync.delete_many.asynchronous
react_many = _sync.react_many.asynchronous
unreact_many = _sync.unreact_many.asynchronous
