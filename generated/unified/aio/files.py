"""A file or a folder. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import files as _sync

list = _sync.list.asynchronous
search = _sync.search.asynchronous
search_content = _sync.search_content.asynchronous
get = _sync.get.asynchronous
create_folder = _sync.create_folder.asynchronous
upload = _sync.upload.asynchronous
upload_version = _sync.upload_version.asynchronous
download = _sync.download.asynchronous
export = _sync.export.asynchronous
update = _sync.update.asynchronous
move = _sync.move.asynchronous
copy = _sync.copy.asynchronous
share = _sync.share.asynchronous
delete = _sync.delete.asynchronous
delete_permanently = _sync.delete_permanently.asynchronous
create_folder_many = _sync.create_folder_many.asynchronous
update_many = _sync.update_many.asynchronous
move_many = _sync.move_many.asynchronous
copy_many = _sync.copy_many.asynchronous
share_many = _sync.share_many.asynchronous
delete_many = _sync.delete_many.asynchronous
delete_permanently_many = _sync.delete_permanently_many.asynchronous
