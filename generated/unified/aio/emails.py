"""An email in a mailbox. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import emails as _sync

list = _sync.list.asynchronous
get = _sync.get.asynchronous
send = _sync.send.asynchronous
reply = _sync.reply.asynchronous
reply_all = _sync.reply_all.asynchronous
forward = _sync.forward.asynchronous
update = _sync.update.asynchronous
move = _sync.move.asynchronous
archive = _sync.archive.asynchronous
delete = _sync.delete.asynchronous
send_many = _sync.send_many.asynchronous
reply_many = _sync.reply_many.asynchronous
reply_all_many = _sync.reply_all_many.asynchronous
forward_many = _sync.forward_many.asynchronous
update_many = _sync.update_many.asynchronous
move_many = _sync.move_many.asynchronous
archive_many = _sync.archive_many.asynchronous
delete_many = _sync.delete_many.asynchronous
