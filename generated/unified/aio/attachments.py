"""A file on a task. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import attachments as _sync

list = _sync.list.asynchronous
get = _sync.get.asynchronous
upload = _sync.upload.asynchronous
download = _sync.download.asynchronous
delete = _sync.delete.asynchronous
delete_many = _sync.delete_many.asynchronous
