"""An earlier or the present content of a file. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import file_versions as _sync

list = _sync.list.asynchronous
download = _sync.download.asynchronous
restore = _sync.restore.asynchronous
